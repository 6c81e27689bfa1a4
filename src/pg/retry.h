// Waiting before the next try: exponential back-off with jitter and an upper bound, so that many processes that lost the
// same database do not come back in step.
//   PgBackoff backoff = PG_BACKOFF_DEFAULT;
//   while (!try(…)) if (!pg_backoff_wait(&backoff, stop_fd)) return;   -- then pg_backoff_reset(&backoff)
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct PgBackoff {
	int64_t first_ms;
	int64_t most_ms;
	int64_t current_ms; // 0: nothing failed yet
} PgBackoff;

#define PG_BACKOFF_DEFAULT ((PgBackoff){.first_ms = 50, .most_ms = 5000})

// How long to wait now: between half of and the whole of a time that doubles with each call, up to most_ms.
int64_t pg_backoff_next_ms(PgBackoff *backoff);
// Waits that long; false at once when stop_fd becomes readable (-1: none).
bool pg_backoff_wait(PgBackoff *backoff, int stop_fd);
void pg_backoff_reset(PgBackoff *backoff); // after a success
