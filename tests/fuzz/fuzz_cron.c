// A schedule that is understood is one that comes: its next time is later, on a minute that all of its fields allow, and found
// again from just before it.
#include "tests/fuzz/fuzz.h"

#include "base/clock.h"
#include "schedule/next.h"

#define BEGIN_MS INT64_C(1767225600000) // 2026-01-01 UTC

static void calendar_check(const Cron *cron, int64_t next_ms)
{
	int64_t year = 0;
	unsigned month = 0;
	unsigned day = 0;
	int64_t days = next_ms / CLOCK_DAY_MS;
	int64_t minute = next_ms / CLOCK_MINUTE_MS;
	clock_civil_from_days(days, &year, &month, &day);
	assert(next_ms % CLOCK_MINUTE_MS == 0);
	assert((cron->minutes >> (minute % 60) & 1U) != 0 && (cron->hours >> (minute / 60 % 24) & 1U) != 0);
	assert((cron->months >> month & 1U) != 0);
	assert((cron->days >> day & 1U) != 0 || (cron->weekdays >> ((days + 4) % 7) & 1U) != 0);
}

void fuzz_one(Slice input, Arena *arena)
{
	Cron cron;
	Error error = {.message = ""};
	int64_t next_ms = 0;
	int64_t again_ms = 0;
	(void) arena;
	if (!cron_parse(input, &cron, &error))
	{
		assert(error.code == ERROR_USAGE && error.message[0] != '\0');
		return;
	}
	if (!cron_next(&cron, &zone_utc, BEGIN_MS, &next_ms))
	{
		assert(cron.kind == CRON_OFF);
		return;
	}
	assert(next_ms > BEGIN_MS);
	assert(cron_next(&cron, &zone_utc, next_ms - 1, &again_ms) && again_ms == next_ms);
	if (cron.kind == CRON_CALENDAR)
		calendar_check(&cron, next_ms);
	else
		assert(cron.every_ms > 0 && next_ms % cron.every_ms == 0 && next_ms - BEGIN_MS <= cron.every_ms);
}
