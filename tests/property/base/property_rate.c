// Token buckets, by a clock that is given.
#include "base/rate.h"

#include "harness/random_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define TAKES_MAX 300
#define MILLION INT64_C(1000000)

typedef struct Take {
	int64_t at_us;
	int64_t cost;
} Take;

static RateLimit limit_any(RandomCase *random)
{
	static const int64_t rates[] = {1, 2, 3, 7, 10, 333, 1000, 99991, RATE_PER_SECOND_MAX};
	int64_t rate = rates[random_case_below(random, sizeof rates / sizeof *rates)];
	return (RateLimit){rate, rate * (1 + (int64_t) random_case_below(random, 20))};
}

// Asks at random moments for random costs, and takes what may be taken.
static size_t takes_make(RandomCase *random, const RateLimit *limit, int64_t cost_max, Take *takes)
{
	RateBucket bucket = {0};
	int64_t now_us = 1 + (int64_t) random_case_below(random, 1000000000);
	size_t count = 0;
	for (size_t asked = 0; asked < TAKES_MAX; asked++)
	{
		int64_t cost = 1 + (int64_t) random_case_below(random, (size_t) cost_max);
		if (rate_wait_us(&bucket, limit, cost, now_us) == 0)
		{
			rate_take(&bucket, limit, cost, now_us);
			takes[count++] = (Take){now_us, cost};
		}
		if (random_case_below(random, 3) > 0)
			now_us += (int64_t) random_case_below(random, (size_t) (2 * MILLION * cost / limit->per_second + 2));
	}
	return count;
}

static void never_more_than_the_rate_and_the_burst_in_any_span(void **state)
{
	(void) state;
	RandomCase random = random_case_begin("rate bound");
	for (size_t i = random_case_count(500); i > 0; i--)
	{
		Take takes[TAKES_MAX];
		RateLimit limit = limit_any(&random);
		int64_t cost_max = random_case_below(&random, 4) == 0 ? limit.burst * 3 : 1 + limit.burst / 4;
		size_t count = takes_make(&random, &limit, cost_max, takes);
		assert_true(count > 0);
		for (size_t from = 0; from < count; from++)
		{
			int64_t sum = 0;
			int64_t largest = limit.burst;
			for (size_t to = from; to < count; to++)
			{
				sum += takes[to].cost;
				largest = takes[to].cost > largest ? takes[to].cost : largest;
				int64_t span_us = takes[to].at_us - takes[from].at_us;
				if (sum * MILLION > limit.per_second * span_us + largest * MILLION)
					fail_msg("%lld in %lld us at %lld a second and %lld at once", (long long) sum, (long long) span_us,
						(long long) limit.per_second, (long long) limit.burst);
			}
		}
	}
}

static void whoever_stays_below_the_rate_is_never_refused(void **state)
{
	(void) state;
	RandomCase random = random_case_begin("rate below");
	for (size_t i = random_case_count(2000); i > 0; i--)
	{
		RateLimit limit = limit_any(&random);
		RateBucket bucket = {0};
		int64_t now_us = 1;
		for (size_t asked = 0; asked < TAKES_MAX; asked++)
		{
			int64_t cost = 1 + (int64_t) random_case_below(&random, (size_t) limit.burst);
			if (rate_wait_us(&bucket, &limit, cost, now_us) != 0)
				fail_msg("%lld at %lld a second and %lld at once", (long long) cost, (long long) limit.per_second,
					(long long) limit.burst);
			rate_take(&bucket, &limit, cost, now_us);
			now_us += (cost * MILLION + limit.per_second - 1) / limit.per_second;
		}
	}
}

static void who_waits_as_told_is_taken_and_not_a_moment_before(void **state)
{
	(void) state;
	RandomCase random = random_case_begin("rate wait");
	for (size_t i = random_case_count(5000); i > 0; i--)
	{
		RateLimit limit = limit_any(&random);
		RateBucket bucket = {0};
		int64_t now_us = 1 + (int64_t) random_case_below(&random, 1000);
		for (size_t asked = 0; asked < 50; asked++)
		{
			int64_t cost = 1 + (int64_t) random_case_below(&random, (size_t) (limit.burst * 2));
			int64_t wait_us = rate_wait_us(&bucket, &limit, cost, now_us);
			if (wait_us > 0)
				assert_int_equal(rate_wait_us(&bucket, &limit, cost, now_us + wait_us - 1), 1);
			now_us += wait_us;
			assert_int_equal(rate_wait_us(&bucket, &limit, cost, now_us), 0);
			rate_take(&bucket, &limit, cost, now_us);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(never_more_than_the_rate_and_the_burst_in_any_span),
		cmocka_unit_test(whoever_stays_below_the_rate_is_never_refused),
		cmocka_unit_test(who_waits_as_told_is_taken_and_not_a_moment_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
