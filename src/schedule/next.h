// The next time that a job is to run.
#pragma once
#include "schedule/cron.h"
#include "schedule/zone.h"

// The first time after `after_ms`; false: never (off). Beyond the end of the zone its last offset counts, so that a time of years
// ahead may still move.
bool cron_next(const Cron *cron, const Zone *zone, int64_t after_ms, int64_t *next_ms) MUST_USE;
