// Frames of the buffer's files: whatever the bytes are, a frame is valid only where it was written, and what was written is.
#include "tests/fuzz/fuzz.h"

#include "buffer/segment.h"

#include <string.h>

void fuzz_one(Slice input, Arena *arena)
{
	SegmentHeader header = {.number = 1, .created_ms = 2};
	SegmentHeader read;
	SegmentFrame frame;
	Error error;
	char bytes[SEGMENT_HEADER_SIZE];
	segment_header_encode(&header, bytes);
	bool is_read = segment_header_decode(bytes, &read, &error);
	assert(is_read && read.checksum == header.checksum && read.number == 1);
	SegmentFrameState state = segment_frame_decode(&header, SEGMENT_HEADER_SIZE, input, &frame);
	if (state == SEGMENT_FRAME_VALID)
		assert(fuzz_is_inside(frame.payload, input) && frame.size <= input.size && frame.size % SEGMENT_ALIGNMENT == 0);
	if (state == SEGMENT_FRAME_CUT && input.size >= SEGMENT_FRAME_HEADER_SIZE)
		assert(frame.size > input.size && frame.size <= SEGMENT_FRAME_SIZE_MAX + SEGMENT_ALIGNMENT);
	is_read = input.size >= SEGMENT_HEADER_SIZE && segment_header_decode(input.data, &read, &error);
	assert(!is_read || memcmp(input.data, "SOJOURN\n", 8) == 0);
	if (input.size == 0)
		return;
	size_t size = segment_frame_size(input.size);
	char *written = arena_allocate(arena, size);
	assert(written != NULL);
	segment_frame_encode(&header, 4096, SEGMENT_HEADER_SIZE, input, written);
	state = segment_frame_decode(&header, 4096, (Slice){written, size}, &frame);
	assert(state == SEGMENT_FRAME_VALID && slice_equal(frame.payload, input) && frame.synced == SEGMENT_HEADER_SIZE);
	state = segment_frame_decode(&header, 4104, (Slice){written, size}, &frame);
	assert(state == SEGMENT_FRAME_INVALID);
	state = segment_frame_decode(&header, 4096, (Slice){written, size - 1}, &frame);
	assert(state == SEGMENT_FRAME_CUT);
}
