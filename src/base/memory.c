#include "base/memory.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

static _Atomic size_t fail_countdown;

static bool is_failing(void)
{
	if (atomic_load_explicit(&fail_countdown, memory_order_relaxed) == 0)
		return false;
	return atomic_fetch_sub(&fail_countdown, 1) == 1;
}

void *memory_allocate(size_t size)
{
	return is_failing() ? NULL : malloc(size == 0 ? 1 : size);
}

void *memory_allocate_zeroed(size_t count, size_t size)
{
	return is_failing() ? NULL : calloc(count == 0 ? 1 : count, size == 0 ? 1 : size);
}

void *memory_resize(void *old, size_t size)
{
	return is_failing() ? NULL : realloc(old, size == 0 ? 1 : size);
}

void memory_free(void *block)
{
	free(block);
}

size_t memory_fail_at(size_t nth)
{
	return atomic_exchange(&fail_countdown, nth);
}
