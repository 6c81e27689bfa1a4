// Checks of the data, on rows that are wrong in one way each, in a real PostgreSQL.
#include "harness/database.h"
#include "monitor/quality.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static PgConn *conn;

static const char functions[] =
	"CREATE FUNCTION pg_temp.id(at timestamptz, number integer) RETURNS uuid LANGUAGE sql AS "
	"$$ SELECT (lpad(to_hex(ts_ms(at)), 12, '0') || '70008000' || lpad(number::text, 12, '0'))::uuid $$;"
	"CREATE FUNCTION pg_temp.moment(ago interval) RETURNS timestamptz LANGUAGE sql AS "
	"$$ SELECT date_trunc('milliseconds', now() - ago) $$;"
	"CREATE FUNCTION pg_temp.session(number integer, ago interval, seconds integer DEFAULT 60, device text DEFAULT "
	"'desktop') RETURNS void LANGUAGE sql AS $$ "
	"INSERT INTO user_sessions (id, started_at, person_id, last_activity_at, ended_at, first_hit_id, is_authenticated, "
	"is_made_by_loader, device_type) SELECT pg_temp.id(at, number), at, number, at + seconds * interval '1 second', "
	"at + seconds * interval '1 second', pg_temp.id(at, number), true, false, device FROM pg_temp.moment(ago) AS at;"
	"INSERT INTO session_attribution (session_id, started_at, person_id, first_hit_at, first_hit_id) "
	"SELECT id, started_at, person_id, started_at, id FROM user_sessions WHERE person_id = number $$;"
	"CREATE FUNCTION pg_temp.view(number integer, ago interval, seconds integer DEFAULT 5, stored interval DEFAULT "
	"'1 second') RETURNS void LANGUAGE sql AS $$ "
	"INSERT INTO page_views (id, session_id, viewed_at, person_id, page_sequence_number, page_url, "
	"time_on_page_seconds, "
	"created_at) SELECT pg_temp.id(at, number + 1000), coalesce((SELECT id FROM user_sessions WHERE person_id = "
	"number), "
	"gen_random_uuid()), at, number, 1, '/', seconds, at + stored FROM pg_temp.moment(ago) AS at $$;"
	"CREATE FUNCTION pg_temp.event(number integer, ago interval, of uuid DEFAULT NULL) RETURNS void LANGUAGE sql AS $$ "
	"INSERT INTO user_events (id, session_id, created_at, person_id, event_type, page_view_id) "
	"SELECT pg_temp.id(at, number + 2000), coalesce((SELECT id FROM user_sessions WHERE person_id = number), "
	"gen_random_uuid()), at, number, 'custom', of FROM pg_temp.moment(ago) AS at $$;";

static int set_up(void **state)
{
	(void) state;
	char dsn[TEST_DSN_SIZE];
	conn = test_database_open(dsn);
	test_database_run(conn, "%s", functions);
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	pg_close(conn);
	return 0;
}

static int empty(void **state)
{
	(void) state;
	test_database_run(conn,
		"TRUNCATE user_sessions, page_views, user_events, session_attribution, robots, quarantine, changed_buckets, "
		"rollup_failures, overview_hourly, data_quality_checks");
	return 0;
}

#define TWENTY " FROM generate_series(1, 20) AS n"

// "status value" of one check.
static void finds(const char *check, const char *expected)
{
	Error error = {0};
	char sql[256];
	if (!quality_run(conn, &error))
		fail_msg("%s", error.message);
	(void) snprintf(sql, sizeof sql,
		"SELECT status || ' ' || coalesce(trim_scale(metric_value)::text, '-') FROM data_quality_checks WHERE "
		"check_name = '%s' "
		"ORDER BY id DESC LIMIT 1",
		check);
	const char *found = test_postgres_value(conn, sql);
	if (strcmp(found, expected) != 0)
		fail_msg("%s: %s, expected %s", check, found, expected);
}

static void nothing_to_judge_by_passes(void **state)
{
	(void) state;
	Error error = {0};
	assert_true(quality_run(conn, &error));
	size_t count = 0;
	while (quality_checks[count].name != NULL)
		count++;
	char expected[16];
	(void) snprintf(expected, sizeof expected, "%zu", count);
	assert_string_equal(test_postgres_value(conn, "SELECT count(*) FROM data_quality_checks WHERE status = 'pass'"),
		expected);
	finds("session_duration_p99", "pass -");
	finds("quarantine", "pass 0");
}

static void what_is_in_order_passes(void **state)
{
	(void) state;
	test_database_run(conn,
		"SELECT pg_temp.session(1, '2 hours'); SELECT pg_temp.view(1, '2 hours'); "
		"SELECT pg_temp.event(1, '1 hour', (SELECT id FROM page_views))");
	Error error = {0};
	assert_true(quality_run(conn, &error));
	assert_string_equal(test_postgres_value(conn,
							"SELECT string_agg(check_name, ', ') FROM data_quality_checks WHERE status <> 'pass'"),
		"");
}

