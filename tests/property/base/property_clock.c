#include "base/clock.h"

#include "harness/random_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void test_what_is_written_is_read_back(void **state)
{
	(void) state;
	RandomCase random = random_case_begin("clock");
	const int64_t first = -62135596800000;
	const int64_t span = 253402300799999 - first + 1;
	for (size_t i = random_case_count(200000); i > 0; i--)
	{
		int64_t time_ms = first + (int64_t) (random_case_next(&random) % (uint64_t) span);
		int64_t read_ms = 0;
		char text[CLOCK_ISO8601_SIZE];
		clock_format_iso8601(time_ms, text);
		assert_true(clock_parse_iso8601(slice_from(text), &read_ms));
		if (read_ms != time_ms)
			fail_msg("%s", text);
	}
}

static void test_dates_are_those_of_the_system(void **state)
{
	(void) state;
	RandomCase random = random_case_begin("clock and gmtime");
	for (size_t i = random_case_count(100000); i > 0; i--)
	{
		time_t time = (time_t) (random_case_next(&random) % 315537897600U) - 62135596800;
		struct tm parts;
		char text[CLOCK_ISO8601_SIZE];
		char expected[CLOCK_ISO8601_SIZE];
		assert_non_null(gmtime_r(&time, &parts));
		(void) snprintf(expected, sizeof expected, "%04u-%02u-%02uT%02u:%02u:%02u.000Z",
			((unsigned) parts.tm_year + 1900U) % 10000U, ((unsigned) parts.tm_mon + 1U) % 100U,
			(unsigned) parts.tm_mday % 100U, (unsigned) parts.tm_hour % 100U, (unsigned) parts.tm_min % 100U,
			(unsigned) parts.tm_sec % 100U);
		clock_format_iso8601((int64_t) time * 1000, text);
		assert_string_equal(text, expected);
	}
}

static void test_an_offset_moves_the_instant(void **state)
{
	(void) state;
	RandomCase random = random_case_begin("clock offsets");
	for (size_t i = random_case_count(50000); i > 0; i--)
	{
		int64_t local_ms = (int64_t) (random_case_next(&random) % 253402000000000U);
		unsigned hours = (unsigned) random_case_below(&random, 24);
		unsigned minutes = (unsigned) random_case_below(&random, 60);
		bool is_west = random_case_below(&random, 2) == 0;
		int64_t offset_ms = (int64_t) (hours * 60 + minutes) * CLOCK_MINUTE_MS;
		char text[CLOCK_ISO8601_SIZE];
		char with_offset[64];
		int64_t read_ms = 0;
		clock_format_iso8601(local_ms, text);
		(void) snprintf(with_offset, sizeof with_offset, "%.23s%c%02u%s%02u", text, is_west ? '-' : '+', hours,
			random_case_below(&random, 2) == 0 ? ":" : "", minutes);
		assert_true(clock_parse_iso8601(slice_from(with_offset), &read_ms));
		assert_true(read_ms == (is_west ? local_ms + offset_ms : local_ms - offset_ms));
	}
}

static void test_broken_texts_never_crash(void **state)
{
	(void) state;
	RandomCase random = random_case_begin("clock broken");
	for (size_t i = random_case_count(200000); i > 0; i--)
	{
		char text[] = "2026-01-31T23:59:59.123+01:00";
		for (size_t changes = 1 + random_case_below(&random, 3); changes > 0; changes--)
			text[random_case_below(&random, sizeof text - 1)] = "0123456789-:.TZ+ x"[random_case_below(&random, 18)];
		Slice part = slice_sub(slice_from(text), 0, random_case_below(&random, sizeof text));
		int64_t time_ms = 0;
		char written[CLOCK_ISO8601_SIZE];
		if (!clock_parse_iso8601(part, &time_ms))
			continue;
		int64_t again_ms = 0;
		clock_format_iso8601(time_ms, written);
		assert_true(clock_parse_iso8601(slice_from(written), &again_ms) && again_ms == time_ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_written_is_read_back),
		cmocka_unit_test(test_dates_are_those_of_the_system),
		cmocka_unit_test(test_an_offset_moves_the_instant),
		cmocka_unit_test(test_broken_texts_never_crash),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
