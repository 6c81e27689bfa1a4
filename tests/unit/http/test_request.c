// What of a request reaches its handler, and what of its answer reaches the client.
#include "tests/harness/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#define LARGE_SIZE ((size_t) 20 * 1024 * 1024)

typedef struct Fixture {
	TestServer *server;
	int port;
	char *large;
} Fixture;

static void handle(HttpRequest *request, void *context)
{
	(void) context;
	Slice path = http_path(request);
	if (slice_equal_text(path, "/echo"))
		http_respond(request, 200, "text/plain", http_body(request));
	else if (slice_equal_text(path, "/header"))
	{
		http_set_header_slice(request, "X-Test", http_query(request, "value"));
		http_respond(request, 200, "text/plain", SLICE_NONE);
	}
	else if (slice_equal_text(path, "/error"))
	{
		Error error;
		(void) error_set(&error, ERROR_FULL, "The \"buffer\" is full.");
		http_respond_error(request, &error);
	}
	else if (slice_equal_text(path, "/method"))
		http_respond(request, 200, "text/plain", arena_format(http_arena(request), "%d", (int) http_method(request)));
	else if (slice_equal_text(path, "/authorization"))
	{
		Slice user = SLICE_NONE;
		Slice password = SLICE_NONE;
		bool is_basic = http_basic_authorization(request, &user, &password);
		Slice text = arena_format(http_arena(request), "%d[%.*s][%.*s][%.*s]", is_basic, SLICE_PRINT(user),
			SLICE_PRINT(password), SLICE_PRINT(http_bearer_token(request)));
		http_respond(request, 200, "text/plain", text);
	}
	else if (slice_equal_text(path, "/tagged"))
	{
		if (!http_respond_unchanged(request, "W/\"ab\""))
			http_respond(request, 200, "text/plain", SLICE_LITERAL("anew"));
	}
	else
		http_respond(request, 404, "text/plain", path);
}

static int set_up(void **state)
{
	Fixture *fixture = calloc(1, sizeof *fixture);
	fixture->large = malloc(LARGE_SIZE);
	for (size_t i = 0; i < LARGE_SIZE; i++)
		fixture->large[i] = (char) ('a' + i % 23);
	HttpLimits limits = {.body_bytes_max = 1U << 20U,
		.connections_max = 100,
		.request_deadline_ms = 60000,
		.idle_timeout_ms = 60000};
	fixture->server = test_server_start(&limits, handle, NULL, fixture);
	fixture->port = test_server_port(fixture->server);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	Fixture *fixture = *state;
	test_server_stop(fixture->server);
	free(fixture->large);
	free(fixture);
	return 0;
}

static void test_every_method_reaches_the_handler(void **state)
{
	const Fixture *fixture = *state;
	static const struct {
		const char *name;
		HttpMethod method;
	} rows[] = {{"GET", HTTP_GET}, {"POST", HTTP_POST}, {"PUT", HTTP_PUT}, {"DELETE", HTTP_DELETE},
		{"OPTIONS", HTTP_OPTIONS}, {"PATCH", HTTP_OTHER}, {"get", HTTP_OTHER}, {"BREW", HTTP_OTHER}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		char head[64];
		(void) snprintf(head, sizeof head, "%s /method HTTP/1.1\r\n", rows[i].name);
		TestAnswer answer;
		test_request(fixture->port, head, SLICE_NONE, &answer);
		assert_int_equal(atoi(answer.body), rows[i].method);
	}
}

static void test_paths_and_parameters_are_decoded(void **state)
{
	const Fixture *fixture = *state;
	TestAnswer answer;
	test_request(fixture->port, "GET /a%20b+%C3%A4?x HTTP/1.1\r\n", SLICE_NONE, &answer);
	assert_string_equal(answer.body, "/a b+\xC3\xA4");
	test_request(fixture->port, "GET /header?&a=1&value=x%26y+z&value=2 HTTP/1.1\r\n", SLICE_NONE, &answer);
	assert_string_equal(test_answer_header(&answer, "X-Test"), "x&y z");
	static const char *const broken[] = {"GET /%zz HTTP/1.1\r\n", "GET /%4 HTTP/1.1\r\n", "GET /% HTTP/1.1\r\n",
		"GET /%00 HTTP/1.1\r\n", "GET /x?%0 HTTP/1.1\r\n"};
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
	{
		test_request(fixture->port, broken[i], SLICE_NONE, &answer);
		assert_int_equal(answer.status, 400);
	}
}

static void test_no_value_makes_a_header_of_its_own(void **state)
{
	const Fixture *fixture = *state;
	TestAnswer answer;
	test_request(fixture->port, "GET /header?value=a%0D%0ASet-Cookie:%20b%0A%0A HTTP/1.1\r\n", SLICE_NONE, &answer);
	assert_string_equal(test_answer_header(&answer, "X-Test"), "a??Set-Cookie: b??");
	assert_string_equal(test_answer_header(&answer, "Set-Cookie"), "");
}

