// Frames taken out of segments: what they held is overwritten with zeros, at their place and of their size, so that positions and
// the frames around them stay what they are. For what must not be kept any longer.
//
// A segment is made anew under another name, and durably takes the old one's place: whatever is killed, or fails, in between, the
// segment is the old one or the new one. Nobody may write it any more, and what is in it must be loaded: who a hit is of, may
// depend on the hits before it.
#pragma once
#include "base/slice.h"
#include "buffer/buffer.h"

// The number that all segments there are have below it.
bool buffer_numbers_end(const char *folder, uint64_t *end, Error *error) MUST_USE;
// Asks the writer, where one is at work, to end the segment that it writes: *is_asked is false the first time. To be called again
// until *is_ended: then nobody writes a segment any more that there was the first time.
bool buffer_end_segment(const char *folder, bool *is_asked, bool *is_ended, Error *error) MUST_USE;
// Whether no frame of segments below `below` waits behind `loaded`.
bool buffer_is_loaded(const char *folder, const BufferOptions *options, uint64_t below, BufferPosition loaded,
	bool *is_loaded, Error *error) MUST_USE;

// Which frames of a segment are to go: for each of `count` payloads in turn `is_gone[i]` is to be set.
typedef bool (*BufferChoose)(void *context, const Slice *payloads, size_t count, bool *is_gone, Error *error);

// Looks through every segment below `below`, and makes those anew that hold frames to go. *blanked is how many frames went. May be
// cut off and made again; ERROR_BUSY where somebody else is at it. What is damaged in a segment that is made anew stays damaged, and
// is left out.
bool buffer_blank(const char *folder, const BufferOptions *options, uint64_t below, BufferChoose choose, void *context,
	uint64_t *blanked, Error *error) MUST_USE;
// Whether a payload is one that was taken out.
bool buffer_is_blank(Slice payload);
