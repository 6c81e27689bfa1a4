#include "base/glob.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void globs_match_as_shells_do_in_either_case(void **state)
{
	(void) state;
	static const struct {
		const char *pattern;
		const char *text;
		bool is_match;
	} cases[] = {
		{"token", "token", true},
		{"token", "Token", true},
		{"TOKEN", "token", true},
		{"token", "tokens", false},
		{"token", "", false},
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "anything", true},
		{"**", "", true},
		{"*token*", "access_token_id", true},
		{"*token", "access_token_id", false},
		{"*token", "access_token", true},
		{"token*", "token", true},
		{"a?c", "abc", true},
		{"a?c", "ac", false},
		{"a*b*c", "a-b-b-c", true},
		{"a*b*c", "a-b-b-", false},
		{"*ab", "aab", true},
		{"*aab", "aaaab", true},
		{"/feed*", "/feed/atom", true},
		{"*.rss", "/a*.rss", true},
		{"*?", "", false},
		{"*?", "x", true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		bool is_match = glob_matches(slice_from(cases[i].pattern), slice_from(cases[i].text));
		if (is_match != cases[i].is_match)
			fail_msg("%s %s %s", cases[i].pattern, is_match ? "matches" : "does not match", cases[i].text);
	}
	assert_true(glob_matches(SLICE_LITERAL("*"), SLICE_NONE));
}

// The definition itself, one pattern byte at a time.
static bool matches_slowly(Slice pattern, Slice text)
{
	if (pattern.size == 0)
		return text.size == 0;
	Slice rest = slice_sub(pattern, 1, pattern.size);
	if (*pattern.data == '*')
	{
		for (size_t i = 0; i <= text.size; i++)
			if (matches_slowly(rest, slice_sub(text, i, text.size)))
				return true;
		return false;
	}
	return text.size > 0 && (*pattern.data == '?' || *pattern.data == *text.data)
		&& matches_slowly(rest, slice_sub(text, 1, text.size));
}

static void any_glob_agrees_with_the_definition(void **state)
{
	(void) state;
	srand(1);
	for (int round = 0; round < 20000; round++)
	{
		char pattern[7];
		char text[9];
		Slice pattern_slice = {pattern, (size_t) (rand() % (int) sizeof pattern)};
		Slice text_slice = {text, (size_t) (rand() % (int) sizeof text)};
		for (size_t i = 0; i < sizeof pattern; i++)
			pattern[i] = "ab*?"[rand() % 4];
		for (size_t i = 0; i < sizeof text; i++)
			text[i] = "ab"[rand() % 2];
		if (glob_matches(pattern_slice, text_slice) != matches_slowly(pattern_slice, text_slice))
			fail_msg("%.*s on %.*s", SLICE_PRINT(pattern_slice), SLICE_PRINT(text_slice));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(globs_match_as_shells_do_in_either_case),
		cmocka_unit_test(any_glob_agrees_with_the_definition),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
