#include "base/rate.h"

#define MILLION 1000000

// A rate of n a second pays n millionths a microsecond.
int64_t rate_debt(const RateBucket *bucket, const RateLimit *limit, int64_t now_us)
{
	int64_t passed_us = now_us - bucket->at_us;
	if (passed_us <= 0)
		return bucket->debt;
	return passed_us > bucket->debt / limit->per_second ? 0 : bucket->debt - passed_us * limit->per_second;
}

int64_t rate_wait_us(const RateBucket *bucket, const RateLimit *limit, int64_t cost, int64_t now_us)
{
	int64_t room = cost > limit->burst ? 0 : (limit->burst - cost) * MILLION;
	int64_t over = rate_debt(bucket, limit, now_us) - room;
	return over <= 0 ? 0 : (over + limit->per_second - 1) / limit->per_second;
}

void rate_take(RateBucket *bucket, const RateLimit *limit, int64_t cost, int64_t now_us)
{
	bucket->debt = rate_debt(bucket, limit, now_us) + cost * MILLION;
	if (now_us > bucket->at_us)
		bucket->at_us = now_us;
}

void rate_give_back(RateBucket *bucket, int64_t cost)
{
	bucket->debt = bucket->debt > cost * MILLION ? bucket->debt - cost * MILLION : 0;
}
