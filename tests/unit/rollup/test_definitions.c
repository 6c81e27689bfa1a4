// What the roll-ups say of a few rows, for each definition: figures counted by hand, and a verification that agrees.
#include "rollup_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define rows(world, sql) test_database_run((world)->conn, "%s", sql)

static void the_last_page_and_a_single_page_have_a_time_too(void **state)
{
	RollupWorld *world = *state;
	rollup_empty(world, "UTC", 100);
	rows(world,
		"SELECT session_add(1, 7, '2026-05-01 10:00Z', 60), view_add(1, 7, 1, '2026-05-01 10:00Z', '/a', 20);"
		"SELECT session_add(2, 8, '2026-05-01 10:10Z', 100), view_add(2, 8, 1, '2026-05-01 10:10Z', '/a', 30),"
		" view_add(2, 8, 2, '2026-05-01 10:11Z', '/b'), view_add(2, 8, 3, '2026-05-01 10:11:40Z', '/c', 5)");
	rollup_is_right(world);
	rollup_expect(world,
		"SELECT concat_ws(' ', total_sessions, views, timed_views, visible_seconds, avg_pages_per_session, "
		"avg_time_per_page_seconds, multi_page_sessions, avg_duration_seconds) FROM session_metrics_daily",
		"2 4 3 55 2.00 18.33 1 80.00");
	rollup_expect(world,
		"SELECT string_agg(concat_ws(' ', page_url, total_views, entry_count, exit_count, bounce_count, "
		"coalesce(bounce_rate_percent::text, '-'), coalesce(avg_time_on_page_seconds::text, '-')), ', ' ORDER BY "
		"page_url) "
		"FROM page_metrics_daily",
		"/a 2 2 1 1 50.00 25.00, /b 1 0 0 0 - -, /c 1 0 1 0 - 5.00");
}

static void a_late_leave_gives_its_view_a_time(void **state)
{
	RollupWorld *world = *state;
	rollup_empty(world, "UTC", 100);
	rows(world, "SELECT session_add(1, 7, '2026-05-01 10:00Z', 60), view_add(1, 7, 1, '2026-05-01 10:00Z', '/a')");
	rollup_is_right(world);
	rollup_expect(world, "SELECT timed_views || ' ' || (avg_time_on_page_seconds IS NULL) FROM page_metrics_hourly",
		"0 true");
	rows(world, "UPDATE page_views SET time_on_page_seconds = 44; SELECT note(1)");
	rollup_verify(world, NULL, NULL);
	assert_true(world->counts.differences > 0);
	rollup_is_right(world);
	rollup_expect(world, "SELECT timed_views || ' ' || avg_time_on_page_seconds FROM page_metrics_hourly", "1 44.00");
}

static void bounces_are_shorter_than_30_seconds_and_engaged_ones_last_600(void **state)
{
	RollupWorld *world = *state;
	rollup_empty(world, "UTC", 100);
	rows(world,
		"SELECT session_add(1, 1, '2026-05-01 10:00Z', 29), session_add(2, 2, '2026-05-01 10:00Z', 30),"
		" session_add(3, 3, '2026-05-01 10:00Z', 599), session_add(4, 4, '2026-05-01 10:00Z', 600),"
		" session_add(5, 5, '2026-05-01 10:00Z', 10), session_add(6, 6, '2026-05-01 10:00Z', 0);"
		"SELECT event_add(6, 6, '2026-05-01 10:00Z', 'Conversion', 2.5)");
	rollup_is_right(world);
	rollup_expect(world,
		"SELECT concat_ws(' ', total_sessions, bounce_sessions, bounce_rate_percent, engaged_sessions, "
		"active_engaged_sessions, converted_sessions, median_duration_seconds, min_duration_seconds, "
		"max_duration_seconds) "
		"FROM session_metrics_daily",
		"6 3 50.00 1 5 1 29.5 0 600");
	rollup_expect(world,
		"SELECT concat_ws(' ', ended_sessions, bounce_sessions, conversions, conversion_value) FROM overview_hourly",
		"6 3 1 2.50");
}

