// A verification that cannot fail is worth nothing: every figure of every roll-up, changed behind its back, is found.
#include "rollup_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FIGURES_SIZE 16384

// Roll-ups, what a row of each is known by, and what is in them that is none of their figures.
static const struct {
	const char *table;
	const char *key;
	const char *other;
} tables[] = {
	{"session_summaries", "started_at, session_id, person_id", ""},
	{"person_days", "person_id, date", ""},
	{"person_periods", "person_id", ""},
	{"visitor_returns", "date, previous_date", ""},
	{"overview_hourly", "hour, date", ""},
	{"overview_daily", "date", ""},
	{"session_metrics_daily", "date, device_type, browser", ""},
	{"session_durations_daily", "date, duration_seconds", ""},
	{"page_metrics_hourly", "hour, page_host, page_category, page_url", ""},
	{"page_metrics_daily", "date, page_host, page_category, page_url", ""},
	{"breakdown_daily", "dimension, date, value_id", ""},
	{"page_transitions_daily", "date, from_page_id, to_page_id", ""},
	{"page_paths_daily", "date, path", ""},
	{"value_pages_daily", "date, dimension, value_id, page_id", ""},
	{"user_journey_paths", "date_range_start, device_type, path_sequence", "id, last_updated_at"},
	{"event_metrics_daily", "date, event_type, event_category, event_action", ""},
};
#define TABLES (sizeof tables / sizeof *tables)

// Two days with two sessions, and all that can be said of them.
static void world_make(RollupWorld *world)
{
	rollup_empty(world, "UTC", 1000);
	test_database_run(world->conn,
		"SELECT session_add(1, 7, '2026-05-01 10:00Z', 60), view_add(1, 7, 1, '2026-05-01 10:00Z', '/a', 20),"
		" view_add(1, 7, 2, '2026-05-01 10:01Z', '/b'), event_add(1, 7, '2026-05-01 10:00Z', 'Conversion', 2.5);"
		"SELECT session_add(2, 7, '2026-05-02 10:00Z', 60), view_add(2, 7, 1, '2026-05-02 10:00Z', '/a', 20)");
	rollup_is_right(world);
}

// What is no figure: keys, and what tells the row or its writing.
static void figures_find(RollupWorld *world)
{
	test_database_run(world->conn,
		"DROP TABLE IF EXISTS figure;"
		"CREATE TABLE figure AS SELECT table_name::text, column_name::text, data_type::text FROM "
		"information_schema.columns"
		" WHERE false");
	for (size_t at = 0; at < TABLES; at++)
		test_database_run(world->conn,
			"INSERT INTO figure SELECT table_name, column_name, data_type FROM information_schema.columns"
			" WHERE table_schema = current_schema() AND table_name = '%s'"
			" AND column_name <> ALL (string_to_array('%s, %s', ', '))",
			tables[at].table, tables[at].key, tables[at].other);
}

// Gives every figure of the first row of a table another value.
static void row_spoil(RollupWorld *world, const char *table, const char *key)
{
	test_database_run(world->conn,
		"DO $$ DECLARE one record; BEGIN"
		" FOR one IN SELECT column_name, CASE"
		"   WHEN column_name = 'marks' THEN quote_literal('{}')"
		"   WHEN data_type = 'ARRAY' THEN 'array_append(%%1$I, 1)'"
		"   WHEN data_type = 'boolean' THEN 'NOT %%1$I'"
		"   WHEN data_type = 'date' THEN quote_literal('2020-02-02')"
		"   WHEN data_type = 'uuid' THEN 'gen_random_uuid()'"
		"   WHEN data_type = 'bytea' THEN quote_literal('none')"
		"   ELSE 'coalesce(%%1$I, 0) + 1' END AS other"
		"  FROM figure WHERE table_name = '%s' LOOP"
		"  EXECUTE format('UPDATE %s SET %%1$I = ' || one.other || ' WHERE (%s) = (SELECT %s FROM %s ORDER BY %s LIMIT "
		"1)',"
		"   one.column_name);"
		" END LOOP; END $$",
		table, table, key, key, table, key);
}

static void every_figure_that_is_changed_is_told(void **state)
{
	RollupWorld *world = *state;
	char told[FIGURES_SIZE] = "";
	size_t used = 0;
	world_make(world);
	figures_find(world);
	test_database_run(world->conn, "ALTER TABLE user_journey_paths DROP CONSTRAINT IF EXISTS chk_path_length");
	for (size_t at = 0; at < TABLES; at++)
		row_spoil(world, tables[at].table, tables[at].key);
	rollup_verify(world, NULL, NULL);
	for (size_t at = 0; at < world->told_count; at++)
	{
		const VerifyDifference *difference = &world->told[at];
		assert_non_null(difference->column.data);
		assert_false(slice_equal(difference->stored, difference->recounted));
		used += (size_t) snprintf(told + used, sizeof told - used, "%s%s.%s", at == 0 ? "" : " ",
			difference->table.data, difference->column.data);
		assert_true(used < sizeof told);
	}
	rollup_expect(world,
		"SELECT string_agg(name, ' ' ORDER BY name COLLATE \"C\") FROM (SELECT table_name || '.' || column_name AS "
		"name FROM figure) f",
		told);
	assert_int_equal(world->counts.differences, world->told_count);
}

