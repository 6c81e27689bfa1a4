#include "privacy/whose.h"

#include <inttypes.h>

static Slice optional_number(Arena *arena, int64_t number)
{
	return number == HIT_NONE ? SLICE_NONE : arena_format(arena, "%" PRId64, number);
}

bool whose_params(Arena *arena, const Hit *hits, size_t count, PgParam params[WHOSE_PARAMS], Error *error)
{
	Slice *users = ARENA_ARRAY(arena, Slice, count + 1);
	Slice *browsers = ARENA_ARRAY(arena, Slice, count + 1);
	Uuid *ids = ARENA_ARRAY(arena, Uuid, count + 1);
	if (users == NULL || browsers == NULL || ids == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for hits of the buffer");
	for (size_t at = 0; at < count; at++)
	{
		users[at] = optional_number(arena, hits[at].user_id);
		browsers[at] = optional_number(arena, hits[at].anonymous_id);
		ids[at] = hits[at].id;
	}
	params[0] = pg_param_text_array(arena, users, count);
	params[1] = pg_param_text_array(arena, browsers, count);
	params[2] = pg_param_uuid_array(arena, ids, count);
	return true;
}
