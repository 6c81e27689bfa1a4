#include "pg/retry.h"

#include "base/clock.h"
#include "base/random.h"

#include <poll.h>

int64_t pg_backoff_next_ms(PgBackoff *backoff)
{
	int64_t current = backoff->current_ms == 0 ? backoff->first_ms : backoff->current_ms * 2;
	if (current > backoff->most_ms)
		current = backoff->most_ms;
	backoff->current_ms = current;
	int64_t half = current / 2;
	return half + (int64_t) (random_uint64() % (uint64_t) (current - half + 1));
}

bool pg_backoff_wait(PgBackoff *backoff, int stop_fd)
{
	int64_t until_us = clock_monotonic_us() + pg_backoff_next_ms(backoff) * 1000;
	for (;;)
	{
		int64_t left_us = until_us - clock_monotonic_us();
		if (left_us <= 0)
			return true;
		struct pollfd stop = {.fd = stop_fd, .events = POLLIN};
		int ready = poll(&stop, 1, (int) ((left_us + 999) / 1000)); // a negative descriptor is left out
		if (ready > 0)
			return false;
	}
}

void pg_backoff_reset(PgBackoff *backoff)
{
	backoff->current_ms = 0;
}
