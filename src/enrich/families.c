#include "enrich/families.h"

#include "base/utf8.h"

#include <string.h>

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

// $1 … $9 in a replacement become the groups; a group that is not there becomes nothing.
static Slice expand(const PatternMatch *match, Slice replacement, Arena *arena)
{
	if (slice_find(replacement, '$', 0) == replacement.size)
		return replacement;
	size_t size_max = replacement.size;
	for (size_t i = 0; i < replacement.size; i++)
		size_max += replacement.data[i] == '$' ? PATTERN_TEXT_SIZE_MAX : 0;
	char *text = arena_allocate(arena, size_max);
	if (text == NULL)
		return SLICE_NONE;
	size_t size = 0;
	for (size_t i = 0; i < replacement.size; i++)
	{
		bool is_group = replacement.data[i] == '$' && i + 1 < replacement.size && is_digit(replacement.data[i + 1]);
		if (!is_group)
		{
			text[size++] = replacement.data[i];
			continue;
		}
		Slice group = match->groups[replacement.data[++i] - '0'];
		if (group.size > 0)
			memcpy(text + size, group.data, group.size);
		size += group.size;
	}
	return (Slice){text, size};
}

static bool part_set(const PatternMatch *match, size_t part, Arena *arena, Slice *text)
{
	const char *replacement = match->row->names[part];
	*text = SLICE_NONE;
	Slice found = match->groups[part + 1];
	if (replacement != NULL)
	{
		found = expand(match, slice_from(replacement), arena);
		if (found.data == NULL)
			return false;
	}
	found = slice_trim(found);
	if (found.size == 0)
		return true;
	*text = utf8_clean(found, arena); // patterns count bytes, and may cut a letter
	return text->data != NULL;
}

bool family_find(Patterns *patterns, Slice user_agent, Arena *arena, Family *family, Error *error)
{
	PatternMatch match;
	*family = (Family){0};
	if (!patterns_find(patterns, user_agent, &match))
		return true;
	for (size_t part = 0; part < FAMILY_PARTS; part++)
		if (!part_set(&match, part, arena, &family->parts[part]))
			return error_set(error, ERROR_MEMORY, "no memory for the family of a user agent");
	return true;
}

bool family_version(const Family *family, size_t size_max, Arena *arena, Slice *version, Error *error)
{
	*version = SLICE_NONE;
	if (family->parts[1].size == 0)
		return true;
	char *text = arena_allocate(arena, size_max);
	if (text == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for the version of a user agent");
	Slice first = slice_cut_utf8(family->parts[1], size_max);
	memcpy(text, first.data, first.size);
	size_t size = first.size;
	for (size_t part = 2; part < FAMILY_PARTS && family->parts[part].size > 0; part++)
	{
		Slice next = family->parts[part];
		if (*next.data == '.') // some patterns have the dot in the group
			next = slice_sub(next, 1, next.size);
		if (size + 1 + next.size > size_max)
			break;
		text[size++] = '.';
		memcpy(text + size, next.data, next.size);
		size += next.size;
	}
	*version = (Slice){text, size};
	return true;
}
