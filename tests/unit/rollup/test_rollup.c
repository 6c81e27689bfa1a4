#include "harness/rollups.h"
#include "sql/sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char dsn[TEST_DSN_SIZE];

static int setup(void **state)
{
	*state = test_database_open(dsn);
	return 0;
}

static int teardown(void **state)
{
	pg_close(*state);
	return 0;
}

// `count` sessions of different persons, each a minute behind the other from `begin` on, with a view of /page-0, /page-1, …
// a minute later; noted as the loader notes them. Rarer pages have higher numbers.
static void sessions_make(PgConn *conn, const char *begin, int count)
{
	test_database_run(conn,
		"SELECT ensure_months('%s', '%s');"
		"CREATE TEMP TABLE made AS SELECT n, at, (lpad(to_hex(ts_ms(at)), 12, '0') || '7000a000' || lpad(to_hex(n), "
		"12, "
		"'0'))::uuid AS id FROM generate_series(1, %d) AS n, LATERAL (SELECT '%s'::timestamptz + n * interval '1 "
		"minute' "
		"AS at) AS a;"
		"INSERT INTO user_sessions (id, started_at, person_id, last_activity_at, ended_at, first_hit_id, "
		"is_authenticated, "
		"is_made_by_loader, device_type, browser) SELECT id, at, n, at, at, id, true, false, 'desktop', 'Firefox' FROM "
		"made;"
		"INSERT INTO page_views (id, session_id, viewed_at, person_id, page_sequence_number, page_host, page_url)"
		" SELECT id, id, at, n, 1, 'example.org', '/page-' || floor(sqrt(n - 1)) FROM made;"
		"INSERT INTO changed_sessions (session_ids) SELECT array_agg(id) FROM made;"
		"DROP TABLE made",
		begin, begin, count, begin);
}

static void empty(PgConn *conn)
{
	test_database_run(conn,
		"TRUNCATE user_sessions, page_views, user_events, session_attribution;"
		"UPDATE rollup_state SET timezone = 'UTC', pages_max = 1000, rebuilding_timezone = NULL");
	const RollupOptions options = ROLLUPS_OPTIONS;
	rollups_remake(conn, &options);
}

static void expect(PgConn *conn, const char *sql, const char *wanted)
{
	assert_string_equal(test_postgres_value(conn, sql), wanted);
}

static RollupCounts counted(PgConn *conn, const RollupOptions *options)
{
	Error error = {0};
	RollupCounts counts;
	if (!rollup_refresh(conn, options, &counts, &error))
		fail_msg("%s", error.message);
	return counts;
}

static void rare_pages_are_one(void **state)
{
	RollupOptions options = ROLLUPS_OPTIONS;
	empty(*state);
	options.pages_max = 3;
	sessions_make(*state, "2026-03-10T00:00:00Z", 30); // pages of 1, 3, 5, 7, 9 and 5 views
	rollups_refresh_with(*state, &options);
	expect(*state,
		"SELECT string_agg(page_url || ' ' || total_views || ' ' || unique_viewers || ' ' || entry_count, ', ' ORDER "
		"BY "
		"total_views DESC, page_url) FROM page_metrics_hourly",
		"(other) 9 9 9, /page-4 9 9 9, /page-3 7 7 7, /page-2 5 5 5");
	expect(*state, "SELECT string_agg(DISTINCT page_url, ', ') FROM page_metrics_daily WHERE page_host = ''",
		"(other)");
	expect(*state, "SELECT sessions::text FROM breakdown_daily WHERE dimension = 'entry_page' AND value_id = 1", "9");
	expect(*state, "SELECT session_count::text FROM user_journey_paths WHERE path_sequence = '{(other)}'", "9");
	expect(*state,
		"SELECT string_agg(cardinality(path) || ': ' || sessions || ' ' || cardinality(persons), ', ' ORDER BY "
		"cardinality(path), sessions DESC) FROM page_paths_daily",
		"0: 5 0, 1: 9 9, 1: 7 7, 1: 5 5");
}

