#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "buffer/backlog.h"
#include "buffer/buffer.h"
#include "buffer/folder.h"
#include "buffer/recovery.h"
#include "buffer/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOOK_AGAIN_MS_DEFAULT 100
// Frames gathered before they are written without waiting for the sync: bounds the memory, not the batch.
#define GATHER_BYTES_MAX ((size_t) 1 << 20U)

struct BufferWriter {
	Folder folder;
	BufferOptions options;
	int lock_fd;
	uint64_t number_last; // the highest in use
	BufferPosition end;   // behind the last durable frame
	// The segment being written; fd -1: none, the next append begins one. Offsets: synced ≤ written ≤ written + gathered.
	int fd;
	SegmentHeader header;
	uint64_t allocated;
	uint64_t synced;
	uint64_t written;
	Buf gathered;
	uint64_t appended_bytes;
	Error lost; // frames that buffer_sync has yet to tell of; code ERROR_NONE: none
	Backlog backlog;
	int64_t looked_us; // at `loaded`
	int64_t full_us;   // when the disk was last seen to be full
	bool is_full;
	bool is_end_asked;
};

static uint64_t end_gathered(const BufferWriter *writer)
{
	return writer->written + writer->gathered.size;
}

static bool is_recent(const BufferWriter *writer, int64_t time_us)
{
	int hold_ms = writer->options.look_again_ms == 0 ? LOOK_AGAIN_MS_DEFAULT : writer->options.look_again_ms;
	return hold_ms > 0 && clock_monotonic_us() - time_us < (int64_t) hold_ms * 1000;
}

// ── What waits for the loader ──

void buffer_writer_look(BufferWriter *writer)
{
	BufferPosition loaded;
	Error error;
	if (is_recent(writer, writer->looked_us))
		return;
	writer->looked_us = clock_monotonic_us();
	writer->is_end_asked = folder_is_end_asked(&writer->folder);
	if (!folder_read_loaded(&writer->folder, &loaded, &error))
	{
		log_error("buffer.loaded_not_read", &error);
		return;
	}
	int order = buffer_position_compare(loaded, writer->backlog.loaded);
	if (order > 0)
		backlog_set_loaded(&writer->backlog, loaded);
	// The database was set back to an earlier state: what it has to load again is no longer in memory.
	uint64_t below = writer->fd >= 0 ? writer->header.number : UINT64_MAX;
	if (order < 0 && !backlog_read(&writer->backlog, &writer->folder, loaded, below, &error))
		log_error("buffer.loaded_not_read", &error);
}

uint64_t buffer_unloaded_bytes(const BufferWriter *writer)
{
	uint64_t bytes = writer->backlog.bytes;
	if (writer->fd >= 0)
	{
		BufferPosition end = {writer->header.number, end_gathered(writer)};
		bytes += backlog_bytes_of(writer->backlog.loaded, end);
	}
	return bytes;
}

uint64_t buffer_appended_bytes(const BufferWriter *writer)
{
	return writer->appended_bytes;
}

BufferPosition buffer_writer_position(const BufferWriter *writer)
{
	return writer->end;
}

// ── The ends of a segment ──

// Lets go of the current segment, of which frames up to `synced` are durable.
static void segment_leave(BufferWriter *writer)
{
	const FileSystem *files = writer->folder.files;
	(void) files->close(files->context, writer->fd);
	writer->fd = -1;
	writer->end = (BufferPosition){writer->header.number, writer->synced};
	backlog_add(&writer->backlog, writer->end);
	buf_reset(&writer->gathered);
}

// The tail that was allocated ahead, or that failed. That the cut fails costs disk space until the segment is trimmed: the
// next header tells readers where this one ends.
static void segment_cut(BufferWriter *writer)
{
	const FileSystem *files = writer->folder.files;
	Error error;
	if (files->ftruncate(files->context, writer->fd, (off_t) writer->synced) == 0)
		return;
	(void) error_set_errno(&error, ERROR_SYSTEM, "cannot cut segment %" PRIu64 " of %s to %" PRIu64 " bytes",
		writer->header.number, writer->folder.path, writer->synced);
	log_error("buffer.cut_failed", &error);
}

static void segment_give_up(BufferWriter *writer)
{
	log_event(LOG_ERROR, "buffer.given_up", "segment=%" PRIu64 " end=%" PRIu64 " lost_bytes=%" PRIu64,
		writer->header.number, writer->synced, end_gathered(writer) - writer->synced);
	segment_cut(writer);
	segment_leave(writer);
}

static void segment_seal(BufferWriter *writer)
{
	segment_cut(writer);
	log_event(LOG_INFO, "buffer.sealed", "segment=%" PRIu64 " end=%" PRIu64, writer->header.number, writer->synced);
	segment_leave(writer);
}

// Where somebody asked for it, once nothing waits to be synced.
static void segment_end_asked(BufferWriter *writer)
{
	if (!writer->is_end_asked || (writer->fd >= 0 && writer->synced < end_gathered(writer)))
		return;
	if (writer->fd >= 0)
		segment_seal(writer);
	folder_end_done(&writer->folder);
	writer->is_end_asked = false;
}

