// The overview over rows made at random equals a recount that knows nothing of SQL or of time zone tables.
#include "overview_fixture.h"

#include "base/clock.h"
#include "harness/random_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CASES_USUAL 12
#define SESSIONS_MAX 120
#define VIEWS_MAX 6
#define DAYS_MAX 8
#define PERSONS 25

typedef struct Session {
	int64_t person;
	int64_t other_person; // the same one, mostly
	int64_t started_ms;
	int64_t seconds;
	bool is_active;
	int view_count;
	int64_t viewed_ms[VIEWS_MAX];
} Session;

typedef struct Zone {
	const char *name;
	int64_t (*offset_ms)(int64_t time_ms);
	int64_t first_day; // days since 1970: a few days that hold a change of clocks
} Zone;

static int64_t utc_offset_ms(int64_t time_ms)
{
	(void) time_ms;
	return 0;
}

static int64_t kathmandu_offset_ms(int64_t time_ms)
{
	(void) time_ms;
	return 5 * CLOCK_HOUR_MS + 45 * CLOCK_MINUTE_MS;
}

static int64_t instant(const char *text)
{
	int64_t time_ms = 0;
	assert_true(clock_parse_iso8601(slice_from(text), &time_ms));
	return time_ms;
}

// As the law has it for 2025.
static int64_t new_york_offset_ms(int64_t time_ms)
{
	bool is_summer = time_ms >= instant("2025-03-09T07:00:00Z") && time_ms < instant("2025-11-02T06:00:00Z");
	return (is_summer ? -4 : -5) * CLOCK_HOUR_MS;
}

static RandomCase chance;

static int64_t below(int64_t limit)
{
	return (int64_t) random_case_below(&chance, (size_t) limit);
}

static int64_t day_of(const Zone *zone, int64_t time_ms)
{
	int64_t local = time_ms + zone->offset_ms(time_ms);
	return local / CLOCK_DAY_MS; // after 1970
}

// ── Rows ──

static void instant_text(int64_t time_ms, char text[CLOCK_ISO8601_SIZE])
{
	clock_format_iso8601(time_ms, text);
}

static void sessions_make(Reports *overview, const Zone *zone, Session *sessions, int count)
{
	char text[CLOCK_ISO8601_SIZE];
	for (int i = 0; i < count; i++)
	{
		Session *session = &sessions[i];
		static const int64_t spans[] = {20, 35, 900, 86400};
		session->person = below(PERSONS) - PERSONS / 2;
		session->started_ms = (zone->first_day - 2) * CLOCK_DAY_MS + below((DAYS_MAX + 4) * CLOCK_DAY_MS);
		session->seconds = below(spans[below(4)]);
		session->is_active = below(5) == 0;
		session->view_count = (int) below(VIEWS_MAX + 1);
		instant_text(session->started_ms, text);
		int number = session_add(overview, session->person, text, (int) session->seconds, session->is_active);
		session->other_person = below(6) == 0 ? below(PERSONS) - PERSONS / 2 : session->person;
		session_share(overview, number, session->other_person);
		int64_t early_ms = below(20) == 0 ? below(CLOCK_DAY_MS) : 0; // the client named its session ahead of time
		for (int view = 0; view < session->view_count; view++)
		{
			session->viewed_ms[view] = session->started_ms - early_ms + below(session->seconds * 1000 + 1);
			instant_text(session->viewed_ms[view], text);
			view_add(overview, number, text);
		}
	}
}

// ── Recount ──

typedef struct Figures {
	int visitors;
	int sessions;
	int ended;
	int views;
	int bounces;
	int ended_views;
	int64_t seconds[SESSIONS_MAX]; // of ended ones
	bool is_seen[PERSONS];
} Figures;

static int seconds_compare(const void *left, const void *right)
{
	int64_t a = *(const int64_t *) left;
	int64_t b = *(const int64_t *) right;
	return (a > b) - (a < b);
}

static void visitor_count(Figures *figures, int64_t person)
{
	bool *is_seen = &figures->is_seen[person + PERSONS / 2];
	figures->visitors += !*is_seen;
	*is_seen = true;
}

static void recount(const Zone *zone, const Session *sessions, int count, int64_t first, int64_t last, Figures *figures)
{
	memset(figures, 0, sizeof *figures);
	for (int i = 0; i < count; i++)
	{
		const Session *session = &sessions[i];
		for (int view = 0; view < session->view_count; view++)
		{
			int64_t day = day_of(zone, session->viewed_ms[view]);
			figures->views += day >= first && day <= last;
		}
		int64_t day = day_of(zone, session->started_ms);
		if (day < first || day > last)
			continue;
		figures->sessions++;
		visitor_count(figures, session->person);
		visitor_count(figures, session->other_person);
		if (session->is_active)
			continue;
		figures->seconds[figures->ended++] = session->seconds;
		figures->bounces += session->seconds < 30;
		figures->ended_views += session->view_count;
	}
	qsort(figures->seconds, (size_t) figures->ended, sizeof figures->seconds[0], seconds_compare);
}

