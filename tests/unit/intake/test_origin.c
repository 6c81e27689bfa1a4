#include "intake/origin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void test_origins_match_by_scheme_label_and_port(void **state)
{
	(void) state;
	static const struct {
		const char *pattern;
		const char *origin;
		bool is_match;
	} rows[] = {
		{"https://shop.example", "https://shop.example", true},
		{"https://shop.example", "HTTPS://Shop.Example", true},
		{"https://shop.example", "https://shop.example:443", true},
		{"http://shop.example:80", "http://shop.example", true},
		{"https://shop.example:8443", "https://shop.example:8443", true},
		{"http://[::1]:3000", "http://[::1]:3000", true},
		{"http://localhost:3000", "http://localhost:3000", true},
		{"https://*.shop.example", "https://www.shop.example", true},
		{"https://*.shop.example", "https://a.b.shop.example", true},
		{"https://*.shop.example:8443", "https://www.shop.example:8443", true},
		{"*", "https://anything.example", true},
		{"*", "null", true},
		{"https://shop.example", "http://shop.example", false},
		{"https://shop.example", "https://shop.example:8443", false},
		{"https://shop.example", "https://www.shop.example", false},
		{"https://shop.example", "https://shop.example.evil.example", false},
		{"https://shop.example", "https://evilshop.example", false},
		{"https://shop.example", "https://shop.example@evil.example", false},
		{"https://shop.example", "https://shop.example/", false},
		{"https://shop.example", "null", false},
		{"https://shop.example", "", false},
		{"https://*.shop.example", "https://shop.example", false},
		{"https://*.shop.example", "https://.shop.example", false},
		{"https://*.shop.example", "https://evilshop.example", false},
		{"https://*.shop.example", "https://www.shop.example:8443", false},
		{"https://*.shop.example", "http://www.shop.example", false},
		{"https://*.shop.example", "https://evil.example/www.shop.example", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		if (origin_matches(slice_from(rows[i].pattern), slice_from(rows[i].origin)) != rows[i].is_match)
			fail_msg("%s and %s", rows[i].pattern, rows[i].origin);
	}
}

static void test_patterns_are_checked(void **state)
{
	(void) state;
	static const char *const good[] = {"*", "https://a.example", "http://a:1", "https://*.a.example:8443",
		"http://[::1]:80"};
	static const char *const bad[] = {"", "a.example", "https://", "https://a.example/", "https://a*.example",
		"https://*a.example", "https://*", "://a", "https://a b", "https://a:b", "**", "https://*."};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
	{
		if (!origin_pattern_is_valid(slice_from(good[i])))
			fail_msg("%s is refused", good[i]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
	{
		if (origin_pattern_is_valid(slice_from(bad[i])))
			fail_msg("%s is taken", bad[i]);
	}
}

static void test_the_host_of_an_origin(void **state)
{
	(void) state;
	assert_true(slice_equal_text(origin_host(slice_from("https://shop.example:8443")), "shop.example"));
	assert_null(origin_host(slice_from("null")).data);
	assert_null(origin_host(SLICE_NONE).data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_origins_match_by_scheme_label_and_port),
		cmocka_unit_test(test_patterns_are_checked),
		cmocka_unit_test(test_the_host_of_an_origin),
	};
	return cmocka_run_group_tests_name("intake/origin", tests, NULL, NULL);
}