static void another_cap_counts_the_buckets_anew(void **state)
{
	RollupOptions options = ROLLUPS_OPTIONS;
	empty(*state);
	sessions_make(*state, "2026-03-10T00:00:00Z", 30);
	rollups_refresh_with(*state, &options);
	expect(*state, "SELECT count(*)::text FROM page_metrics_hourly", "6");
	options.pages_max = 2;
	rollups_refresh_with(*state, &options);
	expect(*state, "SELECT count(*)::text FROM page_metrics_hourly", "3");
	expect(*state, "SELECT count(*)::text FROM page_metrics_daily", "3");
}

static void other_goals_count_those_sessions_anew_that_they_reach(void **state)
{
	RollupCounts counts;
	const RollupOptions options = ROLLUPS_OPTIONS;
	empty(*state);
	sessions_make(*state, "2026-03-10T00:00:00Z", 30);
	test_database_run(*state,
		"INSERT INTO user_events (id, session_id, created_at, person_id, event_type, event_action)"
		" SELECT id, id, started_at, person_id, 'custom', 'paid' FROM user_sessions ORDER BY started_at LIMIT 3");
	rollups_refresh_all(*state);
	test_database_run(*state,
		"INSERT INTO saved (kind, name, definition) VALUES ('goal', 'sold', '{\"event\": \"paid\"}')");
	counts = counted(*state, &options);
	assert_int_equal(counts.sessions, 3);
	assert_int_equal(counts.buckets, 5); // the hour's two, the day's three
	expect(*state, "SELECT conversions || ' ' || sessions FROM overview_daily", "3 30");
	counts = counted(*state, &options);
	assert_int_equal(counts.sessions + counts.buckets, 0);
	// In another time zone they are the same.
	RollupOptions elsewhere = options;
	elsewhere.timezone = "Asia/Kathmandu";
	rollups_refresh_with(*state, &elsewhere);
	rollups_are_right(*state, 0);
	expect(*state, "SELECT sum(conversions)::text FROM overview_daily", "3");
	test_database_run(*state, "DELETE FROM saved");
	rollups_refresh_with(*state, &elsewhere);
	expect(*state, "SELECT sum(conversions)::text FROM overview_daily", "0");
}

// An event that the roll-up of events does not name for being rare, and one of a day that it is yet to count.
static void other_goals_reach_what_the_roll_up_of_events_does_not_tell(void **state)
{
	RollupOptions options = ROLLUPS_OPTIONS;
	options.pages_max = 1;
	empty(*state);
	sessions_make(*state, "2026-03-10T00:00:00Z", 30);
	test_database_run(*state,
		"INSERT INTO user_events (id, session_id, created_at, person_id, event_type, event_action)"
		" SELECT id, id, started_at, person_id, 'custom', CASE WHEN person_id = 1 THEN 'paid' ELSE 'seen' END"
		" FROM user_sessions");
	rollups_refresh_all(*state);
	rollups_refresh_with(*state, &options);
	expect(*state, "SELECT string_agg(event_action, ' ' ORDER BY event_action COLLATE \"C\") FROM event_metrics_daily",
		"(other) seen");
	test_database_run(*state,
		"INSERT INTO saved (kind, name, definition) VALUES ('goal', 'sold', '{\"event\": \"paid\"}')");
	assert_int_equal(counted(*state, &options).sessions, 1);
	test_database_run(*state,
		"DELETE FROM event_metrics_daily; INSERT INTO changed_buckets (kind, bucket) VALUES ('v', '2026-03-10 00:00Z');"
		"UPDATE saved SET definition = '{\"event\": \"seen\"}'");
	assert_int_equal(counted(*state, &options).sessions, 30);
	expect(*state, "SELECT conversions FROM overview_daily", "29");
	test_database_run(*state, "DELETE FROM saved");
	rollups_refresh_with(*state, &options);
}

