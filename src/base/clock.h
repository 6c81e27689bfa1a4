// Time: milliseconds since 1970 UTC for what happened, a monotonic count for how long it took.
#pragma once
#include "base/error.h"
#include "base/slice.h"

#define CLOCK_SECOND_MS ((int64_t) 1000)
#define CLOCK_MINUTE_MS (60 * CLOCK_SECOND_MS)
#define CLOCK_HOUR_MS (60 * CLOCK_MINUTE_MS)
#define CLOCK_DAY_MS (24 * CLOCK_HOUR_MS)
// PostgreSQL counts microseconds from 2000-01-01.
#define CLOCK_POSTGRES_EPOCH_MS ((int64_t) 946684800000)

int64_t clock_now_ms(void);       // wall clock
int64_t clock_monotonic_us(void); // never goes back

// RFC 3339 / ISO 8601 instants as SDKs write them: 2026-01-31T23:59:59[.fraction](Z|+hh:mm|+hhmm); a space may stand for
// the T; no offset means UTC. A date alone is its midnight UTC. False on anything else or outside years 1..9999.
bool clock_parse_iso8601(Slice text, int64_t *time_ms) MUST_USE;
// "2026-01-31T23:59:59.123Z", 24 bytes and a NUL.
#define CLOCK_ISO8601_SIZE 25
void clock_format_iso8601(int64_t time_ms, char text[CLOCK_ISO8601_SIZE]);
// Days since 1970-01-01 of a proleptic Gregorian date, for parsers of other formats; and back.
int64_t clock_days_from_civil(int64_t year, unsigned month, unsigned day);
void clock_civil_from_days(int64_t days, int64_t *year, unsigned *month, unsigned *day);