// Conversions as each roll-up has them that counts any.
static void conversions_are(RollupWorld *world, const char *wanted)
{
	rollup_expect(world,
		"SELECT concat_ws(' ', (SELECT string_agg(conversions::text, ' ' ORDER BY started_at) FROM session_summaries),"
		" (SELECT sum(conversions) || ' ' || sum(conversion_value) FROM overview_hourly),"
		" (SELECT sum(conversions) || ' ' || sum(active_engaged_sessions) FROM overview_daily),"
		" (SELECT sum(conversions) || ' ' || sum(converted_sessions) FROM session_metrics_daily),"
		" (SELECT sum(conversions) || ' ' || sum(converted_sessions) || ' ' || sum(conversion_value) FROM "
		"breakdown_daily"
		"  WHERE dimension = 'device_type'),"
		" (SELECT max(conversion_rate) FROM user_journey_paths))",
		wanted);
}

static void an_event_that_a_goal_names_is_a_conversion_from_then_on_and_before(void **state)
{
	RollupWorld *world = *state;
	rollup_empty(world, "UTC", 100);
	rows(world,
		"SELECT session_add(1, 1, '2026-05-01 10:00Z', 5), view_add(1, 1, 1, '2026-05-01 10:00Z', '/a'),"
		" event_add(1, 1, '2026-05-01 10:00Z', NULL, 3, 'sign_up'),"
		" session_add(2, 2, '2026-05-02 10:00Z', 5), view_add(2, 2, 1, '2026-05-02 10:00Z', '/a'),"
		" event_add(2, 2, '2026-05-02 10:00Z', 'Conversion', 4, 'sign_up'),"
		" session_add(3, 3, '2026-05-03 23:50Z', 5), view_add(3, 3, 1, '2026-05-03 23:50Z', '/a'),"
		" event_add(3, 3, '2026-05-04 00:10Z', 'conversion', 5, 'signXup'), event_add(3, 3, '2026-05-04 00:10Z', NULL, "
		"6)");
	rollup_is_right(world);
	conversions_are(world, "0 1 0 1 4.00 1 1 1 1 1 1 4.00 100.00");
	// A page is no event; _ stands for itself.
	rows(world,
		"INSERT INTO saved (kind, name, definition) VALUES ('goal', 'one', '{\"event\": \"sign_up\"}'),"
		" ('goal', 'same', '{\"event\": \"sign_up\"}'), ('goal', 'page', '{\"page\": \"/a\"}'),"
		" ('funnel', 'none', '{\"event\": \"*\"}')");
	rollup_is_right(world);
	conversions_are(world, "1 1 0 2 7.00 2 2 2 2 2 2 7.00 100.00");
	rows(world, "UPDATE saved SET definition = '{\"event\": \"sign*\"}' WHERE name = 'one'");
	rollup_is_right(world);
	conversions_are(world, "1 1 1 3 12.00 3 3 3 3 3 3 12.00 100.00");
	rows(world, "DELETE FROM saved WHERE kind = 'goal'");
	rollup_is_right(world);
	conversions_are(world, "0 1 0 1 4.00 1 1 1 1 1 1 4.00 100.00");
	rows(world, "DELETE FROM saved");
}

static void the_histogram_has_eight_steps_to_a_doubling(void **state)
{
	RollupWorld *world = *state;
	rollup_empty(world, "UTC", 100);
	rows(world,
		"SELECT session_add(1, 1, '2026-05-01 10:00Z', 0), session_add(2, 2, '2026-05-01 10:00Z', 1),"
		" session_add(3, 3, '2026-05-01 10:00Z', 2), session_add(4, 4, '2026-05-01 10:00Z', 2)");
	rollup_is_right(world);
	rollup_expect(world, "SELECT duration_histogram FROM overview_daily", "{1,1,0,0,0,0,0,0,0,2}");
	rollup_expect(world,
		"SELECT count(*) FROM generate_series(0, 200000) AS amount, histogram_bucket(amount) AS bucket"
		" WHERE amount < histogram_least(bucket) OR amount >= histogram_least(bucket + 1)",
		"0");
}