static void sessions_that_many_notes_name_are_counted_once(void **state)
{
	const RollupOptions options = ROLLUPS_OPTIONS;
	empty(*state);
	sessions_make(*state, "2026-03-10T00:00:00Z", 30);
	test_database_run(*state, // with sessions that are gone, so that one note is as much as a step takes
		"INSERT INTO changed_sessions (session_ids) SELECT session_ids || ARRAY(SELECT ('019cd000-0000-7000-a000-' || "
		"lpad(to_hex(n), 12, '0'))::uuid FROM generate_series(1, 2000) AS n) FROM changed_sessions, generate_series(1, "
		"5)");
	const RollupCounts counts = counted(*state, &options);
	assert_int_equal(counts.sessions, 2030);
	assert_int_equal(counts.waiting, 0);
	expect(*state, "SELECT sessions::text FROM overview_daily", "30");
	rollups_are_right(*state, 1000);
}

static void a_note_of_many_sessions_is_counted_step_by_step(void **state)
{
	const RollupOptions options = ROLLUPS_OPTIONS;
	PgConn *conn = *state;
	PgResult *taken = NULL;
	Error error;
	empty(conn);
	sessions_make(conn, "2026-03-10T00:00:00Z", 30);
	test_database_run(conn,
		"UPDATE changed_sessions SET session_ids = session_ids || ARRAY(SELECT ('019cd000-0000-7000-a000-' || "
		"lpad(to_hex(n), 12, '0'))::uuid FROM generate_series(1, 4500) AS n)");
	assert_true(pg_begin(conn, &error));
	assert_true(pg_query(conn, sql_rollup_take, (PgParam[]){pg_param("2000"), pg_param("2000")}, 2, &taken, &error));
	assert_int_equal(pg_int64(taken, 0, 1), 2000);
	assert_true(pg_bool(taken, 0, 3));
	pg_result_free(taken);
	expect(conn, "SELECT sum(cardinality(session_ids))::text FROM changed_sessions", "2530");
	pg_rollback(conn);
	assert_int_equal(counted(conn, &options).sessions, 4530);
	expect(conn, "SELECT sessions::text FROM overview_daily", "30");
	rollups_are_right(conn, 1000);
}

static void a_partition_is_analyzed_before_its_rows_are_looked_for(void **state)
{
	empty(*state);
	sessions_make(*state, "2031-03-10T00:00:00Z", 30);
	rollups_refresh_all(*state);
	expect(*state,
		"SELECT string_agg(relname || ' ' || reltuples, ', ' ORDER BY relname) FROM pg_class"
		" WHERE relname IN ('page_views_2031_03', 'user_sessions_2031_03')",
		"page_views_2031_03 30, user_sessions_2031_03 30");
}

static void another_time_zone_makes_other_days(void **state)
{
	RollupOptions options = ROLLUPS_OPTIONS;
	empty(*state);
	sessions_make(*state, "2026-03-09T18:00:00Z", 30);
	rollups_refresh_with(*state, &options);
	expect(*state, "SELECT string_agg(date || ' ' || sessions, ', ') FROM overview_daily", "2026-03-09 30");
	test_database_run(*state, "CREATE ROLE looker; GRANT SELECT ON overview_daily TO looker");
	options.timezone = "Asia/Kathmandu"; // midnight is at 18:15
	rollups_refresh_with(*state, &options);
	expect(*state, "SELECT string_agg(date || ' ' || sessions, ', ' ORDER BY date) FROM overview_daily",
		"2026-03-09 14, 2026-03-10 16");
	expect(*state, "SELECT string_agg(hour::text, ', ' ORDER BY hour) FROM overview_hourly",
		"2026-03-09 17:15:00+00, 2026-03-09 18:15:00+00");
	expect(*state, "SELECT timezone || coalesce(rebuilding_timezone, ' done') FROM rollup_state",
		"Asia/Kathmandu done");
	expect(*state, "SELECT has_table_privilege('looker', 'overview_daily', 'SELECT')::text", "true");
	expect(*state, "SELECT count(*)::text FROM pg_namespace WHERE nspname = 'sojourn_rollup'", "0");
	rollups_match_rows(*state, &options);
	test_database_run(*state, "DROP OWNED BY looker; DROP ROLE looker");
}

