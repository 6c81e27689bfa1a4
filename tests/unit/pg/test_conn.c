#include "base/random.h"
#include "harness/postgres.h"
#include "pg/conn.h"
#include "pg/retry.h"
#include "sql/sql.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char dsn[TEST_DSN_SIZE];
static PgConn *canceller;

static int setup(void **state)
{
	Error error;
	if (!random_init(&error))
		return -1;
	test_postgres_database(dsn);
	*state = test_postgres_open(dsn, "our schema");
	return 0;
}

static int teardown(void **state)
{
	pg_close(*state);
	return 0;
}

static void session_is_ours_whatever_the_role_says(void **state)
{
	(void) state;
	Error error;
	PgConn *conn = test_postgres_open(dsn, NULL);
	assert_true(pg_script(conn,
		"ALTER ROLE sojourn SET TimeZone = 'Asia/Tokyo'; ALTER ROLE sojourn SET DateStyle = 'German';"
		"ALTER ROLE sojourn SET bytea_output = 'escape'",
		&error));
	pg_close(conn);
	conn = test_postgres_open(dsn, "our \"schema\"");
	assert_string_equal(test_postgres_value(conn, "SELECT '2026-01-31 23:00Z'::timestamptz"), "2026-01-31 23:00:00+00");
	assert_string_equal(test_postgres_value(conn, "SELECT '\\x00ff'::bytea"), "\\x00ff");
	assert_string_equal(test_postgres_value(conn, "SHOW client_encoding"), "UTF8");
	assert_string_equal(test_postgres_value(conn, "SHOW search_path"), "\"our \"\"schema\"\"\", public");
	assert_true(pg_script(conn, "ALTER ROLE sojourn RESET ALL", &error));
	assert_true(pg_server_version(conn) >= 150000);
	pg_close(conn);
}

static void parameters_of_all_kinds_come_through(void **state)
{
	PgConn *conn = *state;
	static const char sql[] =
		"SELECT $1::bigint + 1, $2::text IS NULL, $3::text, $4::uuid, $5::bytea, $6::bigint[], $7::text[], $8::uuid[]";
	Uuid uuid = uuid7_make(1700000000000);
	char uuid_text[UUID_TEXT_SIZE];
	uuid_format(uuid, uuid_text);
	Arena arena;
	arena_init(&arena, 10000);
	Slice texts[] = {SLICE_LITERAL("a\"b\\c"), SLICE_NONE, SLICE_LITERAL(""), SLICE_LITERAL("NULL"),
		SLICE_LITERAL("{,}")};
	const PgParam params[] = {pg_param("41"), pg_param(NULL), pg_param_bytes(SLICE_LITERAL("grüße")),
		pg_param_uuid(&uuid), pg_param_bytes((Slice){"\0\377", 2}),
		pg_param_int64_array(&arena, (int64_t[]){INT64_MIN, 0, INT64_MAX}, 3), pg_param_text_array(&arena, texts, 5),
		pg_param_uuid_array(&arena, (Uuid[]){uuid, uuid}, 2)};
	PgResult *result = NULL;
	Error error;
	for (int i = 0; i < 3; i++)
	{
		assert_true(pg_query(conn, sql, params, 8, &result, &error));
		assert_int_equal(pg_rows(result), 1);
		assert_int_equal(pg_columns(result), 8);
		assert_int_equal(pg_int64(result, 0, 0), 42);
		assert_true(pg_bool(result, 0, 1));
		assert_true(slice_equal_text(pg_text(result, 0, 2), "grüße"));
		Uuid back;
		assert_true(pg_uuid(result, 0, 3, &back));
		assert_int_equal(uuid_compare(back, uuid), 0);
		assert_true(slice_equal_text(pg_text(result, 0, 4), "\\x00ff"));
		assert_true(slice_equal_text(pg_text(result, 0, 5), "{-9223372036854775808,0,9223372036854775807}"));
		assert_true(slice_equal_text(pg_text(result, 0, 6), "{\"a\\\"b\\\\c\",NULL,\"\",\"NULL\",\"{,}\"}"));
		assert_int_equal(pg_text(result, 0, 7).size, 2 * 36 + 3);
		pg_result_free(result);
	}
	assert_string_equal(test_postgres_value(conn,
							"SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%bigint + 1%'"),
		"1");
	arena_free(&arena);
}

