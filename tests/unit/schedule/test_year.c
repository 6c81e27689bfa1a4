// A year of a fake clock, in zones of all kinds: no day, month or hour is skipped or counted twice, and every moment finds the
// partitions it needs, made while the year goes on.
#include "base/clock.h"
#include "board_fixture.h"
#include "migrate/migrate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MONTHS_AHEAD 2

// Every run says when it was.
static bool note(PgConn *conn, const char *job, const JobContext *context)
{
	test_database_run(conn, "INSERT INTO public.seen VALUES ('%s', ms_ts(%lld))", job, (long long) context->now_ms);
	return true;
}

static bool daily(PgConn *conn, const JobContext *context, Error *error)
{
	(void) error;
	return note(conn, "daily", context);
}

static bool monthly(PgConn *conn, const JobContext *context, Error *error)
{
	(void) error;
	return note(conn, "monthly", context);
}

static bool hourly(PgConn *conn, const JobContext *context, Error *error)
{
	(void) error;
	return note(conn, "hourly", context);
}

static bool partitions(PgConn *conn, const JobContext *context, Error *error)
{
	return migrate_months(conn, context->now_ms, MONTHS_AHEAD, error);
}

static const Job jobs[] = {
	{.name = "daily", .cron = "0 1 * * *", .timeout_ms = CLOCK_HOUR_MS, .run = daily},
	{.name = "hourly", .cron = "off", .timeout_ms = CLOCK_HOUR_MS, .run = hourly},
	{.name = "monthly", .cron = "@monthly", .timeout_ms = CLOCK_HOUR_MS, .run = monthly},
	{.name = "partitions", .cron = "30 0 * * *", .timeout_ms = CLOCK_HOUR_MS, .run = partitions},
	{.name = NULL},
};

static int64_t time_of(const char *text)
{
	int64_t time_ms = 0;
	assert_true(clock_parse_iso8601(slice_from(text), &time_ms));
	return time_ms;
}

// A row of the moment finds its month, and so does one of a month ahead.
static void rows_insert(const BoardFixture *fixture)
{
	test_database_run(fixture->conn,
		"INSERT INTO robots (id, seen_at, robot_kind, hit_type) SELECT gen_random_uuid(), at, 'bot', 'page' FROM "
		"(VALUES (ms_ts(%lld)), (ms_ts(%lld) + interval '%d months')) AS rows (at)",
		(long long) clock_fake_ms(), (long long) clock_fake_ms(), MONTHS_AHEAD - 1);
}

// From one thing that is due to the next.
static void clock_run(const BoardFixture *fixture, int64_t until_ms)
{
	for (;;)
	{
		int64_t next_ms = 0;
		assert_true(
			slice_to_int64(slice_from(test_postgres_value(fixture->conn, "SELECT ts_ms(min(next_run_at)) FROM jobs")),
				&next_ms));
		if (next_ms >= until_ms)
			return;
		assert_true(next_ms >= clock_fake_ms());
		clock_set_ms(next_ms);
		assert_true(board_turn(fixture, fixture->conn) > 0);
	}
}

