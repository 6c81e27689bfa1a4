#include "api_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HEAD_SIZE 16384

static const HttpLimits limits = {
	.body_bytes_max = 65536,
	.connections_max = 100,
	.request_deadline_ms = 60000,
	.idle_timeout_ms = 60000,
};

static const char *collect_url(void *context)
{
	(void) context;
	return "http://127.0.0.1:8080";
}

int api_statement_timeout_ms = 3000;

int api_set_up(void **state)
{
	static ApiFixture fixture;
	Error error;
	fixture.conn = test_database_open(fixture.dsn);
	arena_init(&fixture.arena, 16U << 20U);
	const ApiOptions options = {
		.reader = {.dsn = fixture.dsn,
			.schema = TEST_SCHEMA,
			.application_name = "reader",
			.is_read_only = true,
			.statement_timeout_ms = api_statement_timeout_ms},
		.writer = {.dsn = fixture.dsn, .schema = TEST_SCHEMA, .application_name = "writer"},
		.sign_in_hours = 24,
		.public_url = "",
		.report_threads = 3,
		.report_waiting_max = 4,
		.zone_default = "UTC",
		.collect_url = collect_url,
	};
	*state = &fixture;
	fixture.server = test_server_open();
	if (!api_token_create(fixture.conn, "tests", API_ROLE_VIEWER, 0, fixture.token, &fixture.token_id, &error)
		|| !api_open(&options, test_server_loop(fixture.server), &fixture.api, &error))
	{
		(void) fprintf(stderr, "%s\n", error.message);
		return -1;
	}
	test_server_run(fixture.server, &limits, api_handle, NULL, fixture.api);
	return 0;
}

int api_tear_down(void **state)
{
	ApiFixture *fixture = *state;
	if (fixture->server != NULL)
		test_server_stop(fixture->server);
	api_close(fixture->api);
	arena_free(&fixture->arena);
	pg_close(fixture->conn);
	return 0;
}

void api_send(ApiFixture *fixture, const char *head)
{
	test_request(test_server_port(fixture->server), head, SLICE_NONE, &fixture->answer);
}

void api_get(ApiFixture *fixture, const char *target, const char *token)
{
	char head[HEAD_SIZE];
	int size = snprintf(head, sizeof head, "GET %s HTTP/1.1\r\n%s%s%s", target,
		token[0] == '\0' ? "" : "Authorization: Bearer ", token, token[0] == '\0' ? "" : "\r\n");
	assert_in_range(size, 1, HEAD_SIZE - 1);
	api_send(fixture, head);
}

const char *api_header(const ApiFixture *fixture, const char *name)
{
	return test_answer_header(&fixture->answer, name);
}

const JsonValue *api_json(ApiFixture *fixture)
{
	Error error;
	JsonValue *value = NULL;
	arena_reset(&fixture->arena);
	if (!json_parse((Slice){fixture->answer.body, fixture->answer.body_size}, &fixture->arena, &value, &error))
		fail_msg("%s: %s", error.message, fixture->answer.body);
	return value;
}

const char *api_member(ApiFixture *fixture, const char *name)
{
	Slice text = json_scalar(json_get(api_json(fixture), name));
	Slice copy = arena_copy(&fixture->arena, text);
	return copy.data == NULL ? "" : copy.data;
}

void api_is_problem(ApiFixture *fixture, int status, const char *code)
{
	if (fixture->answer.status != status)
		fail_msg("status %d instead of %d: %s", fixture->answer.status, status, fixture->answer.body);
	assert_string_equal(api_header(fixture, "Content-Type"), "application/problem+json");
	assert_string_equal(api_member(fixture, "code"), code);
	assert_true(strlen(api_member(fixture, "detail")) > 10);
	char number[16];
	(void) snprintf(number, sizeof number, "%d", status);
	assert_string_equal(api_member(fixture, "status"), number);
}
