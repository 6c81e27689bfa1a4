#include "buffer/backlog.h"

#include "base/log.h"
#include "base/memory.h"
#include "buffer/segment_file.h"

#include <string.h>

void backlog_init(Backlog *backlog)
{
	*backlog = (Backlog){0};
}

void backlog_free(Backlog *backlog)
{
	memory_free(backlog->ends);
	backlog_init(backlog);
}

bool backlog_reserve(Backlog *backlog, Error *error)
{
	if (backlog->count < backlog->capacity)
		return true;
	size_t capacity = backlog->capacity == 0 ? 16 : backlog->capacity * 2;
	BufferPosition *ends = memory_resize(backlog->ends, capacity * sizeof *ends);
	if (ends == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for the list of segments that wait");
	backlog->ends = ends;
	backlog->capacity = capacity;
	return true;
}

uint64_t backlog_bytes_of(BufferPosition loaded, BufferPosition end)
{
	if (end.segment < loaded.segment)
		return 0;
	uint64_t from =
		end.segment == loaded.segment && loaded.offset > SEGMENT_HEADER_SIZE ? loaded.offset : SEGMENT_HEADER_SIZE;
	return end.offset > from ? end.offset - from : 0;
}

void backlog_add(Backlog *backlog, BufferPosition end)
{
	backlog->ends[backlog->count++] = end;
	backlog->bytes += backlog_bytes_of(backlog->loaded, end);
}

void backlog_set_loaded(Backlog *backlog, BufferPosition loaded)
{
	size_t passed = 0;
	while (passed < backlog->count && backlog->ends[passed].segment < loaded.segment)
		passed++;
	backlog->count -= passed;
	if (passed > 0)
		memmove(backlog->ends, backlog->ends + passed, backlog->count * sizeof *backlog->ends);
	backlog->loaded = loaded;
	backlog->bytes = 0;
	for (size_t i = 0; i < backlog->count; i++)
		backlog->bytes += backlog_bytes_of(loaded, backlog->ends[i]);
}

static bool newest_end_read(SegmentFile *file, SegmentFileState state, BufferPosition loaded, BufferPosition *end,
	Error *error)
{
	bool is_begun = end->segment == loaded.segment && loaded.offset > SEGMENT_HEADER_SIZE;
	SegmentEnd found;
	if (state == SEGMENT_FILE_BLANK)
		end->offset = 0;
	if (state != SEGMENT_FILE_READABLE)
		return true;
	if (!segment_file_find_end(file, is_begun ? loaded.offset : SEGMENT_HEADER_SIZE, &found, error))
		return false;
	end->offset = found.offset;
	return true;
}

// The end of the list's segment `i`: told by the next header, or by the frames of the newest one. Where neither can be
// read, the file's size has to do, which is never less.
static BufferPosition end_read(const Folder *folder, const FolderList *list, size_t i, BufferPosition loaded,
	SegmentFile *file)
{
	BufferPosition end = {list->segments[i].number, list->segments[i].size_bytes};
	SegmentFileState state;
	Error error;
	bool is_newest = i + 1 == list->count;
	bool is_ok = segment_file_open(file, folder, list->segments[is_newest ? i : i + 1].number, &state, &error);
	if (is_ok && is_newest)
		is_ok = newest_end_read(file, state, loaded, &end, &error);
	else if (is_ok && state == SEGMENT_FILE_READABLE && file->header.previous_number == end.segment
		&& file->header.previous_end != 0)
		end.offset = file->header.previous_end;
	if (!is_ok)
		log_error("buffer.end_not_read", &error);
	return end;
}

bool backlog_read(Backlog *backlog, const Folder *folder, BufferPosition loaded, uint64_t below, Error *error)
{
	FolderList list;
	SegmentFile file;
	segment_file_init(&file);
	bool is_ok = folder_list(folder, &list, error);
	backlog->count = 0;
	backlog->bytes = 0;
	backlog->loaded = loaded;
	for (size_t i = 0; is_ok && i < list.count; i++)
	{
		if (list.segments[i].number < loaded.segment || list.segments[i].number >= below)
			continue;
		is_ok = backlog_reserve(backlog, error);
		if (is_ok)
			backlog_add(backlog, end_read(folder, &list, i, loaded, &file));
	}
	folder_list_free(&list);
	segment_file_free(&file);
	return is_ok;
}
