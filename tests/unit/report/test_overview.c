// Each definition of the overview on rows made by hand, in a real PostgreSQL.
#include "overview_fixture.h"

#include "sql/sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void ask(Reports *overview, const char *from, const char *to, const char *zone)
{
	if (!overview_ask(overview, from, to, zone))
		fail_msg("%s", overview->error.message);
}

#define CELL(day, column, expected) assert_string_equal(overview_cell(overview, (day), (column)), (expected))

static void a_range_without_data_has_its_days_and_no_rates(void **state)
{
	Reports *overview = *state;
	ask(overview, "2026-01-30", "2026-02-02", NULL);
	assert_int_equal(overview->table.row_count, 5);
	assert_true(overview->table.rows[4].is_total);
	for (size_t i = 0; i < 5; i++)
	{
		static const char *const days[] = {"2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02", "total"};
		CELL(days[i], "visitors", "0");
		CELL(days[i], "sessions", "0");
		CELL(days[i], "ended_sessions", "0");
		CELL(days[i], "views", "0");
		CELL(days[i], "bounce_sessions", "0");
		CELL(days[i], "mean_duration_seconds", "-");
		CELL(days[i], "median_duration_seconds", "-");
		CELL(days[i], "p90_duration_seconds", "-");
		CELL(days[i], "pages_per_session", "-");
		CELL(days[i], "bounce_rate_percent", "-");
	}
	CELL("total", "date", "-");
}

static void a_session_of_one_page_and_no_time_is_a_bounce(void **state)
{
	Reports *overview = *state;
	view_add(overview, session_add(overview, -7, "2026-01-05 12:00Z", 0, false), "2026-01-05 12:00Z");
	ask(overview, "2026-01-04", "2026-01-05", NULL);
	CELL("2026-01-04", "sessions", "0");
	CELL("2026-01-05", "visitors", "1");
	CELL("2026-01-05", "sessions", "1");
	CELL("2026-01-05", "ended_sessions", "1");
	CELL("2026-01-05", "views", "1");
	CELL("2026-01-05", "mean_duration_seconds", "0.00");
	CELL("2026-01-05", "median_duration_seconds", "0.00");
	CELL("2026-01-05", "pages_per_session", "1.00");
	CELL("2026-01-05", "bounce_sessions", "1");
	CELL("2026-01-05", "bounce_rate_percent", "100.00");
}

static void a_session_of_thirty_seconds_is_no_bounce_whatever_its_pages(void **state)
{
	Reports *overview = *state;
	view_add(overview, session_add(overview, 1, "2026-01-05 12:00Z", 30, false), "2026-01-05 12:00Z");
	int short_one = session_add(overview, 2, "2026-01-05 12:00Z", 29, false);
	for (int i = 0; i < 3; i++)
		view_add(overview, short_one, "2026-01-05 12:00:20Z");
	(void) session_add(overview, 3, "2026-01-05 13:00Z", 600, false);
	ask(overview, "2026-01-05", "2026-01-05", NULL);
	CELL("total", "bounce_sessions", "1");
	CELL("total", "bounce_rate_percent", "33.33");
	CELL("total", "pages_per_session", "1.33"); // a session without a view divides, too
}

static void an_active_session_counts_and_its_views_do_but_its_duration_does_not(void **state)
{
	Reports *overview = *state;
	int active = session_add(overview, 1, "2026-01-05 10:00Z", 5, true);
	view_add(overview, active, "2026-01-05 10:00Z");
	view_add(overview, active, "2026-01-05 10:00:05Z");
	ask(overview, "2026-01-05", "2026-01-05", NULL);
	CELL("total", "visitors", "1");
	CELL("total", "sessions", "1");
	CELL("total", "ended_sessions", "0");
	CELL("total", "views", "2");
	CELL("total", "bounce_sessions", "0");
	CELL("total", "bounce_rate_percent", "-");
	CELL("total", "pages_per_session", "-");
	CELL("total", "mean_duration_seconds", "-");
	view_add(overview, session_add(overview, 2, "2026-01-05 11:00Z", 100, false), "2026-01-05 11:00Z");
	ask(overview, "2026-01-05", "2026-01-05", NULL);
	CELL("total", "sessions", "2");
	CELL("total", "views", "3");
	CELL("total", "pages_per_session", "1.00");
	CELL("total", "bounce_rate_percent", "0.00");
	CELL("total", "mean_duration_seconds", "100.00");
}

