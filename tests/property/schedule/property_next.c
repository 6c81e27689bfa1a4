// The next time of a job, against a walk over every minute of a year with what PostgreSQL says that clocks show.
#include "schedule/next.h"

#include "base/buf.h"
#include "base/clock.h"
#include "harness/database.h"
#include "harness/random_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define BEGIN_MS INT64_C(1767225600000) // 2026-01-01 UTC
#define MINUTES (366 * 1440)
#define FIELDS 5
#define VALUES 64

// A schedule as sets, and the text that was made of it.
typedef struct Expected {
	bool has[FIELDS][VALUES];
	bool is_star[FIELDS];
	char text[256];
} Expected;

static const int least[FIELDS] = {0, 0, 1, 1, 0};
static const int most[FIELDS] = {59, 23, 31, 12, 7};
static int32_t shown[MINUTES]; // by clocks, in minutes since 1970, for each minute of UTC

// ── Schedules ──

static int below(RandomCase *random, int bound)
{
	return (int) random_case_below(random, (size_t) bound);
}

static void name_write(RandomCase *random, int field, int value, Buf *text)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	static const char weekdays[] = "SunMonTueWedThuFriSat";
	if (field < 3 || value == 7 || below(random, 2) == 0) // as a name 7 would be 0
		buf_append_format(text, "%d", value);
	else
		buf_append(text, field == 3 ? months + (size_t) (value - 1) * 3 : weekdays + (size_t) value * 3, 3);
}

static void item_make(RandomCase *random, int field, Expected *expected, Buf *text)
{
	int first = least[field] + below(random, most[field] - least[field] + 1);
	int last = first + below(random, most[field] - first + 1);
	int step = 1 + below(random, 3) * below(random, 12);
	bool is_range = below(random, 2) == 0;
	name_write(random, field, first, text);
	if (is_range)
	{
		buf_append_byte(text, '-');
		buf_append_format(text, "%d", last);
		if (step > 1)
			buf_append_format(text, "/%d", step);
	}
	for (int value = first; value <= (is_range ? last : first); value++)
		if ((value - first) % step == 0)
			expected->has[field][field == 4 ? value % 7 : value] = true;
}

static void field_make(RandomCase *random, int field, Expected *expected, Buf *text)
{
	int kind = below(random, 4);
	expected->is_star[field] = kind < 2;
	if (kind < 2)
	{
		int step = kind == 0 ? 1 : 1 + below(random, 20);
		buf_append_byte(text, '*');
		if (step > 1)
			buf_append_format(text, "/%d", step);
		for (int value = least[field]; value <= most[field]; value++)
			if ((value - least[field]) % step == 0)
				expected->has[field][field == 4 ? value % 7 : value] = true;
		return;
	}
	for (int items = 1 + below(random, kind); items > 0; items--)
	{
		item_make(random, field, expected, text);
		if (items > 1)
			buf_append_byte(text, ',');
	}
}

static void expected_make(RandomCase *random, Expected *expected)
{
	Buf text;
	buf_init(&text, sizeof expected->text);
	*expected = (Expected){.text = ""};
	for (int field = 0; field < FIELDS; field++)
	{
		field_make(random, field, expected, &text);
		buf_append_text(&text, field + 1 < FIELDS ? " " : "");
	}
	assert_true(buf_is_ok(&text));
	(void) snprintf(expected->text, sizeof expected->text, "%.*s", (int) text.size, text.data);
	buf_free(&text);
}

static bool is_shown_time_of(const Expected *expected, int32_t minute)
{
	static int32_t day = -1;
	static struct tm date;
	if (!expected->has[0][minute % 60] || !expected->has[1][minute / 60 % 24])
		return false;
	if (minute / 1440 != day)
	{
		time_t time = (time_t) minute * 60;
		day = minute / 1440;
		(void) gmtime_r(&time, &date);
	}
	bool is_day = expected->has[2][date.tm_mday];
	bool is_weekday = expected->has[4][date.tm_wday];
	bool is_either = !expected->is_star[2] && !expected->is_star[4];
	return expected->has[3][date.tm_mon + 1] && (is_either ? is_day || is_weekday : is_day && is_weekday);
}

// ── The walk ──

// latest: the latest time that clocks have shown before this minute.
static bool runs_at(const Expected *expected, int32_t now, int32_t latest)
{
	if (expected->is_star[1])
		return is_shown_time_of(expected, now);
	for (int32_t skipped = latest + 1; skipped <= now; skipped++) // nothing where the time was shown before
		if (is_shown_time_of(expected, skipped))
			return true;
	return false;
}

static void zone_read(PgConn *conn, const char *name)
{
	char sql[512];
	Error error;
	PgResult *result = NULL;
	(void) snprintf(sql, sizeof sql,
		"SELECT (extract(epoch FROM (at AT TIME ZONE '%s') - '1970-01-01'::timestamp) / 60)::integer FROM "
		"generate_series('2026-01-01Z'::timestamptz, '2026-01-01Z'::timestamptz + interval '%d minutes', '1 minute') "
		"at",
		name, MINUTES - 1);
	if (!pg_query_once(conn, sql, &result, &error))
		fail_msg("%s", error.message);
	assert_int_equal(pg_rows(result), MINUTES);
	for (int i = 0; i < MINUTES; i++)
		shown[i] = (int32_t) pg_int64(result, i, 0);
	pg_result_free(result);
}

static void schedule_check(const Expected *expected, const Cron *cron, const Zone *zone, const char *name)
{
	int64_t next_ms = BEGIN_MS - 1;
	int32_t latest = shown[0] - 1;
	bool is_some = cron_next(cron, zone, next_ms, &next_ms);
	for (int i = 0; i < MINUTES; i++)
	{
		int64_t at_ms = BEGIN_MS + i * CLOCK_MINUTE_MS;
		bool is_run = runs_at(expected, shown[i], latest);
		if (is_run != (is_some && next_ms == at_ms))
			fail_msg("\"%s\" in %s: minute %d, which clocks show as %d, is %s", expected->text, name, i, shown[i],
				is_run ? "left out" : "too much");
		if (is_run)
			is_some = cron_next(cron, zone, at_ms, &next_ms);
		latest = shown[i] > latest ? shown[i] : latest;
	}
}

static void every_minute_of_a_year_is_as_a_walk_says(void **state)
{
	static const char *const zones[] = {"UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe",
		"Africa/Casablanca", "Atlantic/Azores"};
	RandomCase random = random_case_begin("next");
	for (size_t at = 0; at < sizeof zones / sizeof *zones; at++)
	{
		Zone zone;
		Error error;
		zone_read(*state, zones[at]);
		assert_true(zone_load(*state, zones[at], BEGIN_MS, &zone, &error));
		for (size_t i = random_case_count(60); i > 0; i--)
		{
			Expected expected;
			Cron cron;
			expected_make(&random, &expected);
			if (!cron_parse(slice_from(expected.text), &cron, &error)) // no month has such a day
				continue;
			schedule_check(&expected, &cron, &zone, zones[at]);
		}
	}
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
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_minute_of_a_year_is_as_a_walk_says)};
	return cmocka_run_group_tests(tests, setup, teardown);
}