static void a_deadlock_at_the_end_costs_no_rebuild(void **state)
{
	Error error = {0};
	RollupCounts counts;
	RollupOptions options = ROLLUPS_OPTIONS;
	empty(*state);
	sessions_make(*state, "2026-03-09T18:00:00Z", 30);
	rollups_refresh_with(*state, &options);
	test_database_run(*state,
		"CREATE SEQUENCE ends; CREATE FUNCTION clash() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
		" IF EXISTS (SELECT FROM pg_event_trigger_dropped_objects() WHERE object_identity = 'sojourn.overview_daily')"
		"  AND nextval('ends') < 3 THEN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01';"
		" END IF; END $$;"
		"CREATE EVENT TRIGGER clash ON sql_drop EXECUTE FUNCTION clash()");
	options.timezone = "Asia/Kathmandu";
	bool is_ok = rollup_refresh(*state, &options, &counts, &error);
	test_database_run(*state, "DROP EVENT TRIGGER clash; DROP FUNCTION clash");
	if (!is_ok)
		fail_msg("%s", error.message);
	expect(*state, "SELECT last_value::text FROM ends", "3");
	expect(*state, "SELECT timezone || coalesce(rebuilding_timezone, ' done') FROM rollup_state",
		"Asia/Kathmandu done");
	assert_int_equal(counts.sessions, 30);
	rollups_match_rows(*state, &options);
	test_database_run(*state, "DROP SEQUENCE ends");
}

// A rebuild that was ended in its middle has taken notes that only its copy knew of.
static void a_broken_rebuild_begins_anew(void **state)
{
	RollupOptions options = ROLLUPS_OPTIONS;
	empty(*state);
	sessions_make(*state, "2026-03-09T18:00:00Z", 30);
	rollups_refresh_with(*state, &options);
	test_database_run(*state,
		"SELECT rollup_rebuild_begin('sojourn', 'Asia/Kathmandu', 1000); UPDATE user_sessions SET ended_at = NULL;"
		"INSERT INTO sojourn_rollup.person_days VALUES (1, '2026-01-01', '-infinity', 1)");
	rollups_refresh_with(*state, &options); // the setting is as it was before
	expect(*state, "SELECT ended_sessions::text FROM overview_daily", "0");
	expect(*state, "SELECT timezone || coalesce(rebuilding_timezone, ' done') FROM rollup_state", "UTC done");
	expect(*state, "SELECT count(*)::text FROM person_days WHERE date = '2026-01-01'", "0");
}

static void an_unknown_time_zone_is_refused(void **state)
{
	Error error = {0};
	RollupCounts counts;
	RollupOptions options = ROLLUPS_OPTIONS;
	empty(*state);
	options.timezone = "Europe/Atlantis";
	assert_false(rollup_refresh(*state, &options, &counts, &error));
	assert_non_null(strstr(error.message, "Europe/Atlantis"));
}