static void what_has_not_ended_is_a_session_without_a_duration(void **state)
{
	RollupWorld *world = *state;
	rollup_empty(world, "UTC", 100);
	rows(world, "SELECT session_open(1, 7, '2026-05-01 10:00Z', 700), view_add(1, 7, 1, '2026-05-01 10:00Z', '/a')");
	rollup_is_right(world);
	rollup_expect(world, "SELECT count(*) FROM session_metrics_daily", "0");
	rollup_expect(world,
		"SELECT concat_ws(' ', visitors, sessions, ended_sessions, views, engaged_sessions, ended_views, "
		"duration_seconds, "
		"coalesce(median_duration_seconds::text, '-'), duration_histogram) FROM overview_daily",
		"1 1 0 1 0 0 0 - {}");
}

// ── Time ──

// Sessions of half an hour each, from one instant to another.
static void half_hours_add(RollupWorld *world, const char *from, const char *to)
{
	test_database_run(world->conn,
		"SELECT session_add(number::integer, 1, at, 60) FROM "
		"generate_series('%s'::timestamptz, '%s'::timestamptz - interval '1 second', '30 minutes') WITH ORDINALITY AS "
		"half (at, number)",
		from, to);
}

static void a_day_is_as_long_as_the_clocks_make_it(void **state)
{
	RollupWorld *world = *state;
	static const struct {
		const char *zone, *from, *to, *date, *half_hours, *hours;
	} days[] = {
		{"UTC", "2026-03-07 00:00Z", "2026-03-10 00:00Z", "2026-03-08", "48", "24"},
		{"America/New_York", "2026-03-07 00:00Z", "2026-03-10 00:00Z", "2026-03-08", "46", "23"},
		{"America/New_York", "2026-10-31 00:00Z", "2026-11-03 00:00Z", "2026-11-01", "50", "25"},
		{"Asia/Kathmandu", "2026-03-06 18:15Z", "2026-03-09 18:15Z", "2026-03-08", "48", "24"},
		{"Australia/Lord_Howe", "2026-04-03 00:00Z", "2026-04-07 00:00Z", "2026-04-05", "49", "25"},
		{"Australia/Lord_Howe", "2026-10-02 00:00Z", "2026-10-06 00:00Z", "2026-10-04", "47", "24"},
		{"America/St_Johns", "2010-11-05 00:00Z", "2010-11-09 00:00Z", "2010-11-07", "49", "25"},
		{"Asia/Kathmandu", "1985-12-30 00:00Z", "1986-01-03 00:00Z", "1986-01-01", "48", "24"},
	};
	for (size_t at = 0; at < sizeof days / sizeof *days; at++)
	{
		char sql[256];
		rollup_empty(world, days[at].zone, 100);
		half_hours_add(world, days[at].from, days[at].to);
		rollup_is_right(world);
		(void) snprintf(sql, sizeof sql, "SELECT total_sessions FROM session_metrics_daily WHERE date = '%s'",
			days[at].date);
		rollup_expect(world, sql, days[at].half_hours);
		(void) snprintf(sql, sizeof sql, "SELECT count(*) FROM overview_hourly WHERE date = '%s'", days[at].date);
		rollup_expect(world, sql, days[at].hours);
	}
}

static void a_day_begins_at_midnight_in_the_zone(void **state)
{
	RollupWorld *world = *state;
	static const struct {
		const char *zone, *before, *midnight;
	} zones[] = {
		{"UTC", "2026-05-01 23:59:59.999Z", "2026-05-02 00:00Z"},
		{"America/New_York", "2026-05-02 03:59:59.999Z", "2026-05-02 04:00Z"},
		{"Asia/Kathmandu", "2026-05-01 18:14:59.999Z", "2026-05-01 18:15Z"},
		{"Australia/Lord_Howe", "2026-05-01 13:29:59.999Z", "2026-05-01 13:30Z"},
	};
	for (size_t at = 0; at < sizeof zones / sizeof *zones; at++)
	{
		rollup_empty(world, zones[at].zone, 100);
		// The session that began before midnight has its second view on the next day.
		test_database_run(world->conn,
			"SELECT session_add(1, 1, '%s', 40), view_add(1, 1, 1, '%s', '/a'), view_add(1, 1, 2, '%s', '/b'),"
			" session_add(2, 1, '%s', 50), view_add(2, 1, 1, '%s', '/a')",
			zones[at].before, zones[at].before, zones[at].midnight, zones[at].midnight, zones[at].midnight);
		rollup_is_right(world);
		rollup_expect(world,
			"SELECT string_agg(concat_ws(' ', date, sessions, views, ended_views, duration_seconds), ', ' ORDER BY "
			"date) "
			"FROM overview_daily",
			"2026-05-01 1 1 2 40, 2026-05-02 1 2 1 50");
		rollup_expect(world,
			"SELECT string_agg(concat_ws(' ', date, page_url, total_views, entry_count, exit_count), ', ' ORDER BY "
			"date, page_url) "
			"FROM page_metrics_daily",
			"2026-05-01 /a 1 1 0, 2026-05-02 /a 1 1 1, 2026-05-02 /b 1 0 1");
		rollup_expect(world,
			"SELECT string_agg(concat_ws(' ', date, previous_date, persons), ', ' ORDER BY date) FROM visitor_returns",
			"2026-05-01 -infinity 1, 2026-05-02 2026-05-01 1");
		rollup_expect(world,
			"SELECT string_agg(concat_ws(' ', date, d.value, sessions, views, made_views, persons, durations), ', ' "
			"ORDER BY "
			"date, d.value) FROM breakdown_daily JOIN dimension_values d ON d.id = value_id WHERE dimension = "
			"'exit_page'",
			"2026-05-01 /b 1 2 1 {1} {40}, 2026-05-02 /a 1 1 1 {1} {50}, 2026-05-02 /b 0 0 1 {} {}");
	}
}

