// Random hits for the loader's property tests: a few people on a few browsers over some hours, with sign-ins, aliases, leaves
// (also of other people's views, and some that claim to be before their view), clients' sessions and hits without one, words of
// consent, robots, hits without a time of their own, and views and events with one id; at whole minutes so that equal times
// are common. In some cases all of it is one person on one browser, which makes long runs; in some, one client's session with
// more leaves than anything else.
#pragma once
#include "harness/loading.h"
#include "harness/random_case.h"

#define HITS_MAX 40
#define MINUTE_MS ((int64_t) 60000)
#define BEGIN_MS ((int64_t) 1773100800000) // 2026-03-10T00:00:00Z
#define TIMEOUT_MS (30 * MINUTE_MS)
#define SESSION_MAX_MS (3 * 60 * MINUTE_MS) // short, so that runs are split often
#define END_MS (BEGIN_MS + 30 * 24 * 60 * MINUTE_MS)

typedef struct Case {
	Hit hits[HITS_MAX];
	Slice payloads[HITS_MAX];
	size_t count;
	Arena arena;
} Case;

// Of a test program: *state is a Loading with the rules above, some hours after the beginning.
int hit_case_set_up(void **state);
int hit_case_tear_down(void **state);
void hit_case_make(RandomCase *random, Case *made);
// What the hits are, to stderr.
void hit_case_print(const Case *made);
