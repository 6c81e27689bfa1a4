#include "buffer/segment_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#define READ_BYTES_MIN ((size_t) 64 << 10U)
#define READ_BYTES_MAX ((size_t) 1 << 20U)
#define WINDOW_BYTES_MAX ((size_t) 2 << 20U)
_Static_assert(WINDOW_BYTES_MAX >= SEGMENT_FRAME_SIZE_MAX + SEGMENT_ALIGNMENT, "the window holds the largest frame");

void segment_file_init(SegmentFile *file)
{
	*file = (SegmentFile){.fd = -1, .read_bytes = READ_BYTES_MIN};
	buf_init(&file->window, WINDOW_BYTES_MAX);
}

void segment_file_free(SegmentFile *file)
{
	segment_file_close(file);
	buf_free(&file->window);
}

void segment_file_close(SegmentFile *file)
{
	if (file->fd >= 0)
		(void) file->files->close(file->files->context, file->fd);
	file->fd = -1;
	buf_reset(&file->window);
}

// Fills the window with up to `size` bytes from `offset`; fewer at the end of the file.
static bool window_load(SegmentFile *file, uint64_t offset, size_t size, Error *error)
{
	buf_reset(&file->window);
	file->window_offset = offset;
	char *target = buf_reserve(&file->window, size);
	if (target == NULL)
		return error_set(error, ERROR_MEMORY, "no memory to read a segment");
	size_t used = 0;
	while (used < size)
	{
		ssize_t got =
			file->files->pread(file->files->context, file->fd, target + used, size - used, (off_t) (offset + used));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set_errno(error, ERROR_SYSTEM, "cannot read segment %" PRIu64 " at %" PRIu64, file->number,
				offset + used);
		if (got == 0)
			break;
		used += (size_t) got;
	}
	file->window.size = used;
	return true;
}

// The window from `offset` on; nothing when it stands elsewhere.
static Slice window_from(const SegmentFile *file, uint64_t offset)
{
	if (offset < file->window_offset || offset - file->window_offset > file->window.size)
		return SLICE_NONE;
	Slice window = buf_slice(&file->window);
	return slice_sub(window, (size_t) (offset - file->window_offset), window.size);
}

static bool header_belongs(const SegmentFile *file, const Folder *folder)
{
	return file->header.number == file->number && uuid_compare(file->header.stream, folder->stream) == 0;
}

static bool header_read(SegmentFile *file, const Folder *folder, SegmentFileState *state, Error *error)
{
	Error reason = {0};
	if (!window_load(file, 0, READ_BYTES_MIN, error))
		return false;
	bool is_header =
		file->window.size >= SEGMENT_HEADER_SIZE && segment_header_decode(file->window.data, &file->header, &reason);
	if (is_header && header_belongs(file, folder))
	{
		*state = SEGMENT_FILE_READABLE;
		return true;
	}
	if (reason.code == ERROR_BAD_INPUT)
		return error_set(error, ERROR_BAD_INPUT, "segment %" PRIu64 " of %s is %s", file->number, folder->path,
			reason.message);
	bool is_blank;
	if (!segment_file_is_blank_from(file, is_header ? 0 : SEGMENT_HEADER_SIZE, &is_blank, error))
		return false;
	*state = is_blank ? SEGMENT_FILE_BLANK : SEGMENT_FILE_DAMAGED;
	return true;
}

