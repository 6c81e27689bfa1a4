// The API as clients meet it, over real sockets and a real database.
#include "api_fixture.h"

#include "harness/rollups.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define OVERVIEW "/api/v1/overview?from=2026-01-05&to=2026-01-06"

static void rows_make(ApiFixture *fixture)
{
	test_database_run(fixture->conn,
		"SELECT ensure_months('2026-01-01Z', '2026-01-31Z');"
		"TRUNCATE user_sessions, page_views;"
		"INSERT INTO user_sessions (id, started_at, person_id, last_activity_at, ended_at, first_hit_id, "
		"is_authenticated, "
		"is_made_by_loader) SELECT (lpad(to_hex(ts_ms(start)), 12, '0') || '7000a000000000000001')::uuid, start, 7, "
		"start + interval '10 seconds', start + interval '10 "
		"seconds', "
		"gen_random_uuid(), true, false FROM (VALUES (timestamptz '2026-01-05 12:00Z'), ('2026-01-06 12:00Z')) AS "
		"starts "
		"(start)");
	rollups_refresh_all(fixture->conn);
}

// ── Tokens ──

static void without_a_good_token_it_is_401(void **state)
{
	ApiFixture *fixture = *state;
	static const char *const tokens[] = {"", "x", "sojourn_", "' OR true --",
		"sojourn_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
	for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++)
	{
		api_get(fixture, OVERVIEW, tokens[i]);
		api_is_problem(fixture, 401, "unauthorized");
		assert_non_null(strstr(api_header(fixture, "WWW-Authenticate"), "Bearer"));
		api_get(fixture, "/api/v1/system", tokens[i]);
		api_is_problem(fixture, 401, "unauthorized");
	}
	api_send(fixture, "GET " OVERVIEW " HTTP/1.1\r\nAuthorization: Basic dXNlcjpwYXNz\r\n");
	api_is_problem(fixture, 401, "unauthorized");
	// A token in the address would stay in logs: it does not count there.
	char target[256];
	(void) snprintf(target, sizeof target, OVERVIEW "&token=%s", fixture->token);
	api_get(fixture, target, "");
	api_is_problem(fixture, 401, "unauthorized");
}

static void an_expired_and_a_revoked_token_say_so(void **state)
{
	ApiFixture *fixture = *state;
	char token[API_TOKEN_SIZE];
	int64_t id = 0;
	Error error;
	assert_true(api_token_create(fixture->conn, "short", API_ROLE_ADMIN, INT64_C(4102444800000), token, &id, &error));
	api_get(fixture, OVERVIEW, token);
	assert_int_equal(fixture->answer.status, 200);
	test_database_run(fixture->conn, "UPDATE api_tokens SET expires_at = now() WHERE id = %lld", (long long) id);
	api_get(fixture, OVERVIEW, token);
	api_is_problem(fixture, 401, "unauthorized");
	assert_string_equal(api_member(fixture, "detail"), "the token has expired");
	assert_true(api_token_revoke(fixture->conn, id, &error));
	api_get(fixture, OVERVIEW, token);
	assert_string_equal(api_member(fixture, "detail"), "the token was revoked");
	assert_true(api_token_revoke(fixture->conn, id, &error));
	assert_false(api_token_revoke(fixture->conn, 999999, &error));
	assert_int_equal(error.code, ERROR_NOT_FOUND);
}