static void visitors_are_distinct_over_the_range_and_no_sum_of_days(void **state)
{
	Reports *overview = *state;
	(void) session_add(overview, 1, "2026-01-05 10:00Z", 60, false);
	(void) session_add(overview, 1, "2026-01-05 15:00Z", 60, false);
	(void) session_add(overview, 1, "2026-01-06 10:00Z", 60, false);
	(void) session_add(overview, -1, "2026-01-06 11:00Z", 60, false);
	(void) session_add(overview, 2, "2026-01-07 10:00Z", 60, false);
	ask(overview, "2026-01-05", "2026-01-06", NULL);
	CELL("2026-01-05", "visitors", "1");
	CELL("2026-01-06", "visitors", "2");
	CELL("total", "visitors", "2");
	CELL("total", "sessions", "4");
}

static void a_session_over_midnight_is_of_its_first_day_with_views_on_both(void **state)
{
	Reports *overview = *state;
	int late = session_add(overview, 1, "2026-01-05 23:50Z", 1500, false);
	view_add(overview, late, "2026-01-05 23:50Z");
	view_add(overview, late, "2026-01-06 00:05Z");
	view_add(overview, late, "2026-01-06 00:15Z");
	ask(overview, "2026-01-05", "2026-01-06", NULL);
	CELL("2026-01-05", "sessions", "1");
	CELL("2026-01-05", "views", "1");
	CELL("2026-01-05", "pages_per_session", "3.00");
	CELL("2026-01-06", "sessions", "0");
	CELL("2026-01-06", "visitors", "0");
	CELL("2026-01-06", "views", "2");
	CELL("2026-01-06", "pages_per_session", "-");
	// The range may end in the middle of it.
	ask(overview, "2026-01-05", "2026-01-05", NULL);
	CELL("total", "views", "1");
	CELL("total", "pages_per_session", "3.00");
	ask(overview, "2026-01-06", "2026-01-06", NULL);
	CELL("total", "sessions", "0");
	CELL("total", "views", "2");
}

static void a_session_over_the_end_of_a_month_keeps_its_views(void **state)
{
	Reports *overview = *state;
	int late = session_add(overview, 1, "2026-01-31 23:59Z", 86400, false);
	view_add(overview, late, "2026-02-01 23:59Z");
	ask(overview, "2026-01-31", "2026-01-31", NULL);
	CELL("total", "pages_per_session", "1.00");
	CELL("total", "views", "0");
}

static void a_session_of_two_people_counts_once_and_both_are_visitors(void **state)
{
	Reports *overview = *state;
	int shared = session_add(overview, 1, "2026-01-05 10:00Z", 10, false);
	session_share(overview, shared, -5);
	view_add(overview, shared, "2026-01-05 10:00Z");
	view_add(overview, shared, "2026-01-05 10:00:10Z");
	(void) session_add(overview, 1, "2026-01-05 11:00Z", 100, false);
	ask(overview, "2026-01-05", "2026-01-05", NULL);
	CELL("2026-01-05", "visitors", "2");
	CELL("2026-01-05", "sessions", "2");
	CELL("2026-01-05", "ended_sessions", "2");
	CELL("2026-01-05", "views", "2");
	CELL("2026-01-05", "mean_duration_seconds", "55.00");
	CELL("2026-01-05", "pages_per_session", "1.00");
	CELL("2026-01-05", "bounce_rate_percent", "50.00");
}

static void a_view_before_its_session_counts_for_it(void **state)
{
	Reports *overview = *state;
	// The client names the session, and its clock may have been ahead.
	int ahead = session_add(overview, 1, "2026-02-01 00:10Z", 0, false);
	view_add(overview, ahead, "2026-01-31 23:50Z");
	ask(overview, "2026-02-01", "2026-02-01", NULL);
	CELL("total", "pages_per_session", "1.00");
	CELL("total", "views", "0");
}

static void the_median_of_an_even_count_lies_between(void **state)
{
	Reports *overview = *state;
	static const int seconds[] = {400, 10, 31, 100};
	for (int i = 0; i < 4; i++)
		(void) session_add(overview, i + 1, "2026-01-05 10:00Z", seconds[i], false);
	(void) session_add(overview, 9, "2026-01-05 10:00Z", 80000, true);
	ask(overview, "2026-01-05", "2026-01-05", NULL);
	CELL("2026-01-05", "median_duration_seconds", "65.50");
	CELL("2026-01-05", "mean_duration_seconds", "135.25");
	CELL("2026-01-05", "p90_duration_seconds", "310.00"); // 100 + 0.7 × 300
	CELL("2026-01-05", "bounce_rate_percent", "25.00");
}

