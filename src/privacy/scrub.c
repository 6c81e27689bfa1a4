#include "privacy/scrub.h"

#include "base/arena.h"
#include "base/clock.h"
#include "buffer/blank.h"
#include "hit/hit.h"
#include "sql/sql.h"

#include <dirent.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>

#define PATH_SIZE 4096
#define ARENA_SIZE_MAX ((size_t) 16 << 20U)
#define END_WAIT_MS (10 * CLOCK_SECOND_MS)
#define LOOK_MS 100

typedef struct Scrub {
	PgConn *conn;
	Arena arena; // of one question
} Scrub;

static bool no_memory(Error *error)
{
	return error_set(error, ERROR_MEMORY, "out of memory for hits of the buffer");
}

static Slice optional_number(Arena *arena, int64_t number)
{
	return number == HIT_NONE ? SLICE_NONE : arena_format(arena, "%" PRId64, number);
}

// Those of people who were erased, by the same rule that loaders go by.
static bool erased_choose(void *context, const Slice *payloads, size_t count, bool *is_gone, Error *error)
{
	Scrub *scrub = context;
	Arena *arena = &scrub->arena;
	PgResult *result = NULL;
	arena_reset(arena);
	Slice *users = ARENA_ARRAY(arena, Slice, count);
	Slice *browsers = ARENA_ARRAY(arena, Slice, count);
	Uuid *ids = ARENA_ARRAY(arena, Uuid, count);
	if (users == NULL || browsers == NULL || ids == NULL)
		return no_memory(error);
	for (size_t at = 0; at < count; at++)
	{
		Hit hit;
		Error broken;
		if (!hit_decode(payloads[at], &hit, &broken))
			continue; // nobody's
		users[at] = optional_number(arena, hit.user_id);
		browsers[at] = optional_number(arena, hit.anonymous_id);
		ids[at] = hit.id;
	}
	const PgParam params[] = {pg_param_text_array(arena, users, count), pg_param_text_array(arena, browsers, count),
		pg_param_uuid_array(arena, ids, count)};
	if (!pg_query(scrub->conn, sql_loader_erased, params, 3, &result, error))
		return false;
	for (int row = 0; row < pg_rows(result); row++)
		is_gone[pg_int64(result, row, 0) - 1] = true;
	pg_result_free(result);
	return true;
}

static bool segment_end(const char *path, bool *is_ended, Error *error)
{
	int64_t until_us = clock_monotonic_us() + END_WAIT_MS * 1000;
	bool is_asked = false;
	for (;;)
	{
		if (!buffer_end_segment(path, &is_asked, is_ended, error))
			return false;
		if (*is_ended || clock_monotonic_us() > until_us)
			return true;
		(void) poll(NULL, 0, LOOK_MS);
	}
}

static bool stream_scrub(Scrub *scrub, const char *path, uint64_t *frames, bool *is_done, Error *error)
{
	const BufferOptions options = {0};
	uint64_t below = 0;
	uint64_t blanked = 0;
	bool is_ended = false;
	// What begins behind this number began behind our beginning.
	if (!buffer_numbers_end(path, &below, error) || !segment_end(path, &is_ended, error))
		return false;
	*is_done = *is_done && is_ended;
	if (!is_ended)
		return true;
	bool is_ok = buffer_blank(path, &options, below, erased_choose, scrub, &blanked, error);
	*frames += blanked;
	return is_ok;
}

bool privacy_scrub(PgConn *conn, const char *folder, uint64_t *frames, bool *is_done, Error *error)
{
	Scrub scrub = {.conn = conn};
	char path[PATH_SIZE];
	*frames = 0;
	*is_done = true;
	DIR *directory = opendir(folder);
	if (directory == NULL)
		return true; // no collector has run here
	arena_init(&scrub.arena, ARENA_SIZE_MAX);
	bool is_ok = true;
	for (struct dirent *entry = NULL; is_ok && (entry = readdir(directory)) != NULL;)
		if (entry->d_name[0] != '.' && snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) < (int) sizeof path)
			is_ok = stream_scrub(&scrub, path, frames, is_done, error);
	arena_free(&scrub.arena);
	(void) closedir(directory);
	return is_ok;
}