static void a_session_that_cannot_be_counted_stops_no_other(void **state)
{
	const RollupOptions options = ROLLUPS_OPTIONS;
	empty(*state);
	sessions_make(*state, "2026-03-10T00:00:00Z", 30);
	test_database_run(*state,
		"ALTER TABLE session_summaries ADD CONSTRAINT poison CHECK (person_id <> 17); "
		"INSERT INTO changed_sessions (session_ids) SELECT array_agg(id) FROM user_sessions WHERE person_id > 20");
	const RollupCounts counts = counted(*state, &options);
	assert_int_equal(counts.failed_sessions, 1);
	expect(*state, "SELECT sessions::text FROM overview_daily", "29");
	expect(*state, "SELECT count(*)::text || ' ' || min(sqlstate) FROM rollup_failures", "1 23514");
	test_database_run(*state,
		"ALTER TABLE session_summaries DROP CONSTRAINT poison; INSERT INTO changed_sessions (session_ids) SELECT "
		"array_agg(session_id) FROM rollup_failures");
	rollups_refresh_with(*state, &options);
	expect(*state, "SELECT sessions::text FROM overview_daily", "30");
	expect(*state, "SELECT count(*)::text FROM rollup_failures", "0");
}

// Loaders commit notes meanwhile: the first times that a step fails there is a later note before what failed is narrowed.
static void a_note_that_comes_meanwhile_is_not_blamed(void **state)
{
	const RollupOptions options = ROLLUPS_OPTIONS;
	empty(*state);
	sessions_make(*state, "2026-03-10T00:00:00Z", 30);
	test_database_run(*state,
		"CREATE EXTENSION dblink; CREATE SEQUENCE meanwhile;"
		"CREATE FUNCTION is_countable(person bigint) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN"
		" IF person = 17 AND nextval('meanwhile') < 20 THEN"
		"  PERFORM dblink_exec('%s', 'INSERT INTO sojourn.changed_sessions (session_ids) SELECT array_agg(id) FROM "
		"sojourn.user_sessions WHERE person_id = 25');"
		" END IF; RETURN person <> 17; END $$;"
		"ALTER TABLE session_summaries ADD CONSTRAINT poison CHECK (is_countable(person_id))",
		dsn);
	const RollupCounts counts = counted(*state, &options);
	expect(*state, "SELECT (last_value > 4)::text FROM meanwhile", "true");
	expect(*state,
		"SELECT string_agg(person_id::text, ' ') FROM rollup_failures f JOIN user_sessions s ON s.id = f.session_id",
		"17");
	assert_int_equal(counts.failed_sessions, 1);
	assert_int_equal(counts.waiting, 0);
	expect(*state, "SELECT sessions::text FROM overview_daily", "29");
	test_database_run(*state,
		"ALTER TABLE session_summaries DROP CONSTRAINT poison; DROP FUNCTION is_countable; DROP SEQUENCE meanwhile;"
		"DROP EXTENSION dblink");
}

static void a_bucket_that_cannot_be_counted_stops_no_other(void **state)
{
	const RollupOptions options = ROLLUPS_OPTIONS;
	empty(*state);
	sessions_make(*state, "2026-03-10T00:00:00Z", 90);
	test_database_run(*state,
		"ALTER TABLE overview_hourly ADD CONSTRAINT poison CHECK (hour <> '2026-03-10T00:00:00Z')");
	const RollupCounts counts = counted(*state, &options);
	assert_int_equal(counts.failed_buckets, 1);
	expect(*state, "SELECT string_agg(sessions::text, ', ') FROM overview_hourly", "31");
	test_database_run(*state, "ALTER TABLE overview_hourly DROP CONSTRAINT poison");
	rollups_refresh_with(*state, &options);
	expect(*state, "SELECT string_agg(sessions::text, ', ' ORDER BY hour) FROM overview_hourly", "59, 31");
}

static void only_one_refreshes(void **state)
{
	Error error = {0};
	const RollupOptions options = ROLLUPS_OPTIONS;
	const PgOptions to = {.dsn = dsn, .schema = "sojourn"};
	PgConn *other = NULL;
	assert_true(pg_open(&to, &other, &error));
	test_database_run(other, "SELECT pg_advisory_lock(hashtextextended('sojourn.rollup', 0))");
	const RollupCounts counts = counted(*state, &options);
	assert_true(counts.is_elsewhere);
	pg_close(other);
	rollups_refresh_with(*state, &options);
}

