#include "base/random.h"
#include "base/address_rates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW_US INT64_C(1000000000)

static const RateLimit limit = {.per_second = 10, .burst = 100};

static int set_up(void **state)
{
	Error error;
	AddressRates *rates = NULL;
	if (!random_init(&error) || !address_rates_open(&rates, &error))
		return -1;
	*state = rates;
	return 0;
}

static int tear_down(void **state)
{
	address_rates_close(*state);
	return 0;
}

static RateBucket *bucket(AddressRates *rates, uint32_t network, int64_t now_us)
{
	return address_rates_bucket(rates, &limit, (Slice){(const char *) &network, sizeof network}, now_us);
}

static void each_network_has_a_bucket_of_its_own(void **state)
{
	AddressRates *rates = *state;
	for (uint32_t network = 0; network < 1000; network++)
		rate_take(bucket(rates, network, NOW_US), &limit, 1 + network % 100, NOW_US);
	for (uint32_t network = 0; network < 1000; network++)
		assert_int_equal(rate_debt(bucket(rates, network, NOW_US), &limit, NOW_US), (1 + network % 100) * 1000000);
}

// Three times as many as there is room for: those that owe most are known to the end, and nobody is refused for another.
static void of_too_many_those_that_owe_most_are_remembered(void **state)
{
	AddressRates *rates = *state;
	size_t remembered = 0;
	for (uint32_t network = 0; network < 100; network++)
		rate_take(bucket(rates, network, NOW_US), &limit, 100, NOW_US);
	for (uint32_t network = 100; network < 3 * ADDRESS_RATES_MAX; network++)
	{
		RateBucket *found = bucket(rates, network, NOW_US);
		assert_int_equal(rate_wait_us(found, &limit, 1, NOW_US), 0);
		rate_take(found, &limit, 1, NOW_US);
	}
	for (uint32_t network = 0; network < 100; network++)
		remembered += rate_wait_us(bucket(rates, network, NOW_US), &limit, 1, NOW_US) > 0 ? 1 : 0;
	assert_int_equal(remembered, 100);
}

static void what_is_paid_back_makes_room(void **state)
{
	AddressRates *rates = *state;
	for (uint32_t network = 0; network < ADDRESS_RATES_MAX; network++)
		rate_take(bucket(rates, network, NOW_US), &limit, 100, NOW_US);
	int64_t later_us = NOW_US + 10 * 1000000;
	rate_take(bucket(rates, 1U << 30U, later_us), &limit, 1, later_us);
	for (uint32_t network = 1; network < 2 * ADDRESS_RATES_MAX; network++)
		assert_int_equal(rate_debt(bucket(rates, (1U << 30U) + network, later_us), &limit, later_us), 0);
	assert_int_equal(rate_debt(bucket(rates, 1U << 30U, later_us), &limit, later_us), 1000000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(each_network_has_a_bucket_of_its_own),
		TEST(of_too_many_those_that_owe_most_are_remembered),
		TEST(what_is_paid_back_makes_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