static void what_describes_a_session_describes_its_rows_of_the_next_day_too(void **state)
{
	static const char devices[] =
		"SELECT string_agg(concat_ws(' ', date, d.value, sessions, made_views), ', ' ORDER BY date, d.value) FROM "
		"breakdown_daily JOIN dimension_values d ON d.id = value_id WHERE dimension = 'device_type'";
	RollupWorld *world = *state;
	rollup_empty(world, "UTC", 100);
	rows(world,
		"SELECT session_add(1, 7, '2026-05-01 23:50Z', 1200), view_add(1, 7, 1, '2026-05-01 23:50Z', '/a'),"
		" view_add(1, 7, 2, '2026-05-02 00:10Z', '/b')");
	rows(world, "UPDATE user_sessions SET device_type = 'tablet'; SELECT note(1)");
	rollup_is_right(world);
	rollup_expect(world, devices, "2026-05-01 tablet 1 1, 2026-05-02 tablet 0 1");
	rows(world, "UPDATE user_sessions SET device_type = 'mobile'; SELECT note(1)");
	rollup_is_right(world);
	rollup_expect(world, devices, "2026-05-01 mobile 1 1, 2026-05-02 mobile 0 1");
}

static void a_signed_up_person_is_there_in_months_and_in_weeks_from_monday(void **state)
{
	static const char *const added[] =
		{"SELECT session_add(1, 7, '2026-05-31 10:00Z', 60), session_add(2, -8, '2026-05-31 10:00Z', 60)", // a Sunday
			"SELECT session_add(3, 7, '2026-06-01 10:00Z', 60)", "SELECT session_add(4, 7, '2026-06-07 10:00Z', 60)",
			"SELECT session_add(5, 7, '2025-12-31 10:00Z', 60)"};
	static const char *const wanted[] = {"7 {2026-05} {2026-05-25}", "7 {2026-05,2026-06} {2026-05-25,2026-06-01}",
		"7 {2026-05,2026-06} {2026-05-25,2026-06-01}",
		"7 {2025-12,2026-05,2026-06} {2025-12-29,2026-05-25,2026-06-01}"};
	RollupWorld *world = *state;
	rollup_empty(world, "UTC", 100);
	for (size_t at = 0; at < sizeof added / sizeof *added; at++)
	{
		rows(world, added[at]);
		rollup_is_right(world);
		rollup_expect(world,
			"SELECT string_agg(concat_ws(' ', person_id,"
			" (SELECT array_agg(format('%s-%s', (m - 1) / 12, lpad(((m - 1) % 12 + 1)::text, 2, '0'))) FROM "
			"unnest(months) AS m),"
			" (SELECT array_agg('0001-01-01'::date + 7 * w) FROM unnest(weeks) AS w)), ', ') FROM person_periods",
			wanted[at]);
	}
}

