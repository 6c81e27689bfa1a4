#include "harness/rolling.h"

#include "sql/sql.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

void rolling_refresh(PgConn *conn, const RollupOptions *options)
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

void rolling_refresh_killed(const char *dsn, const RollupOptions *options, int kill_after_us)
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

static void script(PgConn *conn, const char *sql)
{
	Error error = {0};
	if (!pg_script(conn, sql, &error))
		fail_msg("%s", error.message);
}

void rolling_remake(PgConn *conn, const RollupOptions *options)
{
	script(conn,
		"TRUNCATE changed_sessions, changed_buckets, rollup_failures, session_summaries, person_days, visitor_returns, "
		"overview_hourly, overview_daily, session_metrics_daily, page_metrics_hourly, page_metrics_daily, "
		"breakdown_daily, page_transitions_daily, user_journey_paths, event_metrics_daily");
	script(conn, sql_rollup_note_all);
	rolling_refresh(conn, options);
}

char *rolling_dump(PgConn *conn)
{
	const char *text = test_postgres_value(conn,
		"SELECT string_agg(line, E'\\n' ORDER BY line) FROM ("
		" SELECT 'summary ' || to_jsonb(t)::text AS line FROM session_summaries t"
		" UNION ALL SELECT 'person_day ' || to_jsonb(t)::text FROM person_days t"
		" UNION ALL SELECT 'return ' || to_jsonb(t)::text FROM visitor_returns t"
		" UNION ALL SELECT 'overview_hourly ' || to_jsonb(t)::text FROM overview_hourly t"
		" UNION ALL SELECT 'overview_daily ' || to_jsonb(t)::text FROM overview_daily t"
		" UNION ALL SELECT 'sessions ' || to_jsonb(t)::text FROM session_metrics_daily t"
		" UNION ALL SELECT 'pages_hourly ' || to_jsonb(t)::text FROM page_metrics_hourly t"
		" UNION ALL SELECT 'pages_daily ' || to_jsonb(t)::text FROM page_metrics_daily t"
		" UNION ALL SELECT 'breakdown ' || to_jsonb(t)::text FROM breakdown_daily t"
		" UNION ALL SELECT 'transitions ' || to_jsonb(t)::text FROM page_transitions_daily t"
		" UNION ALL SELECT 'paths ' || (to_jsonb(t) - 'id' - 'last_updated_at')::text FROM user_journey_paths t"
		" UNION ALL SELECT 'events ' || to_jsonb(t)::text FROM event_metrics_daily t) l");
	return strdup(text);
}

// Runs a statement whose rows are what differs.
static void check(PgConn *conn, const char *what, const char *sql, const char *zone)
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

void rolling_check(PgConn *conn, const RollupOptions *options)
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
	check(conn, "days", days, options->timezone);
	check(conn, "pages", pages, options->timezone);
	check(conn, "visitors", visitors, options->timezone);
}