static void test_authorization_is_read(void **state)
{
	const Fixture *fixture = *state;
	static const struct {
		const char *value;
		const char *wanted;
	} rows[] = {{"Basic a2V5Og==", "1[key][][]"}, {"basic dTpwOnE=", "1[u][p:q][]"}, {"Basic YWJj", "0[abc][][]"},
		{"Basic !!!!", "0[][][]"}, {"Basic ", "0[][][]"}, {"Basic QQQQQ", "0[][][]"},
		{"Bearer tok.en", "0[][][tok.en]"}, {"Bearer", "0[][][]"}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		char head[128];
		(void) snprintf(head, sizeof head, "GET /authorization HTTP/1.1\r\nAuthorization: %s\r\n", rows[i].value);
		TestAnswer answer;
		test_request(fixture->port, head, SLICE_NONE, &answer);
		assert_string_equal(answer.body, rows[i].wanted);
	}
}

static void test_what_the_client_has_is_not_sent_again(void **state)
{
	const Fixture *fixture = *state;
	static const struct {
		const char *tags;
		int status;
	} rows[] = {{"\"ab\"", 304}, {"W/\"ab\"", 304}, {"\"other\",W/\"ab\" , \"x\"", 304}, {"*", 304}, {"\"abc\"", 200},
		{"ab", 200}, {"", 200}, {",", 200}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		char head[128];
		(void) snprintf(head, sizeof head, "GET /tagged HTTP/1.1\r\nIf-None-Match: %s\r\n", rows[i].tags);
		TestAnswer answer;
		test_request(fixture->port, head, SLICE_NONE, &answer);
		assert_int_equal(answer.status, rows[i].status);
		assert_string_equal(test_answer_header(&answer, "ETag"), "W/\"ab\"");
		assert_string_equal(answer.body, rows[i].status == 304 ? "" : "anew");
	}
}

static size_t gzip(const char *data, size_t size, unsigned char *packed, size_t packed_size)
{
	z_stream stream = {0};
	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	unsigned char *copy = malloc(size);
	memcpy(copy, data, size);
	stream.next_in = copy;
	stream.avail_in = (unsigned) size;
	stream.next_out = packed;
	stream.avail_out = (unsigned) packed_size;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	(void) deflateEnd(&stream);
	free(copy);
	return stream.total_out;
}

static void test_gzip_bodies_are_unpacked(void **state)
{
	const Fixture *fixture = *state;
	static unsigned char packed[1U << 20U];
	size_t size = gzip(fixture->large, 1U << 20U, packed, sizeof packed);
	TestAnswer answer;
	test_request(fixture->port, "POST /echo HTTP/1.1\r\nContent-Encoding: gzip\r\n", (Slice){(char *) packed, size},
		&answer);
	assert_int_equal(answer.body_size, 1U << 20U);
	assert_memory_equal(answer.body, fixture->large, 1U << 20U);
	test_request(fixture->port, "POST /echo HTTP/1.1\r\nContent-Encoding: identity\r\n", SLICE_LITERAL("x"), &answer);
	assert_string_equal(answer.body, "x");
}

static void test_a_gzip_bomb_is_answered_413_and_the_connection_goes_on(void **state)
{
	const Fixture *fixture = *state;
	static unsigned char packed[1U << 20U];
	size_t size = gzip(fixture->large, LARGE_SIZE, packed, sizeof packed);
	int fd = test_connect(fixture->port);
	char head[128];
	TestAnswer answer;
	(void) snprintf(head, sizeof head,
		"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n", size);
	test_send_text(fd, head);
	test_send(fd, packed, size);
	test_read_answer(fd, false, &answer);
	assert_int_equal(answer.status, 413);
	test_send_text(fd, "GET /method HTTP/1.1\r\nHost: a\r\n\r\n");
	test_read_answer(fd, false, &answer);
	assert_int_equal(answer.status, 200);
	(void) close(fd);
}

static void test_broken_gzip_and_other_codings_are_refused(void **state)
{
	const Fixture *fixture = *state;
	TestAnswer answer;
	test_request(fixture->port, "POST /echo HTTP/1.1\r\nContent-Encoding: gzip\r\n", SLICE_LITERAL("{}"), &answer);
	assert_int_equal(answer.status, 400);
	test_request(fixture->port, "POST /echo HTTP/1.1\r\nContent-Encoding: gzip\r\n", SLICE_NONE, &answer);
	assert_int_equal(answer.status, 400);
	test_request(fixture->port, "POST /echo HTTP/1.1\r\nContent-Encoding: br\r\n", SLICE_LITERAL("{}"), &answer);
	assert_int_equal(answer.status, 415);
}

static void test_errors_are_problems_in_json(void **state)
{
	const Fixture *fixture = *state;
	TestAnswer answer;
	test_request(fixture->port, "GET /error HTTP/1.1\r\n", SLICE_NONE, &answer);
	assert_int_equal(answer.status, 503);
	assert_string_equal(test_answer_header(&answer, "Content-Type"), "application/problem+json");
	assert_string_equal(test_answer_header(&answer, "Retry-After"), "5");
	assert_non_null(strstr(answer.body, "\"detail\":\"The \\\"buffer\\\" is full.\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_every_method_reaches_the_handler, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_paths_and_parameters_are_decoded, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_value_makes_a_header_of_its_own, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_authorization_is_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_the_client_has_is_not_sent_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_gzip_bodies_are_unpacked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_gzip_bomb_is_answered_413_and_the_connection_goes_on, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_broken_gzip_and_other_codings_are_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_errors_are_problems_in_json, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("http/request", tests, NULL, NULL);
}
