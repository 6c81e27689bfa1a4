#include "base/slice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void is(Slice slice, const char *expected)
{
	if (!slice_equal_text(slice, expected))
		fail_msg("\"%.*s\" is not \"%s\"", SLICE_PRINT(slice), expected);
}

static void test_comparing(void **state)
{
	(void) state;
	assert_null(slice_from(NULL).data);
	assert_true(slice_equal(SLICE_NONE, SLICE_LITERAL("")));
	assert_true(slice_equal(SLICE_LITERAL("a\0b"), SLICE_LITERAL("a\0b")));
	assert_false(slice_equal(SLICE_LITERAL("a\0b"), SLICE_LITERAL("a\0c")));
	assert_true(slice_equal_ignoring_case(SLICE_LITERAL("AbC"), SLICE_LITERAL("aBc")));
	assert_false(slice_equal_ignoring_case(SLICE_LITERAL("AbC"), SLICE_LITERAL("aBcd")));
	assert_true(slice_starts_with(SLICE_LITERAL("abc"), SLICE_LITERAL("ab")));
	assert_true(slice_starts_with(SLICE_NONE, SLICE_NONE));
	assert_false(slice_starts_with(SLICE_LITERAL("a"), SLICE_LITERAL("ab")));
	assert_true(slice_ends_with(SLICE_LITERAL("abc"), SLICE_LITERAL("bc")));
	assert_false(slice_ends_with(SLICE_LITERAL("c"), SLICE_LITERAL("bc")));
}

static void test_finding_and_cutting(void **state)
{
	(void) state;
	assert_int_equal(slice_find(SLICE_LITERAL("a.b.c"), '.', 0), 1);
	assert_int_equal(slice_find(SLICE_LITERAL("a.b.c"), '.', 2), 3);
	assert_int_equal(slice_find(SLICE_LITERAL("a.b.c"), '.', 4), 5);
	assert_int_equal(slice_find(SLICE_LITERAL("a.b.c"), '.', 99), 5);
	assert_int_equal(slice_find(SLICE_NONE, '.', 0), 0);
	is(slice_sub(SLICE_LITERAL("hello"), 1, 3), "el");
	is(slice_sub(SLICE_LITERAL("hello"), 3, 99), "lo");
	is(slice_sub(SLICE_LITERAL("hello"), 99, 99), "");
	is(slice_sub(SLICE_LITERAL("hello"), 4, 1), "");
	assert_null(slice_sub(SLICE_NONE, 0, 1).data);
	is(slice_trim(SLICE_LITERAL(" \t\r\n a b \v\f")), "a b");
	is(slice_trim(SLICE_LITERAL("  ")), "");
}

static void test_splitting_ends_with_none(void **state)
{
	(void) state;
	Slice rest = SLICE_LITERAL("a,,b");
	is(slice_split(rest, ',', &rest), "a");
	is(slice_split(rest, ',', &rest), "");
	assert_non_null(rest.data);
	is(slice_split(rest, ',', &rest), "b");
	assert_null(rest.data);
	is(slice_split(SLICE_LITERAL("x,"), ',', &rest), "x");
	assert_non_null(rest.data);
	assert_int_equal(rest.size, 0);
}

static void test_a_cut_never_breaks_a_character(void **state)
{
	(void) state;
	Slice text = SLICE_LITERAL("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
	static const size_t sizes[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		assert_int_equal(slice_cut_utf8(text, i).size, sizes[i]);
	assert_int_equal(slice_cut_utf8(text, 99).size, 10);
}

static void test_integers(void **state)
{
	(void) state;
	int64_t value = 0;
	assert_true(slice_to_int64(SLICE_LITERAL("0"), &value) && value == 0);
	assert_true(slice_to_int64(SLICE_LITERAL("-12"), &value) && value == -12);
	assert_true(slice_to_int64(SLICE_LITERAL("9223372036854775807"), &value) && value == INT64_MAX);
	assert_true(slice_to_int64(SLICE_LITERAL("-9223372036854775808"), &value) && value == INT64_MIN);
	static const char *const bad[] = {"", "-", "+1", " 1", "1 ", "1.0", "0x1", "9223372036854775808",
		"-9223372036854775809"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(slice_to_int64(slice_from(bad[i]), &value));
	assert_false(slice_to_int64(SLICE_NONE, &value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comparing),
		cmocka_unit_test(test_finding_and_cutting),
		cmocka_unit_test(test_splitting_ends_with_none),
		cmocka_unit_test(test_a_cut_never_breaks_a_character),
		cmocka_unit_test(test_integers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
