// What a writer does with the segments of the one before it, which may have ended anywhere.
#pragma once
#include "base/error.h"
#include "buffer/folder.h"

// Finds the newest segment that may hold frames, cuts it behind the last one that may have been answered for, and makes
// that durable. *end is that place, for the next header, with offset 0 where it is not known; *number_last the highest number in use so far.
// A disk that cannot be read or cut there is logged and does not keep the stream from going on in a new segment.
bool recovery_run(const Folder *folder, BufferPosition loaded, BufferPosition *end, uint64_t *number_last, Error *error)
	MUST_USE;
