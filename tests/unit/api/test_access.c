// Who reaches what, and how people sign in and out.
#include "api_fixture.h"

#include "api/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PASSWORD "correct horse battery"

typedef struct Session {
	char cookie[128]; // name=value
	char csrf[64];
} Session;

static const char *method_name(HttpMethod method)
{
	return method == HTTP_GET ? "GET" : method == HTTP_POST ? "POST" : "DELETE";
}

static void body_send(ApiFixture *fixture, const char *method, const char *path, const char *headers, const char *body)
{
	char head[1024];
	(void) snprintf(head, sizeof head, "%s %s HTTP/1.1\r\n%s", method, path, headers);
	test_request(test_server_port(fixture->server), head, slice_from(body), &fixture->answer);
}

static void token_make(ApiFixture *fixture, ApiRole role, char token[API_TOKEN_SIZE])
{
	int64_t id = 0;
	Error error;
	assert_true(api_token_create(fixture->conn, api_role_name(role), role, 0, token, &id, &error));
}

static int64_t password_make(ApiFixture *fixture, const char *name, ApiRole role)
{
	int64_t id = 0;
	Error error;
	if (!api_password_create(fixture->conn, name, role, 0, slice_from(PASSWORD), &id, &error))
		fail_msg("%s", error.message);
	return id;
}

static void cookie_take(ApiFixture *fixture, Session *session)
{
	const char *header = api_header(fixture, "Set-Cookie");
	(void) snprintf(session->cookie, sizeof session->cookie, "%.*s", (int) strcspn(header, ";"), header);
}

static void sign_in(ApiFixture *fixture, const char *body, Session *session)
{
	body_send(fixture, "POST", "/api/v1/sign-in", "", body);
	if (fixture->answer.status != 200)
		fail_msg("%d: %s", fixture->answer.status, fixture->answer.body);
	cookie_take(fixture, session);
	(void) snprintf(session->csrf, sizeof session->csrf, "%s", api_member(fixture, "csrf"));
	assert_int_equal(strlen(session->csrf), 43);
}

static void get_with(ApiFixture *fixture, const Session *session, const char *path)
{
	char headers[256];
	(void) snprintf(headers, sizeof headers, "Cookie: other=1; %s; more=2\r\n", session->cookie);
	body_send(fixture, "GET", path, headers, "");
}

static void sign_out(ApiFixture *fixture, const Session *session, const char *more)
{
	char headers[512];
	(void) snprintf(headers, sizeof headers, "Cookie: %s\r\n%s", session->cookie, more);
	body_send(fixture, "DELETE", "/api/v1/sign-in", headers, "");
}

// ── Every path with every role ──

static const char *const open_paths[] = {"/healthz", "/readyz", "/api/v1/sign-in"};

static bool is_open(const ApiRoute *route, const char *path)
{
	for (size_t i = 0; i < sizeof open_paths / sizeof open_paths[0]; i++)
		if (strcmp(path, open_paths[i]) == 0)
			return i < 2 || route->method == HTTP_POST; // of the session, only what begins one
	return false;
}

