#include "api/attempts.h"

#include "base/address.h"
#include "base/clock.h"

#define SECOND_US INT64_C(1000000)
#define WINDOW_SECONDS 900
// In the window; many people may share an address, one has a name.
#define FAILURES_OF_ADDRESS 30
#define FAILURES_OF_NAME 10

// A second of the window is paid back each second, and a failure costs its share of it.
static const RateLimit limit = {.per_second = 1, .burst = WINDOW_SECONDS};

bool api_attempts_open(ApiAttempts *attempts, Error *error)
{
	return address_rates_open(&attempts->addresses, error) && address_rates_open(&attempts->names, error);
}

void api_attempts_close(ApiAttempts *attempts)
{
	address_rates_close(attempts->addresses);
	address_rates_close(attempts->names);
}

static RateBucket *address_bucket(ApiAttempts *attempts, Slice peer, int64_t now_us)
{
	Address address;
	Slice network = address_parse(peer, &address) ? address_network(&address) : peer;
	return address_rates_bucket(attempts->addresses, &limit, network, now_us);
}

bool api_attempts_take(ApiAttempts *attempts, Slice peer, Slice name, int *wait_seconds, Error *error)
{
	int64_t now_us = clock_monotonic_us();
	RateBucket *of_address = address_bucket(attempts, peer, now_us);
	RateBucket *of_name = name.data == NULL ? NULL : address_rates_bucket(attempts->names, &limit, name, now_us);
	int64_t wait_us = rate_wait_us(of_address, &limit, WINDOW_SECONDS / FAILURES_OF_ADDRESS, now_us);
	int64_t name_wait_us =
		of_name == NULL ? 0 : rate_wait_us(of_name, &limit, WINDOW_SECONDS / FAILURES_OF_NAME, now_us);
	if (name_wait_us > wait_us)
		wait_us = name_wait_us;
	if (wait_us > 0)
	{
		*wait_seconds = (int) ((wait_us + SECOND_US - 1) / SECOND_US);
		return error_set(error, ERROR_TOO_MANY, "too many attempts to sign in failed; try again in %d s",
			*wait_seconds);
	}
	rate_take(of_address, &limit, WINDOW_SECONDS / FAILURES_OF_ADDRESS, now_us);
	if (of_name != NULL)
		rate_take(of_name, &limit, WINDOW_SECONDS / FAILURES_OF_NAME, now_us);
	return true;
}

void api_attempts_give_back(ApiAttempts *attempts, Slice peer, Slice name)
{
	int64_t now_us = clock_monotonic_us();
	rate_give_back(address_bucket(attempts, peer, now_us), WINDOW_SECONDS / FAILURES_OF_ADDRESS);
	if (name.data != NULL)
		rate_give_back(address_rates_bucket(attempts->names, &limit, name, now_us), WINDOW_SECONDS / FAILURES_OF_NAME);
}
