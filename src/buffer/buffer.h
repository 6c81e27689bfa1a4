// The durable buffer: where hits rest between the collector's answer and PostgreSQL's commit.
//
// A *stream* is a folder with one writer at a time and one reader position:
//   stream            its name for ever: a UUID as text, made with the folder (the key of the ledger in PostgreSQL)
//   lock              held by the writer
//   NNNNNNNNNNNNNNNN.segment   sixteen decimal digits, numbers only grow and are never used again
//   segment.new       the next segment until it is allocated and its header durable
//   loaded            text "SEGMENT OFFSET\n": the position PostgreSQL has flushed, written by the loader, replaced atomically
//   end               somebody wants the segment that is being written to end; the writer deletes it when it has
//   blank.lock, blanked.new   held, and made, while frames are taken out of segments (blank.h)
// (the on-disk format of a segment is told in segment.h)
//
// The writer appends frames, then syncs: one fdatasync for all frames since the last one. A frame may be answered for only
// after the sync that covers it. The reader follows the writer, across processes, by reading the same files. It may see
// frames before they are synced, so a few that were never answered for can come out, but none that was never appended.
// A full disk or a reached bound (unloaded_bytes_max of not yet loaded bytes) refuses the frame before anything is written.
//
// Two things are asked of the disk: what fdatasync called durable stays, and a write that fails or is torn harms no byte
// outside itself.
// Writer, reader and the functions on a folder are each for one thread at a time.
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
	uint64_t segment_bytes;      // a segment is sealed when the next frame would not fit; a larger frame gets its own
	uint64_t unloaded_bytes_max; // bound of what waits for the loader, frames with their headers
	int look_again_ms; // how long what was seen of `loaded` and of a full disk holds; 0: 100, below 0: not at all
} BufferOptions;

// ── Writing ──
typedef struct BufferWriter BufferWriter;

// Makes the folder if needed, takes its lock (ERROR_BUSY if another process writes) and cuts a torn tail of the newest
// segment. The first append begins a new one, so that a full disk does not keep a collector from starting.
bool buffer_writer_open(const char *folder, const BufferOptions *options, BufferWriter **writer, Error *error) MUST_USE;
// Seals the current segment; what was appended and not synced is synced first (a failure is logged). NULL is fine.
void buffer_writer_close(BufferWriter *writer);
// Appends one frame (memory, then file at the sync). ERROR_FULL at the bound or when the disk has no room for the next
// segment, ERROR_BAD_INPUT or ERROR_TOO_LARGE for an empty payload or one above SEGMENT_PAYLOAD_SIZE_MAX: nothing of the
// frame is kept, earlier frames are not touched. A failure to write earlier frames may show here; then every append is
// refused until buffer_sync has told it as well.
bool buffer_append(BufferWriter *writer, Slice payload, Error *error) MUST_USE;
// Makes all appended frames durable. On failure every frame since the last good sync must be answered as not taken: the
// segment is given up, never synced again, and the next append begins a new one. Some of those frames may come out of the
// reader all the same. With nothing appended it costs nothing: call it also where every append was refused.
bool buffer_sync(BufferWriter *writer, Error *error) MUST_USE;
// Position behind the last synced frame; {0, 0} before the first of the stream.
BufferPosition buffer_writer_position(const BufferWriter *writer);
// Bytes behind the `loaded` position, with what was appended and not yet synced, as known at the last append or sync.
uint64_t buffer_unloaded_bytes(const BufferWriter *writer);
// Bytes appended since the writer was opened, kept or not.
uint64_t buffer_appended_bytes(const BufferWriter *writer);
// Looks how far the loader is where the last look is old, as an append does.
void buffer_writer_look(BufferWriter *writer);

// ── Reading ──
typedef struct BufferReader BufferReader;

// Reading begins at `from`, or at the first segment there is if that one is trimmed (which is logged if something was
// missed). ERROR_NOT_FOUND where there is no stream yet. Holds no lock: one loader at a time is seen to by the ledger.
bool buffer_reader_open(const char *folder, const BufferOptions *options, BufferPosition from, BufferReader **reader,
	Error *error) MUST_USE;
void buffer_reader_close(BufferReader *reader); // NULL is fine
Uuid buffer_reader_stream(const BufferReader *reader);
// The next frame. *has_frame false: nothing more for now. The payload is valid until the next call with this reader.
// ERROR_CORRUPT where durable frames are damaged, again at each call until buffer_reader_skip has passed them. (In the
// newest segment damage is not told from the end of what is written, and shows once there is a newer one.)
// ERROR_BAD_INPUT: a segment of a later version of the format. ERROR_SYSTEM passes or does not, and nothing may be skipped
// for it; what the disk cannot read ten times in a row becomes ERROR_CORRUPT.
bool buffer_read(BufferReader *reader, Slice *payload, bool *has_frame, Error *error) MUST_USE;
// Position behind the last frame read.
BufferPosition buffer_reader_position(const BufferReader *reader);
// Any position that was given out before; others are ERROR_BAD_INPUT where that can be seen.
bool buffer_reader_seek(BufferReader *reader, BufferPosition to, Error *error) MUST_USE;
// After ERROR_CORRUPT: goes to the next valid frame of the segment, or to the next segment where there is none.
// *skipped_bytes is what was passed. ERROR_USAGE in the newest segment, whose end is not known.
bool buffer_reader_skip(BufferReader *reader, uint64_t *skipped_bytes, Error *error) MUST_USE;

// ── Trimming ──
// Records what PostgreSQL has flushed, and deletes segments wholly behind it that were last written keep_ms ago or more.
bool buffer_trim(const char *folder, const BufferOptions *options, BufferPosition flushed, int64_t keep_ms,
	Error *error) MUST_USE;
// Bytes not yet loaded in a folder, for status; 0 where there is none.
bool buffer_folder_unloaded_bytes(const char *folder, uint64_t *bytes, Error *error) MUST_USE;
// The position that is loaded, as last recorded; {0, 0} where nothing is, or there is no folder.
bool buffer_folder_loaded(const char *folder, BufferPosition *loaded, Error *error) MUST_USE;

// Called with each entry of a folder that may hold a stream: its name and path. False ends the visits.
typedef bool (*BufferVisit)(void *context, const char *name, const char *path, Error *error);
// Of a folder of streams; one that is not there has none, since no collector has run yet. What a visit fails with is returned.
bool buffer_streams_visit(const char *folder, BufferVisit visit, void *context, Error *error) MUST_USE;
