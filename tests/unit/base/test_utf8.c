#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_good_sequences(void **state)
{
	(void) state;
	static const char *const texts[] = {"", "ascii only, longer than a word", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80",
		"\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF",
		"abcdefg\xC3\xA9hijklmnopq\xE2\x82\xACxyz\xF0\x9F\x98\x80"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_true(utf8_is_valid(slice_from(texts[i])));
	assert_true(utf8_is_valid(SLICE_NONE));
	assert_true(utf8_is_valid(SLICE_LITERAL("a\0b")));
}

static void test_bad_sequences_at_every_place(void **state)
{
	(void) state;
	static const char *const parts[] = {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x9F\xBF",
		"\xE2\x82", "\xE2(\xAC", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF0\x9F\x98", "\xF4\x90\x80\x80",
		"\xF5\x80\x80\x80", "\xFE", "\xFF"};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		for (int before = 0; before < 20; before++)
		{
			char text[64];
			(void) snprintf(text, sizeof text, "%.*s%s", before, "aaaaaaaaaaaaaaaaaaaa", parts[i]);
			assert_false(utf8_is_valid(slice_from(text)));
			assert_int_equal(utf8_sequence_size(slice_from(parts[i])), 0);
			(void) snprintf(text, sizeof text, "%.*s%s tail", before, "aaaaaaaaaaaaaaaaaaaa", parts[i]);
			assert_false(utf8_is_valid(slice_from(text)));
		}
	assert_int_equal(utf8_sequence_size(SLICE_NONE), 0);
}

static void test_every_code_point_is_encoded_validly(void **state)
{
	(void) state;
	for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++)
	{
		char sequence[4];
		if (code_point >= 0xD800 && code_point < 0xE000)
			continue;
		size_t size = utf8_encode(code_point, sequence);
		assert_int_equal(utf8_sequence_size((Slice){sequence, size}), size);
	}
}

static void test_a_cleaned_text_is_valid_and_holds_no_nul(void **state)
{
	(void) state;
	static const struct {
		Slice text;
		const char *clean;
	} cases[] = {
		{{"", 0}, ""},
		{{"plain \xC3\xA9", 8}, "plain \xC3\xA9"},
		{{"a\0b\0", 4}, "ab"},
		{{"\0\0", 2}, ""},
		{{"\xFF\xC3\xA9\xC3", 4}, "\xEF\xBF\xBD\xC3\xA9\xEF\xBF\xBD"},
		{{"\xED\xA0\x80", 3}, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
	};
	Arena arena;
	arena_init(&arena, 4096);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		Slice clean = utf8_clean(cases[i].text, &arena);
		assert_non_null(clean.data);
		assert_true(slice_equal_text(clean, cases[i].clean));
		assert_true(utf8_is_valid(clean));
	}
	assert_ptr_equal(utf8_clean(cases[1].text, &arena).data, cases[1].text.data);
	assert_null(utf8_clean(SLICE_NONE, &arena).data);
	arena_free(&arena);
	arena_init(&arena, 1);
	assert_null(utf8_clean(cases[2].text, &arena).data);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_sequences),
		cmocka_unit_test(test_bad_sequences_at_every_place),
		cmocka_unit_test(test_every_code_point_is_encoded_validly),
		cmocka_unit_test(test_a_cleaned_text_is_valid_and_holds_no_nul),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