static void a_token_is_listed_without_itself_and_its_use_is_noted(void **state)
{
	ApiFixture *fixture = *state;
	ApiTokenInfo *tokens = NULL;
	size_t count = 0;
	Error error;
	Arena arena;
	arena_init(&arena, 1U << 20U);
	test_database_run(fixture->conn, "UPDATE api_tokens SET last_used_at = now() - interval '61 seconds'");
	for (int i = 0; i < 3; i++)
		api_get(fixture, OVERVIEW, fixture->token);
	// Noted behind the answer: a further request is answered only after that.
	api_get(fixture, "/healthz", "");
	assert_string_equal(test_postgres_value(fixture->conn,
							"SELECT count(*) FROM api_tokens WHERE last_used_at > now() - "
							"interval '10 seconds' AND name = 'tests'"),
		"1");
	test_database_run(fixture->conn, "UPDATE api_tokens SET last_used_at = now() - interval '50 seconds'");
	api_get(fixture, OVERVIEW, fixture->token);
	api_get(fixture, "/healthz", "");
	assert_string_equal(test_postgres_value(fixture->conn,
							"SELECT count(*) FROM api_tokens WHERE last_used_at > now() - "
							"interval '10 seconds'"),
		"0");
	assert_true(api_token_list(fixture->conn, &arena, &tokens, &count, &error));
	assert_true(count >= 1);
	assert_true(slice_equal_text(tokens[0].name, "tests"));
	assert_true(slice_equal_text(tokens[0].role, "viewer"));
	assert_true(slice_equal_text(tokens[0].state, "active"));
	assert_null(tokens[0].expires_at.data);
	assert_non_null(tokens[0].last_used_at.data);
	assert_string_equal(test_postgres_value(fixture->conn,
							"SELECT count(*) FROM api_tokens t WHERE t::text LIKE '%sojourn_%'"),
		"0");
	arena_free(&arena);
}

static void bad_names_and_times_make_no_token(void **state)
{
	ApiFixture *fixture = *state;
	char token[API_TOKEN_SIZE];
	int64_t id = 0;
	Error error;
	char name[128] = {0};
	memset(name, 'x', 101);
	assert_false(api_token_create(fixture->conn, "", API_ROLE_VIEWER, 0, token, &id, &error));
	assert_false(api_token_create(fixture->conn, name, API_ROLE_VIEWER, 0, token, &id, &error));
	assert_false(api_token_create(fixture->conn, "\xFF", API_ROLE_VIEWER, 0, token, &id, &error));
	assert_false(api_token_create(fixture->conn, "late", API_ROLE_VIEWER, 1000, token, &id, &error));
	assert_int_equal(error.code, ERROR_BAD_INPUT);
}

// ── Reports ──

static void the_overview_comes_as_json(void **state)
{
	ApiFixture *fixture = *state;
	rows_make(fixture);
	api_get(fixture, OVERVIEW "&tz=Europe/Berlin", fixture->token);
	assert_int_equal(fixture->answer.status, 200);
	assert_string_equal(api_header(fixture, "Content-Type"), "application/json");
	assert_string_equal(api_header(fixture, "Cache-Control"), "no-store");
	const JsonValue *answer = api_json(fixture);
	int64_t number = 0;
	const JsonValue *total = json_get(answer, "total");
	assert_true(json_int64(json_get(total, "visitors"), &number) && number == 1);
	assert_true(json_int64(json_get(total, "sessions"), &number) && number == 2);
	assert_int_equal(json_get(total, "mean_duration_seconds")->type, JSON_NUMBER);
	assert_int_equal(json_get(answer, "rows")->count, 2);
	assert_true(slice_equal_text(json_string(json_get(json_get(answer, "range"), "tz")), "Europe/Berlin"));
	assert_true(slice_equal_text(json_string(json_get(json_get(answer, "range"), "from")), "2026-01-04T23:00:00.000Z"));
}