static void no_path_answers_without_a_token_and_each_only_to_its_roles(void **state)
{
	ApiFixture *fixture = *state;
	char path[API_ROUTE_PATH_SIZE];
	char headers[128];
	const Report *report = NULL;
	size_t count = 0;
	for (const ApiRoute *route = NULL; (route = api_route_at(count, &report, path)) != NULL; count++)
	{
		if (strstr(path, "/stream") != NULL)
			(void) snprintf(path + strlen(path), sizeof path - strlen(path),
				"?endless=1"); // an answer that does not end; this one is refused to those who may
		body_send(fixture, method_name(route->method), path, "", "");
		if ((fixture->answer.status == 401) == is_open(route, path))
			fail_msg("%s %s without a token: %d", method_name(route->method), path, fixture->answer.status);
		assert_int_equal(route->need == API_NEEDS_NOTHING, is_open(route, path));
		for (ApiRole role = API_ROLE_VIEWER; role <= API_ROLE_ADMIN; role++)
		{
			char token[API_TOKEN_SIZE];
			bool is_allowed = route->need <= API_NEEDS_VIEWER
				|| role == (route->need == API_NEEDS_ADMIN ? API_ROLE_ADMIN : API_ROLE_PRIVACY);
			token_make(fixture, role, token);
			(void) snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n", token);
			body_send(fixture, method_name(route->method), path, headers, "");
			if ((fixture->answer.status == 403 || fixture->answer.status == 401) == is_allowed)
				fail_msg("%s %s as %s: %d", method_name(route->method), path, api_role_name(role),
					fixture->answer.status);
			if (!is_allowed)
				api_is_problem(fixture, 403, "forbidden");
		}
	}
	assert_true(count > 8);
	char viewer[API_TOKEN_SIZE];
	token_make(fixture, API_ROLE_PRIVACY, viewer);
	api_get(fixture, "/api/v1/audit", viewer);
	api_is_problem(fixture, 403, "forbidden");
}

// ── Signing in ──

static void a_name_and_password_give_a_cookie_that_reads(void **state)
{
	ApiFixture *fixture = *state;
	Session session;
	(void) password_make(fixture, "ann", API_ROLE_ADMIN);
	sign_in(fixture, "{\"name\":\"ann\",\"password\":\"" PASSWORD "\"}", &session);
	const char *header = api_header(fixture, "Set-Cookie");
	assert_non_null(strstr(header, "; HttpOnly"));
	assert_non_null(strstr(header, "; SameSite=Strict"));
	assert_non_null(strstr(header, "; Path=/; Max-Age=86400"));
	assert_null(strstr(header, "Secure")); // this port speaks plain HTTP
	assert_string_equal(api_member(fixture, "role"), "admin");
	get_with(fixture, &session, "/api/v1/sign-in");
	assert_string_equal(api_member(fixture, "name"), "ann");
	assert_string_equal(api_member(fixture, "csrf"), session.csrf);
	get_with(fixture, &session, "/api/v1/audit?limit=1");
	assert_int_equal(fixture->answer.status, 200);
	// Neither cookie nor password is in any table.
	char sql[512];
	(void) snprintf(sql, sizeof sql,
		"SELECT count(*) FROM (SELECT to_jsonb(t)::text AS row FROM sign_ins t UNION ALL SELECT to_jsonb(t)::text FROM "
		"api_tokens t UNION ALL SELECT to_jsonb(t)::text FROM audit_log t) rows WHERE row LIKE '%%%s%%' OR row LIKE "
		"'%%%s%%'",
		PASSWORD, session.cookie + strlen("sojourn_session="));
	assert_string_equal(test_postgres_value(fixture->conn, sql), "0");
	assert_string_equal(test_postgres_value(fixture->conn,
							"SELECT password_hash LIKE '$argon2id$%' FROM api_tokens WHERE name = 'ann'"),
		"t");
	// A name is one account's.
	int64_t id = 0;
	Error error;
	assert_false(api_password_create(fixture->conn, "ann", API_ROLE_VIEWER, 0, slice_from(PASSWORD), &id, &error));
	assert_int_equal(error.code, ERROR_BAD_INPUT);
	assert_false(api_password_create(fixture->conn, "bob", API_ROLE_VIEWER, 0, slice_from("short"), &id, &error));
}

