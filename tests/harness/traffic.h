// Simulated people of a product over some days, as hits: on a few browsers that nobody, one or two people sign in on, with
// clients' sessions in two tabs and hits without a session, leaves, conversions, visits around given moments, and in the end
// sessions that still go on.
#pragma once
#include "base/arena.h"
#include "harness/random_case.h"

#include <stdint.h>

typedef struct TrafficOptions {
	int64_t begin_ms;
	int days;
	size_t sessions;        // about
	const int64_t *busy_ms; // a third of the sessions begins within the hour around one of these
	size_t busy_count;
} TrafficOptions;

typedef struct Traffic {
	Slice *payloads; // encoded hits
	size_t count;
	int64_t end_ms; // now, as the last sessions see it
	Arena arena;
} Traffic;

void traffic_make(RandomCase *random, const TrafficOptions *options, Traffic *traffic);
void traffic_free(Traffic *traffic);
// As a network delivers them: some twice, some out of turn, some days late. Gives the payloads in that order; they live as
// long as the traffic.
Slice *traffic_deliver(RandomCase *random, Traffic *traffic, size_t *count);
