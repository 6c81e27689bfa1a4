#include "harness/rollups.h"

#include "base/buf.h"
#include "rollup/verify.h"
#include "sql/sql.h"

#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define TOLD_MAX 20
#define QUERY_SIZE 4096

static const char *const names[] = {"session_summaries", "person_days", "person_periods", "visitor_returns",
	"overview_hourly", "overview_daily", "session_metrics_daily", "session_durations_daily", "page_metrics_hourly",
	"page_metrics_daily", "breakdown_daily", "page_transitions_daily", "page_paths_daily", "value_pages_daily",
	"user_journey_paths", "event_metrics_daily"};
#define NAMES (sizeof names / sizeof *names)

void rollups_empty(PgConn *conn)
{
	Buf script;
	buf_init(&script, QUERY_SIZE);
	buf_append_text(&script, "TRUNCATE changed_sessions, changed_buckets, rollup_failures");
	for (size_t at = 0; at < NAMES; at++)
		buf_append_format(&script, ", %s", names[at]);
	assert_true(buf_is_ok(&script));
	test_database_run(conn, "%.*s", SLICE_PRINT(buf_slice(&script)));
	buf_free(&script);
}

void rollups_begin(PgConn *conn, const char *zone, int pages_max)
{
	test_database_run(conn, "UPDATE rollup_state SET timezone = '%s', pages_max = %d", zone, pages_max);
}

static void refresh_once(PgConn *conn, const RollupOptions *options)
{
	Error error = {0};
	RollupCounts counts = {.is_elsewhere = true};
	while (counts.is_elsewhere) // the server may not have noticed yet that a killed one is gone
	{
		if (!rollup_refresh(conn, options, &counts, &error))
			fail_msg("%s", error.message);
	}
	assert_int_equal(counts.failed_sessions + counts.failed_buckets + counts.waiting, 0);
}

void rollups_refresh_with(PgConn *conn, const RollupOptions *options)
{
	refresh_once(conn, options);
	if (strcmp(test_postgres_value(conn, "SELECT EXISTS (SELECT FROM changed_buckets)"), "f") == 0)
		return;
	test_database_run(conn, "UPDATE changed_buckets SET due_at = now()");
	refresh_once(conn, options);
}

void rollups_refresh(PgConn *conn)
{
	char zone[64];
	RollupOptions options = ROLLUPS_OPTIONS;
	(void) snprintf(zone, sizeof zone, "%s", test_postgres_value(conn, "SELECT timezone FROM rollup_state"));
	options.timezone = zone;
	assert_true(slice_to_int64(slice_from(test_postgres_value(conn, "SELECT pages_max FROM rollup_state")),
		&options.pages_max));
	rollups_refresh_with(conn, &options);
}

void rollups_refresh_all(PgConn *conn)
{
	test_database_run(conn,
		"INSERT INTO changed_sessions (session_ids) SELECT coalesce(array_agg(DISTINCT id), '{}') FROM ("
		"SELECT id FROM user_sessions UNION SELECT session_id FROM session_summaries) AS changed");
	rollups_refresh(conn);
}

void rollups_refresh_killed(const char *dsn, const RollupOptions *options, int kill_after_us)
{
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
	{
		Error error = {0};
		RollupCounts counts;
		PgConn *conn = NULL;
		const PgOptions to = {.dsn = dsn, .schema = options->schema, .application_name = "killed"};
		bool is_done = pg_open(&to, &conn, &error) && rollup_refresh(conn, options, &counts, &error);
		_exit(is_done ? 0 : 1);
	}
	(void) usleep((useconds_t) kill_after_us);
	(void) kill(child, SIGKILL);
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
}

void rollups_remake(PgConn *conn, const RollupOptions *options)
{
	rollups_empty(conn);
	test_database_run(conn, "%s", sql_rollup_note_all);
	rollups_refresh_with(conn, options);
}

static bool difference_print(void *context, const VerifyDifference *difference, Error *error)
{
	(void) context;
	(void) error;
	print_error("%.*s [%.*s] %.*s: %.*s, recounted %.*s\n", SLICE_PRINT(difference->table),
		SLICE_PRINT(difference->key), SLICE_PRINT(difference->column), SLICE_PRINT(difference->stored),
		SLICE_PRINT(difference->recounted));
	return true;
}

