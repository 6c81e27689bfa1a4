#include "config/settings_load.h"

#include "config/setting_row.h"
#include "config/settings_file.h"
#include "config/settings_text.h"

#include <ctype.h>
#include <string.h>

#define ENVIRONMENT_PREFIX "SOJOURN_"
#define EXPECTED_SIZE_MAX 300
#define VARIABLE_SIZE_MAX 64
#define VARIABLE_WRONG_MAX 2

size_t settings_flag_read(char *const *arguments, size_t count, SettingFlag *flag)
{
	Slice argument = count == 0 ? SLICE_NONE : slice_from(arguments[0]);
	if (!slice_starts_with(argument, SLICE_LITERAL("--")))
		return 0;
	size_t equals = slice_find(argument, '=', 2);
	SettingId id = setting_find(slice_sub(argument, 2, equals));
	if (id == SETTING_COUNT)
		return 0;
	*flag = (SettingFlag){.name = slice_from(setting_row(id)->name)};
	if (equals < argument.size)
	{
		flag->value = argument.data + equals + 1;
		return 1;
	}
	if (setting_row(id)->type == SETTING_TYPE_BOOL)
	{
		flag->value = "true";
		return 1;
	}
	flag->value = count > 1 ? arguments[1] : NULL;
	return count > 1 ? 2 : 1;
}

// The one sentence about a value that does not fit.
static bool fail_value(const Settings *settings, SettingId id, Slice text, Error *error)
{
	const SettingRow *row = setting_row(id);
	Buf expected;
	Buf origin;
	buf_init(&expected, EXPECTED_SIZE_MAX);
	buf_init(&origin, EXPECTED_SIZE_MAX);
	setting_expected_write(row, &expected);
	settings_origin_write(settings, id, &origin);
	Slice shown = (row->flags & SETTING_SECRET) != 0 ? SLICE_LITERAL("********") : slice_cut_utf8(text, 100);
	(void) error_set(error, ERROR_USAGE, "%s is \"%.*s\" (%.*s); it must be %.*s", row->name, SLICE_PRINT(shown),
		SLICE_PRINT(buf_slice(&origin)), SLICE_PRINT(buf_slice(&expected)));
	buf_free(&expected);
	buf_free(&origin);
	return false;
}

static bool value_set(Settings *settings, SettingId id, Slice text, SettingOrigin origin, Arena *arena, Error *error)
{
	settings->origins[id] = origin;
	Error reason;
	if (setting_value_read(setting_row(id), text, arena, settings, &reason))
		return true;
	if (reason.code == ERROR_USAGE)
		return fail_value(settings, id, text, error);
	return error_set(error, reason.code, "%s", reason.message);
}

static bool defaults_load(Settings *settings, Arena *arena, Error *error)
{
	for (int id = 0; id < SETTING_COUNT; id++)
	{
		SettingOrigin origin = {.kind = SETTING_FROM_DEFAULT};
		if (!value_set(settings, (SettingId) id, slice_from(setting_row((SettingId) id)->usual), origin, arena, error))
			return false;
	}
	return true;
}

static bool file_load(const char *path, Settings *settings, Arena *arena, Error *error)
{
	SettingFileEntry *entries = NULL;
	if (!settings_file_read(path, arena, &entries, error))
		return false;
	Slice kept = arena_copy(arena, slice_from(path));
	if (kept.data == NULL)
		return error_set(error, ERROR_MEMORY, "no memory to read the settings of %s", path);
	for (const SettingFileEntry *entry = entries; entry != NULL; entry = entry->next)
	{
		SettingOrigin origin = {.kind = SETTING_FROM_FILE, .file = kept.data, .line = entry->line};
		if (!value_set(settings, entry->id, entry->value, origin, arena, error))
			return false;
	}
	return true;
}

// The setting's name that a variable's stands for, in lower case; false for a variable that is none of ours.
static bool variable_name(Slice variable, char name[VARIABLE_SIZE_MAX], Slice *result)
{
	Slice prefix = SLICE_LITERAL(ENVIRONMENT_PREFIX);
	if (!slice_starts_with(variable, prefix) || variable.size - prefix.size >= VARIABLE_SIZE_MAX)
		return false;
	size_t size = 0;
	for (size_t i = prefix.size; i < variable.size; i++)
		name[size++] = (char) tolower((unsigned char) variable.data[i]);
	*result = (Slice){name, size};
	return size > 0;
}

// Others use our prefix too (Kubernetes names its services so): an unknown name is an error only where it looks misspelt.
static bool variable_check(Slice name, Error *error)
{
	const char *nearest = slice_equal_text(name, "config") ? NULL : setting_nearest(name, VARIABLE_WRONG_MAX);
	if (nearest == NULL)
		return true;
	return error_set(error, ERROR_USAGE,
		"the environment's " ENVIRONMENT_PREFIX "… \"%.*s\" is no setting; did you mean %s?", SLICE_PRINT(name),
		nearest);
}

