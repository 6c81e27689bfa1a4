#include "privacy/scrub.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/uuid.h"
#include "buffer/blank.h"
#include "buffer/folder.h"
#include "privacy/whose.h"
#include "sql/sql.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>

#define ARENA_SIZE_MAX ((size_t) 16 << 20U)
#define LOOK_MS 100
// For a stream's writer and loader.
#define STREAM_WAIT_MS (10 * CLOCK_SECOND_MS)
#define STREAMS_MAX ((size_t) 256)
#define NUMBER_SIZE 24
// A trim is a few minutes late at most.
#define KEEP_MARGIN_MS CLOCK_HOUR_MS

// A stream of this machine.
typedef struct Stream {
	char path[FOLDER_PATH_SIZE];
	char id[UUID_TEXT_SIZE];
} Stream;

typedef struct Scrub {
	const PrivacyScrub *asked;
	char request[NUMBER_SIZE];
	Stream *streams;
	size_t stream_count;
	Arena arena;    // of the streams
	Arena question; // of one question
} Scrub;

static bool no_memory(Error *error)
{
	return error_set(error, ERROR_MEMORY, "out of memory for hits of the buffer");
}

// ── Whose hits they are ──

static bool erased_choose(void *context, const Slice *payloads, size_t count, bool *is_gone, Error *error)
{
	Scrub *scrub = context;
	Arena *arena = &scrub->question;
	PgResult *result = NULL;
	arena_reset(arena);
	Hit *hits = ARENA_ARRAY(arena, Hit, count);
	if (hits == NULL)
		return no_memory(error);
	for (size_t at = 0; at < count; at++)
	{
		Error broken;
		if (!hit_decode(payloads[at], &hits[at], &broken))
			hits[at] = (Hit){.user_id = HIT_NONE, .anonymous_id = HIT_NONE}; // nobody's
	}
	PgParam params[WHOSE_PARAMS];
	if (!whose_params(arena, hits, count, params, error)
		|| !pg_query(scrub->asked->conn, sql_loader_erased, params, WHOSE_PARAMS, &result, error))
		return false;
	for (int row = 0; row < pg_rows(result); row++)
		is_gone[pg_int64(result, row, 0) - 1] = true;
	pg_result_free(result);
	return true;
}

// ── The streams of this machine ──

// What is no stream (yet) has nothing in it.
static bool stream_find(void *context, const char *name, const char *path, Error *error)
{
	Scrub *scrub = context;
	Folder folder;
	Error reason;
	Stream *stream = &scrub->streams[scrub->stream_count];
	(void) name;
	if (scrub->stream_count == STREAMS_MAX)
		return error_set(error, ERROR_TOO_LARGE, "%s holds more than %zu streams", scrub->asked->folder, STREAMS_MAX);
	(void) snprintf(stream->path, sizeof stream->path, "%s", path);
	if (!folder_init(&folder, path, NULL, error))
		return false;
	if (folder_read_stream(&folder, &reason))
	{
		uuid_format(folder.stream, stream->id);
		scrub->stream_count++;
	}
	else if (reason.code != ERROR_NOT_FOUND)
	{
		*error = reason;
		return false;
	}
	return true;
}

static bool streams_find(Scrub *scrub, Error *error)
{
	scrub->streams = ARENA_ARRAY(&scrub->arena, Stream, STREAMS_MAX + 1);
	return scrub->streams == NULL ? no_memory(error)
								  : buffer_streams_visit(scrub->asked->folder, stream_find, scrub, error);
}

static PgParam streams_param(Scrub *scrub)
{
	Slice *ids = ARENA_ARRAY(&scrub->question, Slice, scrub->stream_count + 1);
	if (ids == NULL)
		return (PgParam){.is_missing = true};
	for (size_t at = 0; at < scrub->stream_count; at++)
		ids[at] = slice_from(scrub->streams[at].id);
	return pg_param_text_array(&scrub->question, ids, scrub->stream_count);
}

// ── A stream ──

typedef struct Stand {
	bool is_due;
	uint64_t below; // 0: not looked at yet
	BufferPosition loaded;
} Stand;

static bool stand_read(const Scrub *scrub, const Stream *stream, Stand *stand, Error *error)
{
	PgResult *result = NULL;
	const PgParam params[] = {pg_param(scrub->request), pg_param(stream->id)};
	if (!pg_query(scrub->asked->conn, sql_privacy_stream, params, 2, &result, error))
		return false;
	*stand = (Stand){.is_due = pg_rows(result) > 0};
	if (stand->is_due)
	{
		stand->below = (uint64_t) pg_int64(result, 0, 0);
		stand->loaded = (BufferPosition){(uint64_t) pg_int64(result, 0, 1), (uint64_t) pg_int64(result, 0, 2)};
	}
	pg_result_free(result);
	return true;
}

// What is in it now is what is meant: noted once nothing is added to that any more.
static bool stream_end(const Scrub *scrub, const Stream *stream, int64_t until_us, bool *is_ended, Error *error)
{
	char number[NUMBER_SIZE];
	uint64_t below = 0;
	bool is_asked = false;
	if (!buffer_numbers_end(stream->path, &below, error))
		return false;
	while (buffer_end_segment(stream->path, &is_asked, is_ended, error))
	{
		if (!*is_ended && clock_monotonic_us() > until_us)
			return true;
		if (*is_ended)
		{
			(void) snprintf(number, sizeof number, "%" PRIu64, below);
			const PgParam params[] = {pg_param(scrub->request), pg_param(stream->id), pg_param(number)};
			return pg_query(scrub->asked->conn, sql_privacy_stream_end, params, 3, NULL, error);
		}
		(void) poll(NULL, 0, LOOK_MS);
	}
	return false;
}

