// Every embedded query must be one that PostgreSQL can prepare on a database with the real migrations.
#include "base/clock.h"
#include "base/random.h"
#include "harness/postgres.h"
#include "migrate/migrate.h"
#include "pg/copy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int setup(void **state)
{
	Error error;
	int applied = 0;
	char dsn[TEST_DSN_SIZE];
	if (!random_init(&error))
		return -1;
	test_postgres_database(dsn);
	PgConn *conn = test_postgres_open(dsn, "sojourn");
	*state = conn;
	if (migrate_apply(conn, "sojourn", sql_migrations, &applied, &error)
		&& migrate_months(conn, clock_now_ms(), 3, &error))
		return 0;
	(void) fprintf(stderr, "%s\n", error.message);
	return -1;
}

static int teardown(void **state)
{
	pg_close(*state);
	return 0;
}

static void the_migrations_leave_what_this_program_works_with(void **state)
{
	Error error;
	assert_true(migrate_check(*state, "sojourn", sql_migrations, &error));
	// Beside the schema nothing is touched.
	assert_string_equal(test_postgres_value(*state,
							"SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"),
		"0");
}

// PostgreSQL looks at the columns of a COPY only when it runs: it does so without a row.
static bool copy_is_good(PgConn *conn, const char *sql, Error *error)
{
	PgCopy copy;
	int64_t rows = 0;
	pg_copy_init(&copy, 100);
	bool is_good = pg_copy_send(conn, sql, &copy, &rows, error);
	pg_copy_free(&copy);
	return is_good;
}

static bool query_is_good(PgConn *conn, const char *sql, Error *error)
{
	int param_count = 0;
	bool is_good = pg_prepare(conn, sql, &param_count, error);
	if (is_good)
		assert_in_range(param_count, 0, PG_PARAMS_MAX);
	return is_good && (strstr(sql, "FROM STDIN") == NULL || copy_is_good(conn, sql, error));
}

// What rooms make for themselves on a connection, for their queries to stand on. The first that fits a query's name counts.
static const struct {
	const char *room;
	const char *script;
} scripts[] = {
	{"loader_", sql_loader_temp_tables},
	{"rollup_verify_", sql_rollup_verify_temp_tables},
	{"rollup_", sql_rollup_session},
};
#define SCRIPTS (sizeof scripts / sizeof *scripts)

// The number of the room's script, SCRIPTS where the room needs none.
static size_t script_of(const SqlQuery *query)
{
	size_t at = 0;
	while (at < SCRIPTS && strncmp(query->name, scripts[at].room, strlen(scripts[at].room)) != 0)
		at++;
	return at;
}

static void every_query_can_be_prepared(void **state)
{
	int failed = 0;
	for (size_t script = 0; script <= SCRIPTS; script++)
	{
		Error error;
		assert_true(pg_script(*state, "DISCARD TEMP", &error));
		assert_true(script == SCRIPTS || pg_script(*state, scripts[script].script, &error));
		for (const SqlQuery *query = sql_queries; query->name != NULL; query++)
		{
			if (script_of(query) != script || (script < SCRIPTS && query->text == scripts[script].script)
				|| query_is_good(*state, query->text, &error))
				continue;
			print_error("%s\n", error.message);
			failed++;
		}
	}
	assert_int_equal(failed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_migrations_leave_what_this_program_works_with),
		cmocka_unit_test(every_query_can_be_prepared),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