// ── The beginning of a segment ──

static bool segment_allocate(BufferWriter *writer, int fd, uint64_t size, Error *error)
{
	const FileSystem *files = writer->folder.files;
	int failed;
	do
		failed = files->fallocate(files->context, fd, 0, (off_t) size);
	while (failed != 0 && errno == EINTR);
	if (failed == 0)
		return true;
	if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
		return error_set_errno(error, ERROR_FULL, "no room for a new segment of %" PRIu64 " bytes in %s", size,
			writer->folder.path);
	// A file system that cannot allocate ahead: the file grows as it is written.
	if (errno == EOPNOTSUPP || errno == EINVAL || errno == ENOSYS)
		return true;
	return error_set_errno(error, ERROR_SYSTEM, "cannot allocate a segment in %s", writer->folder.path);
}

// Makes the file with a header under a passing name, then gives it its own. *is_named as for folder_publish.
static bool segment_make(BufferWriter *writer, int fd, const char *temporary, uint64_t size, bool *is_named,
	Error *error)
{
	char bytes[SEGMENT_HEADER_SIZE];
	char path[FOLDER_PATH_SIZE];
	*is_named = false;
	writer->header = (SegmentHeader){
		.stream = writer->folder.stream,
		.number = writer->number_last + 1,
		.created_ms = clock_now_ms(),
		.previous_number = writer->end.segment,
		.previous_end = writer->end.offset,
	};
	segment_header_encode(&writer->header, bytes);
	folder_segment_path(&writer->folder, writer->header.number, path);
	return segment_allocate(writer, fd, size, error)
		&& folder_write_all(&writer->folder, fd, (Slice){bytes, sizeof bytes}, 0, error)
		&& folder_publish(&writer->folder, fd, temporary, path, is_named, error);
}

