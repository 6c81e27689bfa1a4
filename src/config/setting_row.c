#include "config/setting_row.h"

#include <stddef.h>

#define NAME_SIZE_MAX 64

static const SettingRow rows[SETTING_COUNT] = {
#define SETTING(row_name, row_type, row_unit, row_usual, row_least, row_most, row_flags, row_sentence)                 \
	[SETTING_ID_##row_name] = {                                                                                        \
		.name = #row_name,                                                                                             \
		.type = SETTING_TYPE_##row_type,                                                                               \
		.unit = (row_unit),                                                                                            \
		.usual = (row_usual),                                                                                          \
		.least = (row_least),                                                                                          \
		.most = (row_most),                                                                                            \
		.flags = (row_flags),                                                                                          \
		.sentence = (row_sentence),                                                                                    \
		.offset = offsetof(Settings, row_name),                                                                        \
		.size = sizeof(((Settings *) NULL)->row_name),                                                                 \
	},
#include "config/settings.def"
#undef SETTING
};

const SettingRow *setting_row(SettingId id)
{
	return &rows[id];
}

static char same_hyphen(char byte)
{
	return byte == '-' ? '_' : byte;
}

static bool name_equal(Slice name, Slice known)
{
	if (name.size != known.size)
		return false;
	for (size_t i = 0; i < name.size; i++)
		if (same_hyphen(name.data[i]) != known.data[i])
			return false;
	return true;
}

SettingId setting_find(Slice name)
{
	for (int id = 0; id < SETTING_COUNT; id++)
		if (name_equal(name, slice_from(rows[id].name)))
			return (SettingId) id;
	return SETTING_COUNT;
}

static size_t least_of(size_t left, size_t right)
{
	return left < right ? left : right;
}

// Letters to insert, drop or change, and neighbours to swap, to make `name` a known name (Damerau, Levenshtein), or the
// beginning of one, which counts one more: who writes session_timeout means session_timeout_minutes.
static size_t distance(Slice name, Slice known)
{
	size_t lines[3][NAME_SIZE_MAX + 1];
	size_t *before_last = lines[0];
	size_t *last = lines[1];
	size_t *line = lines[2];
	for (size_t j = 0; j <= known.size; j++)
		last[j] = j;
	for (size_t i = 1; i <= name.size; i++)
	{
		line[0] = i;
		for (size_t j = 1; j <= known.size; j++)
		{
			char letter = same_hyphen(name.data[i - 1]);
			size_t change = last[j - 1] + (letter == known.data[j - 1] ? 0 : 1);
			line[j] = least_of(change, least_of(last[j], line[j - 1]) + 1);
			if (i > 1 && j > 1 && letter == known.data[j - 2] && same_hyphen(name.data[i - 2]) == known.data[j - 1])
				line[j] = least_of(line[j], before_last[j - 2] + 1);
		}
		size_t *swap = before_last;
		before_last = last;
		last = line;
		line = swap;
	}
	size_t best = last[known.size];
	for (size_t j = 0; j < known.size; j++)
		best = least_of(best, last[j] + 1);
	return best;
}

const char *setting_nearest(Slice name, size_t wrong_max)
{
	if (name.size == 0 || name.size > NAME_SIZE_MAX)
		return NULL;
	const char *nearest = NULL;
	size_t best = wrong_max + 1;
	for (int id = 0; id < SETTING_COUNT; id++)
	{
		size_t here = distance(name, slice_from(rows[id].name));
		if (here >= best)
			continue;
		best = here;
		nearest = rows[id].name;
	}
	return nearest;
}
