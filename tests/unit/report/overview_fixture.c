#include "overview_fixture.h"

#include "harness/rollups.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PARAMETERS_SIZE 256

int overview_set_up(void **state)
{
	if (reports_set_up(state) != 0)
		return -1;
	((Reports *) *state)->zone_default = "Etc/UTC";
	return 0;
}

int overview_empty(void **state)
{
	test_database_run(((Reports *) *state)->conn,
		"TRUNCATE user_sessions, page_views; DISCARD TEMP;"
		"CREATE TEMP SEQUENCE session_number");
	return 0;
}

int session_add(Reports *overview, int64_t person, const char *started_at, int seconds, bool is_active)
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

void session_share(Reports *overview, int session, int64_t person)
{
	test_database_run(overview->conn,
		"INSERT INTO user_sessions (id, started_at, person_id, last_activity_at, ended_at, first_hit_id, "
		"is_authenticated, "
		"is_made_by_loader) SELECT id, started_at, %lld, last_activity_at, ended_at, first_hit_id, false, false "
		"FROM user_sessions WHERE right(id::text, 12) = lpad('%d', 12, '0') LIMIT 1 ON CONFLICT DO NOTHING",
		(long long) person, session);
}

void view_add(Reports *overview, int session, const char *viewed_at)
{
	test_database_run(overview->conn,
		"INSERT INTO page_views (id, session_id, viewed_at, person_id, page_sequence_number, page_url) "
		"SELECT (lpad(to_hex(ts_ms(at)), 12, '0') || '7' || substr(replace(gen_random_uuid()::text, '-', ''), "
		"14))::uuid, id, at, person_id, 1, '/' FROM user_sessions, (SELECT '%s'::timestamptz AS at) AS moment "
		"WHERE right(id::text, 12) = lpad('%d', 12, '0') LIMIT 1",
		viewed_at, session);
}

static void parameter_add(char parameters[PARAMETERS_SIZE], const char *name, const char *value)
{
	size_t used = strlen(parameters);
	if (value != NULL)
		(void) snprintf(parameters + used, PARAMETERS_SIZE - used, "%s=%s&", name, value);
	assert_true(strlen(parameters) < PARAMETERS_SIZE - 1);
}

bool overview_ask(Reports *overview, const char *from, const char *to, const char *zone)
{
	char parameters[PARAMETERS_SIZE] = "";
	parameter_add(parameters, "from", from);
	parameter_add(parameters, "to", to);
	parameter_add(parameters, "tz", zone);
	rollups_refresh_all(overview->conn);
	return reports_ask(overview, "overview", parameters);
}

static size_t column_index(const char *column)
{
	for (size_t i = 0; i < report_overview.column_count; i++)
		if (strcmp(report_overview.columns[i].name, column) == 0)
			return i;
	fail_msg("the overview has no column %s", column);
	return 0;
}

const char *overview_cell(const Reports *overview, const char *day, const char *column)
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