static void hours_begin_where_the_zone_s_clock_strikes(void **state)
{
	RollupWorld *world = *state;
	rollup_empty(world, "Asia/Kathmandu", 100);
	rows(world,
		"SELECT session_add(1, 1, '2026-05-01 10:00Z', 60), view_add(1, 1, 1, '2026-05-01 10:14:59.999Z', '/a'),"
		" view_add(1, 1, 2, '2026-05-01 10:15Z', '/b')");
	rollup_is_right(world);
	rollup_expect(world, "SELECT string_agg(hour || ' ' || page_url, ', ' ORDER BY hour) FROM page_metrics_hourly",
		"2026-05-01 09:15:00+00 /a, 2026-05-01 10:15:00+00 /b");
	// At 15:00 UTC clocks go back from 2:00 to 1:30: the hour that had begun at 14:00 UTC is over, and the rest of the second
	// 1 o'clock is known by where its beginning would have been.
	rollup_empty(world, "Australia/Lord_Howe", 100);
	rows(world,
		"SELECT session_add(1, 1, '2026-04-04 13:59Z', 6060), view_add(1, 1, 1, '2026-04-04 13:59Z', '/a'),"
		" view_add(1, 1, 2, '2026-04-04 14:00Z', '/b'), view_add(1, 1, 3, '2026-04-04 14:59Z', '/c'),"
		" view_add(1, 1, 4, '2026-04-04 15:00Z', '/d'), view_add(1, 1, 5, '2026-04-04 15:29Z', '/e'),"
		" view_add(1, 1, 6, '2026-04-04 15:30Z', '/f')");
	rollup_is_right(world);
	rollup_expect(world,
		"SELECT string_agg(concat_ws(' ', to_char(hour, 'HH24:MI'), page_url), ', ' ORDER BY page_url) FROM "
		"page_metrics_hourly",
		"13:00 /a, 14:00 /b, 14:00 /c, 14:30 /d, 14:30 /e, 15:30 /f");
	// At 15:30 UTC they go forward from 2:00 to 2:30.
	rollup_empty(world, "Australia/Lord_Howe", 100);
	rows(world,
		"SELECT session_add(1, 1, '2026-10-03 15:29Z', 6060), view_add(1, 1, 1, '2026-10-03 15:29Z', '/a'),"
		" view_add(1, 1, 2, '2026-10-03 15:30Z', '/b'), view_add(1, 1, 3, '2026-10-03 15:59Z', '/c'),"
		" view_add(1, 1, 4, '2026-10-03 16:00Z', '/d')");
	rollup_is_right(world);
	rollup_expect(world,
		"SELECT string_agg(concat_ws(' ', to_char(hour, 'HH24:MI'), page_url), ', ' ORDER BY page_url) FROM "
		"page_metrics_hourly",
		"14:30 /a, 15:00 /b, 15:00 /c, 16:00 /d");
}

// ── Who ──

static void nobody_and_pseudo_person_0_are_persons_too(void **state)
{
	RollupWorld *world = *state;
	rollup_empty(world, "UTC", 100);
	rows(world,
		"SELECT session_add(1, 0, '2026-05-01 10:00Z', 60), session_add(2, -5, '2026-05-01 10:00Z', 60),"
		" session_add(3, 0, '2026-05-03 10:00Z', 60), session_add(4, -5, '2026-05-01 12:00Z', 60)");
	rollup_is_right(world);
	rollup_expect(world,
		"SELECT string_agg(concat_ws(' ', person_id, date, previous_date, sessions), ', ' ORDER BY person_id, date) "
		"FROM person_days",
		"-5 2026-05-01 -infinity 2, 0 2026-05-01 -infinity 1, 0 2026-05-03 2026-05-01 1");
	rollup_expect(world,
		"SELECT unique_users || ' ' || total_sessions FROM session_metrics_daily WHERE date = '2026-05-01'", "2 3");
	rollup_expect(world,
		"SELECT sum(persons) FROM visitor_returns WHERE date BETWEEN '2026-05-01' AND '2026-05-03' AND previous_date < "
		"'2026-05-01'",
		"2");
}

