#include "import/ordinals.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static Ordinals *ordinals;
static Error error;

static int set_up(void **state)
{
	(void) state;
	return ordinals_open(&ordinals, &error) ? 0 : 1;
}

static int tear_down(void **state)
{
	(void) state;
	ordinals_close(ordinals);
	return 0;
}

static uint32_t next(int64_t minute, const char *line)
{
	uint32_t ordinal = UINT32_MAX;
	assert_true(ordinals_next(ordinals, minute * CLOCK_MINUTE_MS, slice_from(line), &ordinal, &error));
	return ordinal;
}

static void equal_lines_are_counted_and_others_are_not(void **state)
{
	(void) state;
	assert_int_equal(next(1, "a"), 0);
	assert_int_equal(next(1, "b"), 0);
	assert_int_equal(next(1, "a"), 1);
	assert_int_equal(next(1, "a"), 2);
	assert_int_equal(next(2, "c"), 0);
	assert_int_equal(next(1, "b"), 1); // a little late
	ordinals_reset(ordinals);
	assert_int_equal(next(1, "a"), 0);
}

static void a_minute_is_kept_while_eight_others_come(void **state)
{
	(void) state;
	assert_int_equal(next(100, "a"), 0);
	for (int64_t minute = 1; minute < 8; minute++)
		assert_int_equal(next(minute, "x"), 0);
	assert_int_equal(next(100, "a"), 1);
	for (int64_t minute = 11; minute < 19; minute++)
		assert_int_equal(next(minute, "x"), 0);
	assert_int_equal(next(100, "a"), 0);
}

static void a_busy_minute_counts_up_to_its_bound(void **state)
{
	(void) state;
	char line[32];
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < ORDINALS_LINES_MAX; i++)
		{
			(void) snprintf(line, sizeof line, "line %zu", i);
			assert_int_equal(next(5, line), round);
		}
	assert_int_equal(next(5, "one more"), 0);
	assert_int_equal(next(5, "one more"), 0);
	assert_int_equal(next(5, "line 7"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(equal_lines_are_counted_and_others_are_not, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_minute_is_kept_while_eight_others_come, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_busy_minute_counts_up_to_its_bound, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