static void another_refresh_is_waited_for_as_long_as_is_asked(void **state)
{
	Error error = {0};
	RollupCounts counts;
	RollupOptions options = ROLLUPS_OPTIONS;
	const PgOptions to = {.dsn = dsn, .schema = "sojourn"};
	PgConn *other = NULL;
	assert_true(pg_open(&to, &other, &error));
	test_database_run(other, "SELECT pg_advisory_lock(hashtextextended('sojourn.rollup', 0))");
	options.wait_ms = 1;
	counts = counted(*state, &options);
	assert_true(counts.is_elsewhere);
	test_database_run(other, "SET idle_session_timeout = '250ms'"); // then the server ends it
	options.wait_ms = 100000;
	counts = counted(*state, &options);
	assert_false(counts.is_elsewhere);
	pg_close(other);
}

static void what_is_deleted_is_noted_by_who_deletes(void **state)
{
	const RollupOptions options = ROLLUPS_OPTIONS;
	empty(*state);
	sessions_make(*state, "2026-03-10T00:00:00Z", 30);
	rollups_refresh_with(*state, &options);
	test_database_run(*state,
		"WITH gone AS (DELETE FROM page_views WHERE person_id = 30 RETURNING viewed_at, session_id), session AS ("
		" DELETE FROM user_sessions WHERE person_id = 30), noted AS ("
		" INSERT INTO changed_sessions (session_ids) SELECT array_agg(session_id) FROM gone)"
		" SELECT note_deleted(array_agg(viewed_at)) FROM gone");
	rollups_refresh_with(*state, &options);
	rollups_match_rows(*state, &options);
	expect(*state, "SELECT count(*)::text FROM page_metrics_daily WHERE 30 = ANY (viewers)", "0");
	expect(*state, "SELECT count(*)::text FROM person_days WHERE person_id = 30", "0");
	expect(*state, "SELECT count(*)::text FROM person_periods WHERE person_id = 30", "0");
	expect(*state, "SELECT count(*)::text FROM breakdown_daily WHERE 30 = ANY (persons)", "0");
	expect(*state, "SELECT count(*)::text FROM page_paths_daily WHERE 30 = ANY (persons)", "0");
	expect(*state, "SELECT count(*)::text FROM value_pages_daily WHERE 30 = ANY (persons)", "0");
}

// In which order buckets are counted: kind and day of the month.
static void order_expect(PgConn *conn, bool only_now, const char *wanted)
{
	char order[128] = "";
	size_t used = 0;
	Error error = {0};
	const PgParam params[] = {pg_param("{}"), pg_param(only_now ? "t" : "f")};
	for (bool has_more = true; has_more;)
	{
		PgResult *result = NULL;
		assert_true(pg_query(conn, sql_rollup_bucket_next, params, 2, &result, &error));
		has_more = pg_rows(result) > 0 && used < sizeof order - 8;
		if (has_more)
		{
			const PgParam taken[] = {pg_param(pg_text(result, 0, 0).data), pg_param(pg_text(result, 0, 1).data)};
			used += (size_t) snprintf(order + used, sizeof order - used, "%s%.2s ", taken[0].value, taken[1].value + 8);
			assert_true(pg_query(conn, sql_rollup_bucket_take, taken, 2, NULL, &error));
		}
		pg_result_free(result);
	}
	assert_string_equal(order, wanted);
}

static void overviews_come_before_all_else_and_hours_before_their_day(void **state)
{
	empty(*state);
	test_database_run(*state,
		"INSERT INTO changed_buckets (kind, bucket, noted_at) SELECT kind, day, now() - day_order * interval '1 hour'"
		" FROM unnest('{2026-03-10T00:00:00Z,2026-03-11T00:00:00Z}'::timestamptz[]) WITH ORDINALITY AS d (day, "
		"day_order),"
		" unnest('{d,s,v,w,o,p}'::\"char\"[]) AS kind");
	order_expect(*state, false, "o11 d11 o10 d10 p11 s11 v11 p10 s10 v10 w11 w10 ");
}