static bool segment_begin(BufferWriter *writer, size_t frame_size, Error *error)
{
	const FileSystem *files = writer->folder.files;
	char temporary[FOLDER_PATH_SIZE];
	bool is_named;
	uint64_t size = SEGMENT_HEADER_SIZE + frame_size;
	if (size < writer->options.segment_bytes)
		size = writer->options.segment_bytes;
	if (!backlog_reserve(&writer->backlog, error))
		return false;
	folder_file_path(&writer->folder, "segment.new", temporary);
	int fd = files->open(files->context, temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set_errno(error, errno == ENOSPC || errno == EDQUOT ? ERROR_FULL : ERROR_SYSTEM, "cannot make %s",
			temporary);
	bool is_ok = segment_make(writer, fd, temporary, size, &is_named, error);
	if (is_named)
		writer->number_last++; // in use, even if it may be gone after a power cut
	if (!is_ok)
	{
		(void) files->close(files->context, fd);
		if (!is_named)
			(void) files->unlink(files->context, temporary);
		return false;
	}
	writer->fd = fd;
	writer->allocated = size;
	writer->synced = SEGMENT_HEADER_SIZE;
	writer->written = SEGMENT_HEADER_SIZE;
	return true;
}

// Begins a segment, but does not ask a full disk again at each frame.
static bool segment_begin_if_room(BufferWriter *writer, size_t frame_size, Error *error)
{
	if (writer->is_full && is_recent(writer, writer->full_us))
		return error_set(error, ERROR_FULL, "no room for a new segment in %s", writer->folder.path);
	Error reason;
	bool is_ok = segment_begin(writer, frame_size, &reason);
	writer->is_full = !is_ok && reason.code == ERROR_FULL;
	writer->full_us = clock_monotonic_us();
	if (!is_ok && error != NULL)
		*error = reason;
	return is_ok;
}

// ── Frames ──

static bool gathered_write(BufferWriter *writer, Error *error)
{
	if (!folder_write_all(&writer->folder, writer->fd, buf_slice(&writer->gathered), writer->written, error))
		return false;
	writer->written += writer->gathered.size;
	buf_reset(&writer->gathered);
	return true;
}

static bool gathered_sync(BufferWriter *writer, Error *error)
{
	const FileSystem *files = writer->folder.files;
	if (!gathered_write(writer, error))
		return false;
	if (files->fdatasync(files->context, writer->fd) != 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot sync segment %" PRIu64 " of %s", writer->header.number,
			writer->folder.path);
	writer->synced = writer->written;
	writer->end = (BufferPosition){writer->header.number, writer->synced};
	return true;
}

// Runs one of the two above; after a failure the segment is given up, and buffer_sync has something to tell.
static bool gathered_settle(BufferWriter *writer, bool (*settle)(BufferWriter *writer, Error *error), Error *error)
{
	if (settle(writer, &writer->lost))
	{
		writer->lost = (Error){0};
		return true;
	}
	segment_give_up(writer);
	if (error != NULL)
		*error = writer->lost;
	return false;
}

static bool append_check(BufferWriter *writer, Slice payload, Error *error)
{
	if (payload.size == 0)
		return error_set(error, ERROR_BAD_INPUT, "an empty frame for the buffer");
	if (payload.size > SEGMENT_PAYLOAD_SIZE_MAX)
		return error_set(error, ERROR_TOO_LARGE, "a frame of %zu bytes is larger than the buffer takes, which is %u",
			payload.size, SEGMENT_PAYLOAD_SIZE_MAX);
	if (writer->lost.code != ERROR_NONE)
	{
		if (error != NULL)
			*error = writer->lost;
		return false;
	}
	buffer_writer_look(writer);
	uint64_t size = segment_frame_size(payload.size);
	uint64_t unloaded = buffer_unloaded_bytes(writer);
	if (size > writer->options.unloaded_bytes_max || unloaded > writer->options.unloaded_bytes_max - size)
		return error_set(error, ERROR_FULL, "the buffer %s is full: %" PRIu64 " of %" PRIu64 " bytes wait to be loaded",
			writer->folder.path, unloaded, writer->options.unloaded_bytes_max);
	return true;
}

bool buffer_append(BufferWriter *writer, Slice payload, Error *error)
{
	if (!append_check(writer, payload, error))
		return false;
	size_t size = segment_frame_size(payload.size);
	if (writer->fd >= 0 && end_gathered(writer) + size > writer->allocated)
	{
		if (writer->synced < end_gathered(writer) && !gathered_settle(writer, gathered_sync, error))
			return false;
		segment_seal(writer);
	}
	if (writer->fd < 0 && !segment_begin_if_room(writer, size, error))
		return false;
	if (writer->gathered.size + size > GATHER_BYTES_MAX && !gathered_settle(writer, gathered_write, error))
		return false;
	char *bytes = buf_reserve(&writer->gathered, size);
	if (bytes == NULL)
	{
		writer->gathered.is_failed = false; // what is in it is whole
		return error_set(error, ERROR_MEMORY, "no memory for a frame of %zu bytes", size);
	}
	segment_frame_encode(&writer->header, end_gathered(writer), writer->synced, payload, bytes);
	writer->gathered.size += size;
	writer->appended_bytes += size;
	return true;
}

bool buffer_sync(BufferWriter *writer, Error *error)
{
	bool is_ok = writer->lost.code == ERROR_NONE;
	if (!is_ok && error != NULL)
		*error = writer->lost;
	if (is_ok && writer->fd >= 0 && writer->synced < end_gathered(writer))
		is_ok = gathered_settle(writer, gathered_sync, error);
	writer->lost = (Error){0};
	segment_end_asked(writer);
	return is_ok;
}

// ── Opening and closing ──

static bool writer_start(BufferWriter *writer, Error *error)
{
	const FileSystem *files = writer->folder.files;
	char path[FOLDER_PATH_SIZE];
	char parent[FOLDER_PATH_SIZE];
	Error reason;
	BufferPosition loaded;
	folder_file_path(&writer->folder, "lock", path);
	folder_file_path(&writer->folder, "..", parent);
	if (!file_make_directory(writer->folder.path, 0700, error) || !file_sync_directory(files, parent, error)
		|| !file_lock(path, &writer->lock_fd, error) || !folder_make_stream(&writer->folder, error)
		|| !file_sync_directory(files, writer->folder.path, error))
		return false;
	if (!folder_read_loaded(&writer->folder, &loaded, &reason))
		log_error("buffer.loaded_not_read", &reason); // {0, 0} then: everything counts as not loaded
	folder_file_path(&writer->folder, "segment.new", path);
	if (files->unlink(files->context, path) != 0 && errno != ENOENT)
		return error_set_errno(error, ERROR_SYSTEM, "cannot remove %s", path);
	folder_end_done(&writer->folder); // what there is, is ended
	return recovery_run(&writer->folder, loaded, &writer->end, &writer->number_last, error)
		&& backlog_read(&writer->backlog, &writer->folder, loaded, UINT64_MAX, error);
}

bool buffer_writer_open(const char *folder, const BufferOptions *options, BufferWriter **writer, Error *error)
{
	BufferWriter *made = memory_allocate_zeroed(1, sizeof *made);
	*writer = NULL;
	if (made == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for a buffer's writer");
	*made = (BufferWriter){.options = *options, .lock_fd = -1, .fd = -1};
	backlog_init(&made->backlog);
	buf_init(&made->gathered, GATHER_BYTES_MAX + SEGMENT_FRAME_SIZE_MAX);
	if (!folder_init(&made->folder, folder, options->files, error) || !writer_start(made, error))
	{
		buffer_writer_close(made);
		return false;
	}
	*writer = made;
	return true;
}

void buffer_writer_close(BufferWriter *writer)
{
	if (writer == NULL)
		return;
	Error error;
	if (!buffer_sync(writer, &error))
		log_error("buffer.close_failed", &error);
	if (writer->fd >= 0)
		segment_seal(writer);
	if (writer->lock_fd >= 0)
		(void) close(writer->lock_fd);
	backlog_free(&writer->backlog);
	buf_free(&writer->gathered);
	memory_free(writer);
}
