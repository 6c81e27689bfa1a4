#include "base/random.h"
#include "harness/postgres.h"
#include "pg/copy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define BYTES_MAX ((size_t) 64 << 20U)

static int setup(void **state)
{
	Error error;
	if (!random_init(&error))
		return -1;
	char dsn[TEST_DSN_SIZE];
	test_postgres_database(dsn);
	*state = test_postgres_open(dsn, NULL);
	return 0;
}

static int teardown(void **state)
{
	pg_close(*state);
	return 0;
}

static void every_type_arrives_as_it_was(void **state)
{
	PgConn *conn = *state;
	Error error;
	assert_true(pg_script(conn,
		"CREATE TEMP TABLE types (a bigint, b integer, c smallint, d boolean, e uuid, f timestamptz, g text, h bytea,"
		" i jsonb, j numeric)",
		&error));
	PgCopy copy;
	pg_copy_init(&copy, BYTES_MAX);
	pg_copy_row(&copy, 10);
	pg_copy_int64(&copy, INT64_MIN);
	pg_copy_int32(&copy, INT32_MIN);
	pg_copy_int16(&copy, INT16_MIN);
	pg_copy_bool(&copy, true);
	pg_copy_uuid(&copy, (Uuid){{0x01, 0x8f, [15] = 0xff}});
	pg_copy_time_ms(&copy, -1);
	pg_copy_text(&copy, SLICE_LITERAL("tab\t newline\n grüße"));
	pg_copy_bytes(&copy, (Slice){"\0\377", 2});
	pg_copy_jsonb(&copy, SLICE_LITERAL("{\"a\": [1, null]}"));
	pg_copy_numeric(&copy, SLICE_LITERAL("-12.50"));
	pg_copy_row(&copy, 10);
	for (int i = 0; i < 6; i++)
		pg_copy_null(&copy);
	pg_copy_text(&copy, SLICE_NONE);
	pg_copy_bytes(&copy, SLICE_NONE);
	pg_copy_jsonb(&copy, SLICE_NONE);
	pg_copy_numeric(&copy, SLICE_NONE);
	int64_t rows = 0;
	assert_true(pg_copy_send(conn, "COPY types FROM STDIN WITH (FORMAT binary)", &copy, &rows, &error));
	assert_int_equal(rows, 2);
	assert_string_equal(test_postgres_value(conn, "SELECT t::text FROM types t WHERE a IS NOT NULL"),
		"(-9223372036854775808,-2147483648,-32768,t,018f0000-0000-0000-0000-0000000000ff,\"1969-12-31 "
		"23:59:59.999+00\","
		"\"tab\t newline\n grüße\",\"\\\\x00ff\",\"{\"\"a\"\": [1, null]}\",-12.50)");
	assert_string_equal(test_postgres_value(conn, "SELECT t::text FROM types t WHERE a IS NULL"), "(,,,,,,,,,)");
	pg_copy_free(&copy);
}

// As PostgreSQL itself reads the same text.
static void numerics_are_what_postgresql_makes_of_the_text(void **state)
{
	PgConn *conn = *state;
	static const char *const texts[] = {"0", "-0", "0.000", "1", "-1", "9999", "10000", "10001", "100000000",
		"12345678901234567890", "0.1", "0.0001", "0.00001", "0.00000001", "1.5", "-12.50", "99999999.99",
		"123456.789012345", "1e3", "1E+3", "1.5e-2", "-2.5e10", "0e5", "120e-1", "1e200", "1e-200", "00012.5",
		"10000.0001", "1000000000000.000000000001"};
	Error error;
	assert_true(pg_script(conn, "CREATE TEMP TABLE numerics (t text, n numeric)", &error));
	PgCopy copy;
	pg_copy_init(&copy, BYTES_MAX);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
	{
		assert_true(pg_numeric_is_valid(slice_from(texts[i])));
		pg_copy_row(&copy, 2);
		pg_copy_text(&copy, slice_from(texts[i]));
		pg_copy_numeric(&copy, slice_from(texts[i]));
	}
	int64_t rows = 0;
	assert_true(pg_copy_send(conn, "COPY numerics FROM STDIN WITH (FORMAT binary)", &copy, &rows, &error));
	assert_string_equal(test_postgres_value(conn,
							"SELECT string_agg(t || ' became ' || n, ', ') FROM numerics WHERE t::numeric::text <> "
							"n::text"),
		"");
	// Sent as they are, they must also be what the server would have made: equal bytes on its way out.
	assert_string_equal(test_postgres_value(conn,
							"SELECT string_agg(t, ', ') FROM numerics WHERE numeric_send(t::numeric) <> "
							"numeric_send(n)"),
		"");
	pg_copy_free(&copy);
}

