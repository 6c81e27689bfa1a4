// Filters: what their text means, and which sessions the query then takes, in a real PostgreSQL.
#include "harness/database.h"
#include "report/catalog.h"
#include "report/filter.h"
#include "report/statement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const Report report = {
	.name = "ids",
	.sql = "SELECT coalesce(string_agg(right(s.session_id::text, 2), ' ' ORDER BY s.session_id), '') "
		   "FROM session_summaries s WHERE true /*where s*/ /* and no mark */",
	.parameters = REPORT_TAKES(REPORT_FILTER),
};

typedef struct World {
	PgConn *conn;
	Arena arena;
	ReportRequest request;
	ReportFilter filter;
	Error error;
} World;

static bool parse(World *world, const char *text)
{
	arena_reset(&world->arena);
	world->error = (Error){0};
	report_request_init(&world->request, &report);
	return report_request_set(&world->request, slice_from("filter"), slice_from(text), &world->error)
		&& report_filter_parse(&world->request, &world->arena, &world->filter, &world->error);
}

static void sessions_are(World *world, const char *text, const char *expected)
{
	ReportStatement statement;
	ReportRange range = {0};
	PgResult *result = NULL;
	if (!parse(world, text)
		|| !report_statement_make(&world->request, &world->filter, &range, NULL, world->conn, &world->arena, &statement,
			&world->error)
		|| !pg_query_planned(world->conn, statement.sql, statement.params, statement.param_count, &result,
			&world->error))
		fail_msg("%s: %s", text, world->error.message);
	char found[256];
	(void) snprintf(found, sizeof found, "%.*s", SLICE_PRINT(pg_text(result, 0, 0)));
	pg_result_free(result);
	if (strcmp(found, expected) != 0)
		fail_msg("%s: \"%s\" instead of \"%s\"", text, found, expected);
}

static void refused(World *world, const char *text, const char *words)
{
	assert_false(parse(world, text));
	assert_int_equal(world->error.code, ERROR_BAD_INPUT);
	assert_string_equal(world->request.bad_parameter, "filter");
	if (strstr(world->error.message, words) == NULL)
		fail_msg("%s: \"%s\" does not say \"%s\"", text, world->error.message, words);
}

// ── What the text means ──

static void conditions_values_and_patterns_are_told_apart(void **state)
{
	World *world = *state;
	assert_true(parse(world, "device_type:mobile,tablet;browser:!Chrome*;utm_campaign:a\\,b\\;c\\*\\\\d_%;country:"));
	assert_int_equal(world->filter.count, 4);
	const ReportCondition *conditions = world->filter.conditions;
	assert_string_equal(conditions[0].dimension->column, "device_type_id");
	assert_int_equal(conditions[0].text_count, 2);
	assert_string_equal(conditions[0].texts[1].data, "tablet");
	assert_false(conditions[0].is_negated);
	assert_true(conditions[1].is_negated);
	assert_int_equal(conditions[1].text_count, 0);
	assert_string_equal(conditions[1].patterns[0].data, "Chrome%");
	assert_string_equal(conditions[2].texts[0].data, "a,b;c*\\d_%");
	assert_int_equal(conditions[2].pattern_count, 0);
	assert_int_equal(conditions[3].text_count, 1);
	assert_string_equal(conditions[3].texts[0].data, "");
	assert_true(parse(world, "entry_page:/100%/a_b\\\\/*"));
	assert_string_equal(world->filter.conditions[0].patterns[0].data, "/100\\%/a\\_b\\\\/%");
}

static void nothing_and_a_last_semicolon_are_no_condition(void **state)
{
	World *world = *state;
	assert_true(parse(world, ""));
	assert_int_equal(world->filter.count, 0);
	assert_true(parse(world, "os:Linux;"));
	assert_int_equal(world->filter.count, 1);
}

static void what_is_not_understood_is_refused_with_its_reason(void **state)
{
	World *world = *state;
	refused(world, "device", "without a ':'");
	refused(world, "os:Linux;;os:macOS", "without a ':'");
	refused(world, "os:Linux;device;x:y", "without a ':'");
	refused(world, "colour:red", "condition on \"colour\"");
	refused(world, ":red", "condition on \"\"");
	refused(world, "person:me", "person that is no id");
	refused(world, "person:1*", "person that is no id");
	refused(world, "authenticated:yes", "true or false");
	refused(world, "os:Linux\\", "ends in a \\");
	refused(world, "event:", "has event");
	refused(world, "os:\xFF", "no text in UTF-8");
	char many[4200];
	size_t size = 0;
	for (int i = 0; i < 17; i++)
		size += (size_t) snprintf(many + size, sizeof many - size, "os:Linux;");
	refused(world, many, "more than 16 conditions");
	size = (size_t) snprintf(many, sizeof many, "os:a");
	for (int i = 0; i < 64; i++)
		size += (size_t) snprintf(many + size, sizeof many - size, ",a");
	refused(world, many, "more than 64 values");
	memset(many, 'x', sizeof many);
	memcpy(many, "os:", 3);
	many[sizeof many - 1] = '\0';
	refused(world, many, "longer than 4096 bytes");
}

