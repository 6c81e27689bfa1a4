#include "base/log.h"
#include "base/memory.h"
#include "buffer/buffer.h"
#include "buffer/folder.h"
#include "buffer/segment.h"
#include "buffer/segment_file.h"

#include <errno.h>
#include <inttypes.h>

// How often in a row the disk is asked before what it cannot read counts as damage.
#define READ_TRIES_MAX 10

struct BufferReader {
	Folder folder;
	BufferPosition position;
	BufferPosition passed; // how far reading, or skipping, has come in segments that held something
	SegmentFile file;      // of position.segment, while open
	unsigned failed_tries; // since reading last succeeded
};

static bool is_open(const BufferReader *reader)
{
	return reader->file.fd >= 0;
}

static bool is_unreadable(const Error *error)
{
	return error->system_errno == EIO;
}

static bool pass_on(const Error *reason, Error *error)
{
	if (error != NULL)
		*error = *reason;
	return false;
}

// ── Where a segment ends ──

typedef struct End {
	bool is_newest; // no segment follows: the end is not known yet
	bool is_told;   // by a later header; otherwise found by the segment's own evidence
	uint64_t next;  // the next segment's number
	uint64_t offset;
} End;

// The first header behind the current segment that can be read; *is_found false where there is none.
static bool header_behind(const BufferReader *reader, uint64_t number, SegmentHeader *header, bool *is_found,
	Error *error)
{
	SegmentFile file;
	segment_file_init(&file);
	bool is_ok = true;
	*is_found = false;
	while (is_ok && number != 0 && !*is_found)
	{
		SegmentFileState state;
		is_ok = segment_file_open(&file, &reader->folder, number, &state, error);
		*is_found = is_ok && state == SEGMENT_FILE_READABLE;
		if (is_ok && !*is_found)
			is_ok = folder_next_segment(&reader->folder, number, &number, error);
	}
	if (*is_found)
		*header = file.header;
	segment_file_free(&file);
	return is_ok;
}

static bool end_find(BufferReader *reader, End *end, Error *error)
{
	SegmentHeader header = {0};
	bool is_found;
	*end = (End){0};
	if (!folder_next_segment(&reader->folder, reader->position.segment, &end->next, error))
		return false;
	end->is_newest = end->next == 0;
	if (end->is_newest)
		return true;
	if (!header_behind(reader, end->next, &header, &is_found, error))
		return false;
	end->is_told = is_found && header.previous_number == reader->position.segment && header.previous_end != 0;
	end->offset = header.previous_end;
	if (end->is_told)
		return true;
	SegmentEnd found;
	if (!segment_file_find_end(&reader->file, reader->position.offset, &found, error))
		return false;
	end->offset = found.offset;
	return true;
}

// ── From segment to segment ──

static void go_to(BufferReader *reader, BufferPosition position)
{
	segment_file_close(&reader->file);
	reader->position = position;
}

// Frames between what was passed and this segment may be missing: trimmed, or lost with their files.
static void missed_check(BufferReader *reader)
{
	BufferPosition previous = {reader->file.header.previous_number, reader->file.header.previous_end};
	if (reader->position.segment != reader->passed.segment && buffer_position_compare(previous, reader->passed) > 0)
		log_event(LOG_ERROR, "buffer.frames_missing",
			"from_segment=%" PRIu64 " from_offset=%" PRIu64 " to_segment=%" PRIu64, reader->passed.segment,
			reader->passed.offset, reader->position.segment);
}

// A segment without a readable header: passed if blank, unless a later header says that it held something; damage
// otherwise. The newest one may get a successor yet.
static bool unreadable_pass(BufferReader *reader, SegmentFileState state, bool *is_waiting, Error *error)
{
	uint64_t next;
	bool is_found = false;
	SegmentHeader header;
	if (!folder_next_segment(&reader->folder, reader->position.segment, &next, error))
		return false;
	*is_waiting = next == 0;
	if (*is_waiting)
		return true;
	if (state == SEGMENT_FILE_BLANK && !header_behind(reader, next, &header, &is_found, error))
		return false;
	bool is_emptied = is_found && header.previous_number == reader->position.segment;
	if (state == SEGMENT_FILE_DAMAGED || is_emptied)
		return error_set(error, ERROR_CORRUPT, "the header of segment %" PRIu64 " of %s is damaged",
			reader->position.segment, reader->folder.path);
	if (state == SEGMENT_FILE_BLANK)
		log_event(LOG_WARNING, "buffer.blank_segment", "segment=%" PRIu64, reader->position.segment);
	go_to(reader, (BufferPosition){next, 0});
	return true;
}