static void the_overview_comes_as_csv_by_parameter_or_accept(void **state)
{
	ApiFixture *fixture = *state;
	char head[512];
	rows_make(fixture);
	api_get(fixture, OVERVIEW "&format=csv", fixture->token);
	assert_int_equal(fixture->answer.status, 200);
	assert_string_equal(api_header(fixture, "Content-Type"), "text/csv; charset=utf-8; header=present");
	assert_string_equal(api_header(fixture, "Content-Disposition"),
		"attachment; filename=\"overview_2026-01-05_2026-01-06.csv\"");
	assert_string_equal(fixture->answer.body,
		"date,visitors,new_visitors,sessions,ended_sessions,views,events,conversions,mean_duration_seconds,"
		"median_duration_seconds,p90_duration_seconds,pages_per_session,bounce_sessions,bounce_rate_percent,"
		"engaged_sessions,engagement_rate_percent\r\n"
		"2026-01-05,1,1,1,1,0,0,0,10.00,10.00,10.00,0.00,1,100.00,0,0.00\r\n"
		"2026-01-06,1,0,1,1,0,0,0,10.00,10.00,10.00,0.00,1,100.00,0,0.00\r\n"
		"total,1,1,2,2,0,0,0,10.00,10.00,10.00,0.00,2,100.00,0,0.00\r\n");
	static const char *const accepts[][2] = {{"text/csv", "text/csv; charset=utf-8; header=present"},
		{"text/html, TEXT/CSV;q=0.9, application/json;q=0.8", "text/csv; charset=utf-8; header=present"},
		{"application/json, text/csv", "application/json"}, {"text/csv;q=0", "application/json"},
		{"text/csv;q=0.1;x=y, application/json;q=0.11", "application/json"}, {"*/*", "application/json"},
		{"text/html", "application/json"}, {",;,q=;;", "application/json"}};
	for (size_t i = 0; i < sizeof accepts / sizeof accepts[0]; i++)
	{
		(void) snprintf(head, sizeof head, "GET " OVERVIEW " HTTP/1.1\r\nAuthorization: Bearer %s\r\nAccept: %s\r\n",
			fixture->token, accepts[i][0]);
		api_send(fixture, head);
		assert_string_equal(api_header(fixture, "Content-Type"), accepts[i][1]);
	}
	(void) snprintf(head, sizeof head,
		"GET " OVERVIEW "&format=json HTTP/1.1\r\nAuthorization: Bearer %s\r\nAccept: text/csv\r\n", fixture->token);
	api_send(fixture, head);
	assert_string_equal(api_header(fixture, "Content-Type"), "application/json");
}

static void a_bad_parameter_is_named(void **state)
{
	ApiFixture *fixture = *state;
	static const char *const cases[][2] = {{"from=yesterday", "from"}, {"from=2026-02-30", "from"},
		{"to=2026-13-01", "to"}, {"to=", "to"}, {"from", "from"}, {"tz=Mars/Olympus", "tz"}, {"tz=CEST", "tz"},
		{"tz=", "tz"}, {"format=xml", "format"}, {"format=", "format"}, {"from=2026-01-02&to=2026-01-01", "from"},
		{"from=1970-01-01&to=2026-01-01", "from"}, {"from=2026-01-01&from=2026-01-02", "from"},
		{"format=csv&format=csv", "format"}};
	char target[256];
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
	{
		(void) snprintf(target, sizeof target, "/api/v1/overview?%s", cases[i][0]);
		api_get(fixture, target, fixture->token);
		api_is_problem(fixture, 400, "bad_input");
		assert_string_equal(api_member(fixture, "parameter"), cases[i][1]);
		assert_non_null(strstr(api_member(fixture, "detail"), cases[i][1]));
	}
	api_get(fixture, "/api/v1/overview?limit=5", fixture->token);
	api_is_problem(fixture, 400, "bad_input");
	assert_non_null(strstr(api_member(fixture, "detail"), "\"limit\""));
}

static void hostile_values_are_refused_and_nothing_breaks(void **state)
{
	ApiFixture *fixture = *state;
	static const char *const names[] = {"from", "to", "tz", "format", "filter", "%00", "%FF"};
	static const char *const values[] = {"'", "%27%3B%20DROP%20SCHEMA%20sojourn%20CASCADE%3B--", "%00", "UTC%00x",
		"2026-01-01%00", "%FF%FE", "%C0%80", "%ED%A0%80", "infinity", "-infinity", "now", "epoch", "allballs", "NaN",
		"1e999", "99999999999999999999", "-1", "0", "$1", "%25s%25n", "..%2F..%2Fetc%2Fpasswd", "%0D%0AX-Evil%3A%201",
		"2026-01-01%20BC", "294277-01-01", "%3Cscript%3E", "%", "%2", "%zz", "{}", "[]", "null", "true"};
	char target[512];
	for (size_t name = 0; name < sizeof names / sizeof names[0]; name++)
		for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		{
			(void) snprintf(target, sizeof target, "/api/v1/overview?%s=%s", names[name], values[i]);
			api_get(fixture, target, fixture->token);
			if (fixture->answer.status != 400)
				fail_msg("%d for %s: %s", fixture->answer.status, target, fixture->answer.body);
			assert_string_equal(api_header(fixture, "X-Evil"), "");
			(void) api_json(fixture); // valid UTF-8, whatever was quoted
		}
	static char huge[12000];
	for (size_t name = 0; name < sizeof names / sizeof names[0]; name++)
	{
		int size = snprintf(huge, sizeof huge, "/api/v1/overview?%s=", names[name]);
		memset(huge + size, '9', sizeof huge - (size_t) size - 1);
		api_get(fixture, huge, fixture->token);
		assert_in_range(fixture->answer.status, 400, 499);
	}
	memset(huge, 'A', sizeof huge - 1);
	api_get(fixture, OVERVIEW, huge);
	assert_in_range(fixture->answer.status, 400, 499);
	assert_string_equal(test_postgres_value(fixture->conn, "SELECT count(*) FROM user_sessions"), "2");
}