static void a_row_that_is_missing_is_told(void **state)
{
	RollupWorld *world = *state;
	world_make(world);
	for (size_t at = 0; at < TABLES; at++)
		test_database_run(world->conn, "DELETE FROM %s WHERE (%s) = (SELECT %s FROM %s ORDER BY %s LIMIT 1)",
			tables[at].table, tables[at].key, tables[at].key, tables[at].table, tables[at].key);
	rollup_verify(world, NULL, NULL);
	assert_int_equal(world->told_count, TABLES);
	for (size_t at = 0; at < TABLES; at++)
	{
		assert_null(world->told[at].column.data);
		assert_null(world->told[at].stored.data);
		assert_non_null(world->told[at].recounted.data);
	}
}

static void a_row_that_should_not_be_there_is_told(void **state)
{
	RollupWorld *world = *state;
	world_make(world);
	test_database_run(world->conn, "TRUNCATE user_sessions, page_views, user_events, session_attribution");
	rollup_verify(world, NULL, NULL);
	assert_true(world->counts.rows > (int64_t) TABLES);
	assert_int_equal(world->counts.differences, world->counts.rows);
	for (size_t at = 0; at < world->told_count; at++)
	{
		assert_null(world->told[at].column.data);
		assert_null(world->told[at].recounted.data);
	}
}

static void a_difference_says_what_is_stored_and_what_it_should_be(void **state)
{
	RollupWorld *world = *state;
	world_make(world);
	test_database_run(world->conn, "UPDATE page_metrics_daily SET total_views = 41 WHERE page_url = '/b'");
	rollup_verify(world, NULL, NULL);
	assert_int_equal(world->counts.differences, 1);
	assert_string_equal(world->told[0].table.data, "page_metrics_daily");
	assert_string_equal(world->told[0].key.data, "2026-05-01 /b");
	assert_string_equal(world->told[0].column.data, "total_views");
	assert_string_equal(world->told[0].stored.data, "41");
	assert_string_equal(world->told[0].recounted.data, "1");
}

// As docs/operating/recount.md says.
static void a_day_that_is_noted_is_mended(void **state)
{
	RollupWorld *world = *state;
	world_make(world);
	test_database_run(world->conn,
		"UPDATE overview_hourly SET views = 9; DELETE FROM overview_daily; UPDATE session_metrics_daily SET views = 9;"
		"UPDATE page_metrics_hourly SET clicks = 9; DELETE FROM page_metrics_daily; UPDATE breakdown_daily SET views = "
		"9;"
		"DELETE FROM page_transitions_daily; DELETE FROM page_paths_daily; UPDATE value_pages_daily SET views = 9; "
		"UPDATE user_journey_paths SET session_count "
		"= 9; DELETE FROM "
		"event_metrics_daily");
	test_database_run(world->conn,
		"INSERT INTO changed_buckets (kind, bucket)"
		" SELECT DISTINCT kind, CASE WHEN kind IN ('d', 's', 'v', 'w') THEN day_begin(day, timezone)"
		"  ELSE date_trunc('hour', at, timezone) END"
		" FROM rollup_state, unnest('{d,s,v,w,o,p}'::\"char\"[]) AS kind, unnest('{2026-05-01,2026-05-02}'::date[]) AS "
		"day,"
		"  generate_series(day_begin(day, timezone), day_begin(day + 1, timezone) - interval '1 second', '15 minutes') "
		"AS at"
		" ON CONFLICT DO NOTHING");
	rollup_is_right(world);
}

static void only_the_days_asked_for_are_looked_at(void **state)
{
	RollupWorld *world = *state;
	world_make(world);
	test_database_run(world->conn, "UPDATE overview_daily SET views = 9; UPDATE person_days SET sessions = 9");
	rollup_verify(world, NULL, NULL);
	assert_int_equal(world->counts.differences, 4);
	rollup_verify(world, "2026-05-02", NULL);
	assert_int_equal(world->counts.differences, 2);
	rollup_verify(world, NULL, "2026-05-01");
	assert_int_equal(world->counts.differences, 2);
	assert_string_equal(world->told[0].key.data, "2026-05-01");
	rollup_verify(world, "2026-05-03", "2026-06-01");
	assert_int_equal(world->counts.differences, 0);
}

static void a_text_that_changed_in_the_dictionary_is_found(void **state)
{
	RollupWorld *world = *state;
	world_make(world);
	test_database_run(world->conn, "UPDATE dimension_values SET value = '/changed' WHERE value = '/a'");
	rollup_verify(world, NULL, NULL);
	assert_true(world->counts.differences > 0);
	test_database_run(world->conn, "UPDATE dimension_values SET value = '/a' WHERE value = '/changed'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_figure_that_is_changed_is_told),
		cmocka_unit_test(a_row_that_is_missing_is_told),
		cmocka_unit_test(a_row_that_should_not_be_there_is_told),
		cmocka_unit_test(a_difference_says_what_is_stored_and_what_it_should_be),
		cmocka_unit_test(a_day_that_is_noted_is_mended),
		cmocka_unit_test(only_the_days_asked_for_are_looked_at),
		cmocka_unit_test(a_text_that_changed_in_the_dictionary_is_found),
	};
	return cmocka_run_group_tests(tests, rollup_set_up, rollup_tear_down);
}
