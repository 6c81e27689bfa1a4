#include "hit/hit.h"

#include <string.h>

void hit_init(Hit *hit, HitType type)
{
	memset(hit, 0, sizeof *hit);
	hit->type = type;
#define X(tag, name) hit->name = HIT_NONE;
	HIT_NUMBER_FIELDS(X)
#undef X
}

int64_t hit_time_ms(const Hit *hit)
{
	return uuid7_time_ms(hit->id);
}

const char *hit_type_name(HitType type)
{
	static const char *const names[] = {
		[HIT_PAGE] = "page",
		[HIT_EVENT] = "event",
		[HIT_IDENTIFY] = "identify",
		[HIT_LEAVE] = "leave",
		[HIT_CONSENT] = "consent",
	};
	return names[type];
}

#define ELLIPSIS "\xE2\x80\xA6"
#define ELLIPSIS_SIZE (sizeof ELLIPSIS - 1)

static bool text_limit(Slice *text, size_t size_max, Arena *arena, Error *error)
{
	if (text->size <= size_max)
		return true;
	// A mark needs room for itself; a field of a few bytes is cut without one.
	bool is_marked = size_max > 4 * ELLIPSIS_SIZE;
	Slice kept = slice_cut_utf8(*text, is_marked ? size_max - ELLIPSIS_SIZE : size_max);
	char *copy = arena_allocate(arena, size_max + 1);
	if (copy == NULL)
		return error_set(error, ERROR_MEMORY, "No memory to cut a text of %zu bytes.", text->size);
	memcpy(copy, kept.data, kept.size);
	size_t size = kept.size;
	if (is_marked)
	{
		memcpy(copy + size, ELLIPSIS, ELLIPSIS_SIZE);
		size += ELLIPSIS_SIZE;
	}
	copy[size] = '\0';
	*text = (Slice){copy, size};
	return true;
}

bool hit_apply_limits(Hit *hit, Arena *arena, Error *error)
{
#define X(tag, name, size_max)                                                                                         \
	if (!text_limit(&hit->name, size_max, arena, error))                                                               \
		return false;
	HIT_TEXT_FIELDS(X)
#undef X
	return true;
}