static bool stream_blank(Scrub *scrub, const Stream *stream, uint64_t below, Error *error)
{
	const BufferOptions options = {0};
	char count[NUMBER_SIZE];
	uint64_t blanked = 0;
	Error reason;
	if (!buffer_blank(stream->path, &options, below, erased_choose, scrub, &blanked, &reason))
	{
		if (reason.code == ERROR_BUSY) // for another request; it comes to this one, too
			return true;
		*error = reason;
		return false;
	}
	(void) snprintf(count, sizeof count, "%" PRIu64, blanked);
	const PgParam params[] = {pg_param(scrub->request), pg_param(stream->id), pg_param(count)};
	return pg_query(scrub->asked->conn, sql_privacy_stream_done, params, 3, NULL, error);
}

static bool stream_scrub(Scrub *scrub, const Stream *stream, Error *error)
{
	const BufferOptions options = {0};
	int64_t until_us = clock_monotonic_us() + STREAM_WAIT_MS * 1000;
	Stand stand;
	bool is_ended = false;
	bool is_loaded = false;
	if (!stand_read(scrub, stream, &stand, error))
		return false;
	if (stand.is_due && stand.below == 0
		&& (!stream_end(scrub, stream, until_us, &is_ended, error) || !stand_read(scrub, stream, &stand, error)))
		return false;
	while (stand.is_due && stand.below != 0)
	{
		if (!buffer_is_loaded(stream->path, &options, stand.below, stand.loaded, &is_loaded, error))
			return false;
		if (is_loaded)
			return stream_blank(scrub, stream, stand.below, error);
		if (clock_monotonic_us() > until_us)
			return true;
		(void) poll(NULL, 0, LOOK_MS);
		if (!stand_read(scrub, stream, &stand, error))
			return false;
	}
	return true;
}

// ── Requests ──

static void scrub_begin(Scrub *scrub, const PrivacyScrub *asked)
{
	*scrub = (Scrub){.asked = asked};
	arena_init(&scrub->arena, ARENA_SIZE_MAX);
	arena_init(&scrub->question, ARENA_SIZE_MAX);
}

static void scrub_end(Scrub *scrub)
{
	arena_free(&scrub->question);
	arena_free(&scrub->arena);
}

static bool streams_scrub(Scrub *scrub, int64_t request, Error *error)
{
	(void) snprintf(scrub->request, sizeof scrub->request, "%" PRId64, request);
	bool is_ok = true;
	for (size_t at = 0; is_ok && at < scrub->stream_count; at++)
		is_ok = stream_scrub(scrub, &scrub->streams[at], error);
	return is_ok;
}

static bool waits(const Scrub *scrub, bool *is_waiting, Error *error)
{
	char keep[NUMBER_SIZE];
	PgResult *result = NULL;
	(void) snprintf(keep, sizeof keep, "%" PRId64, scrub->asked->keep_ms + KEEP_MARGIN_MS);
	const PgParam params[] = {pg_param(scrub->request), pg_param(keep)};
	if (!pg_query(scrub->asked->conn, sql_privacy_streams_left, params, 2, &result, error))
		return false;
	*is_waiting = pg_bool(result, 0, 0);
	pg_result_free(result);
	return true;
}

bool privacy_scrub(const PrivacyScrub *asked, int64_t request, bool *is_done, Error *error)
{
	Scrub scrub;
	bool is_waiting = false;
	scrub_begin(&scrub, asked);
	(void) snprintf(scrub.request, sizeof scrub.request, "%" PRId64, request);
	bool is_ok = streams_find(&scrub, error)
		&& pg_query(asked->conn, sql_privacy_streams, (PgParam[]){pg_param(scrub.request), streams_param(&scrub)}, 2,
			NULL, error)
		&& streams_scrub(&scrub, request, error) && waits(&scrub, &is_waiting, error);
	*is_done = !is_waiting;
	scrub_end(&scrub);
	return is_ok;
}

static bool waiting_find(Scrub *scrub, PgResult **result, Error *error)
{
	*result = NULL;
	return streams_find(scrub, error)
		&& pg_query(scrub->asked->conn, sql_privacy_streams_waited, (PgParam[]){streams_param(scrub)}, 1, result,
			error);
}

bool privacy_scrub_here(const PrivacyScrub *asked, Error *error)
{
	Scrub scrub;
	PgResult *waiting = NULL;
	scrub_begin(&scrub, asked);
	bool is_ok = waiting_find(&scrub, &waiting, error);
	for (int row = 0; is_ok && row < pg_rows(waiting); row++)
		is_ok = streams_scrub(&scrub, pg_int64(waiting, row, 0), error);
	pg_result_free(waiting);
	scrub_end(&scrub);
	return is_ok;
}

bool privacy_scrub_is_due(const PrivacyScrub *asked, bool *is_due, Error *error)
{
	Scrub scrub;
	PgResult *waiting = NULL;
	scrub_begin(&scrub, asked);
	bool is_ok = waiting_find(&scrub, &waiting, error);
	*is_due = is_ok && pg_rows(waiting) > 0;
	pg_result_free(waiting);
	scrub_end(&scrub);
	return is_ok;
}
