// Months are made while everybody works.
#include "base/clock.h"
#include "harness/database.h"
#include "migrate/migrate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

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

// Whoever has to wait for a lock fails.
static PgConn *impatient(void)
{
	PgConn *conn = test_postgres_open(dsn, TEST_SCHEMA);
	test_database_run(conn, "SET lock_timeout = '2s'");
	return conn;
}

static void work(PgConn *conn)
{
	test_database_run(conn,
		"INSERT INTO robots (id, seen_at, robot_kind, hit_type) VALUES (gen_random_uuid(), now(), 'bot', 'page');"
		"UPDATE user_sessions SET updated_at = now(); UPDATE page_views SET clicks_count = 1;"
		"DELETE FROM user_events; DELETE FROM session_attribution; SELECT count(*) FROM robots");
}

static void neither_waits_for_the_other(void **state)
{
	(void) state;
	PgConn *writer = impatient();
	PgConn *maker = impatient();
	Error error;
	test_database_run(writer, "BEGIN");
	work(writer); // holds its locks on every table
	test_database_run(maker, "BEGIN");
	if (!migrate_months(maker, clock_now_ms(), 24, &error)) // did not wait for the writer
		fail_msg("%s", error.message);
	assert_string_equal(test_postgres_value(maker,
							"SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation WHERE relkind = "
							"'p' "
							"AND pid = pg_backend_pid() AND mode IN ('AccessExclusiveLock', 'ExclusiveLock', "
							"'ShareLock', 'ShareRowExclusiveLock')"),
		"0");
	work(writer); // nor does the writer for what is not committed yet
	PgConn *another = impatient();
	work(another);
	test_database_run(maker, "COMMIT");
	test_database_run(writer, "COMMIT");
	work(another);
	assert_string_equal(test_postgres_value(another,
							"SELECT count(*) >= 26 FROM pg_inherits WHERE inhparent = 'robots'::regclass"),
		"t");
	pg_close(another);
	pg_close(maker);
	pg_close(writer);
}

static void what_is_there_is_left_and_what_is_missing_is_made(void **state)
{
	Error error;
	int64_t now_ms = 0;
	assert_true(clock_parse_iso8601(SLICE_LITERAL("2031-12-31T23:59:59Z"), &now_ms));
	assert_true(migrate_months(*state, now_ms, 1, &error));
	test_database_run(*state, "DROP TABLE page_views_2032_01");
	assert_true(migrate_months(*state, now_ms, 1, &error));
	assert_string_equal(test_postgres_value(*state,
							"SELECT string_agg(child.relname, ' ' ORDER BY child.relname) FROM pg_class child WHERE "
							"child.relname ~ '^page_views_203[12]_[0-9]+$' AND child.relkind = 'r' AND "
							"child.relispartition"),
		"page_views_2031_11 page_views_2031_12 page_views_2032_01");
	assert_string_equal(test_postgres_value(*state,
							"SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'robots_2032_01'"),
		"FOR VALUES FROM ('2032-01-01 00:00:00+00') TO ('2032-02-01 00:00:00+00')");
	assert_string_equal(test_postgres_value(*state, "SELECT count(*) FROM pg_partitioned_table WHERE partdefid <> 0"),
		"0");
}

// None is forgotten when a table is added.
static void every_partitioned_table_has_the_months(void **state)
{
	Error error;
	assert_true(migrate_months(*state, clock_now_ms(), 3, &error));
	assert_string_equal(test_postgres_value(*state,
							"SELECT coalesce(string_agg(parent.relname, ','), '') FROM pg_class AS parent WHERE "
							"relkind = "
							"'p' AND to_regclass(relname || to_char(now() AT TIME ZONE 'UTC' + interval '3 months', "
							"'_YYYY_MM')) IS NULL"),
		"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neither_waits_for_the_other),
		cmocka_unit_test(what_is_there_is_left_and_what_is_missing_is_made),
		cmocka_unit_test(every_partitioned_table_has_the_months),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
