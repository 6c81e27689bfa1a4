#include "loader/feed.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "loader/store.h"
#include "sql/sql.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define LOOK_FOR_FEEDS_EVERY_US ((int64_t) 500000)
#define TRIM_EVERY_US ((int64_t) 250000)
// Where nothing comes, what was kept is deleted all the same.
#define TRIM_IDLE_EVERY_US ((int64_t) 5 * 60 * 1000000)

size_t feed_batch_bytes_max(const LoaderOptions *options)
{
	const size_t bytes_per_hit = sizeof(Slice) + sizeof(BufferPosition) + alignof(max_align_t);
	return 2 * options->batch_bytes_max + options->batch_hits_max * bytes_per_hit + ((size_t) 4 << 20U);
}

static void batch_clear(FeedBatch *batch)
{
	arena_reset(&batch->arena);
	*batch = (FeedBatch){.arena = batch->arena};
}

void feeds_close(Loader *loader)
{
	for (size_t at = 0; at < loader->feed_count; at++)
	{
		buffer_reader_close(loader->feeds[at].reader);
		arena_free(&loader->feeds[at].batches[0].arena);
		arena_free(&loader->feeds[at].batches[1].arena);
		memory_free(loader->feeds[at].folder);
	}
	loader->feed_count = 0;
}

void feeds_forget_positions(Loader *loader)
{
	for (size_t at = 0; at < loader->feed_count; at++)
	{
		loader->feeds[at].is_positioned = false;
		loader->feeds[at].flushing_wal = 0;
	}
}

static bool feed_is_known(const Loader *loader, const char *name)
{
	for (size_t at = 0; at < loader->feed_count; at++)
	{
		if (strcmp(loader->feeds[at].name, name) == 0)
			return true;
	}
	return false;
}

static void feed_add(Loader *loader, const char *name)
{
	Feed *feed = &loader->feeds[loader->feed_count];
	size_t size = strlen(loader->options.buffer_folder) + strlen(name) + 2;
	*feed = (Feed){.folder = memory_allocate(size)};
	if (feed->folder == NULL)
	{
		loader->looked_for_feeds_us = 0; // looked for again at once
		return;
	}
	arena_init(&feed->batches[0].arena, feed_batch_bytes_max(&loader->options));
	arena_init(&feed->batches[1].arena, feed_batch_bytes_max(&loader->options));
	feed->batch = &feed->batches[0];
	(void) snprintf(feed->folder, size, "%s/%s", loader->options.buffer_folder, name);
	(void) snprintf(feed->name, sizeof feed->name, "%s", name);
	loader->feed_count++;
}

static bool feed_found(void *context, const char *name, const char *path, Error *error)
{
	Loader *loader = context;
	(void) path;
	if (strlen(name) >= sizeof loader->feeds[0].name || feed_is_known(loader, name))
		return true;
	if (loader->feed_count == LOADER_FEEDS_MAX)
		return error_set(error, ERROR_TOO_LARGE, "%s holds more than %d streams; what is in the others waits",
			loader->options.buffer_folder, LOADER_FEEDS_MAX);
	feed_add(loader, name);
	return true;
}

// New folders join; the buffer of an import, say.
static void feeds_look(Loader *loader)
{
	int64_t now_us = clock_monotonic_us();
	if (loader->looked_for_feeds_us != 0 && now_us - loader->looked_for_feeds_us < LOOK_FOR_FEEDS_EVERY_US)
		return;
	loader->looked_for_feeds_us = now_us;
	Error error;
	if (!buffer_streams_visit(loader->options.buffer_folder, feed_found, loader, &error))
		log_error("loader.streams", &error);
}

static bool feed_position(Loader *loader, Feed *feed, Error *error)
{
	Load load = state_load(loader, 0);
	PgParam params[] = {param_uuid(&load, buffer_reader_stream(feed->reader))};
	PgResult *result = NULL;
	if (!pg_query(loader->conn, sql_loader_ledger_read, params, 1, &result, error))
		return false;
	feed->loaded = (BufferPosition){0};
	if (pg_rows(result) == 1)
		feed->loaded = (BufferPosition){(uint64_t) pg_int64(result, 0, 0), (uint64_t) pg_int64(result, 0, 1)};
	pg_result_free(result);
	batch_clear(feed->batch);
	if (!buffer_reader_seek(feed->reader, feed->loaded, error))
		return false;
	feed->is_positioned = true;
	return true;
}

// Opens and positions; false with ERROR_NOT_FOUND where the folder is no stream (yet).
static bool feed_ready(Loader *loader, Feed *feed, Error *error)
{
	if (feed->reader == NULL
		&& !buffer_reader_open(feed->folder, loader->options.buffer, (BufferPosition){0}, &feed->reader, error))
		return false;
	return feed->is_positioned || feed_position(loader, feed, error);
}

// Reads one hit; none where *is_over: the batch is full, or nothing waits.
static bool feed_read_hit(const Loader *loader, Feed *feed, bool *is_over, Error *error)
{
	FeedBatch *batch = feed->batch;
	size_t most = loader->options.batch_hits_max;
	Slice payload = SLICE_NONE;
	bool has_frame = false;
	*is_over = true;
	if (batch->payloads == NULL)
	{
		batch->payloads = ARENA_ARRAY(&batch->arena, Slice, most);
		batch->ends = ARENA_ARRAY(&batch->arena, BufferPosition, most);
	}
	if (batch->payloads == NULL || batch->ends == NULL)
		return load_no_memory(error);
	batch->has_more = batch->count == most || batch->bytes >= loader->options.batch_bytes_max;
	if (batch->has_more)
		return true;
	if (!buffer_read(feed->reader, &payload, &has_frame, error))
		return false;
	if (!has_frame)
		return true;
	batch->payloads[batch->count] = arena_copy(&batch->arena, payload);
	if (batch->payloads[batch->count].data == NULL)
	{
		feed->is_positioned = false; // the reader stands behind a hit that went nowhere
		return load_no_memory(error);
	}
	batch->bytes += payload.size;
	batch->ends[batch->count++] = buffer_reader_position(feed->reader);
	*is_over = false;
	return true;
}