static void arrays_may_be_empty(void **state)
{
	static const char sql[] = "SELECT $1::bigint[] = '{}' AND $2::uuid[] = '{}'";
	Arena arena;
	arena_init(&arena, 1000);
	const PgParam params[] = {pg_param_int64_array(&arena, NULL, 0), pg_param_uuid_array(&arena, NULL, 0)};
	PgResult *result = NULL;
	Error error;
	assert_true(pg_query(*state, sql, params, 2, &result, &error));
	assert_true(pg_bool(result, 0, 0));
	pg_result_free(result);
	arena_free(&arena);
}

static void what_there_was_no_memory_for_is_not_taken_for_null(void **state)
{
	static const Uuid uuids[100];
	Arena arena;
	arena_init(&arena, 100);
	const PgParam params[] = {pg_param_uuid_array(&arena, uuids, 100)};
	PgResult *result = NULL;
	Error error;
	assert_false(pg_query(*state, "SELECT $1::uuid[] IS NULL", params, 1, &result, &error));
	assert_int_equal(error.code, ERROR_MEMORY);
	assert_null(result);
	assert_false(pg_query_planned(*state, "SELECT $1::uuid[] IS NULL", params, 1, &result, &error));
	assert_int_equal(error.code, ERROR_MEMORY);
	arena_free(&arena);
}

static void a_statement_that_fails_at_first_leaves_the_connection_good(void **state)
{
	static const char unknown[] = "SELECT nothing_of_that_name";
	static const char divide[] = "SELECT 6 / $1::integer";
	PgConn *conn = *state;
	PgResult *result = NULL;
	Error error;
	for (int round = 0; round < 2; round++) // it is not taken for prepared
	{
		assert_false(pg_query(conn, unknown, NULL, 0, &result, &error));
		assert_string_equal(error.sqlstate, "42703");
		assert_null(result);
	}
	assert_true(pg_begin(conn, &error));
	assert_false(pg_query(conn, divide, (PgParam[]){pg_param("0")}, 1, &result, &error));
	assert_string_equal(error.sqlstate, "22012");
	pg_rollback(conn);
	assert_true(pg_query(conn, divide, (PgParam[]){pg_param("2")}, 1, &result, &error));
	assert_int_equal(pg_int64(result, 0, 0), 3);
	pg_result_free(result);
	assert_string_equal(test_postgres_value(conn,
							"SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT 6 /%'"),
		"1");
}

static void many_statements_are_each_prepared_once(void **state)
{
	(void) state;
	PgConn *conn = test_postgres_open(dsn, NULL);
	static char texts[300][32];
	PgResult *result = NULL;
	Error error;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 300; i++)
		{
			(void) snprintf(texts[i], sizeof texts[i], "SELECT %d", i);
			assert_true(pg_query(conn, texts[i], NULL, 0, &result, &error));
			assert_int_equal(pg_int64(result, 0, 0), i);
			pg_result_free(result);
		}
	assert_string_equal(test_postgres_value(conn, "SELECT count(*) FROM pg_prepared_statements"),
		"301"); // and pg_session
	int count = -1;
	assert_true(pg_prepare(conn, sql_pg_session, &count, &error));
	assert_int_equal(count, 3);
	pg_close(conn);
}

static void affected_rows_are_counted(void **state)
{
	PgConn *conn = *state;
	PgResult *result = NULL;
	Error error;
	assert_true(pg_query_once(conn, "CREATE TEMP TABLE numbers AS SELECT generate_series(1, 7) AS n", &result, &error));
	pg_result_free(result);
	assert_true(pg_query_once(conn, "DELETE FROM numbers WHERE n > 2", &result, &error));
	assert_int_equal(pg_affected(result), 5);
	pg_result_free(result);
	assert_true(pg_query_once(conn, "SELECT NULL::bigint AS nothing", &result, &error));
	assert_true(pg_is_null(result, 0, 0));
	assert_null(pg_text(result, 0, 0).data);
	assert_int_equal(pg_int64(result, 0, 0), 0);
	assert_string_equal(pg_column_name(result, 0), "nothing");
	pg_result_free(result);
}

