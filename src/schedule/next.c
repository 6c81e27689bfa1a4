#include "schedule/next.h"

#include "base/clock.h"

#define MINUTES_PER_DAY ((int64_t) 1440)
#define HOUR_MINUTES 60
// A 29th of February on a given weekday comes after 40 years at the latest, across a year such as 2100.
#define SEARCH_MINUTES (41 * 366 * MINUTES_PER_DAY)
#define EPOCH_WEEKDAY 4 // a Thursday

// Local times here are minutes since 1970 as clocks show them.

static int64_t floor_divide(int64_t value, int64_t by)
{
	return value / by - (value % by < 0 ? 1 : 0);
}

static int64_t ceiling_minute(int64_t time_ms)
{
	return -floor_divide(-time_ms, CLOCK_MINUTE_MS);
}

// First minute of the day at or after `from` that the job runs at; MINUTES_PER_DAY for none.
static int64_t minute_of_day(const Cron *cron, int64_t from)
{
	for (int64_t minute = from; minute < MINUTES_PER_DAY; minute++)
	{
		if ((cron->hours >> (minute / HOUR_MINUTES) & 1U) == 0)
			minute += HOUR_MINUTES - 1 - minute % HOUR_MINUTES;
		else if ((cron->minutes >> (minute % HOUR_MINUTES) & 1U) != 0)
			return minute;
	}
	return MINUTES_PER_DAY;
}

// The first local time in [from, to) that the job runs at.
static bool local_first(const Cron *cron, int64_t from, int64_t to, int64_t *local)
{
	for (int64_t day = floor_divide(from, MINUTES_PER_DAY); day * MINUTES_PER_DAY < to; day++)
	{
		int64_t year = 0;
		unsigned month = 0;
		unsigned day_of_month = 0;
		int64_t begin = day * MINUTES_PER_DAY;
		int64_t weekday = day + EPOCH_WEEKDAY - floor_divide(day + EPOCH_WEEKDAY, 7) * 7;
		clock_civil_from_days(day, &year, &month, &day_of_month);
		if (!cron_has_day(cron, day_of_month, month, (unsigned) weekday))
			continue;
		int64_t minute = minute_of_day(cron, from > begin ? from - begin : 0);
		if (minute == MINUTES_PER_DAY)
			continue;
		*local = begin + minute;
		return *local < to;
	}
	return false;
}

// Part `at` of the zone, from `from_ms` on, which lies in it.
static bool part_first(const Cron *cron, const Zone *zone, size_t at, int64_t from_ms, int64_t *next_ms)
{
	const ZonePart *part = &zone->parts[at];
	bool is_last = at + 1 == zone->count;
	int64_t offset = floor_divide(part->offset_ms, CLOCK_MINUTE_MS);
	int64_t from = ceiling_minute(from_ms) + offset;
	int64_t to = is_last ? from + SEARCH_MINUTES : ceiling_minute(zone->parts[at + 1].since_ms) + offset;
	int64_t local = 0;
	if (at > 0 && !cron->is_any_hour)
	{
		int64_t began = ceiling_minute(part->since_ms);
		int64_t shown_before = began + floor_divide(zone->parts[at - 1].offset_ms, CLOCK_MINUTE_MS);
		if (from_ms == part->since_ms && local_first(cron, shown_before, began + offset, &local))
		{
			*next_ms = part->since_ms;
			return true;
		}
		from = from > shown_before ? from : shown_before; // what comes before was shown already
	}
	if (!local_first(cron, from, to, &local))
		return false;
	*next_ms = (local - offset) * CLOCK_MINUTE_MS;
	return true;
}

bool cron_next(const Cron *cron, const Zone *zone, int64_t after_ms, int64_t *next_ms)
{
	if (cron->kind == CRON_OFF)
		return false;
	if (cron->kind == CRON_EVERY)
	{
		*next_ms = (floor_divide(after_ms, cron->every_ms) + 1) * cron->every_ms;
		return true;
	}
	for (size_t at = 0; at < zone->count; at++)
	{
		if (at + 1 < zone->count && zone->parts[at + 1].since_ms <= after_ms + 1)
			continue;
		int64_t since_ms = zone->parts[at].since_ms;
		if (part_first(cron, zone, at, since_ms > after_ms ? since_ms : after_ms + 1, next_ms))
			return true;
	}
	return false;
}
