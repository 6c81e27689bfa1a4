#include "enrich/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void keys_of_known_makes_are_tokens(void **state)
{
	(void) state;
	static const struct {
		const char *text;
		bool is_known;
	} cases[] = {
		{"", false},
		{"ghp_16C7e42F292c6912E7710c838347Ae178B4a", true},
		{"key: ghp_16C7e42F292c6912E7710c838347Ae178B4a.", true},
		{"xghp_16C7e42F292c6912E7710c838347Ae178B4a", false},
		{"ghp_short", false},
		{"AKIAIOSFODNN7EXAMPLE", true},
		{"AKIA-is-a-song", false},
		{"eyJhbGciOiJ9.eyJzdWIiOiJ9.c2ln", true},
		{"a=eyJhbGciOiJ9.eyJzdWIiOiJ9", true},
		{"id_eyJhbGciOiJ9.eyJzdWIiOiJ9", true},
		{"xeyJhbGciOiJ9.eyJzdWIiOiJ9", true},
		{"my-key_ghp_16C7e42F292c6912E7710c838347Ae178B4a", true},
		{"sk-proj-a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4", true},
		{"sk-a-slug-of-many-words-that-is-long-enough-to-be-one-in-2026", false},
		{"eyJhbGciOiJ9.x.c2ln", false},
		{"eyJ.ey", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (token_is_known(slice_from(cases[i].text)) != cases[i].is_known)
			fail_msg("%s", cases[i].text);
}

static void secrets_look_random_and_ids_do_not(void **state)
{
	(void) state;
	static const struct {
		const char *text;
		bool is_random;
	} cases[] = {
		// 32 random bytes
		{"b0f1c8a94e5d4a3f8f2e6b7c1d9e0a5f3b2c4d6e8f0a1b3c5d7e9f1a2b4c6d8e", true},
		{"Zm9vYmFyQmF6MTIzNDU2Nzg5MEFCQ0RFRkdISUpLTE1", true},
		{"k3Jq_9ZxW-2bVt7LmNcR5sYpHd8fGa0eUiTo4KvXwBq", true},
		{"x7k2m9q4w1z8c5v3b6n0l2k4j6h8g1f3d5s7a9p0o2i4", true},
		// ids
		{"8f14e45f-ceea-467a-9575-6a6b2c1d2e3f", false},
		{"5d41402abc4b2a76b9719d911017c592", false},
		{"2fd4e1c67a2d28fced849ee1bb76e7391b93eb12", false},
		{"dQw4w9WgXcQ", false},
		{"120210000000000000123456789012345678901234", false},
		// words
		{"how-to-reset-your-password-in-2026-and-keep-it-safe", false},
		{"a_very_long_campaign_name_summer_2026_europe_prospecting", false},
		{"ThisIsAVeryLongCamelCaseNameOfSomethingWithoutDigits", false},
		{"one two three 4 five six seven 8 nine ten eleven 12", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (token_is_random(slice_from(cases[i].text), TOKEN_MIXED_LEAST, TOKEN_HEX_LEAST) != cases[i].is_random)
			fail_msg("%s", cases[i].text);
}

static void behind_a_name_that_says_it_short_ones_do_too(void **state)
{
	(void) state;
	static const struct {
		const char *text;
		bool is_random;
	} cases[] = {
		{"8f14e45f-ceea-467a-9575-6a6b2c1d2e3f", true},
		{"5d41402abc4b2a76", true},
		{"Xk29fLq8Zp3mW7ab", true},
		{"5d41402abc4b2a7", false},
		{"how-to-choose-a-good-one-in-2026", false},
		{"confirmation", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (token_is_random(slice_from(cases[i].text), TOKEN_NAMED_LEAST, TOKEN_NAMED_LEAST) != cases[i].is_random)
			fail_msg("%s", cases[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_of_known_makes_are_tokens),
		cmocka_unit_test(secrets_look_random_and_ids_do_not),
		cmocka_unit_test(behind_a_name_that_says_it_short_ones_do_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