static void a_link_is_good_once(void **state)
{
	ApiFixture *fixture = *state;
	Session session;
	char token[API_TOKEN_SIZE];
	char body[128];
	int64_t id = 0;
	Error error;
	assert_true(api_link_create(fixture->conn, "link", API_ROLE_VIEWER, INT64_C(4102444800000), token, &id, &error));
	api_get(fixture, "/api/v1/system", token); // it signs in and does nothing else
	api_is_problem(fixture, 401, "unauthorized");
	(void) snprintf(body, sizeof body, "{\"token\":\"%s\"}", token);
	sign_in(fixture, body, &session);
	body_send(fixture, "POST", "/api/v1/sign-in", "", body);
	api_is_problem(fixture, 401, "unauthorized");
	// What came of it goes on when the time to use it is over, and ends when it is revoked.
	test_database_run(fixture->conn, "UPDATE api_tokens SET expires_at = now() WHERE id = %lld", (long long) id);
	get_with(fixture, &session, "/api/v1/system");
	assert_int_equal(fixture->answer.status, 200);
	assert_true(api_token_revoke(fixture->conn, id, &error));
	get_with(fixture, &session, "/api/v1/system");
	api_is_problem(fixture, 401, "unauthorized");
}

static void a_sign_in_ends_with_its_token_and_in_time(void **state)
{
	ApiFixture *fixture = *state;
	Session session;
	char token[API_TOKEN_SIZE];
	char body[128];
	int64_t id = 0;
	Error error;
	assert_true(api_token_create(fixture->conn, "short", API_ROLE_VIEWER, INT64_C(4102444800000), token, &id, &error));
	(void) snprintf(body, sizeof body, "{\"token\":\"%s\"}", token);
	sign_in(fixture, body, &session);
	test_database_run(fixture->conn, "UPDATE api_tokens SET expires_at = now() WHERE id = %lld", (long long) id);
	get_with(fixture, &session, "/api/v1/system");
	api_is_problem(fixture, 401, "unauthorized");
	test_database_run(fixture->conn, "UPDATE api_tokens SET expires_at = NULL WHERE id = %lld", (long long) id);
	get_with(fixture, &session, "/api/v1/system");
	assert_int_equal(fixture->answer.status, 200);
	test_database_run(fixture->conn, "UPDATE sign_ins SET expires_at = now() WHERE token_id = %lld", (long long) id);
	get_with(fixture, &session, "/api/v1/system");
	api_is_problem(fixture, 401, "unauthorized");
	sign_in(fixture, body, &session);
	sign_out(fixture, &session, "X-CSRF-Token: wrong\r\n");
	api_is_problem(fixture, 403, "forbidden");
	char headers[128];
	(void) snprintf(headers, sizeof headers, "X-CSRF-Token: %s\r\n", session.csrf);
	sign_out(fixture, &session, headers);
	assert_int_equal(fixture->answer.status, 204);
	assert_non_null(strstr(api_header(fixture, "Set-Cookie"), "Max-Age=0"));
	get_with(fixture, &session, "/api/v1/system");
	api_is_problem(fixture, 401, "unauthorized");
}

static void a_cookie_is_replaced_and_the_old_one_lasts_until_the_new_one_was_seen(void **state)
{
	ApiFixture *fixture = *state;
	Session first;
	Session second = {0};
	char body[128];
	(void) snprintf(body, sizeof body, "{\"token\":\"%s\"}", fixture->token);
	sign_in(fixture, body, &first);
	get_with(fixture, &first, "/api/v1/system");
	assert_string_equal(api_header(fixture, "Set-Cookie"), "");
	test_database_run(fixture->conn, "UPDATE sign_ins SET rotated_at = now() - interval '61 minutes'");
	get_with(fixture, &first, "/api/v1/system");
	cookie_take(fixture, &second);
	assert_string_not_equal(first.cookie, second.cookie);
	for (int i = 0; i < 2; i++)
	{
		get_with(fixture, &first, "/api/v1/system"); // its answer may have been lost
		assert_int_equal(fixture->answer.status, 200);
		assert_string_equal(api_header(fixture, "Set-Cookie"), "");
		get_with(fixture, &second, "/api/v1/system");
		assert_int_equal(fixture->answer.status, 200);
	}
	test_database_run(fixture->conn, "UPDATE sign_ins SET previous_until = previous_until - interval '61 seconds'");
	get_with(fixture, &first, "/api/v1/system");
	api_is_problem(fixture, 401, "unauthorized");
	get_with(fixture, &second, "/api/v1/system");
	assert_int_equal(fixture->answer.status, 200);
}

