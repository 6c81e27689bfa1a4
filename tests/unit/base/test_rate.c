#include "base/rate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SECOND_US INT64_C(1000000)
#define BEGIN_US (INT64_C(5000) * SECOND_US)

static const RateLimit limit = {.per_second = 10, .burst = 30};

static void the_burst_is_there_at_once_and_no_more(void **state)
{
	(void) state;
	RateBucket bucket = {0};
	assert_int_equal(rate_wait_us(&bucket, &limit, 30, BEGIN_US), 0);
	rate_take(&bucket, &limit, 20, BEGIN_US);
	assert_int_equal(rate_wait_us(&bucket, &limit, 10, BEGIN_US), 0);
	rate_take(&bucket, &limit, 10, BEGIN_US);
	assert_int_equal(rate_wait_us(&bucket, &limit, 1, BEGIN_US), SECOND_US / 10);
	assert_int_equal(rate_wait_us(&bucket, &limit, 30, BEGIN_US), 3 * SECOND_US);
}

static void it_comes_back_with_time_up_to_the_burst(void **state)
{
	(void) state;
	RateBucket bucket = {0};
	rate_take(&bucket, &limit, 30, BEGIN_US);
	assert_int_equal(rate_wait_us(&bucket, &limit, 1, BEGIN_US + SECOND_US / 10 - 1), 1);
	assert_int_equal(rate_wait_us(&bucket, &limit, 1, BEGIN_US + SECOND_US / 10), 0);
	assert_int_equal(rate_debt(&bucket, &limit, BEGIN_US + 2 * SECOND_US), 10 * SECOND_US);
	assert_int_equal(rate_wait_us(&bucket, &limit, 30, BEGIN_US + 3 * SECOND_US), 0);
	rate_take(&bucket, &limit, 30, BEGIN_US + 1000 * SECOND_US); // a long pause saves nothing up
	assert_int_equal(rate_wait_us(&bucket, &limit, 1, BEGIN_US + 1000 * SECOND_US), SECOND_US / 10);
}

static void what_is_larger_than_the_burst_goes_when_nothing_is_owed_and_is_paid_back(void **state)
{
	(void) state;
	RateBucket bucket = {0};
	assert_int_equal(rate_wait_us(&bucket, &limit, 100, BEGIN_US), 0);
	rate_take(&bucket, &limit, 1, BEGIN_US);
	assert_int_equal(rate_wait_us(&bucket, &limit, 100, BEGIN_US), SECOND_US / 10);
	rate_take(&bucket, &limit, 100, BEGIN_US + SECOND_US / 10);
	assert_int_equal(rate_wait_us(&bucket, &limit, 1, BEGIN_US + SECOND_US / 10), 71 * SECOND_US / 10);
}

static void what_is_given_back_may_be_taken_again_and_nothing_is_saved_up(void **state)
{
	(void) state;
	RateBucket bucket = {0};
	rate_take(&bucket, &limit, 30, BEGIN_US);
	rate_give_back(&bucket, 10);
	assert_int_equal(rate_debt(&bucket, &limit, BEGIN_US), 20 * SECOND_US);
	assert_int_equal(rate_wait_us(&bucket, &limit, 10, BEGIN_US), 0);
	rate_give_back(&bucket, 21);
	assert_int_equal(rate_debt(&bucket, &limit, BEGIN_US), 0);
}

static void a_clock_that_stands_or_goes_back_gives_nothing(void **state)
{
	(void) state;
	RateBucket bucket = {0};
	rate_take(&bucket, &limit, 30, BEGIN_US);
	assert_int_equal(rate_debt(&bucket, &limit, BEGIN_US - SECOND_US), 30 * SECOND_US);
	rate_take(&bucket, &limit, 0, BEGIN_US - SECOND_US);
	assert_int_equal(rate_debt(&bucket, &limit, BEGIN_US + SECOND_US), 20 * SECOND_US);
}

static void the_largest_rates_do_not_overflow(void **state)
{
	(void) state;
	const RateLimit largest = {RATE_PER_SECOND_MAX, RATE_BURST_MAX};
	RateBucket bucket = {0};
	rate_take(&bucket, &largest, RATE_BURST_MAX, 1);
	rate_take(&bucket, &largest, 10000000, 1);
	assert_int_equal(rate_debt(&bucket, &largest, INT64_MAX), 0);
	assert_int_equal(rate_wait_us(&bucket, &largest, RATE_BURST_MAX, 1), RATE_BURST_MAX + 10000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_burst_is_there_at_once_and_no_more),
		cmocka_unit_test(it_comes_back_with_time_up_to_the_burst),
		cmocka_unit_test(what_is_larger_than_the_burst_goes_when_nothing_is_owed_and_is_paid_back),
		cmocka_unit_test(what_is_given_back_may_be_taken_again_and_nothing_is_saved_up),
		cmocka_unit_test(a_clock_that_stands_or_goes_back_gives_nothing),
		cmocka_unit_test(the_largest_rates_do_not_overflow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
