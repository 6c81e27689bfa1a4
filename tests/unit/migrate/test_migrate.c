#include "base/random.h"
#include "harness/postgres.h"
#include "migrate/migrate.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const SqlMigration three[] = {
	{1, "0001_first", "aa", "CREATE TABLE first (n int);"},
	{2, "0002_function", "bb",
		"CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS $$ SELECT n * 2; $$; SELECT twice(2);"},
	{3, "0003_third", "cc", "CREATE TABLE third (n int); INSERT INTO third VALUES (twice(21));"},
	{0, NULL, NULL, NULL},
};

static char dsn[TEST_DSN_SIZE];

static int setup(void **state)
{
	Error error;
	if (!random_init(&error))
		return -1;
	test_postgres_database(dsn);
	*state = test_postgres_open(dsn, "sojourn");
	return 0;
}

static int teardown(void **state)
{
	pg_close(*state);
	return 0;
}

static void assert_states(PgConn *conn, const SqlMigration *migrations, const MigrateState *states, size_t wanted)
{
	Arena arena;
	arena_init(&arena, 100000);
	MigrateRow *rows = NULL;
	size_t count = 0;
	Error error;
	assert_true(migrate_status(conn, "sojourn", migrations, &arena, &rows, &count, &error));
	assert_int_equal(count, wanted);
	for (size_t i = 0; i < count; i++)
	{
		assert_int_equal(rows[i].state, states[i]);
		assert_int_equal(rows[i].applied_at == NULL, states[i] == MIGRATE_PENDING);
	}
	arena_free(&arena);
}

static void all_are_applied_once_and_in_order(void **state)
{
	PgConn *conn = *state;
	Error error;
	int applied = -1;
	// What the product beside us has of that name is not ours.
	assert_true(pg_script(conn, "CREATE TABLE public.schema_migrations (version text)", &error));
	assert_states(conn, three, (MigrateState[]){MIGRATE_PENDING, MIGRATE_PENDING, MIGRATE_PENDING}, 3);
	assert_string_equal(test_postgres_value(conn, "SELECT to_regnamespace('sojourn')"), "");
	assert_false(migrate_check(conn, "sojourn", three, &error));
	assert_non_null(strstr(error.message, "0003_third"));
	assert_true(migrate_apply(conn, "sojourn", three, &applied, &error));
	assert_int_equal(applied, 3);
	assert_string_equal(test_postgres_value(conn, "SELECT n FROM sojourn.third"), "42");
	assert_states(conn, three, (MigrateState[]){MIGRATE_APPLIED, MIGRATE_APPLIED, MIGRATE_APPLIED}, 3);
	assert_true(migrate_check(conn, "sojourn", three, &error));
	assert_true(migrate_apply(conn, "sojourn", three, &applied, &error));
	assert_int_equal(applied, 0);
}

static void a_changed_file_is_refused(void **state)
{
	PgConn *conn = *state;
	Error error;
	int applied = -1;
	SqlMigration changed[4];
	memcpy(changed, three, sizeof changed);
	changed[1].sha256 = "dd";
	assert_false(migrate_apply(conn, "sojourn", changed, &applied, &error));
	assert_non_null(strstr(error.message, "0002_function"));
	assert_false(migrate_check(conn, "sojourn", changed, &error));
	assert_states(conn, changed, (MigrateState[]){MIGRATE_APPLIED, MIGRATE_CHANGED, MIGRATE_APPLIED}, 3);
}

static void a_newer_database_is_refused(void **state)
{
	PgConn *conn = *state;
	Error error;
	int applied = -1;
	SqlMigration older[3];
	memcpy(older, three, sizeof older);
	older[2] = (SqlMigration){0, NULL, NULL, NULL};
	assert_false(migrate_apply(conn, "sojourn", older, &applied, &error));
	assert_non_null(strstr(error.message, "newer"));
	assert_non_null(strstr(error.message, "0003_third"));
	assert_false(migrate_check(conn, "sojourn", older, &error));
	assert_states(conn, older, (MigrateState[]){MIGRATE_APPLIED, MIGRATE_APPLIED, MIGRATE_UNKNOWN}, 3);
}

