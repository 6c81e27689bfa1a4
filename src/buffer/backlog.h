// How many bytes of frames wait for the loader: the ends of the segments, against the position that is loaded.
#pragma once
#include "base/error.h"
#include "buffer/buffer.h"
#include "buffer/folder.h"

typedef struct Backlog {
	BufferPosition *ends; // of segments that no longer grow, by number
	size_t count;
	size_t capacity;
	BufferPosition loaded;
	uint64_t bytes; // behind `loaded` in them
} Backlog;

void backlog_init(Backlog *backlog); // takes nothing yet
void backlog_free(Backlog *backlog);

// Reads the ends of the segments from the folder, of those with numbers below `below` that are not wholly loaded.
bool backlog_read(Backlog *backlog, const Folder *folder, BufferPosition loaded, uint64_t below, Error *error) MUST_USE;
// Makes sure that the next backlog_add needs no memory.
bool backlog_reserve(Backlog *backlog, Error *error) MUST_USE;
void backlog_add(Backlog *backlog, BufferPosition end);
// Moves on to a later `loaded`; for an earlier one the folder has to be read again.
void backlog_set_loaded(Backlog *backlog, BufferPosition loaded);
// Bytes behind `loaded` of a segment that holds frames up to `end`.
uint64_t backlog_bytes_of(BufferPosition loaded, BufferPosition end);