static void yesterdays_overview_comes_before_todays_pages(void **state)
{
	char day[8];
	char wanted[32];
	empty(*state);
	test_database_run(*state,
		"INSERT INTO changed_buckets (kind, bucket) SELECT kind, date_trunc('hour', now()) - interval '40 hours' FROM "
		"unnest('{d,o,p}'::\"char\"[]) AS kind UNION ALL SELECT 'p', date_trunc('hour', now())");
	(void) snprintf(day, sizeof day, "%s",
		test_postgres_value(*state, "SELECT to_char(now() - interval '40 hours', 'DD')"));
	(void) snprintf(wanted, sizeof wanted, "o%s d%s p%s ", day, day,
		test_postgres_value(*state, "SELECT to_char(now(), 'DD')"));
	order_expect(*state, true, wanted);
	test_database_run(*state, "TRUNCATE changed_buckets");
}

static void what_is_not_due_does_not_wait(void **state)
{
	const RollupOptions options = ROLLUPS_OPTIONS;
	empty(*state);
	sessions_make(*state, test_postgres_value(*state, "SELECT day_begin(current_date, 'UTC')"), 3);
	RollupCounts counts = counted(*state, &options);
	assert_int_equal(counts.waiting, 0);
	expect(*state, "SELECT count(*)::text FROM value_pages_daily", "0");
	expect(*state, "SELECT buckets::text FROM rollup_waits(now() - interval '2 days', now() + interval '2 days')", "0");
	expect(*state,
		"SELECT string_agg(kind::text || ' ' || (due_at - day_begin(current_date + 1, 'UTC')), ', ') FROM "
		"changed_buckets",
		"w PT1H");
	rollups_are_right(*state, 0);
	counts = counted(*state, &options);
	assert_int_equal(counts.buckets, 0);
}

// What is kept of a day's values goes as soon as its sessions are counted anew.
static void pages_of_values_of_a_changed_day_are_gone_until_they_are_counted_again(void **state)
{
	static const char kept[] =
		"SELECT coalesce(string_agg(date || ' ' || pages || ' ' || views, ', ' ORDER BY date), '') FROM "
		"(SELECT date, count(*) AS pages, sum(views) AS views FROM value_pages_daily WHERE "
		"dimension = 'device_type' GROUP BY date) AS day";
	const RollupOptions options = ROLLUPS_OPTIONS;
	empty(*state);
	sessions_make(*state, "2026-03-10T00:00:00Z", 30);
	sessions_make(*state, "2026-03-12T00:00:00Z", 4);
	(void) counted(*state, &options);
	expect(*state, kept, "2026-03-10 7 60, 2026-03-12 3 8");
	rollups_are_right(*state, 0);
	test_database_run(*state,
		"UPDATE page_views SET page_url = '/other' WHERE page_url = '/page-0';"
		"INSERT INTO changed_sessions (session_ids) SELECT array_agg(session_id) FROM page_views WHERE page_url = "
		"'/other' AND viewed_at < '2026-03-11'");
	assert_int_equal(counted(*state, &options).waiting, 0);
	expect(*state, kept, "2026-03-12 3 8");
	expect(*state,
		"SELECT string_agg(kind::text || ' ' || (due_at BETWEEN now() + interval '14 minutes' AND now() + interval '15 "
		"minutes'), ', ') FROM changed_buckets",
		"w true");
	rollups_refresh_with(*state, &options);
	expect(*state, kept, "2026-03-10 7 60, 2026-03-12 3 8");
	rollups_refresh_all(*state);
	rollups_are_right(*state, 0);
}

static void sweep(PgConn *conn)
{
	Error error = {0};
	bool is_done = false;
	if (!rollup_sweep(conn, "sojourn", &is_done, &error) || !is_done)
		fail_msg("%s", error.message);
}

