// What the planner's statistics know of rows that are gone: nothing, of tables with other rows and of such as are empty now.
#include "harness/database.h"
#include "sql/sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static PgConn *conn;

static const char views[] =
	"INSERT INTO page_views (id, session_id, viewed_at, person_id, page_sequence_number, page_url) "
	"SELECT gen_random_uuid(), gen_random_uuid(), now(), %d, n, '/%s' FROM generate_series(1, 10) AS n";

static int set_up(void **state)
{
	(void) state;
	char dsn[TEST_DSN_SIZE];
	conn = test_database_open(dsn);
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	pg_close(conn);
	return 0;
}

static const char *pages_known(void)
{
	return test_postgres_value(conn,
		"SELECT string_agg(most_common_vals::text, ' ') FROM pg_stats "
		"WHERE schemaname = 'sojourn' AND tablename LIKE 'page_views_%' AND attname = 'page_url'");
}

static void renew(void)
{
	test_database_run(conn,
		"SELECT statistics_renew(c.oid) FROM pg_class AS c JOIN pg_inherits AS i ON i.inhrelid = c.oid "
		"WHERE i.inhparent = 'page_views'::regclass");
}

static void rows_that_are_gone_are_forgotten(void **state)
{
	(void) state;
	test_database_run(conn, views, 1, "gone");
	test_database_run(conn, views, 2, "kept");
	renew();
	assert_string_equal(pages_known(), "{/gone,/kept}");
	test_database_run(conn, "DELETE FROM page_views WHERE person_id = 1");
	assert_string_equal(pages_known(), "{/gone,/kept}");
	renew();
	assert_string_equal(pages_known(), "{/kept}");
	assert_string_equal(test_postgres_value(conn, "SELECT count(*) FROM page_views"), "10");
	test_database_run(conn, "DELETE FROM page_views");
	renew();
	assert_string_equal(pages_known(), "");
	assert_string_equal(test_postgres_value(conn, "SELECT count(*) FROM page_views"), "0");
}

// Those that want more of a row hold nothing of people who are tracked, or are never empty while somebody is erased.
static void every_table_that_people_are_in_takes_a_blank_row(void **state)
{
	(void) state;
	test_database_run(conn,
		"BEGIN; CREATE TEMP TABLE tried AS SELECT relname::text AS name, blank_row_add(oid) AS place FROM ("
		"SELECT * FROM pg_class WHERE relnamespace = 'sojourn'::regnamespace AND relkind = 'r' ORDER BY relname) AS c");
	assert_string_equal(test_postgres_value(conn,
							"SELECT string_agg(name, ' ' ORDER BY name) FROM tried WHERE place IS NULL"),
		"api_tokens audit_log data_quality_checks dimension_values job_requests job_runs person_requests rollup_state "
		"saved "
		"schema_migrations sign_ins");
	assert_string_equal(test_postgres_value(conn,
							"SELECT bool_or(name LIKE 'session_summaries_%') FROM tried WHERE place IS NOT NULL"),
		"t");
	test_database_run(conn, "ROLLBACK");
}

static void partitions_of_other_months_are_left_alone(void **state)
{
	(void) state;
	test_database_run(conn, "SELECT ensure_months('2025-01-01', '2025-05-31')");
	test_database_run(conn,
		"INSERT INTO robots (id, seen_at, robot_kind, hit_type) SELECT gen_random_uuid(), at, '', '' FROM "
		"generate_series("
		"timestamptz '2025-01-15 00:00Z', '2025-05-15 00:00Z', '1 month') AS at");
	test_database_run(conn, "ANALYZE");
	test_database_run(conn,
		"INSERT INTO person_requests (person_id, action, requested_by, sessions_within) "
		"VALUES (7, 'erase', 'test', '[2025-02-10 12:00Z, 2025-03-31 12:00Z]')");
	PgResult *tables = NULL;
	Error error;
	const PgParam id = pg_param(test_postgres_value(conn, "SELECT id FROM person_requests"));
	assert_true(pg_query(conn, sql_privacy_statistics, &id, 1, &tables, &error));
	char found[1024] = "";
	for (int at = 0; at < pg_rows(tables); at++)
	{
		Slice name = pg_text(tables, at, 0);
		if (strncmp(name.data, "robots_", 7) == 0)
			(void) strncat(strncat(found, name.data, name.size), " ", 2);
	}
	pg_result_free(tables);
	// The last session may have gone on into April.
	assert_string_equal(found, "robots_2025_02 robots_2025_03 robots_2025_04 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_that_are_gone_are_forgotten),
		cmocka_unit_test(every_table_that_people_are_in_takes_a_blank_row),
		cmocka_unit_test(partitions_of_other_months_are_left_alone),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