static void spring_has_a_day_of_23_hours(void **state)
{
	Reports *overview = *state;
	// New York, 2025-03-09: 05:00Z to 04:00Z of the 10th.
	(void) session_add(overview, 1, "2025-03-09 04:59:59Z", 60, false);
	(void) session_add(overview, 2, "2025-03-09 05:00:00Z", 60, false);
	(void) session_add(overview, 3, "2025-03-10 03:59:59Z", 60, false);
	(void) session_add(overview, 4, "2025-03-10 04:00:00Z", 60, false);
	ask(overview, "2025-03-09", "2025-03-09", "America/New_York");
	assert_int_equal(overview->table.row_count, 2);
	CELL("2025-03-09", "sessions", "2");
	assert_string_equal(overview->table.range.from_at.data, "2025-03-09T05:00:00.000Z");
	assert_string_equal(overview->table.range.to_at.data, "2025-03-10T04:00:00.000Z");
	ask(overview, "2025-03-08", "2025-03-10", "America/New_York");
	CELL("2025-03-08", "sessions", "1");
	CELL("2025-03-09", "sessions", "2");
	CELL("2025-03-10", "sessions", "1");
}

static void autumn_has_a_day_of_25_hours(void **state)
{
	Reports *overview = *state;
	// New York, 2025-11-02: 04:00Z to 05:00Z of the 3rd; 01:30 comes twice.
	(void) session_add(overview, 1, "2025-11-02 04:00Z", 60, false);
	int second = session_add(overview, 2, "2025-11-02 05:30Z", 60, false);
	(void) session_add(overview, 3, "2025-11-02 06:30Z", 60, false);
	(void) session_add(overview, 4, "2025-11-03 04:59:59Z", 60, false);
	(void) session_add(overview, 5, "2025-11-03 05:00Z", 60, false);
	view_add(overview, second, "2025-11-03 04:30Z");
	ask(overview, "2025-11-01", "2025-11-03", "America/New_York");
	CELL("2025-11-01", "sessions", "0");
	CELL("2025-11-02", "sessions", "4");
	CELL("2025-11-02", "views", "1");
	CELL("2025-11-03", "sessions", "1");
}

static void a_day_with_two_midnights_begins_at_the_first(void **state)
{
	Reports *overview = *state;
	// The Azores, 2025-10-26: 00:00 at 00:00Z, and again at 01:00Z.
	(void) session_add(overview, 1, "2025-10-25 23:59:59Z", 60, false);
	(void) session_add(overview, 2, "2025-10-26 00:30Z", 60, false);
	(void) session_add(overview, 3, "2025-10-27 00:59:59Z", 60, false);
	(void) session_add(overview, 4, "2025-10-27 01:00Z", 60, false);
	ask(overview, "2025-10-26", "2025-10-26", "Atlantic/Azores");
	CELL("2025-10-26", "sessions", "2");
	ask(overview, "2025-10-25", "2025-10-25", "Atlantic/Azores");
	CELL("2025-10-25", "sessions", "1");
	CELL("total", "sessions", "1");
}

static void a_zone_may_be_off_by_quarters_of_an_hour(void **state)
{
	Reports *overview = *state;
	// Kathmandu is 5:45 ahead: its day begins at 18:15Z.
	(void) session_add(overview, 1, "2026-01-04 18:14:59Z", 60, false);
	(void) session_add(overview, 2, "2026-01-04 18:15:00Z", 60, false);
	(void) session_add(overview, 3, "2026-01-05 18:14:59Z", 60, false);
	ask(overview, "2026-01-05", "2026-01-05", "asia/kathmandu");
	CELL("2026-01-05", "sessions", "2");
	assert_string_equal(overview->table.range.zone.data, "Asia/Kathmandu");
}