// Opens the segment of the position, or the next one there is. *is_waiting: there is none yet.
static bool enter(BufferReader *reader, bool *is_waiting, Error *error)
{
	*is_waiting = false;
	while (!is_open(reader) && !*is_waiting)
	{
		SegmentFileState state = SEGMENT_FILE_MISSING;
		if (reader->position.segment != 0
			&& !segment_file_open(&reader->file, &reader->folder, reader->position.segment, &state, error))
			return false;
		if (state != SEGMENT_FILE_READABLE && !unreadable_pass(reader, state, is_waiting, error))
			return false;
	}
	if (*is_waiting)
		return true;
	if (reader->position.offset < SEGMENT_HEADER_SIZE)
		reader->position.offset = SEGMENT_HEADER_SIZE;
	missed_check(reader);
	reader->passed = reader->position;
	return true;
}

// At a place where no valid frame is. *is_waiting: it is the end of what is written; otherwise the reader went on.
static bool leave(BufferReader *reader, bool *is_waiting, Error *error)
{
	End end;
	SegmentFrame frame;
	bool is_valid;
	if (!end_find(reader, &end, error))
		return false;
	*is_waiting = end.is_newest;
	if (*is_waiting)
		return true;
	// Only now is it certain that nothing is added to this segment; something may have been since the last look.
	if (!segment_file_frame(&reader->file, reader->position.offset, &frame, &is_valid, error))
		return false;
	if (is_valid)
		return true;
	if (reader->position.offset < end.offset)
		return error_set(error, ERROR_CORRUPT,
			"segment %" PRIu64 " of %s is damaged at %" PRIu64 ", and its frames end at %" PRIu64,
			reader->position.segment, reader->folder.path, reader->position.offset, end.offset);
	bool is_blank = true;
	if (!end.is_told && !segment_file_is_blank_from(&reader->file, reader->position.offset, &is_blank, error))
		return false;
	if (!is_blank)
		log_event(LOG_ERROR, "buffer.tail_passed", "segment=%" PRIu64 " offset=%" PRIu64, reader->position.segment,
			reader->position.offset);
	go_to(reader, (BufferPosition){end.next, 0});
	return true;
}

static bool frame_next(BufferReader *reader, Slice *payload, bool *has_frame, Error *error)
{
	bool is_waiting = false;
	*has_frame = false;
	while (!*has_frame && !is_waiting)
	{
		SegmentFrame frame;
		if (!is_open(reader) && !enter(reader, &is_waiting, error))
			return false;
		if (is_waiting)
			return true;
		if (!segment_file_frame(&reader->file, reader->position.offset, &frame, has_frame, error))
			return false;
		if (*has_frame)
		{
			*payload = frame.payload;
			reader->position.offset += frame.size;
			reader->passed = reader->position;
		}
		else if (!leave(reader, &is_waiting, error))
			return false;
	}
	return true;
}

bool buffer_read(BufferReader *reader, Slice *payload, bool *has_frame, Error *error)
{
	Error reason;
	if (frame_next(reader, payload, has_frame, &reason))
	{
		reader->failed_tries = 0;
		return true;
	}
	*has_frame = false;
	if (is_unreadable(&reason) && ++reader->failed_tries >= READ_TRIES_MAX)
		reason.code = ERROR_CORRUPT;
	return pass_on(&reason, error);
}

// ── Skipping ──

static bool newest_refuse(const BufferReader *reader, Error *error)
{
	return error_set(error, ERROR_USAGE, "segment %" PRIu64 " of %s is the newest: its end is not known",
		reader->position.segment, reader->folder.path);
}