static void each_fault_is_found_by_its_check(void **state)
{
	static const struct {
		const char *rows;
		const char *check;
		const char *expected;
	} cases[] = {
		{"SELECT pg_temp.session(1, '20 hours', 90000)", "session_duration_p99", "warn 90000"},
		{"SELECT pg_temp.session(1, '20 hours', 180000)", "session_duration_p99", "fail 180000"},
		{"SELECT pg_temp.session(n, '2 hours')" TWENTY "; SELECT pg_temp.view(n, '2 hours', NULL)" TWENTY,
			"time_on_page_missing", "fail 100"},
		{"SELECT pg_temp.session(n, '2 hours', 60, CASE WHEN n > 10 THEN 'unknown' ELSE 'mobile' END)" TWENTY,
			"device_unknown", "warn 50"},
		{"SELECT pg_temp.session(1, '2 hours'); DELETE FROM session_attribution", "attribution_missing", "fail 1"},
		{"SELECT pg_temp.view(1, '2 hours')", "view_session_missing", "fail 1"},
		{"SELECT pg_temp.view(1, '30 hours')", "view_session_missing", "pass 0"},
		{"SELECT pg_temp.event(1, '2 hours')", "event_session_missing", "fail 1"},
		{"SELECT pg_temp.event(n, '2 hours', pg_temp.id(now(), 1))" TWENTY, "event_view_missing", "fail 100"},
		{"SELECT pg_temp.view(n, '2 hours', 5, '-5 minutes')" TWENTY, "clock_ahead", "fail 100"},
		{"SELECT pg_temp.view(n, '2 hours', 5, '-5 minutes') FROM generate_series(1, 19) AS n", "clock_ahead",
			"pass -"},
		{"SELECT pg_temp.view(n, '2 hours', 5, '20 minutes')" TWENTY, "arrival_delay_p95", "warn 1200"},
		{"INSERT INTO robots (id, seen_at, robot_kind, hit_type) SELECT pg_temp.id(at, n), at, 'crawler', 'page' "
		 "FROM pg_temp.moment('1 hour') AS at, generate_series(1, 60) AS n; SELECT pg_temp.view(n, '2 hours')" TWENTY,
			"robot_share", "warn 75"},
		{"INSERT INTO changed_buckets (kind, bucket, noted_at) VALUES ('s', now(), now() - interval '1 hour')",
			"rollup_delay", "warn 3600"},
		{"INSERT INTO rollup_failures (session_id, sqlstate, reason) VALUES (gen_random_uuid(), '22003', 'x')",
			"rollup_failures", "warn 1"},
		{"INSERT INTO quarantine (reason, payload) VALUES ('x', '')", "quarantine", "warn 1"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
	{
		(void) empty(state);
		test_database_run(conn, "%s", cases[i].rows);
		finds(cases[i].check, cases[i].expected);
	}
}

// Hours with so many views, of which only those of the last day and of a week before count.
static void hours(int now, int before)
{
	test_database_run(conn,
		"TRUNCATE overview_hourly; INSERT INTO overview_hourly SELECT date_trunc('hour', now()) - ago * interval '1 "
		"hour', 0, 0, 0, views, 0, 0, "
		"0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL, '{}', now()::date FROM (VALUES (0, 5000), (24, %d), (25, 5000), "
		"(168, 5000), "
		"(170, %d), (193, "
		"5000)) AS hour (ago, views)",
		now, before);
}

static void fewer_views_than_a_week_before_are_found(void **state)
{
	(void) state;
	hours(300, 400);
	finds("view_volume", "pass 75");
	hours(40, 400);
	finds("view_volume", "warn 10");
	hours(39, 400);
	finds("view_volume", "fail 9.75");
	hours(0, 99);
	finds("view_volume", "pass -");
}

static void what_was_found_is_forgotten_after_90_days(void **state)
{
	(void) state;
	Error error = {0};
	assert_true(quality_run(conn, &error));
	test_database_run(conn, "UPDATE data_quality_checks SET checked_at = now() - interval '91 days'");
	assert_true(quality_run(conn, &error));
	assert_string_equal(test_postgres_value(conn,
							"SELECT count(DISTINCT check_name) = count(*) FROM data_quality_checks"),
		"t");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing_to_judge_by_passes, empty),
		cmocka_unit_test_setup(what_is_in_order_passes, empty),
		cmocka_unit_test_setup(each_fault_is_found_by_its_check, empty),
		cmocka_unit_test_setup(fewer_views_than_a_week_before_are_found, empty),
		cmocka_unit_test_setup(what_was_found_is_forgotten_after_90_days, empty),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
