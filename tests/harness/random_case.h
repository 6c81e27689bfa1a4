// Cases made from a seed, for property and fault tests: the same seed gives the same cases. It is printed, and may be set by
// SOJOURN_TEST_SEED; SOJOURN_TEST_CASES sets how many there are.
#pragma once
#include "base/slice.h"

typedef struct RandomCase {
	uint64_t state;
} RandomCase;

RandomCase random_case_begin(const char *test);
size_t random_case_count(size_t usual);
uint64_t random_case_next(RandomCase *random);
// 0 and up, below `bound`.
size_t random_case_below(RandomCase *random, size_t bound);
