// The file format of a segment, version 1. All numbers little-endian.
//
// A segment is a header of 64 bytes followed by frames without gaps, each aligned to 8 bytes.
//
// Header: 8 bytes "SOJOURN\n" · u32 version · u32 header size (64) · 16 bytes stream UUID · u64 segment number ·
//   i64 creation time, ms since 1970 · u64 reserved (0) · u64 checksum: XXH3 of the 56 bytes before it.
// Frame: u32 payload size (1 … SEGMENT_PAYLOAD_SIZE_MAX) · u32 kind (1: hit) · u64 checksum · payload · zero bytes up to
//   the next multiple of 8. The checksum is XXH3 of kind, size and payload, seeded with the header's checksum plus the
//   frame's offset, so that a frame of an older file or another place is never taken for this one.
//
// A frame is valid if and only if it lies wholly inside the file, size and kind are allowed, and the checksum is right.
// The file is allocated ahead to its full size, so the end of a segment that is being written is where a frame is not
// valid (zero bytes, or a torn write). It grows only there. When a segment is sealed it is cut to the end of its last
// frame, so a sealed segment is valid to its last byte. A writer that starts after a crash cuts the newest segment at its
// first frame that is not valid, which was never answered for, and seals it; it never appends to it again.
// A reader that meets the end of a segment goes on to the next higher number if there is one, and waits if not.
#pragma once
#include "base/error.h"
#include "base/slice.h"
#include "base/uuid.h"

#define SEGMENT_VERSION 1U
#define SEGMENT_HEADER_SIZE 64U
#define SEGMENT_FRAME_HEADER_SIZE 16U
#define SEGMENT_PAYLOAD_SIZE_MAX ((uint32_t) 1 << 20U)