// All that is left of the segment's file.
static bool skip_file(BufferReader *reader, uint64_t *skipped_bytes, Error *error)
{
	uint64_t next;
	uint64_t size;
	BufferPosition from = reader->position;
	if (!folder_next_segment(&reader->folder, from.segment, &next, error)
		|| !folder_segment_size(&reader->folder, from.segment, &size, error))
		return false;
	if (next == 0)
		return newest_refuse(reader, error);
	*skipped_bytes = size > from.offset ? size - from.offset : 0;
	reader->passed = (BufferPosition){from.segment, size};
	go_to(reader, (BufferPosition){next, 0});
	return true;
}

static bool skip_frames(BufferReader *reader, uint64_t *skipped_bytes, Error *error)
{
	End end;
	SegmentFrame frame;
	bool is_found = false;
	uint64_t found;
	BufferPosition from = reader->position;
	Error reason;
	if (!end_find(reader, &end, &reason))
	{
		if (!is_unreadable(&reason))
			return pass_on(&reason, error);
		// What the disk cannot read does not tell its end either.
		log_error("buffer.skip_blind", &reason);
		return skip_file(reader, skipped_bytes, error);
	}
	if (end.is_newest)
		return newest_refuse(reader, error);
	if (!segment_file_find_frame(&reader->file, from.offset, end.offset, &found, &frame, &is_found, &reason))
	{
		if (!is_unreadable(&reason))
			return pass_on(&reason, error);
		log_error("buffer.skip_blind", &reason);
	}
	if (is_found)
	{
		*skipped_bytes = found - from.offset;
		reader->position.offset = found;
		return true;
	}
	*skipped_bytes = end.offset > from.offset ? end.offset - from.offset : 0;
	reader->passed = (BufferPosition){from.segment, end.offset > from.offset ? end.offset : from.offset};
	go_to(reader, (BufferPosition){end.next, 0});
	return true;
}

bool buffer_reader_skip(BufferReader *reader, uint64_t *skipped_bytes, Error *error)
{
	BufferPosition from = reader->position;
	*skipped_bytes = 0;
	bool is_ok = is_open(reader) ? skip_frames(reader, skipped_bytes, error) : skip_file(reader, skipped_bytes, error);
	if (is_ok)
		log_event(LOG_ERROR, "buffer.skipped", "segment=%" PRIu64 " offset=%" PRIu64 " bytes=%" PRIu64, from.segment,
			from.offset, *skipped_bytes);
	return is_ok;
}

// ── Opening ──

BufferPosition buffer_reader_position(const BufferReader *reader)
{
	return reader->position;
}

Uuid buffer_reader_stream(const BufferReader *reader)
{
	return reader->folder.stream;
}

bool buffer_reader_seek(BufferReader *reader, BufferPosition to, Error *error)
{
	if (to.segment > INT64_MAX || to.offset > INT64_MAX / 2 || to.offset % SEGMENT_ALIGNMENT != 0)
		return error_set(error, ERROR_BAD_INPUT, "not a position in a buffer: segment %" PRIu64 " offset %" PRIu64,
			to.segment, to.offset);
	if (to.segment == 0)
		to.offset = 0;
	go_to(reader, to);
	reader->passed = to;
	return true;
}

bool buffer_reader_open(const char *folder, const BufferOptions *options, BufferPosition from, BufferReader **reader,
	Error *error)
{
	BufferReader *made = memory_allocate_zeroed(1, sizeof *made);
	*reader = NULL;
	if (made == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for a buffer's reader");
	segment_file_init(&made->file);
	if (!folder_init(&made->folder, folder, options->files, error) || !folder_read_stream(&made->folder, error)
		|| !buffer_reader_seek(made, from, error))
	{
		buffer_reader_close(made);
		return false;
	}
	*reader = made;
	return true;
}

void buffer_reader_close(BufferReader *reader)
{
	if (reader == NULL)
		return;
	segment_file_free(&reader->file);
	memory_free(reader);
}