// ── Paths and methods ──

static void an_unknown_path_is_a_problem_document(void **state)
{
	ApiFixture *fixture = *state;
	static const char *const paths[] = {"/nothing", "/api", "/api/v1", "/api/v1/", "/api/v1/overview/",
		"/api/v1/Overview", "/api/v2/overview", "/index.html/", "/..%2f..%2fetc/passwd", "/healthz%00", "/%FF", "//"};
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
	{
		api_get(fixture, paths[i], fixture->token);
		if (fixture->answer.status != 404 && fixture->answer.status != 400)
			fail_msg("%d for %s", fixture->answer.status, paths[i]);
		assert_string_equal(api_header(fixture, "Content-Type"), "application/problem+json");
	}
}

static void head_answers_as_get_without_the_body(void **state)
{
	ApiFixture *fixture = *state;
	char request[512];
	api_get(fixture, OVERVIEW, fixture->token);
	char length[32];
	(void) snprintf(length, sizeof length, "%s", api_header(fixture, "Content-Length"));
	(void) snprintf(request, sizeof request,
		"HEAD " OVERVIEW " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n"
		"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
		fixture->token);
	int fd = test_connect(test_server_port(fixture->server));
	test_send_text(fd, request);
	test_read_answer(fd, true, &fixture->answer);
	assert_int_equal(fixture->answer.status, 200);
	assert_string_equal(api_header(fixture, "Content-Length"), length);
	test_read_answer(fd, false, &fixture->answer);
	assert_string_equal(fixture->answer.body, "ok\n");
	assert_int_equal(close(fd), 0);
}

static void options_and_other_methods_name_what_there_is(void **state)
{
	ApiFixture *fixture = *state;
	api_send(fixture, "OPTIONS " OVERVIEW " HTTP/1.1\r\n");
	assert_int_equal(fixture->answer.status, 204);
	assert_string_equal(api_header(fixture, "Allow"), "GET, HEAD, OPTIONS");
	assert_string_equal(api_header(fixture, "Access-Control-Allow-Origin"), "");
	static const char *const methods[] = {"POST", "PUT", "DELETE", "PATCH"};
	char head[128];
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
	{
		(void) snprintf(head, sizeof head, "%s " OVERVIEW " HTTP/1.1\r\n", methods[i]);
		api_send(fixture, head);
		api_is_problem(fixture, 405, "method_not_allowed");
		assert_string_equal(api_header(fixture, "Allow"), "GET, HEAD, OPTIONS");
	}
}

// Names that look like addresses: of XML's name spaces, in messages of the page's framework, of the page's own server. That none
// other is asked is seen in a browser (tests/e2e/dashboard.test.mjs).
static bool is_known(const char *address)
{
	static const char *const known[] = {"www.w3.org/", "svelte.dev/e/", "127.0.0.1:"};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strncmp(address, known[i], strlen(known[i])) == 0)
			return true;
	return !isalnum((unsigned char) *address); // a scheme alone
}

static void the_page_is_closed_to_everything_foreign(void **state)
{
	ApiFixture *fixture = *state;
	static const char *const paths[] = {"/", "/dashboard.js", "/others.js", "/sankey.js"};
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
	{
		api_get(fixture, paths[i], "");
		assert_int_equal(fixture->answer.status, 200);
		const char *policy = api_header(fixture, "Content-Security-Policy");
		assert_non_null(strstr(policy, "default-src 'none'"));
		assert_null(strstr(policy, "unsafe"));
		assert_string_equal(api_header(fixture, "X-Content-Type-Options"), "nosniff");
		for (const char *at = strstr(fixture->answer.body, "://"); at != NULL; at = strstr(at + 1, "://"))
			assert_true(is_known(at + 3));
	}
	api_get(fixture, "/", "");
	char head[256];
	(void) snprintf(head, sizeof head, "GET / HTTP/1.1\r\nIf-None-Match: %s\r\n", api_header(fixture, "ETag"));
	api_send(fixture, head);
	assert_int_equal(fixture->answer.status, 304);
}

