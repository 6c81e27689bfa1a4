// The durable buffer: where hits rest between the collector's answer and PostgreSQL's commit.
//
// A *stream* is a folder with one writer at a time and one reader position:
//   stream            its name for ever: a UUID as text, made with the folder (the key of the ledger in PostgreSQL)
//   lock              held by the writer
//   NNNNNNNNNNNNNNNN.segment   sixteen decimal digits, numbers only grow and are never used again
//   loaded            text "SEGMENT OFFSET\n": the position PostgreSQL has flushed, written by the loader, replaced atomically
// (the on-disk format of a segment is told in segment.h)
//
// The writer appends frames, then syncs: one fdatasync for all frames since the last one. A frame may be answered for only
// after the sync that covers it. The reader follows the writer, across processes, by reading the same files.
// A full disk or a reached bound (buffer_bytes_max of not yet loaded bytes) refuses the frame before anything is written.
#pragma once
#include "base/error.h"
#include "base/file.h"
#include "base/slice.h"
#include "base/uuid.h"

typedef struct BufferPosition {
	uint64_t segment; // 0: before the first
	uint64_t offset;  // bytes from the start of the segment's file; 0: its start
} BufferPosition;

int buffer_position_compare(BufferPosition left, BufferPosition right);

typedef struct BufferOptions {
	const FileSystem *files;     // NULL: the real one
	uint64_t segment_bytes;      // a segment is sealed when the next frame would not fit
	uint64_t unloaded_bytes_max; // bound of what waits for the loader
} BufferOptions;

// ── Writing ──
typedef struct BufferWriter BufferWriter;

// Makes the folder if needed, takes its lock (ERROR_BUSY if another process writes), cuts a torn tail of the last segment
// and begins a new one.
bool buffer_writer_open(const char *folder, const BufferOptions *options, BufferWriter **writer, Error *error) MUST_USE;
// Seals the current segment; what was appended and not synced is synced first. NULL is fine.
void buffer_writer_close(BufferWriter *writer);
// Appends one frame (memory, then file at the sync). ERROR_FULL at the bound or when the disk has no room for the next
// segment: nothing of the frame is kept, earlier frames are not touched.
bool buffer_append(BufferWriter *writer, Slice payload, Error *error) MUST_USE;
// Makes all appended frames durable. On failure every frame since the last good sync must be answered as not taken: the
// segment is given up, never synced again, and the next append begins a new one.
bool buffer_sync(BufferWriter *writer, Error *error) MUST_USE;
// Position behind the last synced frame.
BufferPosition buffer_writer_position(const BufferWriter *writer);
// Bytes behind the `loaded` position, as known at the last append or sync (the file is looked at no more than every
// 100 ms).
uint64_t buffer_unloaded_bytes(BufferWriter *writer);

// ── Reading ──
typedef struct BufferReader BufferReader;

// Reading begins at `from` (clamped to what is there). Holds no lock: one loader at a time is seen to by the ledger.
bool buffer_reader_open(const char *folder, const BufferOptions *options, BufferPosition from, BufferReader **reader,
	Error *error) MUST_USE;
void buffer_reader_close(BufferReader *reader);
Uuid buffer_reader_stream(const BufferReader *reader);
// The next frame. *has_frame false: nothing more for now. The payload is valid until the next call that reads or seeks.
// A frame that is not valid inside a sealed segment (not its torn tail) is ERROR_CORRUPT; buffer_reader_skip passes it.
bool buffer_read(BufferReader *reader, Slice *payload, bool *has_frame, Error *error) MUST_USE;
// Position behind the last frame read.
BufferPosition buffer_reader_position(const BufferReader *reader);
bool buffer_reader_seek(BufferReader *reader, BufferPosition to, Error *error) MUST_USE;
// After ERROR_CORRUPT: goes to the next segment; *skipped_bytes is what was passed.
bool buffer_reader_skip(BufferReader *reader, uint64_t *skipped_bytes, Error *error) MUST_USE;

// ── Trimming ──
// Records what PostgreSQL has flushed, and deletes segments wholly behind it that are older than keep_ms.
bool buffer_trim(const char *folder, const BufferOptions *options, BufferPosition flushed, int64_t keep_ms,
	Error *error) MUST_USE;
// Bytes not yet loaded in a folder, for status; 0 where there is none.
bool buffer_folder_unloaded_bytes(const char *folder, uint64_t *bytes, Error *error) MUST_USE;