static void errors_hold_no_values(void **state)
{
	PgConn *conn = *state;
	PgResult *result = NULL;
	Error error;
	assert_true(pg_script(conn, "CREATE TEMP TABLE secrets (who varchar(5) PRIMARY KEY)", &error));
	static const char cast[] = "SELECT $1::uuid";
	assert_false(pg_query(conn, cast, (PgParam[]){pg_param("anna@example.org")}, 1, &result, &error));
	assert_int_equal(error.code, ERROR_DATABASE);
	assert_string_equal(error.sqlstate, "22P02");
	assert_null(strstr(error.message, "anna"));
	static const char insert[] = "INSERT INTO secrets VALUES ($1)";
	assert_true(pg_query(conn, insert, (PgParam[]){pg_param("anna")}, 1, NULL, &error));
	assert_false(pg_query(conn, insert, (PgParam[]){pg_param("anna")}, 1, NULL, &error));
	assert_true(pg_is_unique_violation(&error));
	assert_string_equal(error.message, "duplicate key, table secrets, constraint secrets_pkey");
	assert_false(pg_query(conn, insert, (PgParam[]){pg_param("anna@example.org")}, 1, NULL, &error));
	assert_string_equal(error.sqlstate, "22001");
	assert_null(strstr(error.message, "anna"));
	assert_true(pg_is_data_error(&error));
	assert_false(pg_is_transient(&error));
	assert_false(pg_query_once(conn, "SELECT nothing", &result, &error));
	assert_false(pg_is_data_error(&error));
	assert_string_equal(error.message, "column \"nothing\" does not exist");
}

static void a_transaction_is_kept_whole_or_not_at_all(void **state)
{
	PgConn *conn = *state;
	Error error;
	assert_true(pg_script(conn, "CREATE TEMP TABLE kept (n int)", &error));
	pg_rollback(conn); // outside of one: nothing
	assert_true(pg_begin(conn, &error));
	assert_true(pg_script(conn, "INSERT INTO kept VALUES (1)", &error));
	assert_true(pg_script(conn, "INSERT INTO kept VALUES (2)", &error));
	assert_true(pg_commit(conn, &error));
	assert_string_equal(test_postgres_value(conn, "SELECT sum(n) FROM kept"), "3");
	assert_true(pg_begin(conn, &error));
	assert_true(pg_script(conn, "INSERT INTO kept VALUES (10)", &error));
	assert_false(pg_script(conn, "SELECT 1 / 0", &error));
	assert_false(pg_commit(conn, &error));
	assert_string_equal(test_postgres_value(conn, "SELECT sum(n) FROM kept"), "3");
}

static void a_reader_cannot_write_and_a_slow_statement_is_ended(void **state)
{
	(void) state;
	PgConn *conn = NULL;
	Error error;
	assert_true(pg_open(&(PgOptions){.dsn = dsn, .is_read_only = true, .statement_timeout_ms = 50}, &conn, &error));
	assert_false(pg_script(conn, "CREATE TABLE forbidden ()", &error));
	assert_int_equal(error.code, ERROR_DATABASE);
	assert_string_equal(error.sqlstate, "25006");
	assert_false(pg_script(conn, "SELECT pg_sleep(60)", &error));
	assert_string_equal(error.sqlstate, "57014");
	assert_true(pg_is_transient(&error));
	assert_false(pg_is_data_error(&error));
	assert_false(pg_is_away(&error));
	pg_close(conn);
}

static void *cancel_run(void *context)
{
	PgCancel *cancel = context;
	while (strcmp(test_postgres_value(canceller, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"),
			   "1")
		!= 0)
		continue;
	pg_cancel(cancel);
	return NULL;
}

static void a_statement_is_given_up_from_another_thread(void **state)
{
	(void) state;
	PgConn *conn = test_postgres_open(dsn, NULL);
	PgCancel *cancel = NULL;
	pthread_t thread;
	Error error;
	canceller = test_postgres_open(dsn, NULL);
	assert_true(pg_cancel_open(conn, &cancel, &error));
	pg_cancel(cancel); // of nothing: what comes next is not meant
	assert_string_equal(test_postgres_value(conn, "SELECT 1"), "1");
	assert_int_equal(pthread_create(&thread, NULL, cancel_run, cancel), 0);
	assert_false(pg_script(conn, "SELECT pg_sleep(60)", &error));
	assert_true(pg_is_cancelled(&error));
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_string_equal(test_postgres_value(conn, "SELECT 1"), "1");
	pg_close(conn);
	pg_close(canceller);
	pg_cancel(cancel); // of a connection that is gone
	pg_cancel_close(cancel);
}

static void a_bad_connection_string_does_not_leak(void **state)
{
	(void) state;
	PgConn *conn = NULL;
	Error error;
	assert_false(pg_open(&(PgOptions){.dsn = "host=/tmp hunter2 user=x"}, &conn, &error));
	assert_int_equal(error.code, ERROR_BAD_INPUT);
	assert_null(strstr(error.message, "hunter2"));
	assert_null(conn);
	assert_false(pg_open(&(PgOptions){.dsn = "host=/nonexistent user=x password=hunter2"}, &conn, &error));
	assert_true(pg_is_away(&error));
	assert_null(strstr(error.message, "hunter2"));
	assert_null(strchr(error.message, '\n'));
	assert_false(pg_is_open(NULL));
	pg_close(NULL);
	pg_result_free(NULL);
}

static void a_killed_server_is_away_and_comes_back(void **state)
{
	(void) state;
	PgConn *conn = test_postgres_open(dsn, NULL);
	Error error;
	PgResult *result = NULL;
	test_postgres_kill();
	assert_false(pg_query(conn, sql_pg_ping, NULL, 0, &result, &error));
	assert_true(pg_is_away(&error));
	assert_false(pg_is_open(conn));
	assert_false(pg_begin(conn, &error));
	assert_true(pg_is_away(&error));
	pg_rollback(conn);
	pg_close(conn);
	assert_false(pg_open(&(PgOptions){.dsn = dsn}, &conn, &error));
	assert_true(pg_is_away(&error));
	test_postgres_start();
	conn = test_postgres_open(dsn, NULL);
	assert_true(pg_query(conn, sql_pg_ping, NULL, 0, NULL, &error));
	// An administrator's termination is the same.
	PgConn *other = test_postgres_open(dsn, NULL);
	char sql[64];
	(void) snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%s, 5000)",
		test_postgres_value(conn, "SELECT pg_backend_pid()"));
	assert_string_equal(test_postgres_value(other, sql), "t");
	assert_false(pg_query(conn, sql_pg_ping, NULL, 0, NULL, &error));
	assert_true(pg_is_away(&error));
	pg_close(other);
	pg_close(conn);
}

