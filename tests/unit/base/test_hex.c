#include "base/hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void bytes_come_back_from_their_digits(void **state)
{
	(void) state;
	Arena arena;
	char bytes[256];
	arena_init(&arena, 4096);
	for (size_t at = 0; at < sizeof bytes; at++)
		bytes[at] = (char) at;
	for (size_t size = 0; size <= sizeof bytes; size += 51)
	{
		arena_reset(&arena);
		Slice hex = hex_encode(&arena, (Slice){bytes, size});
		assert_int_equal(hex.size, 2 * size);
		Slice back = hex_decode(&arena, hex);
		assert_non_null(back.data);
		assert_true(slice_equal(back, (Slice){bytes, size}));
	}
	assert_true(slice_equal_text(hex_encode(&arena, SLICE_LITERAL("\x01\xAF")), "01af"));
	assert_true(slice_equal_text(hex_decode(&arena, SLICE_LITERAL("4a4B")), "JK"));
	arena_free(&arena);
}

static void what_is_no_pairs_of_digits_is_none(void **state)
{
	(void) state;
	static const char *const texts[] = {"0", "012", "0g", "g0", "0x00", " 00", "\\x00", "@0", "/0", ":0", "`0"};
	Arena arena;
	arena_init(&arena, 4096);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_null(hex_decode(&arena, slice_from(texts[i])).data);
	arena_free(&arena);
	arena_init(&arena, 1);
	assert_null(hex_decode(&arena, SLICE_LITERAL("000000000000")).data);
	assert_null(hex_encode(&arena, SLICE_LITERAL("0000000000000")).data);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_come_back_from_their_digits),
		cmocka_unit_test(what_is_no_pairs_of_digits_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