static void a_range_may_begin_and_end_within_a_day(void **state)
{
	Reports *overview = *state;
	(void) session_add(overview, 1, "2026-01-05 09:59:59.999Z", 60, false);
	(void) session_add(overview, 2, "2026-01-05 10:00Z", 60, false);
	(void) session_add(overview, 3, "2026-01-05 11:59:59.999Z", 60, false);
	(void) session_add(overview, 4, "2026-01-05 12:00Z", 60, false);
	ask(overview, "2026-01-05T10:00:00Z", "2026-01-05T12:00:00Z", "Europe/Berlin");
	CELL("total", "sessions", "2");
	ask(overview, "2026-01-05T11:00:00", "2026-01-05T13:00:00", "Europe/Berlin");
	CELL("total", "sessions", "2");
	ask(overview, "2026-01-05T10:00:00+01:00", "2026-01-05T12:00:00+00:00", "Europe/Berlin");
	CELL("2026-01-05", "sessions", "3");
	// Midnight as an instant ends the day before and begins no new one.
	ask(overview, "2026-01-05", "2026-01-06T00:00:00Z", NULL);
	assert_int_equal(overview->table.row_count, 2);
}

static void without_a_range_it_is_the_thirty_days_up_to_today(void **state)
{
	Reports *overview = *state;
	ask(overview, NULL, NULL, "Pacific/Auckland");
	assert_int_equal(overview->table.row_count, 31);
	assert_string_equal(overview->table.range.to_date.data,
		test_postgres_value(overview->conn, "SELECT (now() AT TIME ZONE 'Pacific/Auckland')::date"));
	ask(overview, NULL, "2026-01-30", NULL);
	assert_string_equal(overview->table.range.from_date.data, "2026-01-01");
	ask(overview, NULL, "2026-01-31T00:00:00", NULL);
	assert_string_equal(overview->table.range.from_date.data, "2026-01-01");
}

static void range_is(Reports *overview, const char *name, const char *from_date, const char *to_date)
{
	char query[512];
	char parameters[64];
	char found[32];
	(void) snprintf(parameters, sizeof parameters, "range=%s&tz=Pacific/Auckland", name);
	if (!reports_ask(overview, "overview", parameters))
		fail_msg("%s: %s", name, overview->error.message);
	(void) snprintf(query, sizeof query,
		"SELECT (%s)::date || ' ' || (%s)::date FROM (SELECT (now() AT TIME ZONE 'Pacific/Auckland')::date AS today) "
		"AS present",
		from_date, to_date);
	(void) snprintf(found, sizeof found, "%.*s %.*s", SLICE_PRINT(overview->table.range.from_date),
		SLICE_PRINT(overview->table.range.to_date));
	assert_string_equal(found, test_postgres_value(overview->conn, query));
}

static void a_range_goes_by_its_name(void **state)
{
	Reports *overview = *state;
	range_is(overview, "today", "today", "today");
	range_is(overview, "yesterday", "today - 1", "today - 1");
	range_is(overview, "1d", "today", "today");
	range_is(overview, "365d", "today - 364", "today");
	range_is(overview, "month", "date_trunc('month', today)", "today");
	range_is(overview, "last-month", "date_trunc('month', today - interval '1 month')",
		"date_trunc('month', today) - interval '1 day'");
	assert_false(reports_ask(overview, "overview", "range=7d&to=2026-01-01"));
	assert_string_equal(overview->error.message, "range is given beside from or to; it stands for both");
	assert_string_equal(overview->request.bad_parameter, "range");
}

static void refused(Reports *overview, const char *from, const char *to, const char *zone, const char *parameter)
{
	if (overview_ask(overview, from, to, zone))
		fail_msg("taken: %s %s %s", from, to, zone);
	assert_int_equal(overview->error.code, ERROR_BAD_INPUT);
	assert_string_equal(overview->request.bad_parameter, parameter);
	assert_true(strncmp(overview->error.message, parameter, strlen(parameter)) == 0);
}

static void what_makes_no_range_is_refused_by_name(void **state)
{
	Reports *overview = *state;
	refused(overview, "2026-01-02", "2026-01-01", NULL, "from");
	refused(overview, "2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z", NULL, "from");
	refused(overview, "9000-01-02", NULL, NULL, "from");
	refused(overview, "1970-01-01", "9999-12-31", NULL, "from");
	refused(overview, "2016-01-01", "2026-01-09", NULL, "from");
	// Taken by PostgreSQL as a time zone, and yet no name of one.
	static const char *const zones[] = {"Foo/Bar", "Foo5", "CEST", "-3", "+02", "posix/Europe/Berlin", "localtime",
		"UTC+3", "Europe/Berlin5", "../../etc/passwd"};
	for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
		refused(overview, "2026-01-01", "2026-01-01", zones[i], "tz");
}