static void health_needs_no_token_and_the_rest_does(void **state)
{
	ApiFixture *fixture = *state;
	api_get(fixture, "/healthz", "");
	assert_string_equal(fixture->answer.body, "ok\n");
	api_get(fixture, "/readyz", "");
	assert_string_equal(fixture->answer.body, "ready\n");
	api_get(fixture, "/metrics", fixture->token);
	assert_non_null(strstr(fixture->answer.body, "# TYPE sojourn_api_requests_total counter\n"));
	api_get(fixture, "/api/v1/system", fixture->token);
	assert_string_equal(api_member(fixture, "tz"), "UTC");
	assert_string_equal(api_member(fixture, "collect_url"), "http://127.0.0.1:8080");
	assert_int_equal(json_get(api_json(fixture), "browser_key")->type, JSON_NULL);
}

// ── The database comes and goes ──

static void a_slow_report_is_given_up(void **state)
{
	ApiFixture *fixture = *state;
	PgConn *blocker = test_postgres_open(fixture->dsn, TEST_SCHEMA);
	test_database_run(blocker, "BEGIN; LOCK page_views, overview_daily");
	api_get(fixture, OVERVIEW, fixture->token);
	api_is_problem(fixture, 503, "timeout");
	assert_non_null(strstr(api_member(fixture, "detail"), "shorter range"));
	pg_close(blocker);
	api_get(fixture, OVERVIEW, fixture->token);
	assert_int_equal(fixture->answer.status, 200);
}

static void while_the_database_is_away_it_is_503_and_then_well_again(void **state)
{
	ApiFixture *fixture = *state;
	int64_t seconds = 0;
	test_postgres_kill();
	for (int i = 0; i < 5; i++)
	{
		api_get(fixture, OVERVIEW, fixture->token);
		api_is_problem(fixture, 503, "database_away");
		assert_true(
			slice_to_int64(slice_from(api_header(fixture, "Retry-After")), &seconds) && seconds >= 1 && seconds <= 5);
		api_get(fixture, "/readyz", "");
		api_is_problem(fixture, 503, "database_away");
		api_get(fixture, "/healthz", "");
		assert_int_equal(fixture->answer.status, 200);
	}
	test_postgres_start();
	do
		api_get(fixture, OVERVIEW, fixture->token);
	while (fixture->answer.status == 503);
	assert_int_equal(fixture->answer.status, 200);
	// A server that was only restarted goes unnoticed.
	test_postgres_kill();
	test_postgres_start();
	api_get(fixture, OVERVIEW, fixture->token);
	assert_int_equal(fixture->answer.status, 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_good_token_it_is_401),
		cmocka_unit_test(an_expired_and_a_revoked_token_say_so),
		cmocka_unit_test(a_token_is_listed_without_itself_and_its_use_is_noted),
		cmocka_unit_test(bad_names_and_times_make_no_token),
		cmocka_unit_test(the_overview_comes_as_json),
		cmocka_unit_test(the_overview_comes_as_csv_by_parameter_or_accept),
		cmocka_unit_test(a_bad_parameter_is_named),
		cmocka_unit_test(hostile_values_are_refused_and_nothing_breaks),
		cmocka_unit_test(an_unknown_path_is_a_problem_document),
		cmocka_unit_test(head_answers_as_get_without_the_body),
		cmocka_unit_test(options_and_other_methods_name_what_there_is),
		cmocka_unit_test(the_page_is_closed_to_everything_foreign),
		cmocka_unit_test(health_needs_no_token_and_the_rest_does),
		cmocka_unit_test(a_slow_report_is_given_up),
		cmocka_unit_test(while_the_database_is_away_it_is_503_and_then_well_again),
	};
	return cmocka_run_group_tests(tests, api_set_up, api_tear_down);
}
