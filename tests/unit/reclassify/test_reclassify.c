// Rows that are looked at again, on a real database: in batches, whatever their number, and beside somebody who writes.
#include "reclassify/reclassify.h"

#include "base/random.h"
#include "harness/postgres.h"
#include "migrate/migrate.h"
#include "sql/sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

// More than two batches, over two months, and a session of two persons at the end of each hundred.
#define ROWS 10605
#define FILL                                                                                                           \
	"SELECT ensure_months('2025-01-01', '2025-03-01');"                                                                \
	"INSERT INTO session_attribution (session_id, started_at, person_id, first_hit_at, first_hit_id, utm_source)"      \
	" SELECT id, uuid7_ts(id), person, uuid7_ts(id), id, 's' || n FROM (SELECT n, -p AS person,"                       \
	" (lpad(to_hex(1735732800000 + n * 300000::bigint), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid AS " \
	"id"                                                                                                               \
	" FROM generate_series(1, 10500) n, generate_series(1, 2) p WHERE p = 1 OR n % 100 = 0) x"

static PgConn *conn;
static PgConn *other;
static int64_t calls;
static const char *channel;

static int set_up(void **state)
{
	(void) state;
	char dsn[TEST_DSN_SIZE];
	Error error;
	int applied = 0;
	if (!random_init(&error))
		return -1;
	test_postgres_database(dsn);
	conn = test_postgres_open(dsn, "sojourn");
	other = test_postgres_open(dsn, "sojourn");
	return migrate_apply(conn, "sojourn", sql_migrations, &applied, &error) && pg_script(conn, FILL, &error) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void) state;
	pg_close(conn);
	pg_close(other);
	return 0;
}

static void channel_set(const void *context, Slice *columns, Arena *arena)
{
	(void) context;
	(void) arena;
	calls++;
	columns[7] = SLICE_NONE;
	columns[8] = SLICE_NONE;
	columns[9] = SLICE_LITERAL("a \"type\", {really}");
	columns[10] = slice_from(channel);
}

static const ReclassifyPass sessions = {
	.table = "session_attribution",
	.read = sql_reclassify_sessions_read,
	.write = sql_reclassify_sessions_write,
	.months = sql_reclassify_months,
	.looked_at = 7,
	.set = 4,
	.classify = channel_set,
};

static ReclassifyCounts run(const ReclassifyPass *pass)
{
	const ReclassifyOptions options = {.is_quiet = true};
	ReclassifyCounts counts;
	Error error = {0};
	calls = 0;
	if (!reclassify_run(conn, pass, &options, &counts, &error))
		fail_msg("%s", error.message);
	return counts;
}

static void every_row_is_looked_at_once_and_written_once(void **state)
{
	(void) state;
	channel = "one";
	ReclassifyCounts counts = run(&sessions);
	assert_int_equal(calls, ROWS);
	assert_int_equal(counts.rows, ROWS);
	assert_int_equal(counts.changed, ROWS);
	assert_string_equal(test_postgres_value(conn,
							"SELECT count(*) FROM session_attribution WHERE channel_subtype = 'one' "
							"AND channel_type = 'a \"type\", {really}' AND search_term IS NULL"),
		"10605");
	counts = run(&sessions);
	assert_int_equal(counts.rows, ROWS);
	assert_int_equal(counts.changed, 0);
}

// While a batch is looked at, a late hit becomes the first of one of its sessions.
static void late_hit_comes(const void *context, Slice *columns, Arena *arena)
{
	Error error;
	if (slice_equal_text(columns[0], "s7777"))
		assert_true(pg_script(other,
			"UPDATE session_attribution SET channel_subtype = 'late', first_hit_id = "
			"'01940000-0000-7000-8000-000000000001' WHERE utm_source = 's7777'",
			&error));
	channel_set(context, columns, arena);
}

static void a_session_with_another_first_hit_by_now_is_left_alone(void **state)
{
	(void) state;
	ReclassifyPass pass = sessions;
	pass.classify = late_hit_comes;
	channel = "two";
	ReclassifyCounts counts = run(&pass);
	assert_int_equal(counts.changed, ROWS - 1);
	assert_string_equal(test_postgres_value(conn,
							"SELECT string_agg(DISTINCT channel_subtype || ' ' || (utm_source = 's7777'), "
							"', ') FROM session_attribution"),
		"late true, two false");
}

static void a_time_bounds_what_is_looked_at(void **state)
{
	(void) state;
	const ReclassifyOptions options = {.from = "2025-01-31T23:00:00Z",
		.to = "2025-02-01",
		.is_to_day = true,
		.is_dry = true};
	ReclassifyCounts counts;
	Error error = {0};
	channel = "three";
	assert_true(reclassify_run(conn, &sessions, &options, &counts, &error));
	assert_string_equal(test_postgres_value(conn,
							"SELECT count(*) FROM session_attribution WHERE started_at >= "
							"'2025-01-31T23:00Z' AND started_at < '2025-02-02T00:00Z'"),
		"303");
	assert_int_equal(counts.rows, 303);
	assert_int_equal(counts.changed, 303);
	assert_string_equal(test_postgres_value(conn,
							"SELECT count(*) FROM session_attribution WHERE channel_subtype = 'three'"),
		"0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_looked_at_once_and_written_once),
		cmocka_unit_test(a_session_with_another_first_hit_by_now_is_left_alone),
		cmocka_unit_test(a_time_bounds_what_is_looked_at),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