static void one_left_out_is_refused(void **state)
{
	PgConn *conn = *state;
	Error error;
	int applied = -1;
	assert_true(pg_script(conn, "DELETE FROM schema_migrations WHERE number = 2", &error));
	assert_false(migrate_apply(conn, "sojourn", three, &applied, &error));
	assert_non_null(strstr(error.message, "although the later 0003_third is"));
	assert_true(pg_script(conn, "INSERT INTO schema_migrations VALUES (2, '0002_function', 'bb')", &error));
}

static void a_failing_one_leaves_nothing_of_itself(void **state)
{
	PgConn *conn = *state;
	Error error;
	int applied = -1;
	SqlMigration longer[6];
	memcpy(longer, three, sizeof three);
	longer[3] = (SqlMigration){4, "0004_good", "ee", "CREATE TABLE fourth (n int);"};
	longer[4] = (SqlMigration){5, "0005_bad", "ff", "CREATE TABLE fifth (n int); SELECT nothing;"};
	longer[5] = (SqlMigration){0, NULL, NULL, NULL};
	assert_false(migrate_apply(conn, "sojourn", longer, &applied, &error));
	assert_string_equal(error.message, "migration 0005_bad: column \"nothing\" does not exist");
	assert_int_equal(applied, 1);
	assert_states(conn, longer,
		(MigrateState[]){MIGRATE_APPLIED, MIGRATE_APPLIED, MIGRATE_APPLIED, MIGRATE_APPLIED, MIGRATE_PENDING}, 5);
	assert_string_equal(test_postgres_value(conn, "SELECT to_regclass('fifth')"), "");
	// Mended, it goes on; the lock was given back.
	longer[4].text = "CREATE TABLE fifth (n int);";
	PgConn *other = test_postgres_open(dsn, "sojourn");
	assert_true(migrate_apply(other, "sojourn", longer, &applied, &error));
	assert_int_equal(applied, 1);
	pg_close(other);
}

static void a_schema_may_have_any_name(void **state)
{
	(void) state;
	Error error;
	int applied = -1;
	PgConn *conn = test_postgres_open(dsn, "Web \"data\"");
	assert_true(migrate_apply(conn, "Web \"data\"", three, &applied, &error));
	assert_int_equal(applied, 3);
	assert_string_equal(test_postgres_value(conn, "SELECT n FROM \"Web \"\"data\"\"\".third"), "42");
	pg_close(conn);
}

#define MACHINES 6

static void *machine_run(void *context)
{
	PgConn *conn = context;
	Error error;
	int applied = 0;
	return migrate_apply(conn, "many", three, &applied, &error) ? (void *) (intptr_t) (applied + 1) : NULL;
}

static void many_machines_at_once_apply_each_once(void **state)
{
	(void) state;
	PgConn *conns[MACHINES];
	pthread_t threads[MACHINES];
	for (size_t i = 0; i < MACHINES; i++)
		conns[i] = test_postgres_open(dsn, "many");
	for (size_t i = 0; i < MACHINES; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, machine_run, conns[i]), 0);
	intptr_t applied = 0;
	for (size_t i = 0; i < MACHINES; i++)
	{
		void *answer = NULL;
		assert_int_equal(pthread_join(threads[i], &answer), 0);
		assert_non_null(answer);
		applied += (intptr_t) answer - 1;
		pg_close(conns[i]);
	}
	assert_int_equal(applied, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_applied_once_and_in_order),
		cmocka_unit_test(a_changed_file_is_refused),
		cmocka_unit_test(a_newer_database_is_refused),
		cmocka_unit_test(one_left_out_is_refused),
		cmocka_unit_test(a_failing_one_leaves_nothing_of_itself),
		cmocka_unit_test(a_schema_may_have_any_name),
		cmocka_unit_test(many_machines_at_once_apply_each_once),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
