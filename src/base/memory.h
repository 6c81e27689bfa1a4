// The only place that calls malloc. Every failure of the system's allocator becomes a NULL here, and an Error above.
#pragma once
#include <stddef.h>

void *memory_allocate(size_t size);
void *memory_allocate_zeroed(size_t count, size_t size);
void *memory_resize(void *old, size_t size);
void memory_free(void *block); // NULL is fine

// For tests: lets the n-th allocation from now fail, once; 0 switches it off. Gives how many of what was asked for last were
// still to come, 0 where it has failed.
size_t memory_fail_at(size_t nth);