void rollups_are_right(PgConn *conn, int64_t views_max)
{
	const VerifyOptions options = {.told_max = TOLD_MAX, .views_max = views_max, .is_quiet = true};
	VerifyCounts counts;
	Error error = {0};
	if (!verify_run(conn, &options, difference_print, NULL, &counts, &error))
		fail_msg("%s", error.message);
	assert_int_equal(counts.differences, 0);
	assert_int_equal(counts.waiting, 0);
	assert_true(counts.rows > 0);
}

// Runs a statement whose rows are what differs.
static void none_differs(PgConn *conn, const char *what, const char *sql, const char *zone)
{
	Error error = {0};
	PgResult *result = NULL;
	const PgParam params[] = {pg_param(zone)};
	if (!pg_query(conn, sql, params, 1, &result, &error))
		fail_msg("%s: %s", what, error.message);
	for (int row = 0; row < pg_rows(result); row++)
	{
		Slice found = pg_text(result, row, 0);
		(void) fprintf(stderr, "%s: %.*s\n", what, (int) found.size, found.data);
	}
	if (pg_rows(result) > 0)
		fail_msg("%s: %d rows differ", what, pg_rows(result));
	pg_result_free(result);
}

void rollups_match_rows(PgConn *conn, const RollupOptions *options)
{
	static const char days[] =
		"SELECT to_jsonb(d)::text FROM ("
		" (SELECT (started_at AT TIME ZONE $1)::date AS date, count(DISTINCT person_id)::int AS visitors,"
		"   count(DISTINCT id)::int AS sessions, count(DISTINCT id) FILTER (WHERE ended_at IS NOT NULL)::int AS ended,"
		"   count(DISTINCT id) FILTER (WHERE ended_at IS NOT NULL AND duration_seconds < 30)::int AS bounces"
		"  FROM user_sessions GROUP BY 1"
		"  EXCEPT SELECT date, visitors, sessions, ended_sessions, bounce_sessions FROM overview_daily)"
		" UNION ALL"
		" (SELECT date, visitors, sessions, ended_sessions, bounce_sessions FROM overview_daily WHERE sessions > 0"
		"  EXCEPT SELECT (started_at AT TIME ZONE $1)::date, count(DISTINCT person_id)::int, count(DISTINCT id)::int,"
		"   count(DISTINCT id) FILTER (WHERE ended_at IS NOT NULL)::int,"
		"   count(DISTINCT id) FILTER (WHERE ended_at IS NOT NULL AND duration_seconds < 30)::int"
		"  FROM user_sessions GROUP BY 1)) d";
	static const char pages[] =
		"WITH plain AS ("
		" SELECT date_trunc('hour', viewed_at, $1) AS hour, coalesce(page_host, '') AS host,"
		"  coalesce(page_category, '') AS category, page_url AS url, count(*)::int AS views,"
		"  count(DISTINCT person_id)::int AS viewers, count(DISTINCT session_id)::int AS sessions,"
		"  count(DISTINCT session_id) FILTER (WHERE NOT EXISTS (SELECT FROM page_views o WHERE o.session_id = "
		"v.session_id"
		"   AND (o.page_sequence_number, o.id) < (v.page_sequence_number, v.id)))::int AS entries,"
		"  count(DISTINCT session_id) FILTER (WHERE NOT EXISTS (SELECT FROM page_views o WHERE o.session_id = "
		"v.session_id"
		"   AND (o.page_sequence_number, o.id) > (v.page_sequence_number, v.id)))::int AS exits"
		" FROM page_views v GROUP BY 1, 2, 3, 4"
		"), kept AS (SELECT hour, page_host, page_category, page_url, total_views, unique_viewers, unique_sessions,"
		"  entry_count, exit_count FROM page_metrics_hourly)"
		"SELECT to_jsonb(d)::text FROM ((TABLE plain EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE plain)) d";
	static const char visitors[] = "SELECT format('%s to %s: %s, %s', a.date, b.date, kept, plain)"
								   " FROM overview_daily a JOIN overview_daily b ON b.date >= a.date"
								   " CROSS JOIN LATERAL (SELECT coalesce(sum(persons), 0) AS kept FROM visitor_returns"
								   "  WHERE date BETWEEN a.date AND b.date AND previous_date < a.date) k"
								   " CROSS JOIN LATERAL (SELECT count(DISTINCT person_id) AS plain FROM user_sessions"
								   "  WHERE (started_at AT TIME ZONE $1)::date BETWEEN a.date AND b.date) p"
								   " WHERE kept <> plain";
	none_differs(conn, "days", days, options->timezone);
	none_differs(conn, "pages", pages, options->timezone);
	none_differs(conn, "visitors", visitors, options->timezone);
}

