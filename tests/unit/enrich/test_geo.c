// Argument: the file that make_mmdb.py writes.
#include "enrich/geo.h"

#include "tests/harness/folder.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *path;

static void assert_text(const char *address, Slice text, const char *expected)
{
	if (!slice_equal_text(text, expected) || (text.data == NULL) != (expected == NULL))
		fail_msg("%s: \"%.*s\" is not \"%s\"", address, SLICE_PRINT(text), expected == NULL ? "(not known)" : expected);
}

static void the_file_tells_country_and_region(void **state)
{
	(void) state;
	static const struct {
		const char *address;
		const char *country;
		const char *region;
	} cases[] = {
		{"203.0.113.0", "DE", "DE-BY"},
		{"203.0.113.255", "DE", "DE-BY"},
		{"::ffff:203.0.113.7", "DE", "DE-BY"},
		{"203.0.112.255", NULL, NULL},
		{"203.0.114.0", NULL, NULL},
		{"198.51.100.127", "US", "US-CA"},
		{"198.51.100.128", "US", NULL},
		{"192.0.2.1", "FR", "Île-de-France"},
		{"2001:db8:1::", "JP", "JP-13"},
		{"2001:db8:1:ffff:ffff:ffff:ffff:ffff", "JP", "JP-13"},
		{"2001:db8:2::", NULL, NULL},
		{"100.64.0.1", "SE", NULL},
		{"100.65.0.1", "NO", NULL},
		{"100.66.0.1", NULL, NULL}, // not of two letters
		{"100.67.0.1", NULL, NULL}, // no text
		{"100.68.0.1", NULL, NULL},
		{"0.0.0.0", NULL, NULL},
		{"255.255.255.255", NULL, NULL},
	};
	Geo *geo = NULL;
	Arena arena;
	Error error = {0};
	arena_init(&arena, 1U << 16U);
	if (!geo_open(path, &geo, &error))
		fail_msg("%s", error.message);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		Address address;
		Slice country;
		Slice region;
		assert_true(address_parse(slice_from(cases[i].address), &address));
		geo_find(geo, &address, &arena, &country, &region);
		assert_text(cases[i].address, country, cases[i].country);
		assert_text(cases[i].address, region, cases[i].region);
	}
	geo_close(geo);
	arena_free(&arena);
}

static void a_missing_or_bad_file_is_one_sentence(void **state)
{
	(void) state;
	char folder[TEST_FOLDER_SIZE];
	char bad[TEST_FOLDER_SIZE + 16];
	Geo *geo = NULL;
	Error error = {0};
	test_folder_make(folder);
	(void) snprintf(bad, sizeof bad, "%s/bad.mmdb", folder);
	assert_false(geo_open(bad, &geo, &error));
	assert_int_equal(error.code, ERROR_BAD_INPUT);
	assert_non_null(strstr(error.message, bad));
	assert_non_null(strstr(error.message, "No such file"));
	static const char *const texts[] = {"", "no such thing", "\xAB\xCD\xEFMaxMind.com"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
	{
		assert_true(file_replace(bad, slice_from(texts[i]), 0600, &error));
		assert_false(geo_open(bad, &geo, &error));
		assert_int_equal(error.code, ERROR_BAD_INPUT);
		assert_non_null(strstr(error.message, bad));
	}
	test_folder_remove(folder);
}

int main(int argc, char **argv)
{
	assert_true(argc == 2);
	path = argv[1];
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_file_tells_country_and_region),
		cmocka_unit_test(a_missing_or_bad_file_is_one_sentence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
