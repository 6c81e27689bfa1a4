#include "base/arena.h"

#include "base/memory.h"

#include <stddef.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_what_it_gives_is_aligned_and_apart(void **state)
{
	(void) state;
	Arena arena;
	arena_init(&arena, 1U << 20U);
	unsigned char *previous = NULL;
	for (size_t size = 0; size < 300; size++)
	{
		unsigned char *block = arena_allocate(&arena, size);
		assert_non_null(block);
		assert_int_equal((uintptr_t) block % _Alignof(max_align_t), 0);
		memset(block, (int) size & 0xFF, size);
		if (previous != NULL && size > 1)
			assert_int_equal(previous[0], (size - 1) & 0xFFU);
		previous = block;
	}
	arena_free(&arena);
}

static void test_it_stops_at_its_maximum(void **state)
{
	(void) state;
	Arena arena;
	arena_init(&arena, 100000);
	size_t total = 0;
	while (arena_allocate(&arena, 1000) != NULL)
		total += 1000;
	assert_true(total > 50000 && total <= 100000);
	assert_true(arena.size <= arena.size_max);
	assert_null(arena_allocate(&arena, 100001));
	assert_null(arena_allocate(&arena, SIZE_MAX));
	assert_null(arena_allocate_zeroed(&arena, SIZE_MAX / 2, 3));
	arena_free(&arena);
	assert_int_equal(arena.size, 0);
	assert_non_null(arena_allocate(&arena, 1000));
	arena_free(&arena);
}

static void test_reset_keeps_the_largest_block(void **state)
{
	(void) state;
	Arena arena;
	arena_init(&arena, 1U << 20U);
	arena_reset(&arena);
	for (size_t i = 0; i < 100; i++)
		assert_non_null(arena_allocate(&arena, 1000));
	arena_reset(&arena);
	size_t kept = arena.size;
	assert_true(kept >= 50000);
	memory_fail_at(1);
	for (size_t used = 0; used + 1000 < kept; used += 1008)
		assert_non_null(arena_allocate(&arena, 1000));
	memory_fail_at(0);
	arena_free(&arena);
}

static void test_no_memory_is_null_and_can_be_tried_again(void **state)
{
	(void) state;
	Arena arena;
	arena_init(&arena, 1U << 20U);
	memory_fail_at(1);
	assert_null(arena_allocate(&arena, 10));
	assert_non_null(arena_allocate(&arena, 10));
	memory_fail_at(1);
	assert_null(arena_copy(&arena, (Slice){"x", 20000}).data);
	memory_fail_at(0);
	arena_free(&arena);
}

static void test_zeroed_memory_is_zero_after_a_reset(void **state)
{
	(void) state;
	Arena arena;
	arena_init(&arena, 1U << 20U);
	memset(arena_allocate(&arena, 4096), 0xFF, 4096);
	arena_reset(&arena);
	const uint64_t *numbers = ARENA_ARRAY(&arena, uint64_t, 512);
	for (size_t i = 0; i < 512; i++)
		assert_int_equal(numbers[i], 0);
	arena_free(&arena);
}

static void test_copies_and_formats_are_terminated(void **state)
{
	(void) state;
	Arena arena;
	arena_init(&arena, 1U << 20U);
	Slice copy = arena_copy(&arena, slice_sub(SLICE_LITERAL("hello"), 1, 3));
	assert_int_equal(copy.size, 2);
	assert_string_equal(copy.data, "el");
	copy = arena_copy(&arena, SLICE_NONE);
	assert_non_null(copy.data);
	assert_int_equal(copy.size, 0);
	Slice text = arena_format(&arena, "%d-%s", 7, "x");
	assert_int_equal(text.size, 3);
	assert_string_equal(text.data, "7-x");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_it_gives_is_aligned_and_apart),
		cmocka_unit_test(test_it_stops_at_its_maximum),
		cmocka_unit_test(test_reset_keeps_the_largest_block),
		cmocka_unit_test(test_no_memory_is_null_and_can_be_tried_again),
		cmocka_unit_test(test_zeroed_memory_is_zero_after_a_reset),
		cmocka_unit_test(test_copies_and_formats_are_terminated),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