char *rollups_dump(PgConn *conn)
{
	Buf sql;
	buf_init(&sql, QUERY_SIZE);
	buf_append_text(&sql, "SELECT string_agg(line, E'\\n' ORDER BY line) FROM (");
	for (size_t at = 0; at < NAMES; at++)
		buf_append_format(&sql, "%sSELECT '%s ' || (to_jsonb(t) - 'id' - 'last_updated_at')::text AS line FROM %s t",
			at == 0 ? "" : " UNION ALL ", names[at], names[at]);
	buf_append_text(&sql, ") l");
	buf_append_byte(&sql, '\0');
	assert_true(buf_is_ok(&sql));
	char *text = strdup(test_postgres_value(conn, sql.data));
	buf_free(&sql);
	return text;
}

// A row of a roll-up with the texts that its numbers stand for.
static const char *const texts_function =
	"CREATE OR REPLACE FUNCTION with_texts(stored jsonb) RETURNS jsonb LANGUAGE sql AS $$"
	" SELECT jsonb_object_agg(name, CASE"
	"  WHEN name IN ('pages', 'path') AND jsonb_typeof(value) = 'array' THEN"
	"   (SELECT coalesce(jsonb_agg(d.value ORDER BY place), '[]') FROM jsonb_array_elements_text(e.value) WITH "
	"ORDINALITY AS p (id, place)"
	"    JOIN dimension_values d ON d.id = p.id::integer)"
	"  WHEN name LIKE '%%\\_id' AND name NOT IN ('session_id', 'person_id', 'entry_view_id', 'exit_view_id') THEN"
	"   (SELECT to_jsonb(d.value) FROM dimension_values d WHERE d.id = e.value::text::integer)"
	"  ELSE value END)"
	" FROM jsonb_each(stored) AS e (name, value) WHERE name NOT IN ('id', 'last_updated_at') $$";

void rollups_keep(PgConn *conn, const char *name)
{
	test_database_run(conn, "%s", texts_function);
	test_database_run(conn, "DROP TABLE IF EXISTS %s; CREATE TABLE %s (line text)", name, name);
	for (size_t at = 0; at < NAMES; at++)
		test_database_run(conn, "INSERT INTO %s SELECT '%s ' || with_texts(to_jsonb(t))::text FROM %s t", name,
			names[at], names[at]);
}

void rollups_are_same(PgConn *conn, const char *one, const char *other)
{
	char sql[QUERY_SIZE];
	(void) snprintf(sql, sizeof sql,
		"SELECT string_agg(line, E'\\n') FROM (SELECT line FROM ("
		" SELECT '%s: ' || line AS line FROM (TABLE %s EXCEPT ALL TABLE %s) d"
		" UNION ALL SELECT '%s: ' || line FROM (TABLE %s EXCEPT ALL TABLE %s) d) l ORDER BY substr(line, strpos(line, "
		"' ')) LIMIT %d) l",
		one, one, other, other, other, one, TOLD_MAX);
	assert_string_equal(test_postgres_value(conn, sql), "");
}

void rollups_erase_person(PgConn *conn, int64_t person)
{
	test_database_run(conn,
		"BEGIN;"
		"SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.loader', 0));"
		"INSERT INTO changed_sessions (session_ids) SELECT array_agg(id) FROM user_sessions WHERE person_id = %" PRId64
		" HAVING count(*) > 0;"
		"DELETE FROM session_attribution WHERE person_id = %" PRId64 ";"
		"DELETE FROM user_events WHERE person_id = %" PRId64 ";"
		"DELETE FROM page_views WHERE person_id = %" PRId64 ";"
		"DELETE FROM user_sessions WHERE person_id = %" PRId64 ";"
		"UPDATE ingest_turn SET turn = gen_random_uuid();"
		"COMMIT",
		person, person, person, person, person);
}
