#include "buffer/recovery.h"

#include "base/buf.h"
#include "base/log.h"
#include "buffer/segment_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>

#define COPY_BYTES ((size_t) 1 << 20U)
#define END_UNKNOWN 0

// Writes again what is there already. After a sync that failed the system holds pages that look written and are not; only
// a page written anew is taken to the disk by the next sync.
static bool tail_write_again(const Folder *folder, int fd, uint64_t from, uint64_t to, Error *error)
{
	Buf bytes;
	bool is_ok = true;
	buf_init(&bytes, COPY_BYTES);
	char *target = buf_reserve(&bytes, COPY_BYTES);
	if (target == NULL)
		is_ok = error_set(error, ERROR_MEMORY, "no memory to recover a segment");
	while (is_ok && from < to)
	{
		size_t wanted = to - from < COPY_BYTES ? (size_t) (to - from) : COPY_BYTES;
		ssize_t got = folder->files->pread(folder->files->context, fd, target, wanted, (off_t) from);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			is_ok = error_set_errno(error, ERROR_SYSTEM, "cannot read a segment of %s", folder->path);
		else
			is_ok = folder_write_all(folder, fd, (Slice){target, (size_t) got}, from, error);
		from += is_ok ? (uint64_t) got : 0;
	}
	buf_free(&bytes);
	return is_ok;
}

// Cuts the file and makes what is left durable: a writer that was killed may have left frames that only the system's
// memory holds, and the next header must not call those durable.
static bool cut(const Folder *folder, const FolderSegment *segment, SegmentEnd end, Error *error)
{
	const FileSystem *files = folder->files;
	char path[FOLDER_PATH_SIZE];
	folder_segment_path(folder, segment->number, path);
	int fd = files->open(files->context, path, O_RDWR | O_CLOEXEC, 0);
	if (fd < 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot open %s", path);
	bool is_ok = segment->size_bytes <= end.offset || files->ftruncate(files->context, fd, (off_t) end.offset) == 0;
	if (!is_ok)
		(void) error_set_errno(error, ERROR_SYSTEM, "cannot cut %s to %" PRIu64 " bytes", path, end.offset);
	is_ok = is_ok && tail_write_again(folder, fd, end.synced, end.offset, error);
	if (is_ok && files->fdatasync(files->context, fd) != 0)
		is_ok = error_set_errno(error, ERROR_SYSTEM, "cannot sync %s", path);
	(void) files->close(files->context, fd);
	return is_ok;
}

// Where a readable segment ends, for the next header.
static uint64_t recover(const Folder *folder, const FolderSegment *segment, SegmentFile *file)
{
	Error error;
	SegmentEnd end;
	bool is_blank = true;
	if (!segment_file_find_end(file, SEGMENT_HEADER_SIZE, &end, &error)
		|| !segment_file_is_blank_from(file, end.offset, &is_blank, &error))
	{
		log_error("buffer.recovery_failed", &error);
		return END_UNKNOWN; // not cut: nobody knows what stands behind
	}
	if (end.is_damaged)
		log_event(LOG_ERROR, "buffer.damaged", "segment=%" PRIu64 " end=%" PRIu64, segment->number, end.offset);
	if (!is_blank)
		log_event(LOG_WARNING, "buffer.torn_tail_cut", "segment=%" PRIu64 " end=%" PRIu64 " size=%" PRIu64,
			segment->number, end.offset, segment->size_bytes);
	if (cut(folder, segment, end, &error))
		return end.offset;
	log_error("buffer.recovery_failed", &error);
	return END_UNKNOWN;
}

// Whether the segment may hold frames, and then where they end.
static bool consider(const Folder *folder, const FolderSegment *segment, SegmentFile *file, BufferPosition *end,
	bool *is_end, Error *error)
{
	SegmentFileState state;
	Error reason;
	*is_end = true;
	*end = (BufferPosition){segment->number, END_UNKNOWN};
	if (!segment_file_open(file, folder, segment->number, &state, &reason))
	{
		if (reason.code == ERROR_SYSTEM)
		{
			log_error("buffer.recovery_failed", &reason);
			return true;
		}
		if (error != NULL)
			*error = reason;
		return false;
	}
	if (state == SEGMENT_FILE_READABLE)
		end->offset = recover(folder, segment, file);
	else if (state == SEGMENT_FILE_DAMAGED)
		log_event(LOG_ERROR, "buffer.header_damaged", "segment=%" PRIu64 " size=%" PRIu64, segment->number,
			segment->size_bytes);
	else
	{
		log_event(LOG_WARNING, "buffer.blank_segment", "segment=%" PRIu64 " size=%" PRIu64, segment->number,
			segment->size_bytes);
		*is_end = false;
	}
	return true;
}

bool recovery_run(const Folder *folder, BufferPosition loaded, BufferPosition *end, uint64_t *number_last, Error *error)
{
	FolderList list;
	SegmentFile file;
	segment_file_init(&file);
	bool is_ok = folder_list(folder, &list, error);
	bool is_end = false;
	*number_last = loaded.segment;
	if (is_ok && list.count > 0 && list.segments[list.count - 1].number > loaded.segment)
		*number_last = list.segments[list.count - 1].number;
	for (size_t i = list.count; is_ok && !is_end && i > 0; i--)
		is_ok = consider(folder, &list.segments[i - 1], &file, end, &is_end, error);
	if (!is_end)
		*end = loaded;
	folder_list_free(&list);
	segment_file_free(&file);
	return is_ok;
}
