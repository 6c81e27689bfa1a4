#include "buffer/blank.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "buffer/folder.h"
#include "buffer/segment_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FRAMES_MAX ((size_t) 2000)
#define BYTES_MAX ((size_t) 4 << 20U)
#define ARENA_SIZE_MAX ((size_t) 16 << 20U)
#define WRITE_BYTES ((size_t) 1 << 20U)
#define GONE_SIZE_MAX ((size_t) 64 << 20U)
#define TEMPORARY "blanked.new"

// ── Where it may be done ──

bool buffer_is_blank(Slice payload)
{
	for (size_t at = 0; at < payload.size; at++)
		if (payload.data[at] != 0)
			return false;
	return payload.size > 0;
}

bool buffer_end_segment(const char *path, bool *is_asked, bool *is_ended, Error *error)
{
	Folder folder;
	char lock[FOLDER_PATH_SIZE];
	Error reason;
	int fd = -1;
	if (!folder_init(&folder, path, NULL, error))
		return false;
	folder_file_path(&folder, "lock", lock);
	bool is_free = !file_exists(lock) || file_lock(lock, &fd, &reason);
	if (fd >= 0)
		(void) close(fd); // nobody writes, and whoever begins to begins a segment
	if (!is_free && reason.code != ERROR_BUSY)
	{
		*error = reason;
		return false;
	}
	*is_ended = is_free || (*is_asked && !folder_is_end_asked(&folder));
	if (*is_ended || *is_asked)
		return true;
	*is_asked = true;
	return folder_ask_end(&folder, error);
}

bool buffer_numbers_end(const char *path, uint64_t *end, Error *error)
{
	Folder folder;
	FolderList list;
	*end = 1;
	if (!folder_init(&folder, path, NULL, error))
		return false;
	bool is_ok = folder_list(&folder, &list, error);
	if (is_ok && list.count > 0)
		*end = list.segments[list.count - 1].number + 1;
	folder_list_free(&list);
	return is_ok;
}

static bool segment_has_frame(SegmentFile *file, const Folder *folder, const FolderSegment *segment, uint64_t from,
	bool *has_frame, Error *error)
{
	SegmentFileState state;
	SegmentFrame frame;
	uint64_t offset;
	*has_frame = false;
	return segment_file_open(file, folder, segment->number, &state, error)
		&& (state != SEGMENT_FILE_READABLE
			|| segment_file_find_frame(file, from, segment->size_bytes, &offset, &frame, has_frame, error));
}

bool buffer_is_loaded(const char *path, const BufferOptions *options, uint64_t below, BufferPosition loaded,
	bool *is_loaded, Error *error)
{
	Folder folder;
	FolderList list = {0};
	SegmentFile file;
	segment_file_init(&file);
	bool is_waiting = false;
	bool is_ok = folder_init(&folder, path, options->files, error) && folder_read_stream(&folder, error)
		&& folder_list(&folder, &list, error);
	for (size_t at = 0; is_ok && !is_waiting && at < list.count && list.segments[at].number < below; at++)
	{
		uint64_t number = list.segments[at].number;
		uint64_t from =
			number == loaded.segment && loaded.offset > SEGMENT_HEADER_SIZE ? loaded.offset : SEGMENT_HEADER_SIZE;
		if (number >= loaded.segment)
			is_ok = segment_has_frame(&file, &folder, &list.segments[at], from, &is_waiting, error);
	}
	*is_loaded = !is_waiting;
	folder_list_free(&list);
	segment_file_free(&file);
	return is_ok;
}

// ── Choosing ──

// A segment that is made anew.
typedef struct Copy {
	int fd;
	uint64_t written;
	Buf bytes; // to be written from `written` on
} Copy;

typedef struct Blanking {
	Folder folder;
	BufferChoose choose;
	void *context;
	SegmentFile file;
	Arena arena; // of the frames that are chosen from at once
	Slice *payloads;
	uint64_t *offsets;
	bool *is_gone;
	size_t count;
	size_t bytes;
	Buf gone;     // offsets of the segment's frames that are to go, uint64_t
	uint64_t end; // behind its last valid frame
	Copy copy;
} Blanking;

static bool no_memory(Error *error)
{
	return error_set(error, ERROR_MEMORY, "no memory to look through a segment");
}

static bool chosen_begin(Blanking *blanking, Error *error)
{
	arena_reset(&blanking->arena);
	blanking->count = 0;
	blanking->bytes = 0;
	blanking->payloads = ARENA_ARRAY(&blanking->arena, Slice, FRAMES_MAX);
	blanking->offsets = ARENA_ARRAY(&blanking->arena, uint64_t, FRAMES_MAX);
	blanking->is_gone = ARENA_ARRAY(&blanking->arena, bool, FRAMES_MAX);
	return (blanking->payloads != NULL && blanking->offsets != NULL && blanking->is_gone != NULL) || no_memory(error);
}

