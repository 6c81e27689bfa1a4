#include "overview_fixture.h"

#include "harness/rollups.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

int overview_set_up(void **state)
{
	static Overview overview;
	overview.conn = test_database_open(overview.dsn);
	arena_init(&overview.arena, 16U << 20U);
	report_zones_init(&overview.zones);
	*state = &overview;
	if (report_zones_load(&overview.zones, overview.conn, &overview.error))
		return 0;
	(void) fprintf(stderr, "%s\n", overview.error.message);
	return -1;
}

int overview_tear_down(void **state)
{
	Overview *overview = *state;
	report_zones_free(&overview->zones);
	arena_free(&overview->arena);
	pg_close(overview->conn);
	return 0;
}

int overview_empty(void **state)
{
	test_database_run(((Overview *) *state)->conn,
		"TRUNCATE user_sessions, page_views; DISCARD TEMP;"
		"CREATE TEMP SEQUENCE session_number");
	return 0;
}

int session_add(Overview *overview, int64_t person, const char *started_at, int seconds, bool is_active)
{
	test_database_run(overview->conn,
		"SELECT ensure_months('%s'::timestamptz - interval '1 day', '%s'::timestamptz + interval '1 day')", started_at,
		started_at);
	char sql[1024];
	(void) snprintf(sql, sizeof sql,
		"INSERT INTO user_sessions (id, started_at, person_id, last_activity_at, ended_at, first_hit_id, "
		"is_authenticated, "
		"is_made_by_loader) SELECT (lpad(to_hex(ts_ms(start)), 12, '0') || '7000a000' || lpad(number::text, 12, "
		"'0'))::uuid, start, %lld, start + interval '%d seconds', "
		"CASE WHEN NOT %s THEN start + interval '%d seconds' END, gen_random_uuid(), false, false "
		"FROM (SELECT nextval('session_number') AS number, timestamptz '%s' AS start) AS made "
		"RETURNING right(id::text, 12)::bigint",
		(long long) person, seconds, is_active ? "true" : "false", seconds, started_at);
	int number = 0;
	assert_int_equal(sscanf(test_postgres_value(overview->conn, sql), "%d", &number), 1);
	return number;
}

void session_share(Overview *overview, int session, int64_t person)
{
	test_database_run(overview->conn,
		"INSERT INTO user_sessions (id, started_at, person_id, last_activity_at, ended_at, first_hit_id, "
		"is_authenticated, "
		"is_made_by_loader) SELECT id, started_at, %lld, last_activity_at, ended_at, first_hit_id, false, false "
		"FROM user_sessions WHERE right(id::text, 12) = lpad('%d', 12, '0') LIMIT 1 ON CONFLICT DO NOTHING",
		(long long) person, session);
}

void view_add(Overview *overview, int session, const char *viewed_at)
{
	test_database_run(overview->conn,
		"INSERT INTO page_views (id, session_id, viewed_at, person_id, page_sequence_number, page_url) "
		"SELECT gen_random_uuid(), id, '%s', person_id, 1, '/' FROM user_sessions WHERE right(id::text, 12) = "
		"lpad('%d', 12, '0') "
		"LIMIT 1",
		viewed_at, session);
}

static bool parameter_set(Overview *overview, const char *name, const char *value)
{
	return value == NULL
		|| report_request_set(&overview->request, slice_from(name), slice_from(value), &overview->error);
}

bool overview_ask(Overview *overview, const char *from, const char *to, const char *zone)
{
	const ReportSource source = {.conn = overview->conn, .zones = &overview->zones, .zone_default = "Etc/UTC"};
	arena_reset(&overview->arena);
	rollups_refresh_all(overview->conn);
	overview->error = (Error){0};
	report_request_init(&overview->request, &report_overview);
	return parameter_set(overview, "from", from) && parameter_set(overview, "to", to)
		&& parameter_set(overview, "tz", zone)
		&& report_run(&source, &overview->request, &overview->arena, &overview->table, &overview->error);
}

static size_t column_index(const char *column)
{
	for (size_t i = 0; i < report_overview.column_count; i++)
		if (strcmp(report_overview.columns[i].name, column) == 0)
			return i;
	fail_msg("the overview has no column %s", column);
	return 0;
}

const char *overview_cell(const Overview *overview, const char *day, const char *column)
{
	size_t index = column_index(column);
	bool wants_total = strcmp(day, "total") == 0;
	for (size_t i = 0; i < overview->table.row_count; i++)
	{
		const ReportRow *row = &overview->table.rows[i];
		if (wants_total ? row->is_total : slice_equal_text(row->cells[0], day))
			return row->cells[index].data == NULL ? "-" : row->cells[index].data;
	}
	fail_msg("the answer has no row %s", day);
	return NULL;
}