static void another_site_signs_nobody_in_or_out(void **state)
{
	ApiFixture *fixture = *state;
	static const char *const foreign[] = {"Origin: https://evil.example\r\n", "Origin: null\r\n",
		"Origin: http://test.evil.example\r\n", "Sec-Fetch-Site: cross-site\r\n", "Sec-Fetch-Site: same-site\r\n"};
	Session session;
	char body[128];
	char headers[256];
	(void) snprintf(body, sizeof body, "{\"token\":\"%s\"}", fixture->token);
	sign_in(fixture, body, &session);
	for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
	{
		body_send(fixture, "POST", "/api/v1/sign-in", foreign[i], body);
		api_is_problem(fixture, 403, "forbidden");
		(void) snprintf(headers, sizeof headers, "X-CSRF-Token: %s\r\n%s", session.csrf, foreign[i]);
		sign_out(fixture, &session, headers);
		api_is_problem(fixture, 403, "forbidden");
	}
	sign_out(fixture, &session, "");
	api_is_problem(fixture, 403, "forbidden");
	(void) snprintf(headers, sizeof headers,
		"X-CSRF-Token: %s\r\nOrigin: http://test\r\nSec-Fetch-Site: same-origin\r\n", session.csrf);
	sign_out(fixture, &session, headers);
	assert_int_equal(fixture->answer.status, 204);
}

