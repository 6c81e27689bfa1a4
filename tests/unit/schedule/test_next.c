// When jobs run on the days that clocks change, by PostgreSQL's zones.
#include "schedule/next.h"

#include "base/clock.h"
#include "harness/database.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TIMES_MAX 8

typedef struct Case {
	const char *zone;
	const char *cron;
	const char *after;
	const char *times[TIMES_MAX]; // the next ones, in UTC, in order
} Case;

static const Case cases[] = {
	{"UTC", "0 1 * * *", "2026-01-01T00:59:59Z", {"2026-01-01T01:00:00Z", "2026-01-02T01:00:00Z"}},
	{"UTC", "0 1 * * *", "2026-01-01T01:00:00Z", {"2026-01-02T01:00:00Z"}},
	{"UTC", "@monthly", "2026-01-31T00:00:00Z", {"2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"}},
	{"UTC", "0 0 29 2 *", "2026-01-01T00:00:00Z", {"2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"}},
	{"UTC", "0 0 29 2 *", "2096-03-01T00:00:00Z", {"2104-02-29T00:00:00Z"}},
	{"UTC", "0 0 29 2 */6", "2026-01-01T00:00:00Z", {"2032-02-29T00:00:00Z", "2048-02-29T00:00:00Z"}},
	{"UTC", "*/5 * * * *", "2026-01-01T23:52:00.001Z", {"2026-01-01T23:55:00Z", "2026-01-02T00:00:00Z"}},
	{"UTC", "@every 10s", "2026-01-01T00:00:00.001Z", {"2026-01-01T00:00:10Z", "2026-01-01T00:00:20Z"}},
	{"UTC", "0 0 13 * fri", "2026-02-01T00:00:00Z",
		{"2026-02-06T00:00:00Z", "2026-02-13T00:00:00Z", "2026-02-20T00:00:00Z", "2026-02-27T00:00:00Z"}},

	// New York goes from 02:00 EST to 03:00 EDT on 8 March, and from 02:00 EDT back to 01:00 EST on 1 November.
	{"America/New_York", "30 2 * * *", "2026-03-07T00:00:00Z",
		{"2026-03-07T07:30:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"}},
	{"America/New_York", "*/20 2 * * *", "2026-03-08T00:00:00Z",
		{"2026-03-08T07:00:00Z", "2026-03-09T06:00:00Z", "2026-03-09T06:20:00Z"}},
	{"America/New_York", "0 2,3 * * *", "2026-03-08T00:00:00Z", {"2026-03-08T07:00:00Z", "2026-03-09T06:00:00Z"}},
	{"America/New_York", "30 1 * * *", "2026-10-31T12:00:00Z",
		{"2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z", "2026-11-03T06:30:00Z"}},
	{"America/New_York", "0 2 * * *", "2026-11-01T00:00:00Z", {"2026-11-01T07:00:00Z", "2026-11-02T07:00:00Z"}},
	{"America/New_York", "@hourly", "2026-11-01T04:30:00Z",
		{"2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z", "2026-11-01T07:00:00Z", "2026-11-01T08:00:00Z"}},
	{"America/New_York", "30 * * * *", "2026-03-08T06:00:00Z",
		{"2026-03-08T06:30:00Z", "2026-03-08T07:30:00Z", "2026-03-08T08:30:00Z"}},
	{"America/New_York", "@monthly", "2026-10-15T00:00:00Z", {"2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z"}},
	{"america/new_york", "0 1 * * *", "2026-07-01T00:00:00Z", {"2026-07-01T05:00:00Z"}},

	// 45 minutes off the hour, all the year.
	{"Asia/Kathmandu", "0 1 * * *", "2026-03-08T00:00:00Z", {"2026-03-08T19:15:00Z", "2026-03-09T19:15:00Z"}},
	{"Asia/Kathmandu", "@hourly", "2026-03-08T00:00:00Z", {"2026-03-08T00:15:00Z", "2026-03-08T01:15:00Z"}},

	// Lord Howe goes from 02:00 back to 01:30 on 5 April, and from 02:00 to 02:30 on 4 October.
	{"Australia/Lord_Howe", "45 1 * * *", "2026-04-04T00:00:00Z", {"2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"}},
	{"Australia/Lord_Howe", "45 * * * *", "2026-04-04T14:00:00Z",
		{"2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z", "2026-04-04T16:15:00Z"}},
	{"Australia/Lord_Howe", "15 2 * * *", "2026-10-03T00:00:00Z", {"2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"}},
	{"Australia/Lord_Howe", "0 * * * *", "2026-10-03T14:00:00Z",
		{"2026-10-03T14:30:00Z", "2026-10-03T16:00:00Z", "2026-10-03T17:00:00Z"}},

	// A whole day that was not: its job runs once, when the next one begins.
	{"Pacific/Apia", "0 12 * * *", "2011-12-29T12:00:00Z",
		{"2011-12-29T22:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z"}},
	// Clocks go back to midnight: the day's first minute comes twice.
	{"Atlantic/Azores", "@daily", "2026-10-24T12:00:00Z", {"2026-10-25T00:00:00Z", "2026-10-26T01:00:00Z"}},
};

static int64_t time_of(const char *text)
{
	int64_t time_ms = 0;
	assert_true(clock_parse_iso8601(slice_from(text), &time_ms));
	return time_ms;
}

static void jobs_run_when_they_should(void **state)
{
	PgConn *conn = *state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		const Case *one = &cases[i];
		int64_t at_ms = time_of(one->after);
		Cron cron;
		Zone zone;
		Error error;
		if (!cron_parse(slice_from(one->cron), &cron, &error) || !zone_load(conn, one->zone, at_ms, &zone, &error))
			fail_msg("%s", error.message);
		for (size_t time = 0; time < TIMES_MAX && one->times[time] != NULL; time++)
		{
			char got[CLOCK_ISO8601_SIZE];
			assert_true(cron_next(&cron, &zone, at_ms, &at_ms));
			clock_format_iso8601(at_ms, got);
			if (at_ms != time_of(one->times[time]))
				fail_msg("\"%s\" in %s after %s: %s, expected %s", one->cron, one->zone, one->after, got,
					one->times[time]);
		}
	}
}

static void off_is_never(void **state)
{
	(void) state;
	Cron cron;
	Error error;
	int64_t next_ms = 0;
	assert_true(cron_parse(SLICE_LITERAL("off"), &cron, &error));
	assert_false(cron_next(&cron, &zone_utc, 0, &next_ms));
}

static void a_zone_that_nobody_knows_is_an_error(void **state)
{
	Zone zone;
	Error error;
	assert_false(zone_load(*state, "Europe/Nowhere", 0, &zone, &error));
	assert_string_equal(error.sqlstate, "22023");
}

static int setup(void **state)
{
	char dsn[TEST_DSN_SIZE];
	*state = test_database_open(dsn);
	return 0;
}

static int teardown(void **state)
{
	pg_close(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jobs_run_when_they_should),
		cmocka_unit_test(off_is_never),
		cmocka_unit_test(a_zone_that_nobody_knows_is_an_error),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