static double percentile(const Figures *figures, double share)
{
	double at = share * (figures->ended - 1);
	int low = (int) at;
	int high = low + 1 < figures->ended ? low + 1 : low;
	return (double) figures->seconds[low] + (at - low) * (double) (figures->seconds[high] - figures->seconds[low]);
}

static void integer_is(const Reports *overview, const char *day, const char *column, int expected)
{
	char text[16];
	(void) snprintf(text, sizeof text, "%d", expected);
	if (strcmp(overview_cell(overview, day, column), text) != 0)
		fail_msg("%s of %s is %s, recounted %s", column, day, overview_cell(overview, day, column), text);
}

static void decimal_is(const Reports *overview, const char *day, const char *column, bool is_defined, double expected)
{
	const char *cell = overview_cell(overview, day, column);
	if (!is_defined)
	{
		assert_string_equal(cell, "-");
		return;
	}
	double difference = strtod(cell, NULL) - expected;
	if (difference < -0.0051 || difference > 0.0051)
		fail_msg("%s of %s is %s, recounted %f", column, day, cell, expected);
}

static void row_is(const Reports *overview, const char *day, const Figures *figures)
{
	int ended = figures->ended;
	bool has_ended = ended > 0;
	double sum = 0;
	for (int i = 0; i < ended; i++)
		sum += (double) figures->seconds[i];
	integer_is(overview, day, "visitors", figures->visitors);
	integer_is(overview, day, "sessions", figures->sessions);
	integer_is(overview, day, "ended_sessions", ended);
	integer_is(overview, day, "views", figures->views);
	integer_is(overview, day, "bounce_sessions", figures->bounces);
	decimal_is(overview, day, "bounce_rate_percent", has_ended, 100.0 * figures->bounces / (has_ended ? ended : 1));
	decimal_is(overview, day, "pages_per_session", has_ended, (double) figures->ended_views / (has_ended ? ended : 1));
	decimal_is(overview, day, "mean_duration_seconds", has_ended, sum / (has_ended ? ended : 1));
	decimal_is(overview, day, "median_duration_seconds", has_ended, has_ended ? percentile(figures, 0.5) : 0);
	decimal_is(overview, day, "p90_duration_seconds", has_ended, has_ended ? percentile(figures, 0.9) : 0);
}

static void date_text(int64_t day, char text[CLOCK_ISO8601_SIZE])
{
	clock_format_iso8601(day * CLOCK_DAY_MS, text);
	text[10] = '\0';
}

static void round_check(Reports *overview, const Zone *zone)
{
	static Session sessions[SESSIONS_MAX];
	static Figures figures;
	int count = (int) below(SESSIONS_MAX + 1);
	assert_int_equal(overview_empty((void **) &overview), 0);
	sessions_make(overview, zone, sessions, count);
	int64_t first = zone->first_day + below(DAYS_MAX);
	int64_t last = first + below(zone->first_day + DAYS_MAX - first);
	char from[CLOCK_ISO8601_SIZE];
	char to[CLOCK_ISO8601_SIZE];
	date_text(first, from);
	date_text(last, to);
	if (!overview_ask(overview, from, to, zone->name))
		fail_msg("%s", overview->error.message);
	assert_int_equal(overview->table.row_count, last - first + 2);
	for (int64_t day = first; day <= last; day++)
	{
		date_text(day, from);
		recount(zone, sessions, count, day, day, &figures);
		row_is(overview, from, &figures);
	}
	recount(zone, sessions, count, first, last, &figures);
	row_is(overview, "total", &figures);
}

static void the_overview_equals_a_recount_of_random_rows(void **state)
{
	const Zone zones[] = {
		{"Etc/UTC", utc_offset_ms, clock_days_from_civil(2025, 12, 28)},
		{"Asia/Kathmandu", kathmandu_offset_ms, clock_days_from_civil(2025, 5, 28)},
		{"America/New_York", new_york_offset_ms, clock_days_from_civil(2025, 3, 6)},
		{"America/New_York", new_york_offset_ms, clock_days_from_civil(2025, 10, 29)},
	};
	chance = random_case_begin("overview");
	for (size_t i = 0; i < random_case_count(CASES_USUAL); i++)
		round_check(*state, &zones[i % 4]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_overview_equals_a_recount_of_random_rows)};
	return cmocka_run_group_tests(tests, overview_set_up, reports_tear_down);
}
