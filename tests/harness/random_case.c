#include "harness/random_case.h"

#include <stdio.h>
#include <stdlib.h>

#define SEED_USUAL 20260131U

static uint64_t number_from_environment(const char *name, uint64_t usual)
{
	const char *text = getenv(name);
	int64_t number = 0;
	return text != NULL && slice_to_int64(slice_from(text), &number) ? (uint64_t) number : usual;
}

RandomCase random_case_begin(const char *test)
{
	uint64_t seed = number_from_environment("SOJOURN_TEST_SEED", SEED_USUAL);
	(void) printf("%s: SOJOURN_TEST_SEED=%llu\n", test, (unsigned long long) seed);
	return (RandomCase){seed};
}

size_t random_case_count(size_t usual)
{
	return (size_t) number_from_environment("SOJOURN_TEST_CASES", usual);
}

// SplitMix64: every state, and so every seed, is a good one.
uint64_t random_case_next(RandomCase *random)
{
	random->state += 0x9E3779B97F4A7C15U;
	uint64_t mixed = random->state;
	mixed = (mixed ^ mixed >> 30U) * 0xBF58476D1CE4E5B9U;
	mixed = (mixed ^ mixed >> 27U) * 0x94D049BB133111EBU;
	return mixed ^ mixed >> 31U;
}

size_t random_case_below(RandomCase *random, size_t bound)
{
	return (size_t) (random_case_next(random) % bound);
}