static bool chosen_end(Blanking *blanking, Error *error)
{
	if (blanking->count > 0
		&& !blanking->choose(blanking->context, blanking->payloads, blanking->count, blanking->is_gone, error))
		return false;
	for (size_t at = 0; at < blanking->count; at++)
		if (blanking->is_gone[at])
			buf_append(&blanking->gone, &blanking->offsets[at], sizeof blanking->offsets[at]);
	return buf_is_ok(&blanking->gone) || no_memory(error);
}

static bool frame_offer(Blanking *blanking, uint64_t offset, Slice payload, Error *error)
{
	if (buffer_is_blank(payload))
		return true;
	if ((blanking->count == FRAMES_MAX || blanking->bytes + payload.size > BYTES_MAX)
		&& !(chosen_end(blanking, error) && chosen_begin(blanking, error)))
		return false;
	blanking->payloads[blanking->count] = arena_copy(&blanking->arena, payload);
	if (blanking->payloads[blanking->count].data == NULL)
		return no_memory(error);
	blanking->offsets[blanking->count++] = offset;
	blanking->bytes += payload.size;
	return true;
}

// Calls `each` with every valid frame of the open segment.
static bool frames_visit(Blanking *blanking, uint64_t size,
	bool (*each)(Blanking *, uint64_t offset, const SegmentFrame *frame, Error *), Error *error)
{
	uint64_t offset = SEGMENT_HEADER_SIZE;
	bool is_found = true;
	blanking->end = offset;
	while (offset < size)
	{
		SegmentFrame frame;
		if (!segment_file_frame(&blanking->file, offset, &frame, &is_found, error)
			|| (!is_found
				&& !segment_file_find_frame(&blanking->file, offset, size, &offset, &frame, &is_found, error)))
			return false;
		if (!is_found)
			return true;
		size_t frame_size = frame.size;
		if (!each(blanking, offset, &frame, error))
			return false;
		offset += frame_size;
		blanking->end = offset;
	}
	return true;
}

static bool frame_choose(Blanking *blanking, uint64_t offset, const SegmentFrame *frame, Error *error)
{
	return frame_offer(blanking, offset, frame->payload, error);
}

// ── Making a segment anew ──

static int offset_compare(const void *left, const void *right)
{
	uint64_t one = *(const uint64_t *) left;
	uint64_t other = *(const uint64_t *) right;
	return (one > other) - (one < other);
}

static bool copy_flush(const Blanking *blanking, Copy *copy, Error *error)
{
	if (!buf_is_ok(&copy->bytes))
		return no_memory(error);
	bool is_ok = folder_write_all(&blanking->folder, copy->fd, buf_slice(&copy->bytes), copy->written, error);
	copy->written += copy->bytes.size;
	buf_reset(&copy->bytes);
	return is_ok;
}

// Up to `offset`: what is no frame is left out, and reads as zeros.
static bool copy_skip(const Blanking *blanking, Copy *copy, uint64_t offset, Error *error)
{
	if (copy->written + copy->bytes.size == offset)
		return true;
	if (!copy_flush(blanking, copy, error))
		return false;
	copy->written = offset;
	return true;
}

static bool is_gone(const Blanking *blanking, uint64_t offset)
{
	return blanking->gone.size > 0
		&& bsearch(&offset, blanking->gone.data, blanking->gone.size / sizeof offset, sizeof offset, offset_compare)
		!= NULL;
}

static bool frame_copy(Blanking *blanking, Copy *copy, uint64_t offset, const SegmentFrame *frame, Error *error)
{
	static const char zeros[SEGMENT_PAYLOAD_SIZE_MAX];
	Slice payload = is_gone(blanking, offset) ? (Slice){zeros, frame->payload.size} : frame->payload;
	if (!copy_skip(blanking, copy, offset, error))
		return false;
	char *target = buf_reserve(&copy->bytes, frame->size);
	if (target == NULL)
		return no_memory(error);
	segment_frame_encode(&blanking->file.header, offset, frame->synced, payload, target);
	copy->bytes.size += frame->size;
	return copy->bytes.size < WRITE_BYTES || copy_flush(blanking, copy, error);
}

static bool frame_take(Blanking *blanking, uint64_t offset, const SegmentFrame *frame, Error *error)
{
	return frame_copy(blanking, &blanking->copy, offset, frame, error);
}