static void texts_go_with_the_last_who_names_them(void **state)
{
	const RollupOptions options = ROLLUPS_OPTIONS;
	empty(*state);
	sweep(*state);
	sessions_make(*state, "2026-03-10T00:00:00Z", 30);
	rollups_refresh_with(*state, &options);
	expect(*state, "SELECT count(*)::text FROM dimension_values WHERE value LIKE '%/page-%'", "6");
	test_database_run(*state,
		"DELETE FROM page_views WHERE page_url = '/page-2'; INSERT INTO changed_sessions (session_ids) SELECT "
		"array_agg(id) "
		"FROM user_sessions; SELECT note_deleted('{2026-03-10T00:00:00Z}')");
	rollups_refresh_with(*state, &options);
	sweep(*state);
	expect(*state, "SELECT count(*)::text FROM dimension_values WHERE value LIKE '%/page-%'", "5");
	char *before = rollups_dump(*state);
	rollups_remake(*state, &options);
	char *after = rollups_dump(*state);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void what_waits_for_a_range_is_told(void **state)
{
	const RollupOptions options = ROLLUPS_OPTIONS;
	static const char waits[] = "SELECT sessions || ' ' || buckets FROM rollup_waits('2026-03-10', '2026-03-11')";
	static const char later[] = "SELECT sessions || ' ' || buckets FROM rollup_waits('2026-04-10', '2026-04-11')";
	empty(*state);
	sessions_make(*state, "2026-03-10T00:00:00Z", 30);
	expect(*state, waits, "30 0");
	expect(*state, later, "0 0");
	rollups_refresh_with(*state, &options);
	expect(*state, waits, "0 0");
	test_database_run(*state, "SELECT note_deleted('{2026-03-10T05:00:00Z}')");
	expect(*state, waits, "0 5");
	expect(*state, later, "0 0");
	expect(*state, "SELECT (as_of > now() - interval '1 hour')::text FROM rollup_waits('2026-03-10', '2026-03-11')",
		"true");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rare_pages_are_one),
		cmocka_unit_test(another_cap_counts_the_buckets_anew),
		cmocka_unit_test(other_goals_count_those_sessions_anew_that_they_reach),
		cmocka_unit_test(other_goals_reach_what_the_roll_up_of_events_does_not_tell),
		cmocka_unit_test(sessions_that_many_notes_name_are_counted_once),
		cmocka_unit_test(a_note_of_many_sessions_is_counted_step_by_step),
		cmocka_unit_test(a_partition_is_analyzed_before_its_rows_are_looked_for),
		cmocka_unit_test(another_time_zone_makes_other_days),
		cmocka_unit_test(a_deadlock_at_the_end_costs_no_rebuild),
		cmocka_unit_test(a_broken_rebuild_begins_anew),
		cmocka_unit_test(an_unknown_time_zone_is_refused),
		cmocka_unit_test(a_session_that_cannot_be_counted_stops_no_other),
		cmocka_unit_test(a_note_that_comes_meanwhile_is_not_blamed),
		cmocka_unit_test(a_bucket_that_cannot_be_counted_stops_no_other),
		cmocka_unit_test(only_one_refreshes),
		cmocka_unit_test(another_refresh_is_waited_for_as_long_as_is_asked),
		cmocka_unit_test(what_is_deleted_is_noted_by_who_deletes),
		cmocka_unit_test(overviews_come_before_all_else_and_hours_before_their_day),
		cmocka_unit_test(yesterdays_overview_comes_before_todays_pages),
		cmocka_unit_test(what_is_not_due_does_not_wait),
		cmocka_unit_test(pages_of_values_of_a_changed_day_are_gone_until_they_are_counted_again),
		cmocka_unit_test(texts_go_with_the_last_who_names_them),
		cmocka_unit_test(what_waits_for_a_range_is_told),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
