#include "privacy/buffered.h"

#include "buffer/buffer.h"
#include "buffer/folder.h"
#include "privacy/whose.h"
#include "sql/sql.h"

#include <inttypes.h>
#include <stdio.h>

#define HITS_MAX ((size_t) 2000)
#define BYTES_MAX ((size_t) 4 << 20U)
#define ARENA_SIZE_MAX ((size_t) 16 << 20U)

// Hits that are asked about at once.
typedef struct Asked {
	Arena arena; // of their payloads and what follows
	Hit *hits;
	size_t count;
	size_t bytes;
} Asked;

typedef struct Search {
	PgConn *conn;
	int64_t person;
	PrivacyHit each;
	void *context;
	Asked asked;
} Search;

static bool no_memory(Error *error)
{
	return error_set(error, ERROR_MEMORY, "out of memory for hits of the buffer");
}

static bool asked_answer(Search *search, Error *error)
{
	Asked *asked = &search->asked;
	char person[24];
	PgParam params[1 + WHOSE_PARAMS];
	PgResult *result = NULL;
	(void) snprintf(person, sizeof person, "%" PRId64, search->person);
	params[0] = pg_param(person);
	if (!whose_params(&asked->arena, asked->hits, asked->count, params + 1, error)
		|| !pg_query(search->conn, sql_privacy_hits, params, 1 + WHOSE_PARAMS, &result, error))
		return false;
	bool is_ok = true;
	for (int row = 0; is_ok && row < pg_rows(result); row++)
		is_ok = search->each(search->context, &asked->hits[pg_int64(result, row, 0) - 1], error);
	pg_result_free(result);
	return is_ok;
}

static bool asked_flush(Search *search, Error *error)
{
	Asked *asked = &search->asked;
	if (asked->count > 0 && !asked_answer(search, error))
		return false;
	arena_reset(&asked->arena);
	asked->hits = ARENA_ARRAY(&asked->arena, Hit, HITS_MAX);
	asked->count = 0;
	asked->bytes = 0;
	return asked->hits != NULL || no_memory(error);
}

// What is no hit is nobody's.
static bool hit_ask(Search *search, Slice payload, Error *error)
{
	Asked *asked = &search->asked;
	Error broken;
	if ((asked->count == HITS_MAX || asked->bytes + payload.size > BYTES_MAX) && !asked_flush(search, error))
		return false;
	Slice kept = arena_copy(&asked->arena, payload);
	if (kept.data == NULL)
		return no_memory(error);
	if (!hit_decode(kept, &asked->hits[asked->count], &broken))
		return true;
	asked->count++;
	asked->bytes += payload.size;
	return true;
}

static bool frames_search(Search *search, BufferReader *reader, Error *error)
{
	Slice payload = SLICE_NONE;
	bool has_frame = true;
	while (has_frame)
	{
		Error failure;
		uint64_t skipped = 0;
		if (buffer_read(reader, &payload, &has_frame, &failure))
		{
			if (has_frame && !hit_ask(search, payload, error))
				return false;
			continue;
		}
		if (failure.code != ERROR_CORRUPT)
		{
			*error = failure;
			return false;
		}
		if (!buffer_reader_skip(reader, &skipped, error))
			return false;
	}
	return asked_flush(search, error);
}

static bool stream_search(void *context, const char *name, const char *path, Error *error)
{
	Search *search = context;
	const BufferOptions options = {0};
	BufferPosition from = {0};
	BufferReader *reader = NULL;
	Folder folder;
	Error failure;
	(void) name;
	// From the first there is, so that those before it are not missed.
	if (!folder_init(&folder, path, NULL, error) || !folder_next_segment(&folder, 0, &from.segment, error))
		return false;
	if (from.segment == 0)
		return true;
	if (!buffer_reader_open(path, &options, from, &reader, &failure))
	{
		if (failure.code == ERROR_NOT_FOUND)
			return true;
		*error = failure;
		return false;
	}
	bool is_ok = frames_search(search, reader, error);
	buffer_reader_close(reader);
	return is_ok;
}

bool privacy_buffered(PgConn *conn, int64_t person, const char *folder, PrivacyHit each, void *context, Error *error)
{
	Search search = {.conn = conn, .person = person, .each = each, .context = context};
	arena_init(&search.asked.arena, ARENA_SIZE_MAX);
	bool is_ok = asked_flush(&search, error) && buffer_streams_visit(folder, stream_search, &search, error);
	arena_free(&search.asked.arena);
	return is_ok;
}
