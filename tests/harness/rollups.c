#include "harness/rollups.h"

#include "harness/database.h"
#include "rollup/rollup.h"
#include "rollup/verify.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TOLD_MAX 20
#define QUERY_SIZE 1024

static const char *const names[] = {"session_summaries", "person_days", "visitor_returns", "overview_hourly",
	"overview_daily", "session_metrics_daily", "page_metrics_hourly", "page_metrics_daily", "breakdown_daily",
	"page_transitions_daily", "user_journey_paths", "event_metrics_daily"};

void rollups_begin(PgConn *conn, const char *zone, int pages_max)
{
	test_database_run(conn, "UPDATE rollup_state SET timezone = '%s', pages_max = %d", zone, pages_max);
}

void rollups_refresh(PgConn *conn)
{
	char zone[64];
	int64_t pages_max = 0;
	RollupCounts counts;
	Error error = {0};
	(void) snprintf(zone, sizeof zone, "%s", test_postgres_value(conn, "SELECT timezone FROM rollup_state"));
	assert_true(
		slice_to_int64(slice_from(test_postgres_value(conn, "SELECT pages_max FROM rollup_state")), &pages_max));
	const RollupOptions options = {.schema = TEST_SCHEMA, .timezone = zone, .pages_max = pages_max, .is_quiet = true};
	if (!rollup_refresh(conn, &options, &counts, &error))
		fail_msg("%s", error.message);
	assert_int_equal(counts.failed_sessions + counts.failed_buckets + counts.waiting, 0);
	assert_false(counts.is_elsewhere);
}

void rollups_refresh_all(PgConn *conn)
{
	test_database_run(conn,
		"INSERT INTO changed_sessions (session_ids) SELECT coalesce(array_agg(DISTINCT id), '{}') FROM ("
		"SELECT id FROM user_sessions UNION SELECT session_id FROM session_summaries) AS changed");
	rollups_refresh(conn);
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
	for (size_t at = 0; at < sizeof names / sizeof *names; at++)
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
