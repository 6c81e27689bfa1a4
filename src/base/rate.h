// A token bucket: so many a second for ever, and a burst at once.
//
// What was taken and is not paid back yet is the bucket's debt; time pays it, `per_second` a second. It is counted in
// millionths, so that nothing is ever rounded. Something is taken where the debt then stays within the burst, or where there
// is no debt at all: what is larger than the burst would else never be.
// So within any t seconds at most per_second · t and the burst (or the largest single thing, if that is larger) are taken, and
// whoever stays below the rate is never refused.
#pragma once
#include <stdint.h>

#define RATE_PER_SECOND_MAX 1000000
#define RATE_BURST_MAX INT64_C(3600000000)

typedef struct RateLimit {
	int64_t per_second; // 1 and up
	int64_t burst;
} RateLimit;

// All zeros is a bucket from which nothing was taken yet.
typedef struct RateBucket {
	int64_t debt;  // in millionths, at at_us
	int64_t at_us; // a clock that never goes back
} RateBucket;

// Microseconds until `cost` may be taken, if nothing else is meanwhile; 0: now. Nothing is taken.
int64_t rate_wait_us(const RateBucket *bucket, const RateLimit *limit, int64_t cost, int64_t now_us);
// Takes it, whether it may be or not.
void rate_take(RateBucket *bucket, const RateLimit *limit, int64_t cost, int64_t now_us);
// Of what was taken, what turned out to cost nothing.
void rate_give_back(RateBucket *bucket, int64_t cost);
// What is not paid back yet, in millionths.
int64_t rate_debt(const RateBucket *bucket, const RateLimit *limit, int64_t now_us);
