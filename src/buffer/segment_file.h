// A segment's file, read through a window: large reads, frames checked and handed out in place.
// Not mapped into memory: the writer cuts files, and a mapping cut short kills its reader.
#pragma once
#include "base/buf.h"
#include "base/error.h"
#include "buffer/folder.h"
#include "buffer/segment.h"

typedef struct SegmentFile {
	const FileSystem *files;
	int fd; // -1: closed
	uint64_t number;
	SegmentHeader header;
	Buf window; // what stands at window_offset, as last read; kept from file to file
	uint64_t window_offset;
	size_t read_bytes; // how much the next look reads: more while frames follow one another
} SegmentFile;

typedef enum SegmentFileState {
	SEGMENT_FILE_READABLE,
	SEGMENT_FILE_MISSING,
	SEGMENT_FILE_BLANK,  // no header, and nothing behind it: a writer died before it had one
	SEGMENT_FILE_DAMAGED // no header of this segment of this stream, though something is behind it
} SegmentFileState;

void segment_file_init(SegmentFile *file); // takes nothing yet
void segment_file_free(SegmentFile *file);

// Only a readable file stays open. ERROR_BAD_INPUT for an unknown version.
bool segment_file_open(SegmentFile *file, const Folder *folder, uint64_t number, SegmentFileState *state, Error *error)
	MUST_USE;
void segment_file_close(SegmentFile *file);

// The frame at `offset`, if a valid one is there by now. Its payload lives until the next call with this file.
bool segment_file_frame(SegmentFile *file, uint64_t offset, SegmentFrame *frame, bool *is_valid, Error *error) MUST_USE;
// The first valid frame at or behind `from` and before `end`.
bool segment_file_find_frame(SegmentFile *file, uint64_t from, uint64_t end, uint64_t *offset, SegmentFrame *frame,
	bool *is_found, Error *error) MUST_USE;
// Whether nothing but zero bytes follows from `from` to the end of the file.
bool segment_file_is_blank_from(SegmentFile *file, uint64_t from, bool *is_blank, Error *error) MUST_USE;

typedef struct SegmentEnd {
	uint64_t offset; // behind the last frame that was, or may have been, made durable
	uint64_t synced; // up to here frames say that it was durable
	bool is_damaged; // frames before `offset` are not valid
} SegmentEnd;

// Where the segment ends by its own evidence (see segment.h), looking from the frame at `from` on.
bool segment_file_find_end(SegmentFile *file, uint64_t from, SegmentEnd *end, Error *error) MUST_USE;