static void a_body_that_is_none_says_which_member_and_why(void **state)
{
	ApiFixture *fixture = *state;
	static const char *const cases[][2] = {{"", "body"}, {"[]", "body"}, {"nonsense", "body"}, {"{}", "name"},
		{"{\"token\":1}", "token"}, {"{\"token\":\"\"}", "token"}, {"{\"name\":\"ann\"}", "password"},
		{"{\"token\":\"a\",\"name\":\"b\"}", "token"}, {"{\"password\":\"x\"}", "name"}, {"{\"user\":\"x\"}", "body"}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
	{
		body_send(fixture, "POST", "/api/v1/sign-in", "", cases[i][0]);
		api_is_problem(fixture, 400, "bad_input");
		assert_string_equal(api_member(fixture, "parameter"), cases[i][1]);
	}
}

// ── The audit log ──

static void the_audit_log_names_who_and_what_and_no_more(void **state)
{
	ApiFixture *fixture = *state;
	Session session;
	char token[API_TOKEN_SIZE];
	char target[128];
	token_make(fixture, API_ROLE_ADMIN, token);
	(void) password_make(fixture, "eve", API_ROLE_VIEWER);
	body_send(fixture, "POST", "/api/v1/sign-in", "", "{\"name\":\"eve\",\"password\":\"my secret, in vain\"}");
	api_is_problem(fixture, 401, "unauthorized");
	assert_string_equal(api_member(fixture, "detail"), "name or password is wrong");
	body_send(fixture, "POST", "/api/v1/sign-in", "", "{\"name\":\"nobody here\",\"password\":\"my secret, in vain\"}");
	assert_string_equal(api_member(fixture, "detail"), "name or password is wrong");
	sign_in(fixture, "{\"name\":\"eve\",\"password\":\"" PASSWORD "\"}", &session);
	api_get(fixture, "/api/v1/audit?limit=3", token);
	const JsonValue *rows = json_get(api_json(fixture), "rows");
	const JsonValue *row = rows->first;
	assert_int_equal(rows->count, 3);
	assert_true(slice_equal_text(json_string(json_get(row, "action")), "sign_in"));
	assert_true(slice_equal_text(json_string(json_get(row, "outcome")), "done"));
	assert_true(slice_equal_text(json_string(json_get(row, "name")), "eve"));
	assert_int_equal(json_get(row, "id")->type, JSON_STRING);
	row = row->next;
	assert_true(slice_equal_text(json_string(json_get(row, "outcome")), "refused"));
	assert_int_equal(json_get(row, "name")->type, JSON_NULL); // what was typed may be a password
	row = row->next;
	assert_true(slice_equal_text(json_string(json_get(row, "name")), "eve"));
	assert_null(strstr(fixture->answer.body, "in vain"));
	assert_null(strstr(fixture->answer.body, "nobody here"));
	assert_null(strstr(fixture->answer.body, "127.0.0.1"));
	// On, by the cursor, to the end.
	int pages = 0;
	char cursor[32];
	(void) snprintf(cursor, sizeof cursor, "%s", api_member(fixture, "next_cursor"));
	for (; *cursor != '\0'; pages++)
	{
		(void) snprintf(target, sizeof target, "/api/v1/audit?limit=3&cursor=%s", cursor);
		api_get(fixture, target, token);
		assert_int_equal(fixture->answer.status, 200);
		(void) snprintf(cursor, sizeof cursor, "%s", api_member(fixture, "next_cursor"));
	}
	assert_true(pages > 1);
	static const char *const bad[][2] = {{"limit=0", "limit"}, {"limit=1001", "limit"}, {"limit=x", "limit"},
		{"cursor=-1", "cursor"}, {"cursor=99999999999999999999", "cursor"}, {"limit=5&limit=5", "limit"}, {"x=1", "x"}};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
	{
		(void) snprintf(target, sizeof target, "/api/v1/audit?%s", bad[i][0]);
		api_get(fixture, target, token);
		api_is_problem(fixture, 400, "bad_input");
		assert_string_equal(api_member(fixture, "parameter"), bad[i][1]);
	}
}

// Last: it uses up what this address may.
static void who_fails_too_often_must_wait(void **state)
{
	ApiFixture *fixture = *state;
	Session session;
	(void) password_make(fixture, "victim", API_ROLE_VIEWER);
	sign_in(fixture, "{\"name\":\"victim\",\"password\":\"" PASSWORD "\"}", &session);
	int failures = 0;
	do
		body_send(fixture, "POST", "/api/v1/sign-in", "", "{\"name\":\"victim\",\"password\":\"guess after guess\"}");
	while (fixture->answer.status == 401 && ++failures < 100);
	assert_in_range(failures, 10, 12); // time that passes meanwhile pays back
	api_is_problem(fixture, 429, "too_many");
	assert_in_range(atoi(api_header(fixture, "Retry-After")), 1, 90);
	body_send(fixture, "POST", "/api/v1/sign-in", "", "{\"name\":\"victim\",\"password\":\"" PASSWORD "\"}");
	assert_int_equal(fixture->answer.status, 429); // also with the right one: else it would tell which that is
	char body[64];
	failures = 0;
	do
	{
		(void) snprintf(body, sizeof body, "{\"token\":\"guess %d\"}", failures);
		body_send(fixture, "POST", "/api/v1/sign-in", "", body);
	} while (fixture->answer.status == 401 && ++failures < 100);
	assert_in_range(failures, 1, 40);
	api_is_problem(fixture, 429, "too_many");
	get_with(fixture, &session, "/api/v1/system"); // who is in stays in
	assert_int_equal(fixture->answer.status, 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_path_answers_without_a_token_and_each_only_to_its_roles),
		cmocka_unit_test(a_name_and_password_give_a_cookie_that_reads),
		cmocka_unit_test(a_link_is_good_once),
		cmocka_unit_test(a_sign_in_ends_with_its_token_and_in_time),
		cmocka_unit_test(a_cookie_is_replaced_and_the_old_one_lasts_until_the_new_one_was_seen),
		cmocka_unit_test(another_site_signs_nobody_in_or_out),
		cmocka_unit_test(a_body_that_is_none_says_which_member_and_why),
		cmocka_unit_test(the_audit_log_names_who_and_what_and_no_more),
		cmocka_unit_test(who_fails_too_often_must_wait),
	};
	return cmocka_run_group_tests(tests, api_set_up, api_tear_down);
}