static bool environment_load(char *const *environment, Settings *settings, Arena *arena, Error *error)
{
	for (; environment != NULL && *environment != NULL; environment++)
	{
		char lower[VARIABLE_SIZE_MAX];
		Slice name = SLICE_NONE;
		Slice value = SLICE_NONE;
		if (!variable_name(slice_split(slice_from(*environment), '=', &value), lower, &name) || value.size == 0)
			continue;
		SettingId id = setting_find(name);
		SettingOrigin origin = {.kind = SETTING_FROM_ENVIRONMENT};
		bool is_ok =
			id == SETTING_COUNT ? variable_check(name, error) : value_set(settings, id, value, origin, arena, error);
		if (!is_ok)
			return false;
	}
	return true;
}

static const char *environment_file(char *const *environment)
{
	Slice prefix = SLICE_LITERAL(ENVIRONMENT_PREFIX "CONFIG=");
	for (; environment != NULL && *environment != NULL; environment++)
		if (slice_starts_with(slice_from(*environment), prefix) && (*environment)[prefix.size] != '\0')
			return *environment + prefix.size;
	return NULL;
}

static bool flags_load(const SettingsSources *sources, Settings *settings, Arena *arena, Error *error)
{
	for (size_t i = 0; i < sources->flags_count; i++)
	{
		const SettingFlag *flag = &sources->flags[i];
		SettingId id = setting_find(flag->name);
		if (id == SETTING_COUNT)
		{
			const char *nearest = setting_nearest(flag->name, SETTING_WRONG_MAX(flag->name));
			return error_set(error, ERROR_USAGE, "there is no setting --%.*s%s%s%s", SLICE_PRINT(flag->name),
				nearest == NULL ? "" : "; did you mean ", nearest == NULL ? "" : nearest, nearest == NULL ? "" : "?");
		}
		if (flag->value == NULL)
			return error_set(error, ERROR_USAGE, "--%.*s needs a value", SLICE_PRINT(flag->name));
		SettingOrigin origin = {.kind = SETTING_FROM_FLAG};
		if (!value_set(settings, id, slice_from(flag->value), origin, arena, error))
			return false;
	}
	return true;
}

// What two settings must be to each other.
static bool relations_check(const Settings *settings, Error *error)
{
	static const struct {
		SettingId smaller;
		SettingId larger;
	} pairs[] = {
		{SETTING_ID_hit_bytes_max, SETTING_ID_request_bytes_max},
		{SETTING_ID_buffer_segment_bytes, SETTING_ID_buffer_bytes_max},
	};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
	{
		const SettingRow *smaller = setting_row(pairs[i].smaller);
		const SettingRow *larger = setting_row(pairs[i].larger);
		int64_t least = *(const int64_t *) (const void *) ((const char *) settings + smaller->offset);
		int64_t most = *(const int64_t *) (const void *) ((const char *) settings + larger->offset);
		if (least > most)
			return error_set(error, ERROR_USAGE, "%s (%lld bytes) must not be larger than %s (%lld bytes)",
				smaller->name, (long long) least, larger->name, (long long) most);
	}
	return true;
}

bool settings_load(const SettingsSources *sources, Arena *arena, Settings *settings, Error *error)
{
	*settings = (Settings){0};
	const char *file = sources->file != NULL ? sources->file : environment_file(sources->environment);
	return defaults_load(settings, arena, error) && (file == NULL || file_load(file, settings, arena, error))
		&& environment_load(sources->environment, settings, arena, error) && flags_load(sources, settings, arena, error)
		&& relations_check(settings, error);
}

static bool is_changed(const SettingRow *row, const Settings *old, const Settings *new)
{
	Buf texts[2];
	buf_init(&texts[0], 2 * SETTING_TEXT_SIZE_MAX);
	buf_init(&texts[1], 2 * SETTING_TEXT_SIZE_MAX);
	setting_value_write(row, old, &texts[0]);
	setting_value_write(row, new, &texts[1]);
	bool is_same = slice_equal(buf_slice(&texts[0]), buf_slice(&texts[1]));
	buf_free(&texts[0]);
	buf_free(&texts[1]);
	return !is_same;
}

bool settings_reload(const SettingsSources *sources, Arena *arena, Settings *settings, Buf *ignored, Error *error)
{
	Settings loaded;
	if (!settings_load(sources, arena, &loaded, error))
		return false;
	for (int id = 0; id < SETTING_COUNT; id++)
	{
		const SettingRow *row = setting_row((SettingId) id);
		if ((row->flags & SETTING_RELOADABLE) != 0)
		{
			memcpy((char *) settings + row->offset, (const char *) &loaded + row->offset, row->size);
			settings->origins[id] = loaded.origins[id];
		}
		else if (is_changed(row, settings, &loaded))
			buf_append_format(ignored, "%s%s", ignored->size == 0 ? "" : ",", row->name);
	}
	return true;
}