// Counts the tables of a kind that the plan names.
static int plan_mentions(Reports *overview, const char *words)
{
	char sql[256];
	(void) snprintf(sql, sizeof sql, "SELECT count(*) FROM plan WHERE line LIKE '%%%s%%'", words);
	int count = 0;
	assert_int_equal(sscanf(test_postgres_value(overview->conn, sql), "%d", &count), 1);
	return count;
}

static void the_plan_touches_only_the_months_of_the_range(void **state)
{
	Reports *overview = *state;
	test_database_run(overview->conn, "SELECT ensure_months('2024-01-01Z', '2025-12-31Z')");
	Buf script;
	buf_init(&script, 65536);
	buf_append_format(&script, "PREPARE overview (text, text, text, text) AS %s;", sql_report_overview);
	buf_append_text(&script,
		"CREATE TEMP TABLE plan (line text);"
		"DO $$ DECLARE row record; BEGIN FOR row IN EXECUTE "
		"$e$EXPLAIN EXECUTE overview('2025-03-02Z', '2025-03-20Z', 'Etc/UTC', 'day')$e$ LOOP "
		"INSERT INTO plan SELECT row.\"QUERY PLAN\"; END LOOP; END $$; DEALLOCATE overview");
	buf_append_byte(&script, '\0');
	for (int is_generic = 0; is_generic < 2; is_generic++)
	{
		test_database_run(overview->conn, "DISCARD TEMP; SET plan_cache_mode = %s",
			is_generic ? "force_generic_plan" : "force_custom_plan");
		assert_true(pg_script(overview->conn, script.data, &overview->error));
		assert_true(plan_mentions(overview, "session_summaries_2025_03") > 0);
		assert_true(plan_mentions(overview, "page_views_2025_03") > 0);
		assert_int_equal(plan_mentions(overview, " session_summaries_20")
				- plan_mentions(overview, " session_summaries_2025_03"),
			0);
		assert_int_equal(plan_mentions(overview, " page_views_20") - plan_mentions(overview, " page_views_2025_03"), 0);
	}
	buf_free(&script);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_range_without_data_has_its_days_and_no_rates, overview_empty),
		cmocka_unit_test_setup(a_session_of_one_page_and_no_time_is_a_bounce, overview_empty),
		cmocka_unit_test_setup(a_session_of_thirty_seconds_is_no_bounce_whatever_its_pages, overview_empty),
		cmocka_unit_test_setup(an_active_session_counts_and_its_views_do_but_its_duration_does_not, overview_empty),
		cmocka_unit_test_setup(visitors_are_distinct_over_the_range_and_no_sum_of_days, overview_empty),
		cmocka_unit_test_setup(a_session_over_midnight_is_of_its_first_day_with_views_on_both, overview_empty),
		cmocka_unit_test_setup(a_session_over_the_end_of_a_month_keeps_its_views, overview_empty),
		cmocka_unit_test_setup(a_session_of_two_people_counts_once_and_both_are_visitors, overview_empty),
		cmocka_unit_test_setup(a_view_before_its_session_counts_for_it, overview_empty),
		cmocka_unit_test_setup(the_median_of_an_even_count_lies_between, overview_empty),
		cmocka_unit_test_setup(spring_has_a_day_of_23_hours, overview_empty),
		cmocka_unit_test_setup(autumn_has_a_day_of_25_hours, overview_empty),
		cmocka_unit_test_setup(a_day_with_two_midnights_begins_at_the_first, overview_empty),
		cmocka_unit_test_setup(a_zone_may_be_off_by_quarters_of_an_hour, overview_empty),
		cmocka_unit_test_setup(a_range_may_begin_and_end_within_a_day, overview_empty),
		cmocka_unit_test_setup(without_a_range_it_is_the_thirty_days_up_to_today, overview_empty),
		cmocka_unit_test_setup(a_range_goes_by_its_name, overview_empty),
		cmocka_unit_test_setup(what_makes_no_range_is_refused_by_name, overview_empty),
		cmocka_unit_test(the_plan_touches_only_the_months_of_the_range),
	};
	return cmocka_run_group_tests(tests, overview_set_up, reports_tear_down);
}