static void a_session_of_two_persons_counts_once_and_both_are_visitors(void **state)
{
	RollupWorld *world = *state;
	rollup_empty(world, "UTC", 100);
	rows(world,
		"SELECT session_add(1, 7, '2026-05-01 10:00Z', 60), session_share(1, -3);"
		"SELECT view_add(1, -3, 1, '2026-05-01 10:00Z', '/a', 4), view_add(1, 7, 2, '2026-05-01 10:01Z', '/b', 6),"
		" event_add(1, 7, '2026-05-01 10:01Z', 'Conversion', 9)");
	rollup_is_right(world);
	rollup_expect(world,
		"SELECT string_agg(concat_ws(' ', person_id, is_first, is_authenticated, views, events, conversions, "
		"conversion_value), ', ' "
		"ORDER BY person_id) FROM session_summaries",
		"-3 t f 2 1 1 9.00, 7 f t 2 1 1 9.00");
	rollup_expect(world,
		"SELECT concat_ws(' ', visitors, sessions, ended_sessions, ended_views, ended_events, timed_views, "
		"visible_seconds, "
		"duration_seconds) FROM overview_hourly",
		"2 1 1 2 1 2 10 60");
	rollup_expect(world,
		"SELECT concat_ws(' ', unique_users, total_sessions, avg_pages_per_session, conversions) FROM "
		"session_metrics_daily",
		"2 1 2.00 1");
	rollup_expect(world,
		"SELECT concat_ws(' ', path_sequence, session_count, unique_users, avg_time_seconds, conversion_rate) FROM "
		"user_journey_paths",
		"{/a,/b} 1 2 60.00 100.00");
	rollup_expect(world,
		"SELECT visitors || ' ' || sessions || ' ' || views FROM breakdown_daily WHERE dimension = 'device_type'",
		"2 1 2");
	rollup_expect(world,
		"SELECT string_agg(concat_ws(' ', page_url, viewers, entry_count, exit_count), ', ' ORDER BY page_url) FROM "
		"page_metrics_daily",
		"/a {-3} 1 0, /b {7} 0 1");
}

// ── The way ──

static void two_tabs_that_count_the_same_are_in_the_order_of_their_ids(void **state)
{
	RollupWorld *world = *state;
	rollup_empty(world, "UTC", 100);
	// By the numbers /d is between /b and /c, though it was seen before them.
	rows(world,
		"SELECT session_add(1, 7, '2026-05-01 10:00Z', 60), view_add(1, 7, 1, '2026-05-01 10:00:00Z', '/a'),"
		" view_add(1, 7, 2, '2026-05-01 10:00:40Z', '/c'), view_add(1, 7, 2, '2026-05-01 10:00:10Z', '/b'),"
		" view_add(1, 7, 3, '2026-05-01 10:00:05Z', '/d')");
	rollup_is_right(world);
	rollup_expect(world, "SELECT path_sequence FROM user_journey_paths", "{/a,/b,/c,/d}");
	rollup_expect(world, "SELECT string_agg(page_url, '') FROM page_metrics_hourly WHERE entry_count = 1", "/a");
	rollup_expect(world, "SELECT string_agg(page_url, '') FROM page_metrics_hourly WHERE exit_count = 1", "/d");
	rollup_expect(world,
		"SELECT string_agg(f.value || t.value, ' ' ORDER BY f.value) FROM page_transitions_daily "
		"JOIN dimension_values f ON f.id = from_page_id JOIN dimension_values t ON t.id = to_page_id",
		"/a/b /b/c /c/d");
}

static void immediate_repeats_of_a_page_are_one_step(void **state)
{
	RollupWorld *world = *state;
	rollup_empty(world, "UTC", 100);
	rows(world,
		"SELECT session_add(1, 7, '2026-05-01 10:00Z', 60), view_add(1, 7, 1, '2026-05-01 10:00:00Z', '/a'),"
		" view_add(1, 7, 2, '2026-05-01 10:00:01Z', '/a'), view_add(1, 7, 3, '2026-05-01 10:00:02Z', '/b'),"
		" view_add(1, 7, 4, '2026-05-01 10:00:03Z', '/b'), view_add(1, 7, 5, '2026-05-01 10:00:04Z', '/a'),"
		" view_add(1, 7, 6, '2026-05-01 10:00:05Z', '/b')");
	rollup_is_right(world);
	rollup_expect(world, "SELECT concat_ws(' ', path_sequence, path_length) FROM user_journey_paths",
		"{/a,/b,/a,/b} 4");
	rollup_expect(world,
		"SELECT string_agg(concat_ws(' ', f.value, t.value, transitions, sessions), ', ' ORDER BY f.value) "
		"FROM page_transitions_daily JOIN dimension_values f ON f.id = from_page_id JOIN dimension_values t ON t.id = "
		"to_page_id",
		"/a /b 2 1, /b /a 1 1");
	rollup_expect(world, "SELECT total_views FROM page_metrics_daily WHERE page_url = '/a'", "3");
}