static bool feed_read(const Loader *loader, Feed *feed, Error *error)
{
	bool is_over = false;
	while (!is_over)
	{
		if (!feed_read_hit(loader, feed, &is_over, error))
			return feed->batch->count > 0; // what was read before the damage is stored first
	}
	return true;
}

typedef struct Ahead {
	const Loader *loader;
	Feed *feed;
	bool is_over;
} Ahead;

// What cannot be read now is met again when its turn comes.
static bool feed_read_ahead(void *context)
{
	Ahead *ahead = context;
	Error ignored = {0};
	if (!ahead->is_over && !feed_read_hit(ahead->loader, ahead->feed, &ahead->is_over, &ignored))
		ahead->is_over = true;
	return !ahead->is_over;
}

// Damaged frames are passed over, loudly: it is the one way in which what was answered for can be lost.
static bool damage_pass(Loader *loader, Feed *feed, const Error *damage, Error *error)
{
	uint64_t skipped = 0;
	log_error("loader.buffer_damaged", damage);
	if (!buffer_reader_skip(feed->reader, &skipped, error))
		return false;
	log_event(LOG_ERROR, "loader.buffer_skipped", "stream=%s bytes=%llu", feed->name, (unsigned long long) skipped);
	Load load = state_load(loader, 0);
	return load_count(&load, "damaged_buffer_bytes", (int64_t) skipped, error);
}

// Commits do not wait for the disk, so the buffer is told of a position only when the log is on disk past the commit: a
// PostgreSQL that crashed finds in the buffer what it has lost.
static bool feed_trim(Loader *loader, Feed *feed, Error *error)
{
	Error failure = {0};
	PgResult *result = NULL;
	bool is_old = clock_monotonic_us() - feed->trimmed_us > TRIM_IDLE_EVERY_US;
	if (buffer_position_compare(feed->loaded, feed->trimmed) == 0 && !is_old)
		return true;
	feed->trimmed_us = clock_monotonic_us();
	if (!pg_query(loader->conn, sql_loader_wal, NULL, 0, &result, error))
		return false;
	int64_t written = pg_int64(result, 0, 0);
	int64_t flushed = pg_int64(result, 0, 1);
	pg_result_free(result);
	if (feed->flushing_wal != 0 && flushed >= feed->flushing_wal)
	{
		feed->flushing_wal = 0;
		if (buffer_trim(feed->folder, loader->options.buffer, feed->flushing, loader->options.keep_ms, &failure))
			feed->trimmed = feed->flushing;
		else
			log_error("loader.trim_failed", &failure);
	}
	if (feed->flushing_wal == 0)
	{
		feed->flushing = feed->loaded;
		feed->flushing_wal = written;
	}
	return true;
}

// Stores what was read, and reads on meanwhile.
static bool feed_store(Loader *loader, Feed *feed, Error *error)
{
	const FeedBatch *batch = feed->batch;
	Ahead ahead = {.loader = loader, .feed = feed};
	LoaderSource source = {.stream = buffer_reader_stream(feed->reader),
		.name = feed->name,
		.from = feed->loaded,
		.ends = batch->ends,
		.has_more = batch->has_more,
		.meanwhile = feed_read_ahead,
		.context = &ahead};
	feed->batch = batch == &feed->batches[0] ? &feed->batches[1] : &feed->batches[0];
	batch_clear(feed->batch);
	if (!store_hits(loader, batch->payloads, batch->count, &source, clock_now_ms(), error))
	{
		feed->is_positioned = false; // until it is known how far this went
		return false;
	}
	feed->loaded = batch->ends[batch->count - 1];
	return true;
}

static bool feed_load(Loader *loader, Feed *feed, size_t *hits, bool *has_more, Error *error)
{
	Error failure = {0};
	if (!feed_ready(loader, feed, error))
		return false;
	if (!feed_read(loader, feed, &failure))
	{
		if (failure.code == ERROR_CORRUPT)
			return damage_pass(loader, feed, &failure, error);
		feed->is_positioned = false;
		*error = failure;
		return false;
	}
	size_t count = feed->batch->count;
	*has_more = *has_more || feed->batch->has_more;
	if (count > 0 && !feed_store(loader, feed, error))
		return false;
	*hits += count;
	bool is_due = count == 0 || clock_monotonic_us() - feed->trimmed_us > TRIM_EVERY_US;
	return !is_due || feed_trim(loader, feed, error);
}

bool feeds_load(Loader *loader, size_t *hits, bool *has_more, Error *error)
{
	*hits = 0;
	*has_more = false;
	feeds_look(loader);
	for (size_t at = 0; at < loader->feed_count; at++)
	{
		Error failure = {0};
		if (feed_load(loader, &loader->feeds[at], hits, has_more, &failure) || failure.code == ERROR_NOT_FOUND)
			continue;
		if (failure.code == ERROR_DATABASE || failure.code == ERROR_DATABASE_AWAY)
		{
			if (error != NULL)
				*error = failure;
			return false;
		}
		log_error("loader.stream_failed", &failure);
	}
	return true;
}