static void a_year_goes_by(BoardFixture *fixture, const char *zone)
{
	char sql[512];
	clock_set("2025-12-31T12:00:00Z");
	test_database_run(fixture->conn, "TRUNCATE jobs CASCADE; TRUNCATE public.seen");
	board_fixture_sync(fixture, "", zone);
	// What was made for the real day of the test would hide what is not made.
	test_database_run(fixture->conn,
		"DO $$ DECLARE part regclass; BEGIN FOR part IN SELECT inhrelid::regclass FROM pg_inherits JOIN pg_class ON "
		"pg_class.oid = inhrelid WHERE relkind = 'r' LOOP EXECUTE format('DROP TABLE %%s', part); END LOOP; END $$");
	Error error;
	assert_true(migrate_months(fixture->conn, clock_fake_ms(), MONTHS_AHEAD, &error));
	// As the worker does each hour, and whenever it is started.
	for (int64_t at_ms = clock_fake_ms(); at_ms < time_of("2027-01-01T12:00:00Z"); at_ms += 7 * CLOCK_DAY_MS)
	{
		clock_run(fixture, at_ms);
		clock_set_ms(at_ms);
		board_fixture_sync(fixture, "", zone);
		rows_insert(fixture);
	}
	clock_run(fixture, time_of("2027-01-01T12:00:00Z"));
	(void) snprintf(sql, sizeof sql,
		"SELECT count(*) || ' ' || count(DISTINCT (at AT TIME ZONE '%s')::date) || ' ' || "
		"count(*) FILTER (WHERE (at AT TIME ZONE '%s')::time = '01:00') FROM public.seen WHERE job = 'daily' AND "
		"(at AT TIME ZONE '%s')::date BETWEEN '2026-01-01' AND '2026-12-31'",
		zone, zone, zone);
	assert_string_equal(test_postgres_value(fixture->conn, sql), "365 365 365");
	(void) snprintf(sql, sizeof sql,
		"SELECT count(*) || ' ' || count(DISTINCT at AT TIME ZONE '%s') FROM public.seen WHERE job = 'monthly' AND "
		"date_trunc('month', at AT TIME ZONE '%s') = at AT TIME ZONE '%s' AND at < '2026-12-31 12:00Z'",
		zone, zone, zone);
	assert_string_equal(test_postgres_value(fixture->conn, sql), "12 12");
}

// Each hour of the days around a change of the clocks, as time goes by and not as clocks show it.
static void hours_go_by(BoardFixture *fixture, const char *zone, const char *from, const char *until, int64_t hours)
{
	char sql[512];
	clock_set(from);
	test_database_run(fixture->conn, "TRUNCATE jobs CASCADE; TRUNCATE public.seen");
	board_fixture_sync(fixture, "daily=off; monthly=off; partitions=off; hourly=@hourly", zone);
	clock_run(fixture, time_of(until));
	(void) snprintf(sql, sizeof sql,
		"SELECT count(*) || ' ' || count(*) FILTER (WHERE step <> interval '1 hour') FROM (SELECT at - lag(at) OVER "
		"(ORDER BY at) AS step FROM public.seen) AS steps");
	char expected[32];
	bool is_half = strcmp(zone, "Australia/Lord_Howe") == 0; // whose clocks go half an hour, and so does one step
	(void) snprintf(expected, sizeof expected, "%lld %d", (long long) hours, is_half ? 1 : 0);
	assert_string_equal(test_postgres_value(fixture->conn, sql), expected);
}

static void in_utc(void **state)
{
	a_year_goes_by(*state, "UTC");
	hours_go_by(*state, "UTC", "2026-03-07T12:30:00Z", "2026-03-09T12:30:00Z", 48);
}

static void in_new_york(void **state)
{
	a_year_goes_by(*state, "America/New_York");
	hours_go_by(*state, "America/New_York", "2026-03-07T12:30:00Z", "2026-03-09T12:30:00Z", 48);
	hours_go_by(*state, "America/New_York", "2026-10-31T12:30:00Z", "2026-11-02T12:30:00Z", 48);
}

static void in_kathmandu(void **state)
{
	a_year_goes_by(*state, "Asia/Kathmandu");
	hours_go_by(*state, "Asia/Kathmandu", "2026-03-07T12:30:00Z", "2026-03-09T12:30:00Z", 48);
}

static void on_lord_howe(void **state)
{
	a_year_goes_by(*state, "Australia/Lord_Howe");
	hours_go_by(*state, "Australia/Lord_Howe", "2026-04-04T00:45:00Z", "2026-04-05T23:45:00Z", 47);
	hours_go_by(*state, "Australia/Lord_Howe", "2026-10-03T00:45:00Z", "2026-10-04T23:45:00Z", 46);
}

static int open_all(void **state)
{
	clock_set("2025-12-31T12:00:00Z");
	BoardFixture *fixture = board_fixture_open(jobs, "UTC");
	test_database_run(fixture->conn, "CREATE TABLE public.seen (job text, at timestamptz)");
	*state = fixture;
	return 0;
}

static int close_all(void **state)
{
	board_fixture_close(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_utc),
		cmocka_unit_test(in_new_york),
		cmocka_unit_test(in_kathmandu),
		cmocka_unit_test(on_lord_howe),
	};
	return cmocka_run_group_tests(tests, open_all, close_all);
}
