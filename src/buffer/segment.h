// The file format of a segment, version 1. All numbers little-endian.
//
// A segment is a header of 80 bytes followed by frames without gaps, each a multiple of 8 bytes.
//
// Header: 8 bytes "SOJOURN\n" · u32 version · u32 header size (80) · 16 bytes stream UUID · u64 segment number ·
//   i64 creation time, ms since 1970 · u64 previous number · u64 previous end · u64 reserved (0) · u64 checksum: XXH3 of
//   the 72 bytes before it. Size, place and checksum of the header are for all versions.
//   The previous two say, of the newest segment before this one that may hold frames, where what was made durable ends, or
//   0 where a disk that failed did not let that be known; 0 0 in the first segment of a stream.
// Frame: u64 checksum · u32 payload size (1 … SEGMENT_PAYLOAD_SIZE_MAX) · u32 kind (1: hit) · u64 synced · payload · zero
//   bytes up to the next multiple of 8. `synced` is the offset up to which the segment was durable when the frame was
//   made, which is where the batch of frames begins that it is synced with. The checksum is XXH3 of everything behind it
//   in the frame, seeded with the header's checksum plus the frame's offset, so that a frame of an older file or another
//   place is never taken for this one.
//
// A frame is valid if and only if it lies wholly inside the file, size, kind and synced are allowed, and the checksum is
// right.
//
// The file is made under another name, allocated ahead to its full size, and gets its number once its header is durable.
// Frames are only ever added behind the last one; an offset that held a frame, answered for or not, never holds another.
// When a segment is sealed it is cut to the end of its last frame. Where a write or a sync failed, the segment is given up:
// it is cut to where it was durable and never touched again; if even the cut fails, what is behind stays as it is. A
// writer that starts after a crash cuts the newest segment at the first frame that is not valid and was never durable.
//
// So what a frame that is not valid at offset X means is decided by evidence, not by the file's size:
// - No segment with a higher number: the end of what was written so far.
// - The next header names this segment, with an end E: if X ≥ E, the end of the segment, and what may follow was never
//   answered for. If X < E, damage: frames that were durable are lost.
// - The next header does not tell, because it is damaged itself, was lost, or holds an end of 0: damage if a valid frame
//   behind X has synced > X, otherwise the end.
#pragma once
#include "base/error.h"
#include "base/slice.h"
#include "base/uuid.h"

#define SEGMENT_VERSION 1U
#define SEGMENT_HEADER_SIZE 80U
#define SEGMENT_FRAME_HEADER_SIZE 24U
#define SEGMENT_ALIGNMENT 8U
#define SEGMENT_PAYLOAD_SIZE_MAX ((uint32_t) 1 << 20U)
#define SEGMENT_FRAME_SIZE_MAX ((size_t) SEGMENT_FRAME_HEADER_SIZE + SEGMENT_PAYLOAD_SIZE_MAX)

typedef struct SegmentHeader {
	Uuid stream;
	uint64_t number;
	int64_t created_ms;
	uint64_t previous_number;
	uint64_t previous_end;
	uint64_t checksum; // what encode made or decode found; the frames' checksums begin with it
} SegmentHeader;

// Sets header->checksum as well.
void segment_header_encode(SegmentHeader *header, char bytes[SEGMENT_HEADER_SIZE]);
// ERROR_CORRUPT when the bytes are no header, ERROR_BAD_INPUT when they are one of a version that is not known here.
bool segment_header_decode(const char bytes[SEGMENT_HEADER_SIZE], SegmentHeader *header, Error *error) MUST_USE;

typedef struct SegmentFrame {
	Slice payload; // points into what was decoded
	uint64_t synced;
	size_t size; // of the whole frame
} SegmentFrame;

typedef enum SegmentFrameState {
	SEGMENT_FRAME_VALID,
	SEGMENT_FRAME_CUT,    // may be valid if there were frame->size bytes
	SEGMENT_FRAME_INVALID // whatever follows
} SegmentFrameState;

size_t segment_frame_size(size_t payload_size);
// Writes segment_frame_size(payload.size) bytes, for the place `offset` in the segment.
void segment_frame_encode(const SegmentHeader *header, uint64_t offset, uint64_t synced, Slice payload, char *bytes);
// What the bytes are, which stand at `offset` in the segment.
SegmentFrameState segment_frame_decode(const SegmentHeader *header, uint64_t offset, Slice bytes, SegmentFrame *frame);