static void a_plan_made_stale_by_a_migration_is_cured_by_a_new_connection(void **state)
{
	(void) state;
	PgConn *conn = test_postgres_open(dsn, NULL);
	Error error;
	static const char sql[] = "SELECT * FROM shape";
	assert_true(pg_script(conn, "CREATE TABLE shape (a int)", &error));
	assert_true(pg_query(conn, sql, NULL, 0, NULL, &error));
	assert_true(pg_script(conn, "ALTER TABLE shape ADD b int", &error));
	assert_false(pg_query(conn, sql, NULL, 0, NULL, &error));
	assert_true(pg_is_away(&error));
	pg_close(conn);
}

static void back_off_doubles_up_to_its_bound_and_can_be_interrupted(void **state)
{
	(void) state;
	PgBackoff backoff = {.first_ms = 100, .most_ms = 1000};
	const int64_t whole[] = {100, 200, 400, 800, 1000, 1000, 1000};
	for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
	{
		int64_t wait_ms = pg_backoff_next_ms(&backoff);
		assert_in_range(wait_ms, whole[i] / 2, whole[i]);
	}
	pg_backoff_reset(&backoff);
	assert_in_range(pg_backoff_next_ms(&backoff), 50, 100);
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	PgBackoff quick = {.first_ms = 1, .most_ms = 2};
	assert_true(pg_backoff_wait(&quick, fds[0]));
	assert_true(pg_backoff_wait(&quick, -1));
	assert_int_equal(write(fds[1], "x", 1), 1);
	PgBackoff slow = {.first_ms = 3600000, .most_ms = 3600000};
	assert_false(pg_backoff_wait(&slow, fds[0]));
	(void) close(fds[0]);
	(void) close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(session_is_ours_whatever_the_role_says),
		cmocka_unit_test(parameters_of_all_kinds_come_through),
		cmocka_unit_test(arrays_may_be_empty),
		cmocka_unit_test(what_there_was_no_memory_for_is_not_taken_for_null),
		cmocka_unit_test(a_statement_that_fails_at_first_leaves_the_connection_good),
		cmocka_unit_test(many_statements_are_each_prepared_once),
		cmocka_unit_test(affected_rows_are_counted),
		cmocka_unit_test(errors_hold_no_values),
		cmocka_unit_test(a_transaction_is_kept_whole_or_not_at_all),
		cmocka_unit_test(a_reader_cannot_write_and_a_slow_statement_is_ended),
		cmocka_unit_test(a_statement_is_given_up_from_another_thread),
		cmocka_unit_test(a_bad_connection_string_does_not_leak),
		cmocka_unit_test(a_plan_made_stale_by_a_migration_is_cured_by_a_new_connection),
		cmocka_unit_test(back_off_doubles_up_to_its_bound_and_can_be_interrupted),
		cmocka_unit_test(a_killed_server_is_away_and_comes_back),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