// ── Which sessions ──

static void every_kind_of_condition_takes_its_sessions(void **state)
{
	World *world = *state;
	sessions_are(world, "", "01 02 03 04");
	sessions_are(world, "device_type:mobile", "01 02");
	sessions_are(world, "device_type:mobile,desktop", "01 02 03");
	sessions_are(world, "device_type:!mobile", "03 04");
	sessions_are(world, "device_type:", "04");
	sessions_are(world, "device_type:,mobile", "01 02 04");
	sessions_are(world, "device_type:!", "01 02 03");
	sessions_are(world, "device_type:m*", "01 02");
	sessions_are(world, "device_type:*", "01 02 03 04");
	sessions_are(world, "device_type:unheard-of", "");
	sessions_are(world, "device_type:!unheard-of", "01 02 03 04");
	sessions_are(world, "page:/a", "01 03");
	sessions_are(world, "page:/*", "01 02 03");
	sessions_are(world, "page:www.example.com/a", "03");
	sessions_are(world, "page:www.*", "03");
	sessions_are(world, "entry_page:/a", "03");
	sessions_are(world, "entry_page:/*,", "03 04");
	sessions_are(world, "page:!/a", "02 04");
	sessions_are(world, "page:", "04");
	sessions_are(world, "person:7,-3", "01 04");
	sessions_are(world, "trait.plan:pro", "01");
	sessions_are(world, "trait.plan:p*,free", "01 02");
	sessions_are(world, "trait.plan:", "03 04");
	sessions_are(world, "trait.plan:!pro", "02 03 04");
	sessions_are(world, "trait.seats:5", "02");
	sessions_are(world, "trait.') OR true--:x", "");
	sessions_are(world, "authenticated:true", "01 02");
	sessions_are(world, "authenticated:!true", "03 04");
	sessions_are(world, "device_type:mobile;page:/a;authenticated:true", "01");
	sessions_are(world, "device_type:'\\; DROP TABLE persons\\; --", "");
	sessions_are(world, "device_type:100%", "");
}

static int set_up(void **state)
{
	static World world;
	static char dsn[TEST_DSN_SIZE];
	world.conn = test_database_open(dsn);
	arena_init(&world.arena, 16U << 20U);
	test_database_run(world.conn,
		"SELECT ensure_months('2026-01-01', '2026-01-02');"
		"INSERT INTO persons (id, created_at, first_seen_at, traits) VALUES (7, now(), now(), '{\"plan\": \"pro\"}'), "
		"(8, now(), now(), '{\"plan\": \"free\", \"seats\": 5}'), (9, now(), now(), '{}'), (-3, now(), now(), '{}');"
		"INSERT INTO dimension_values (id, value) OVERRIDING SYSTEM VALUE "
		"VALUES (21, 'mobile'), (22, 'desktop'), (11, '/a'), (12, '/b'), (13, '100x'), (14, 'www.example.com/a')");
	static const char *const rows[] = {"1, 7, true, 21, '[11,12]', 13", "2, 8, true, 21, '[12]', 13",
		"3, 9, false, 22, '[14,14]', 14", "4, -3, false, 0, '[]', 0"};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		test_database_run(world.conn,
			"INSERT INTO session_summaries SELECT (jsonb_populate_record(NULL::session_summaries, "
			"(SELECT jsonb_object_agg(attname, 0) FROM pg_attribute WHERE attrelid = 'session_summaries'::regclass AND "
			"atttypid IN ('integer'::regtype, 'bigint'::regtype)) || jsonb_build_object('session_id', "
			"lpad(n::text, 32, '0'), 'person_id', person, 'is_authenticated', auth, 'device_type_id', device, 'pages', "
			"pages::jsonb, 'entry_page_id', entry, 'started_at', '2026-01-01', 'date', '2026-01-01', 'is_first', true, "
			"'is_ended', true, 'marks', '[]'::jsonb, 'view_seconds', '[]'::jsonb, 'view_scrolls', '[]'::jsonb))).* "
			"FROM (VALUES (%s)) AS row (n, person, auth, device, pages, "
			"entry)",
			rows[i]);
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	World *world = *state;
	arena_free(&world->arena);
	pg_close(world->conn);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_values_and_patterns_are_told_apart),
		cmocka_unit_test(nothing_and_a_last_semicolon_are_no_condition),
		cmocka_unit_test(what_is_not_understood_is_refused_with_its_reason),
		cmocka_unit_test(every_kind_of_condition_takes_its_sessions),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
