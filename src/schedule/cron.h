// When a job runs, as text:
//   minute hour day month weekday   five fields of numbers, names (jan, mon), ranges, lists and steps: 0,30 9-17 */2 * mon-fri
//   @hourly @daily @midnight @weekly @monthly @yearly @annually
//   @every 10s                      each full ten seconds of the clock; s, m and h, from 1s to 24h
//   off                             never by itself
// Weekday 0 and 7 are Sunday. Where both day and weekday are restricted (neither begins with *), either is enough. A step needs
// * or a range. What can never be, as a 30th of February, is refused.
//
// Days on which clocks change: a job whose hour begins with * runs whenever the clock shows its time; so it runs in every
// hour that there is. Any other job is of a time of the day: where that time is skipped, it runs once, right after the gap;
// where it comes twice, it runs the first time only.
#pragma once
#include "base/error.h"
#include "base/slice.h"

typedef enum CronKind { CRON_OFF, CRON_EVERY, CRON_CALENDAR } CronKind;

typedef struct Cron {
	CronKind kind;
	int64_t every_ms;
	// Of a calendar: bit n stands for the value n.
	uint64_t minutes;
	uint32_t hours;
	uint32_t days;   // 1 to 31
	uint32_t months; // 1 to 12
	uint32_t weekdays;
	bool is_any_hour; // these three: the field begins with *
	bool is_any_day;
	bool is_any_weekday;
} Cron;

#define CRON_TEXT_SIZE_MAX 256

bool cron_parse(Slice text, Cron *cron, Error *error) MUST_USE;
// The five fields that a schedule of the calendar is: those of @daily and its like, or the text itself.
Slice cron_fields(Slice text);
// "90s", "5m", "2h": from 1s to 24h.
bool cron_duration_parse(Slice text, int64_t *duration_ms, Error *error) MUST_USE;
// Whether a calendar job runs on that day: of the month 1 to 31, month 1 to 12, Sunday 0.
bool cron_has_day(const Cron *cron, unsigned day, unsigned month, unsigned weekday);