static void what_is_no_number_is_refused(void **state)
{
	PgConn *conn = *state;
	static const char *const texts[] = {"", "-", "+1", ".5", "5.", "1e", "1e+", "NaN", "Infinity", "1 ", " 1", "0x10",
		"1,5", "1e1001", "1e-1001", "1e99999999999999999999", "--1", "1.2.3"};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_false(pg_numeric_is_valid(slice_from(texts[i])));
	char digits[PG_NUMERIC_DIGITS_MAX + 2];
	memset(digits, '9', sizeof digits);
	assert_true(pg_numeric_is_valid((Slice){digits, PG_NUMERIC_DIGITS_MAX}));
	assert_false(pg_numeric_is_valid((Slice){digits, PG_NUMERIC_DIGITS_MAX + 1}));
	Error error;
	int64_t rows = 0;
	PgCopy copy;
	pg_copy_init(&copy, BYTES_MAX);
	pg_copy_row(&copy, 1);
	pg_copy_numeric(&copy, SLICE_LITERAL("many"));
	assert_false(pg_copy_send(conn, "COPY numerics (n) FROM STDIN WITH (FORMAT binary)", &copy, &rows, &error));
	assert_int_equal(error.code, ERROR_TOO_LARGE);
	pg_copy_free(&copy);
}

static void a_large_batch_goes_in_whole_and_its_buffer_serves_again(void **state)
{
	PgConn *conn = *state;
	Error error;
	assert_true(pg_script(conn, "CREATE TEMP TABLE many (n bigint, filler text)", &error));
	static char filler[1000];
	memset(filler, 'x', sizeof filler);
	PgCopy copy;
	pg_copy_init(&copy, BYTES_MAX);
	for (int round = 0; round < 2; round++)
	{
		pg_copy_reset(&copy);
		for (int64_t i = 0; i < 5000; i++)
		{
			pg_copy_row(&copy, 2);
			pg_copy_int64(&copy, i);
			pg_copy_text(&copy, (Slice){filler, (size_t) i % sizeof filler});
		}
		int64_t rows = 0;
		assert_true(pg_copy_send(conn, "COPY many FROM STDIN WITH (FORMAT binary)", &copy, &rows, &error));
		assert_int_equal(rows, 5000);
	}
	pg_copy_reset(&copy);
	int64_t rows = -1;
	assert_true(pg_copy_send(conn, "COPY many FROM STDIN WITH (FORMAT binary)", &copy, &rows, &error));
	assert_int_equal(rows, 0);
	assert_string_equal(test_postgres_value(conn, "SELECT sum(n) FROM many"), "24995000");
	assert_string_equal(test_postgres_value(conn, "SELECT count(*) FROM many WHERE length(filler) <> n % 1000"), "0");
	pg_copy_free(&copy);
}

static void rows_may_go_while_more_are_built(void **state)
{
	PgConn *conn = *state;
	Error error;
	static const char sql[] = "COPY streamed FROM STDIN WITH (FORMAT binary)";
	static char filler[1000];
	memset(filler, 'x', sizeof filler);
	assert_true(pg_script(conn, "CREATE TEMP TABLE streamed (n bigint PRIMARY KEY, filler text, v numeric)", &error));
	PgCopy copy;
	pg_copy_init(&copy, (size_t) 1 << 18U); // all of the rows together are more
	for (int64_t first = 0; first < 6000; first += 3000)
	{
		assert_true(pg_copy_begin(conn, sql, &copy, &error));
		for (int64_t i = first; i < first + 3000; i++)
		{
			pg_copy_row(&copy, 3);
			pg_copy_int64(&copy, i);
			pg_copy_text(&copy, (Slice){filler, (size_t) i % sizeof filler});
			pg_copy_null(&copy);
			pg_copy_push(conn, &copy);
		}
		assert_true(pg_copy_end(conn, sql, &copy, &error));
	}
	// A row that is there: the next statement says so, is not run, and the one behind it is.
	assert_true(pg_copy_begin(conn, sql, &copy, &error));
	pg_copy_row(&copy, 3);
	pg_copy_int64(&copy, 5999);
	pg_copy_null(&copy);
	pg_copy_null(&copy);
	pg_copy_push(conn, &copy);
	assert_true(pg_copy_end(conn, sql, &copy, &error));
	assert_false(pg_script(conn, "DROP TABLE streamed", &error));
	assert_true(pg_is_unique_violation(&error));
	// A number that is none: the batch is to blame.
	assert_true(pg_copy_begin(conn, sql, &copy, &error));
	pg_copy_row(&copy, 3);
	pg_copy_int64(&copy, 6000);
	pg_copy_null(&copy);
	pg_copy_numeric(&copy, SLICE_LITERAL("many"));
	pg_copy_push(conn, &copy);
	assert_false(pg_copy_end(conn, sql, &copy, &error));
	assert_int_equal(error.code, ERROR_TOO_LARGE);
	assert_string_equal(test_postgres_value(conn, "SELECT count(*) FROM streamed"), "6000");
	pg_copy_free(&copy);
}

