#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void reads(const char *text, int64_t expected)
{
	int64_t time_ms = -1;
	if (!clock_parse_iso8601(slice_from(text), &time_ms))
		fail_msg("refused: %s", text);
	if (time_ms != expected)
		fail_msg("%s gives %lld", text, (long long) time_ms);
}

static void test_instants_in_every_form(void **state)
{
	(void) state;
	reads("1970-01-01T00:00:00Z", 0);
	reads("1970-01-01", 0);
	reads("1970-01-01T00:00:00", 0);
	reads("1970-01-01 00:00:01.5Z", 1500);
	reads("1970-01-01t00:00:00.001z", 1);
	reads("1970-01-01T00:00:00.9999999999Z", 999);
	reads("1970-01-01T01:30:00+01:30", 0);
	reads("1969-12-31T22:30:00-0130", 0);
	reads("2000-01-01T00:00:00Z", CLOCK_POSTGRES_EPOCH_MS);
	reads("2024-02-29T12:00:00.123Z", 1709208000123);
	reads("2016-12-31T23:59:60Z", 1483228800000);
	reads("0001-01-01T00:00:00Z", -62135596800000);
	reads("9999-12-31T23:59:59.999Z", 253402300799999);
}

static void test_what_is_no_instant_is_refused(void **state)
{
	(void) state;
	static const char *const texts[] = {"", "2026", "2026-01", "2026-1-1", "2026-13-01", "2026-00-01", "2026-01-00",
		"2026-02-29", "1900-02-29", "2026-04-31", "2026-01-01T", "2026-01-01T00:00", "2026-01-01T24:00:00Z",
		"2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+1",
		"2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01:60", "2026-01-01T00:00:00ZZ", "2026-01-01T00:00:00 Z",
		"0000-01-01", "+2026-01-01", "-001-01-01", "2026-01-01x", "0001-01-01T00:00:00+00:01",
		"9999-12-31T23:59:59-00:01", "20260101", "2026-01-01T00:00:00+", "2026-01-01T-1:00:00Z"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
	{
		int64_t time_ms = 42;
		if (clock_parse_iso8601(slice_from(texts[i]), &time_ms))
			fail_msg("taken: %s", texts[i]);
		assert_int_equal(time_ms, 42);
	}
	int64_t time_ms = 0;
	assert_false(clock_parse_iso8601(SLICE_NONE, &time_ms));
}

static void test_formatting(void **state)
{
	(void) state;
	char text[CLOCK_ISO8601_SIZE];
	clock_format_iso8601(0, text);
	assert_string_equal(text, "1970-01-01T00:00:00.000Z");
	clock_format_iso8601(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59.999Z");
	clock_format_iso8601(1709208000123, text);
	assert_string_equal(text, "2024-02-29T12:00:00.123Z");
	clock_format_iso8601(INT64_MAX, text);
	assert_string_equal(text, "9999-12-31T23:59:59.999Z");
	clock_format_iso8601(INT64_MIN, text);
	assert_string_equal(text, "0001-01-01T00:00:00.000Z");
}

static void test_the_clocks_go_forward(void **state)
{
	(void) state;
	assert_true(clock_now_ms() > 1700000000000);
	int64_t before_us = clock_monotonic_us();
	assert_true(clock_monotonic_us() >= before_us);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_instants_in_every_form),
		cmocka_unit_test(test_what_is_no_instant_is_refused),
		cmocka_unit_test(test_formatting),
		cmocka_unit_test(test_the_clocks_go_forward),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