// As old as the segment it stands for, so that it is trimmed when that would have been.
static bool copy_finish(const Blanking *blanking, const char *temporary, const char *path, bool *is_named, Error *error)
{
	struct stat status;
	const Copy *copy = &blanking->copy;
	const FileSystem *files = blanking->folder.files;
	if (files->ftruncate(files->context, copy->fd, (off_t) blanking->end) != 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot cut %s", temporary);
	if (stat(path, &status) == 0)
		(void) futimens(copy->fd, (struct timespec[]){status.st_atim, status.st_mtim});
	return folder_publish(&blanking->folder, copy->fd, temporary, path, is_named, error);
}

static bool segment_copy(Blanking *blanking, uint64_t size, Error *error)
{
	const FileSystem *files = blanking->folder.files;
	Copy *copy = &blanking->copy;
	char temporary[FOLDER_PATH_SIZE];
	char path[FOLDER_PATH_SIZE];
	char header[SEGMENT_HEADER_SIZE];
	bool is_named = false;
	folder_file_path(&blanking->folder, TEMPORARY, temporary);
	folder_segment_path(&blanking->folder, blanking->file.number, path);
	copy->fd = files->open(files->context, temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (copy->fd < 0)
		return error_set_errno(error, errno == ENOSPC || errno == EDQUOT ? ERROR_FULL : ERROR_SYSTEM, "cannot make %s",
			temporary);
	copy->written = 0;
	buf_reset(&copy->bytes);
	segment_header_encode(&blanking->file.header, header);
	buf_append(&copy->bytes, header, sizeof header);
	bool is_ok = frames_visit(blanking, size, frame_take, error) && copy_flush(blanking, copy, error)
		&& copy_finish(blanking, temporary, path, &is_named, error);
	(void) files->close(files->context, copy->fd);
	if (!is_ok && !is_named)
		(void) files->unlink(files->context, temporary);
	return is_ok;
}

static bool segment_blank(Blanking *blanking, const FolderSegment *segment, uint64_t *blanked, Error *error)
{
	SegmentFileState state;
	if (!segment_file_open(&blanking->file, &blanking->folder, segment->number, &state, error))
		return false;
	if (state != SEGMENT_FILE_READABLE)
		return true; // trimmed meanwhile, or nothing in it can be read
	buf_reset(&blanking->gone);
	bool is_ok = chosen_begin(blanking, error) && frames_visit(blanking, segment->size_bytes, frame_choose, error)
		&& chosen_end(blanking, error);
	uint64_t count = blanking->gone.size / sizeof(uint64_t);
	if (is_ok && count > 0)
		is_ok = segment_copy(blanking, segment->size_bytes, error);
	if (is_ok && count > 0)
		log_event(LOG_INFO, "buffer.blanked", "segment=%" PRIu64 " frames=%" PRIu64, segment->number, count);
	*blanked += is_ok ? count : 0;
	segment_file_close(&blanking->file);
	return is_ok;
}

// What somebody who was killed has left, which holds hits that are kept no longer than their segment.
static bool temporary_remove(const Folder *folder, Error *error)
{
	char temporary[FOLDER_PATH_SIZE];
	folder_file_path(folder, TEMPORARY, temporary);
	return folder->files->unlink(folder->files->context, temporary) == 0 || errno == ENOENT
		|| error_set_errno(error, ERROR_SYSTEM, "cannot remove %s", temporary);
}

// One at a time blanks in a folder.
static bool folder_blank(Blanking *blanking, uint64_t below, uint64_t *blanked, Error *error)
{
	FolderList list = {0};
	char lock[FOLDER_PATH_SIZE];
	int fd = -1;
	folder_file_path(&blanking->folder, "blank.lock", lock);
	if (!file_lock(lock, &fd, error))
		return false;
	bool is_ok = folder_read_stream(&blanking->folder, error) && temporary_remove(&blanking->folder, error)
		&& folder_list(&blanking->folder, &list, error);
	for (size_t at = 0; is_ok && at < list.count && list.segments[at].number < below; at++)
		is_ok = segment_blank(blanking, &list.segments[at], blanked, error);
	// Also where nothing was to be done: somebody who was killed may have left names that the disk does not know yet.
	is_ok = is_ok && file_sync_directory(blanking->folder.files, blanking->folder.path, error);
	folder_list_free(&list);
	(void) close(fd);
	return is_ok;
}

bool buffer_blank(const char *path, const BufferOptions *options, uint64_t below, BufferChoose choose, void *context,
	uint64_t *blanked, Error *error)
{
	Blanking blanking = {.choose = choose, .context = context};
	*blanked = 0;
	segment_file_init(&blanking.file);
	arena_init(&blanking.arena, ARENA_SIZE_MAX);
	buf_init(&blanking.gone, GONE_SIZE_MAX);
	buf_init(&blanking.copy.bytes, WRITE_BYTES + SEGMENT_FRAME_SIZE_MAX + SEGMENT_HEADER_SIZE);
	bool is_ok =
		folder_init(&blanking.folder, path, options->files, error) && folder_blank(&blanking, below, blanked, error);
	buf_free(&blanking.copy.bytes);
	buf_free(&blanking.gone);
	arena_free(&blanking.arena);
	segment_file_free(&blanking.file);
	return is_ok;
}