static void a_bad_row_fails_the_batch_and_the_connection_goes_on(void **state)
{
	PgConn *conn = *state;
	Error error;
	assert_true(pg_script(conn, "CREATE TEMP TABLE strict (n int PRIMARY KEY, word text)", &error));
	PgCopy copy;
	pg_copy_init(&copy, BYTES_MAX);
	for (int32_t i = 0; i < 2; i++)
	{
		pg_copy_row(&copy, 2);
		pg_copy_int32(&copy, 7);
		pg_copy_text(&copy, SLICE_LITERAL("secret"));
	}
	int64_t rows = 0;
	assert_false(pg_copy_send(conn, "COPY strict FROM STDIN WITH (FORMAT binary)", &copy, &rows, &error));
	assert_true(pg_is_unique_violation(&error));
	pg_copy_reset(&copy);
	pg_copy_row(&copy, 2);
	pg_copy_int32(&copy, 8);
	pg_copy_text(&copy, SLICE_LITERAL("secret\377"));
	assert_false(pg_copy_send(conn, "COPY strict FROM STDIN WITH (FORMAT binary)", &copy, &rows, &error));
	assert_string_equal(error.sqlstate, "22021");
	assert_null(strstr(error.message, "secret"));
	assert_string_equal(test_postgres_value(conn, "SELECT count(*) FROM strict"), "0");
	assert_false(pg_copy_send(conn, "COPY nowhere FROM STDIN WITH (FORMAT binary)", &copy, &rows, &error));
	assert_string_equal(error.sqlstate, "42P01");
	assert_true(pg_is_open(conn));
	pg_copy_free(&copy);
}

static void a_batch_over_its_bound_is_refused(void **state)
{
	PgConn *conn = *state;
	Error error;
	PgCopy copy;
	pg_copy_init(&copy, 20);
	pg_copy_row(&copy, 1);
	pg_copy_text(&copy, SLICE_LITERAL("more than twenty bytes"));
	int64_t rows = 0;
	assert_false(pg_copy_send(conn, "COPY many FROM STDIN WITH (FORMAT binary)", &copy, &rows, &error));
	assert_int_equal(error.code, ERROR_TOO_LARGE);
	pg_copy_free(&copy);
}

static bool collect(void *context, Slice chunk, Error *error)
{
	Buf *buf = context;
	buf_append_slice(buf, chunk);
	return buf_is_ok(buf) || error_set(error, ERROR_TOO_LARGE, "enough");
}

static void rows_come_out_and_can_be_stopped(void **state)
{
	PgConn *conn = *state;
	Error error;
	Buf buf;
	buf_init(&buf, 1000);
	assert_true(pg_copy_receive(conn, "COPY (SELECT generate_series(1, 5)) TO STDOUT", collect, &buf, &error));
	assert_true(slice_equal_text(buf_slice(&buf), "1\n2\n3\n4\n5\n"));
	assert_false(pg_copy_receive(conn, "COPY (SELECT generate_series(1, 100000000)) TO STDOUT", collect, &buf, &error));
	assert_int_equal(error.code, ERROR_TOO_LARGE);
	assert_string_equal(test_postgres_value(conn, "SELECT 'still here'"), "still here");
	assert_false(pg_copy_receive(conn, "COPY nowhere TO STDOUT", collect, &buf, &error));
	assert_string_equal(error.sqlstate, "42P01");
	buf_free(&buf);
}

static void a_server_killed_between_leaves_the_batch_unsent(void **state)
{
	(void) state;
	char dsn[TEST_DSN_SIZE];
	test_postgres_database(dsn);
	PgConn *conn = test_postgres_open(dsn, NULL);
	Error error;
	assert_true(pg_script(conn, "CREATE TABLE batch (n bigint)", &error));
	assert_true(pg_begin(conn, &error));
	PgCopy copy;
	pg_copy_init(&copy, BYTES_MAX);
	pg_copy_row(&copy, 1);
	pg_copy_int64(&copy, 1);
	int64_t rows = 0;
	assert_true(pg_copy_send(conn, "COPY batch FROM STDIN WITH (FORMAT binary)", &copy, &rows, &error));
	test_postgres_kill();
	assert_false(pg_copy_send(conn, "COPY batch FROM STDIN WITH (FORMAT binary)", &copy, &rows, &error));
	assert_true(pg_is_away(&error));
	assert_false(pg_commit(conn, &error));
	assert_true(pg_is_away(&error));
	pg_close(conn);
	test_postgres_start();
	conn = test_postgres_open(dsn, NULL);
	assert_string_equal(test_postgres_value(conn, "SELECT count(*) FROM batch"), "0");
	pg_close(conn);
	pg_copy_free(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_arrives_as_it_was),
		cmocka_unit_test(numerics_are_what_postgresql_makes_of_the_text),
		cmocka_unit_test(what_is_no_number_is_refused),
		cmocka_unit_test(a_large_batch_goes_in_whole_and_its_buffer_serves_again),
		cmocka_unit_test(rows_may_go_while_more_are_built),
		cmocka_unit_test(a_bad_row_fails_the_batch_and_the_connection_goes_on),
		cmocka_unit_test(a_batch_over_its_bound_is_refused),
		cmocka_unit_test(rows_come_out_and_can_be_stopped),
		cmocka_unit_test(a_server_killed_between_leaves_the_batch_unsent),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