bool segment_file_open(SegmentFile *file, const Folder *folder, uint64_t number, SegmentFileState *state, Error *error)
{
	char path[FOLDER_PATH_SIZE];
	segment_file_close(file);
	folder_segment_path(folder, number, path);
	file->files = folder->files;
	file->number = number;
	file->read_bytes = READ_BYTES_MIN;
	file->fd = file->files->open(file->files->context, path, O_RDONLY | O_CLOEXEC, 0);
	if (file->fd < 0 && errno == ENOENT)
	{
		*state = SEGMENT_FILE_MISSING;
		return true;
	}
	if (file->fd < 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot open %s", path);
	bool is_ok = header_read(file, folder, state, error);
	if (!is_ok || *state != SEGMENT_FILE_READABLE)
		segment_file_close(file);
	return is_ok;
}

bool segment_file_frame(SegmentFile *file, uint64_t offset, SegmentFrame *frame, bool *is_valid, Error *error)
{
	*is_valid = true;
	if (segment_frame_decode(&file->header, offset, window_from(file, offset), frame) == SEGMENT_FRAME_VALID)
		return true;
	// The window ends here, or is older than what stands there by now.
	if (!window_load(file, offset, file->read_bytes, error))
		return false;
	SegmentFrameState state = segment_frame_decode(&file->header, offset, window_from(file, offset), frame);
	if (state == SEGMENT_FRAME_CUT && frame->size > file->read_bytes)
	{
		if (!window_load(file, offset, frame->size, error))
			return false;
		state = segment_frame_decode(&file->header, offset, window_from(file, offset), frame);
	}
	*is_valid = state == SEGMENT_FRAME_VALID;
	file->read_bytes = *is_valid ? file->read_bytes * 2 : READ_BYTES_MIN;
	if (file->read_bytes > READ_BYTES_MAX)
		file->read_bytes = READ_BYTES_MAX;
	return true;
}

bool segment_file_find_frame(SegmentFile *file, uint64_t from, uint64_t end, uint64_t *offset, SegmentFrame *frame,
	bool *is_found, Error *error)
{
	*is_found = false;
	bool is_loaded = false; // the window begins at `at`
	for (uint64_t at = from; at < end && !*is_found;)
	{
		Slice bytes = window_from(file, at);
		SegmentFrameState state = segment_frame_decode(&file->header, at, bytes, frame);
		if (state == SEGMENT_FRAME_CUT && !is_loaded)
		{
			if (!window_load(file, at, WINDOW_BYTES_MAX, error))
				return false;
			is_loaded = true;
			continue;
		}
		if (bytes.size < SEGMENT_FRAME_HEADER_SIZE)
			return true; // the end of the file
		*is_found = state == SEGMENT_FRAME_VALID;
		*offset = at;
		at += SEGMENT_ALIGNMENT;
		is_loaded = false;
	}
	return true;
}

static bool is_zero(Slice bytes)
{
	return bytes.size == 0 || (bytes.data[0] == 0 && memcmp(bytes.data, bytes.data + 1, bytes.size - 1) == 0);
}

bool segment_file_is_blank_from(SegmentFile *file, uint64_t from, bool *is_blank, Error *error)
{
	*is_blank = true;
	do
	{
		if (!window_load(file, from, READ_BYTES_MAX, error))
			return false;
		*is_blank = is_zero(buf_slice(&file->window));
		from += file->window.size;
	} while (*is_blank && file->window.size > 0);
	return true;
}

// Whether a valid frame behind the one that is not valid at `offset` says that `offset` was durable before it was made.
// *resume is then where it says that a batch begins.
static bool damage_is_proven(SegmentFile *file, uint64_t offset, uint64_t *resume, bool *is_proven, Error *error)
{
	uint64_t from = offset + SEGMENT_ALIGNMENT;
	for (*is_proven = false; !*is_proven;)
	{
		uint64_t at;
		SegmentFrame frame;
		bool is_found;
		if (!segment_file_find_frame(file, from, UINT64_MAX, &at, &frame, &is_found, error))
			return false;
		if (!is_found)
			return true;
		*is_proven = frame.synced > offset;
		*resume = frame.synced;
		from = at + frame.size;
	}
	return true;
}

bool segment_file_find_end(SegmentFile *file, uint64_t from, SegmentEnd *end, Error *error)
{
	*end = (SegmentEnd){.offset = from, .synced = SEGMENT_HEADER_SIZE};
	for (;;)
	{
		SegmentFrame frame;
		bool is_valid;
		bool is_proven;
		if (!segment_file_frame(file, end->offset, &frame, &is_valid, error))
			return false;
		if (is_valid)
		{
			end->offset += frame.size;
			if (frame.synced > end->synced)
				end->synced = frame.synced;
			continue;
		}
		uint64_t resume;
		if (!damage_is_proven(file, end->offset, &resume, &is_proven, error))
			return false;
		if (!is_proven)
			return true;
		end->is_damaged = true;
		end->offset = resume;
	}
}