static void of_a_long_way_the_beginning_is_kept(void **state)
{
	RollupWorld *world = *state;
	rollup_empty(world, "UTC", 2000);
	rows(world,
		"SELECT session_add(1, 7, '2026-05-01 10:00Z', 3600);"
		"SELECT view_add(1, 7, n, '2026-05-01 10:00Z'::timestamptz + n * interval '1 second', '/' || n / 2) "
		"FROM generate_series(2, 1101) n");
	rollup_is_right(world);
	rollup_expect(world, "SELECT path_sequence FROM user_journey_paths", "{/1,/2,/3,/4,/5,/6,/7,/8,/9,/10}");
	rollup_expect(world, "SELECT concat_ws(' ', views, cardinality(pages), cardinality(path)) FROM session_summaries",
		"1100 1000 10");
	rollup_expect(world, "SELECT count(*) FROM page_transitions_daily", "499");
	rollup_expect(world, "SELECT page_url FROM page_metrics_daily WHERE exit_count = 1", "/550");
}

static void what_is_beyond_the_cap_is_counted_together(void **state)
{
	RollupWorld *world = *state;
	rollup_empty(world, "UTC", 2);
	// /c has most views; /a, /b and /d are equal, and /a is the first of them.
	rows(world,
		"SELECT session_add(1, 7, '2026-05-01 10:00Z', 60), view_add(1, 7, 1, '2026-05-01 10:00:00Z', '/c', 10),"
		" view_add(1, 7, 2, '2026-05-01 10:00:01Z', '/d', 20), view_add(1, 7, 3, '2026-05-01 10:00:02Z', '/a', 30);"
		"SELECT session_add(2, 8, '2026-05-01 10:00Z', 60), view_add(2, 8, 1, '2026-05-01 10:00:00Z', '/b', 40),"
		" view_add(2, 8, 2, '2026-05-01 10:00:01Z', '/c', 50);"
		"SELECT session_add(3, 8, '2026-05-01 10:00Z', 60), view_add(3, 8, 1, '2026-05-01 10:00:00Z', '/c')");
	rollup_is_right(world);
	rollup_expect(world,
		"SELECT string_agg(concat_ws(' ', page_url, total_views, unique_viewers, unique_sessions, entry_count, "
		"exit_count, "
		"bounce_count, avg_time_on_page_seconds), ', ' ORDER BY page_url) FROM page_metrics_hourly",
		"(other) 2 2 2 1 0 0 30.00, /a 1 1 1 0 1 0 30.00, /c 3 2 3 2 2 1 30.00");
	rollup_expect(world,
		"SELECT string_agg(concat_ws(' ', v.value, sessions, visitors, views), ', ' ORDER BY v.value) FROM "
		"breakdown_daily "
		"JOIN dimension_values v ON v.id = value_id WHERE dimension = 'entry_page'",
		"/b 1 1 2, /c 2 2 4");
	rollup_expect(world,
		"SELECT string_agg(concat_ws(' ', f.value, t.value, transitions, sessions), ', ' ORDER BY f.value) "
		"FROM page_transitions_daily JOIN dimension_values f ON f.id = from_page_id JOIN dimension_values t ON t.id = "
		"to_page_id",
		"(other) (other) 1 1, /b /c 1 1, /c /d 1 1");
	rollup_expect(world,
		"SELECT string_agg(concat_ws(' ', path_sequence, session_count), ', ' ORDER BY path_sequence) FROM "
		"user_journey_paths",
		"{(other)} 1, {/b,/c} 1, {/c,/d,/a} 1");
}

