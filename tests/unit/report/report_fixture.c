#include "report_fixture.h"

#include "harness/rollups.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char functions[] =
	"CREATE TEMP SEQUENCE sequence_numbers;"
	"CREATE FUNCTION pg_temp.id(at timestamptz, kind integer, number integer) RETURNS uuid LANGUAGE sql AS "
	"$$ SELECT (lpad(to_hex(ts_ms(at)), 12, '0') || '7000a' || lpad(kind::text, 3, '0') || lpad(number::text, 12, "
	"'0'))::uuid $$;"
	"CREATE FUNCTION pg_temp.person(person bigint, signed_up timestamptz, about jsonb DEFAULT '{}') RETURNS void "
	"LANGUAGE sql AS "
	"$$ INSERT INTO persons (id, created_at, first_seen_at, traits) VALUES (person, signed_up, signed_up, about) $$;"
	"CREATE FUNCTION pg_temp.session(number integer, person bigint, start timestamptz, seconds integer, device text "
	"DEFAULT 'desktop', channel text DEFAULT 'Direct', medium text DEFAULT NULL, land text DEFAULT NULL) RETURNS void "
	"LANGUAGE sql AS $$ "
	"SELECT ensure_months(start - interval '1 day', start + interval '1 day');"
	"INSERT INTO user_sessions (id, started_at, person_id, last_activity_at, ended_at, first_hit_id, is_authenticated, "
	"is_made_by_loader, device_type, browser, country, utm_medium) "
	"VALUES (pg_temp.id(start, 1, number), start, person, start + abs(seconds) * interval '1 second', "
	"CASE WHEN seconds >= 0 THEN start + seconds * interval '1 second' END, pg_temp.id(start, 1, number), person > 0, "
	"false, "
	"device, 'Firefox', land, medium);"
	"INSERT INTO session_attribution (session_id, started_at, person_id, first_hit_at, first_hit_id, channel_type, "
	"channel_subtype, utm_medium) VALUES (pg_temp.id(start, 1, number), start, person, start, pg_temp.id(start, 1, "
	"number), "
	"lower(channel), channel, medium) $$;"
	"CREATE FUNCTION pg_temp.shared(number integer, other bigint) RETURNS void LANGUAGE sql AS $$ "
	"INSERT INTO user_sessions (id, started_at, person_id, last_activity_at, ended_at, first_hit_id, is_authenticated, "
	"is_made_by_loader, device_type, browser, country, utm_medium) "
	"SELECT id, started_at, other, last_activity_at, ended_at, first_hit_id, other > 0, false, device_type, browser, "
	"country, "
	"utm_medium FROM user_sessions WHERE right(id::text, 12) = lpad(number::text, 12, '0') LIMIT 1 $$;"
	"CREATE FUNCTION pg_temp.view(number integer, session integer, seconds integer, url text, visible integer DEFAULT "
	"NULL, "
	"host text DEFAULT NULL, category text DEFAULT NULL) RETURNS void LANGUAGE sql AS $$ "
	"INSERT INTO page_views (id, session_id, viewed_at, person_id, page_sequence_number, page_url, page_host, "
	"page_category, "
	"time_on_page_seconds) SELECT pg_temp.id(started_at + seconds * interval '1 second', 2, number), id, "
	"started_at + seconds * interval '1 second', person_id, nextval('sequence_numbers'), url, host, category, visible "
	"FROM user_sessions WHERE right(id::text, 12) = lpad(session::text, 12, '0') ORDER BY person_id LIMIT 1 $$;"
	"CREATE FUNCTION pg_temp.event(session integer, seconds integer, action text, category text DEFAULT NULL, value "
	"numeric "
	"DEFAULT NULL, properties jsonb DEFAULT NULL, kind text DEFAULT 'custom', view integer DEFAULT NULL, place jsonb "
	"DEFAULT "
	"NULL) RETURNS void LANGUAGE sql AS $$ "
	"INSERT INTO user_events (id, session_id, created_at, person_id, event_type, event_category, event_action, "
	"event_value, "
	"metadata, page_view_id, viewport_position) SELECT pg_temp.id(started_at + seconds * interval '1 second', 3, "
	"nextval('sequence_numbers')::integer), id, started_at + seconds * interval '1 second', person_id, kind, category, "
	"action, "
	"value, properties, (SELECT v.id FROM page_views v WHERE right(v.id::text, 12) = lpad(view::text, 12, '0')), place "
	"FROM user_sessions WHERE right(id::text, 12) = lpad(session::text, 12, '0') ORDER BY person_id LIMIT 1 $$;";

int reports_set_up(void **state)
{
	static Reports reports;
	reports.conn = test_database_open(reports.dsn);
	arena_init(&reports.arena, 16U << 20U);
	buf_init(&reports.csv, 1U << 20U);
	report_zones_init(&reports.zones);
	reports.zone_default = "UTC";
	*state = &reports;
	if (report_zones_load(&reports.zones, reports.conn, &reports.error))
		return 0;
	(void) fprintf(stderr, "%s\n", reports.error.message);
	return -1;
}

int reports_tear_down(void **state)
{
	Reports *reports = *state;
	report_zones_free(&reports->zones);
	buf_free(&reports->csv);
	arena_free(&reports->arena);
	pg_close(reports->conn);
	return 0;
}

int reports_empty(void **state)
{
	Reports *reports = *state;
	test_database_run(reports->conn,
		"TRUNCATE user_sessions, page_views, user_events, session_attribution; "
		"DELETE FROM persons WHERE id <> 0; DISCARD TEMP");
	rollups_refresh_all(reports->conn);
	test_database_run(reports->conn, "%s", functions);
	return 0;
}

void reports_add(Reports *reports, const char *statements)
{
	test_database_run(reports->conn, "%s", statements);
	rollups_refresh_all(reports->conn);
}

bool reports_ask(Reports *reports, const char *name, const char *parameters)
{
	const ReportSource source = {.conn = reports->conn,
		.zones = &reports->zones,
		.zone_default = reports->zone_default};
	const Report *report = report_find(slice_from(name));
	Slice rest = slice_from(parameters);
	assert_non_null(report);
	arena_reset(&reports->arena);
	reports->error = (Error){0};
	report_request_init(&reports->request, report);
	while (rest.size > 0)
	{
		Slice value = SLICE_NONE;
		Slice key = slice_split(slice_split(rest, '&', &rest), '=', &value);
		if (!report_request_set(&reports->request, key, arena_copy(&reports->arena, value), &reports->error))
			return false;
	}
	return report_run(&source, &reports->request, &reports->arena, &reports->table, &reports->error);
}

const char *reports_answer(Reports *reports, const char *name, const char *parameters)
{
	if (!reports_ask(reports, name, parameters))
		fail_msg("%s?%s: %s", name, parameters, reports->error.message);
	buf_reset(&reports->csv);
	report_write_csv(&reports->table, &reports->csv);
	buf_append_byte(&reports->csv, '\0');
	assert_true(buf_is_ok(&reports->csv));
	char *text = strchr(reports->csv.data, '\n') + 1;
	char *to = text;
	for (char *from = text; *from != '\0'; from++)
		if (*from != '\r')
			*to++ = *from;
	*to = '\0';
	return text;
}
