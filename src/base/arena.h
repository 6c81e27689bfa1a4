// An arena: memory for one request, batch or command, given back all at once. It grows in blocks up to a maximum.
#pragma once
#include "base/error.h"
#include "base/slice.h"

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
	ArenaBlock *current;
	size_t size_max; // sum of all blocks
	size_t size;
} Arena;

// Takes no memory yet.
void arena_init(Arena *arena, size_t size_max);
// Gives everything back.
void arena_free(Arena *arena);
// Forgets everything, keeps the largest block for the next use.
void arena_reset(Arena *arena);

// Aligned for any type, not cleared; NULL when the maximum is reached or memory is out. Lives until reset or free.
void *arena_allocate(Arena *arena, size_t size) MUST_USE;
void *arena_allocate_zeroed(Arena *arena, size_t count, size_t size) MUST_USE;
// A copy, with a NUL behind it that does not count. SLICE_NONE when memory is out; compare `data` with NULL.
Slice arena_copy(Arena *arena, Slice slice) MUST_USE;
// A formatted text as a NUL-terminated slice.
Slice arena_format(Arena *arena, const char *format, ...) MUST_USE __attribute__((format(printf, 2, 3)));

#define ARENA_NEW(arena, type) ((type *) arena_allocate_zeroed((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *) arena_allocate_zeroed((arena), (count), sizeof(type)))