// Of the three pairs one is kept; the rest of its first page stays with that page.
static void what_is_left_of_a_page_s_transitions_is_its_own(void **state)
{
	RollupWorld *world = *state;
	rollup_empty(world, "UTC", 1);
	rows(world,
		"SELECT session_add(1, 7, '2026-05-01 10:00Z', 60), view_add(1, 7, 1, '2026-05-01 10:00:00Z', '/a'),"
		" view_add(1, 7, 2, '2026-05-01 10:00:01Z', '/b'), view_add(1, 7, 3, '2026-05-01 10:00:02Z', '/a'),"
		" view_add(1, 7, 4, '2026-05-01 10:00:03Z', '/b'), view_add(1, 7, 5, '2026-05-01 10:00:04Z', '/a'),"
		" view_add(1, 7, 6, '2026-05-01 10:00:05Z', '/c')");
	rollup_is_right(world);
	rollup_expect(world,
		"SELECT string_agg(concat_ws(' ', f.value, t.value, transitions, sessions), ', ' ORDER BY f.value, t.value) "
		"FROM page_transitions_daily JOIN dimension_values f ON f.id = from_page_id JOIN dimension_values t ON t.id = "
		"to_page_id",
		"(other) (other) 2 1, /a (other) 1 1, /a /b 2 1");
}

static void events_of_a_day_are_counted_by_kind(void **state)
{
	RollupWorld *world = *state;
	rollup_empty(world, "UTC", 2);
	rows(world,
		"SELECT session_add(1, 7, '2026-05-01 10:00Z', 60), event_add(1, 7, '2026-05-01 10:00Z', 'Finder', 1.5),"
		" event_add(1, 7, '2026-05-01 10:00Z', 'Finder', NULL), event_add(1, 7, '2026-05-01 10:01Z', NULL, 3),"
		" event_add(1, 7, '2026-05-01 10:01Z', 'Profile', 4);"
		"SELECT session_add(2, 8, '2026-05-01 23:59:30Z', 60), event_add(2, 8, '2026-05-02 00:00:10Z', 'Finder', 5)");
	rollup_is_right(world);
	rollup_expect(world,
		"SELECT string_agg(concat_ws('|', date, event_type, event_category, events, persons, sessions, valued_events, "
		"value_sum), ' ' "
		"ORDER BY date, events DESC, event_category) FROM event_metrics_daily",
		"2026-05-01|click|Finder|2|1|1|1|1.50 2026-05-01|click||1|1|1|1|3.00 2026-05-01|(other)|(other)|1|1|1|1|4.00 "
		"2026-05-02|click|Finder|1|1|1|1|5.00");
	rollup_expect(world,
		"SELECT string_agg(concat_ws(' ', date, sessions, events, ended_events), ', ' ORDER BY date) FROM "
		"overview_daily",
		"2026-05-01 2 4 5, 2026-05-02 0 1 0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_page_and_a_single_page_have_a_time_too),
		cmocka_unit_test(a_late_leave_gives_its_view_a_time),
		cmocka_unit_test(bounces_are_shorter_than_30_seconds_and_engaged_ones_last_600),
		cmocka_unit_test(an_event_that_a_goal_names_is_a_conversion_from_then_on_and_before),
		cmocka_unit_test(the_histogram_has_eight_steps_to_a_doubling),
		cmocka_unit_test(what_has_not_ended_is_a_session_without_a_duration),
		cmocka_unit_test(a_day_is_as_long_as_the_clocks_make_it),
		cmocka_unit_test(a_day_begins_at_midnight_in_the_zone),
		cmocka_unit_test(what_describes_a_session_describes_its_rows_of_the_next_day_too),
		cmocka_unit_test(a_signed_up_person_is_there_in_months_and_in_weeks_from_monday),
		cmocka_unit_test(hours_begin_where_the_zone_s_clock_strikes),
		cmocka_unit_test(nobody_and_pseudo_person_0_are_persons_too),
		cmocka_unit_test(a_session_of_two_persons_counts_once_and_both_are_visitors),
		cmocka_unit_test(two_tabs_that_count_the_same_are_in_the_order_of_their_ids),
		cmocka_unit_test(immediate_repeats_of_a_page_are_one_step),
		cmocka_unit_test(of_a_long_way_the_beginning_is_kept),
		cmocka_unit_test(what_is_beyond_the_cap_is_counted_together),
		cmocka_unit_test(what_is_left_of_a_page_s_transitions_is_its_own),
		cmocka_unit_test(events_of_a_day_are_counted_by_kind),
	};
	return cmocka_run_group_tests(tests, rollup_set_up, rollup_tear_down);
}
