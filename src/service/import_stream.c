#include "service/import_stream.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/memory.h"
#include "buffer/buffer.h"
#include "service/role.h"

#include <poll.h>
#include <stdio.h>

#define PATH_SIZE 4096
#define LOOK_EVERY_MS 100
// What a crash would cost is read again anyway, so that syncs may be rare.
#define SYNC_EVERY_HITS 20000U

struct ImportStream {
	const Settings *settings;
	ImportWaiting waiting;
	void *context;
	BufferWriter *writer;
	Buf payload;
	uint64_t hits;
	uint64_t unsynced;
	uint64_t waited_bytes_all; // while everything is waited for
	uint64_t waited_bytes_left;
	char folder[PATH_SIZE];
};

bool import_stream_open(const Settings *settings, ImportWaiting waiting, void *context, ImportStream **stream,
	Error *error)
{
	const BufferOptions options = {.segment_bytes = (uint64_t) settings->buffer_segment_bytes,
		.unloaded_bytes_max = (uint64_t) settings->buffer_bytes_max};
	ImportStream *opened = memory_allocate_zeroed(1, sizeof *opened);
	if (opened == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for the stream of imports");
	*opened = (ImportStream){.settings = settings, .waiting = waiting, .context = context};
	buf_init(&opened->payload, HIT_ENCODED_SIZE_MAX);
	int size = snprintf(opened->folder, sizeof opened->folder, "%s/buffer/import", settings->state_dir);
	bool is_ok = size < (int) sizeof opened->folder
		|| error_set(error, ERROR_BAD_INPUT, "the path of the state directory is too long");
	Error failure = {0};
	if (is_ok && !buffer_writer_open(opened->folder, &options, &opened->writer, &failure))
	{
		is_ok = failure.code == ERROR_BUSY
			? error_set(error, ERROR_BUSY, "another import runs on %s; wait until it is done", settings->state_dir)
			: error_set(error, failure.code, "%s", failure.message);
	}
	if (!is_ok)
	{
		import_stream_close(opened);
		return false;
	}
	*stream = opened;
	return true;
}

void import_stream_close(ImportStream *stream)
{
	if (stream == NULL)
		return;
	buffer_writer_close(stream->writer);
	buf_free(&stream->payload);
	memory_free(stream);
}

uint64_t import_stream_hits(const ImportStream *stream)
{
	return stream->hits;
}

static bool look_later(const ImportStream *stream, const char *reason, Error *error)
{
	(void) poll(NULL, 0, LOOK_EVERY_MS);
	return stream->waiting(stream->context, reason, error);
}

bool import_stream_sync(ImportStream *stream, Error *error)
{
	stream->unsynced = 0;
	return buffer_sync(stream->writer, error);
}

bool import_stream_put(ImportStream *stream, const Hit *hit, Error *error)
{
	buf_reset(&stream->payload);
	hit_encode(hit, &stream->payload);
	if (!buf_is_ok(&stream->payload))
		return error_set(error, ERROR_TOO_LARGE, "a hit is larger than %zu bytes", HIT_ENCODED_SIZE_MAX);
	Error failure = {0};
	while (!buffer_append(stream->writer, buf_slice(&stream->payload), &failure))
	{
		if (failure.code != ERROR_FULL)
			return error_set(error, failure.code, "%s", failure.message);
		// The loader sees only what is synced.
		if (!import_stream_sync(stream, error) || !look_later(stream, failure.message, error))
			return false;
	}
	stream->hits++;
	return ++stream->unsynced < SYNC_EVERY_HITS || import_stream_sync(stream, error);
}

static bool worker_runs(const ImportStream *stream)
{
	RoleState state;
	Error error;
	return role_state_read(stream->settings->state_dir, ROLE_WORKER, &state, &error) && state.pid > 0;
}

bool import_stream_wait(ImportStream *stream, int64_t patience_ms, bool *is_loaded, Error *error)
{
	BufferPosition end = buffer_writer_position(stream->writer);
	BufferPosition before = {0};
	int64_t moved_us = clock_monotonic_us();
	*is_loaded = false;
	for (;;)
	{
		BufferPosition loaded;
		if (!buffer_folder_loaded(stream->folder, &loaded, error)
			|| !buffer_folder_unloaded_bytes(stream->folder, &stream->waited_bytes_left, error))
			return false;
		if (stream->waited_bytes_left > stream->waited_bytes_all)
			stream->waited_bytes_all = stream->waited_bytes_left;
		*is_loaded = buffer_position_compare(loaded, end) >= 0;
		if (*is_loaded)
			return true;
		if (buffer_position_compare(loaded, before) != 0 || worker_runs(stream))
			moved_us = clock_monotonic_us();
		if (clock_monotonic_us() - moved_us >= patience_ms * 1000)
			return true;
		before = loaded;
		if (!look_later(stream, "waiting for the loader", error))
			return false;
	}
}

void import_stream_progress(const ImportStream *stream, uint64_t *done, uint64_t *all)
{
	*done = stream->waited_bytes_all - stream->waited_bytes_left;
	*all = stream->waited_bytes_all;
}
