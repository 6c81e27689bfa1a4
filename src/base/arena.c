#include "base/arena.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#define BLOCK_SIZE_FIRST ((size_t) 8192)

struct ArenaBlock {
	ArenaBlock *previous;
	size_t size; // of data
	size_t used;
	alignas(max_align_t) unsigned char data[];
};

void arena_init(Arena *arena, size_t size_max)
{
	*arena = (Arena){.size_max = size_max};
}

static void blocks_free(ArenaBlock *block)
{
	while (block != NULL)
	{
		ArenaBlock *previous = block->previous;
		memory_free(block);
		block = previous;
	}
}

void arena_free(Arena *arena)
{
	blocks_free(arena->current);
	*arena = (Arena){.size_max = arena->size_max};
}

void arena_reset(Arena *arena)
{
	ArenaBlock *kept = arena->current; // blocks double, so the current one is the largest
	if (kept == NULL)
		return;
	blocks_free(kept->previous);
	kept->previous = NULL;
	kept->used = 0;
	arena->size = kept->size;
}

static bool block_add(Arena *arena, size_t size)
{
	size_t wanted = arena->current == NULL ? BLOCK_SIZE_FIRST : arena->current->size * 2;
	while (wanted < size)
		wanted *= 2;
	if (arena->size + wanted > arena->size_max)
		wanted = size;
	if (size > arena->size_max || arena->size > arena->size_max - wanted)
		return false;
	ArenaBlock *block = memory_allocate(sizeof *block + wanted);
	if (block == NULL)
		return false;
	*block = (ArenaBlock){.previous = arena->current, .size = wanted};
	arena->current = block;
	arena->size += wanted;
	return true;
}

void *arena_allocate(Arena *arena, size_t size)
{
	if (size > SIZE_MAX / 4)
		return NULL;
	size_t rounded = (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
	ArenaBlock *block = arena->current;
	if (block == NULL || block->size - block->used < rounded)
	{
		if (!block_add(arena, rounded))
			return NULL;
		block = arena->current;
	}
	void *result = block->data + block->used;
	block->used += rounded;
	return result;
}

void *arena_allocate_zeroed(Arena *arena, size_t count, size_t size)
{
	size_t total = 0;
	if (__builtin_mul_overflow(count, size, &total))
		return NULL;
	void *result = arena_allocate(arena, total);
	if (result != NULL)
		memset(result, 0, total);
	return result;
}

Slice arena_copy(Arena *arena, Slice slice)
{
	char *copy = arena_allocate(arena, slice.size + 1);
	if (copy == NULL)
		return SLICE_NONE;
	if (slice.size > 0)
		memcpy(copy, slice.data, slice.size);
	copy[slice.size] = '\0';
	return (Slice){copy, slice.size};
}

Slice arena_format(Arena *arena, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int size = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	char *text = size < 0 ? NULL : arena_allocate(arena, (size_t) size + 1);
	if (text == NULL)
		return SLICE_NONE;
	va_start(arguments, format);
	(void) vsnprintf(text, (size_t) size + 1, format, arguments);
	va_end(arguments);
	return (Slice){text, (size_t) size};
}
