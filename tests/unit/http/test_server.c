// What well-behaved clients may rely on.
#include "tests/harness/http.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define KEPT_MAX 64
#define LARGE_SIZE ((size_t) 20 * 1024 * 1024)

// What the handler keeps; touched only in the server's thread.
typedef struct Fixture {
	TestServer *server;
	int port;
	HttpRequest *turn[KEPT_MAX]; // answered when the turn ends
	int turn_count;
	HttpRequest *kept[KEPT_MAX]; // answered by a request for /release
	int kept_count;
	char *large;
} Fixture;

static void answer_text(HttpRequest *request, const char *text)
{
	http_respond(request, 200, "text/plain", slice_from(text));
}

static void answer_number(HttpRequest *request, int number)
{
	char text[16];
	(void) snprintf(text, sizeof text, "%d", number);
	answer_text(request, text);
}

static void kept_release(Fixture *fixture)
{
	for (int i = 0; i < fixture->kept_count; i++)
		answer_text(fixture->kept[i], "released");
	fixture->kept_count = 0;
}

static void on_gone(HttpRequest *request, void *context)
{
	Fixture *fixture = context;
	int at = 0;
	while (fixture->kept[at] != request)
		at++;
	fixture->kept[at] = fixture->kept[--fixture->kept_count];
	http_respond(request, 499, NULL, SLICE_NONE);
}

static void handle(HttpRequest *request, void *context)
{
	Fixture *fixture = context;
	Slice path = http_path(request);
	if (slice_equal_text(path, "/echo"))
		http_respond(request, 200, "text/plain", http_body(request));
	else if (slice_equal_text(path, "/keep") && fixture->kept_count < KEPT_MAX)
		fixture->kept[fixture->kept_count++] = request;
	else if (slice_equal_text(path, "/watch") && fixture->kept_count < KEPT_MAX)
	{
		fixture->kept[fixture->kept_count++] = request;
		http_on_gone(request, on_gone, fixture);
	}
	else if (slice_equal_text(path, "/turn") && fixture->turn_count < KEPT_MAX)
		fixture->turn[fixture->turn_count++] = request;
	else if (slice_equal_text(path, "/kept"))
		answer_number(request, fixture->kept_count);
	else if (slice_equal_text(path, "/release"))
	{
		kept_release(fixture);
		answer_text(request, "done");
	}
	else if (slice_equal_text(path, "/none"))
		http_respond(request, 204, NULL, SLICE_NONE);
	else if (slice_equal_text(path, "/large"))
		http_respond(request, 200, "text/plain", (Slice){fixture->large, LARGE_SIZE});
	else if (slice_equal_text(path, "/method"))
		answer_number(request, (int) http_method(request));
	else
		http_respond(request, 404, "text/plain", path);
}

static void on_turn_end(void *context)
{
	Fixture *fixture = context;
	for (int i = 0; i < fixture->turn_count; i++)
		http_respond(fixture->turn[i], 200, "text/plain", http_body(fixture->turn[i]));
	fixture->turn_count = 0;
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
	fixture->server = test_server_start(&limits, handle, on_turn_end, fixture);
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

static void wait_for_kept(const Fixture *fixture, const char *count)
{
	TestAnswer answer;
	do
		test_request(fixture->port, "GET /kept HTTP/1.1\r\n", SLICE_NONE, &answer);
	while (strcmp(answer.body, count) != 0);
}

static void test_requests_follow_one_another_on_a_connection(void **state)
{
	const Fixture *fixture = *state;
	int fd = test_connect(fixture->port);
	TestAnswer answer;
	for (int i = 0; i < 20; i++)
	{
		test_send_text(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
		test_read_answer(fd, false, &answer);
		assert_int_equal(answer.status, 200);
		assert_string_equal(answer.body, "hello");
		assert_string_equal(test_answer_header(&answer, "Connection"), "");
		assert_int_equal(strlen(test_answer_header(&answer, "Date")), 29);
	}
	test_send_text(fd, "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
	test_read_answer(fd, false, &answer);
	assert_string_equal(test_answer_header(&answer, "Connection"), "close");
	test_expect_closed(fd);
	(void) close(fd);
}

static void test_http_1_0_closes_unless_asked(void **state)
{
	const Fixture *fixture = *state;
	TestAnswer answer;
	int fd = test_connect(fixture->port);
	test_send_text(fd, "GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
	test_read_answer(fd, false, &answer);
	assert_string_equal(test_answer_header(&answer, "Connection"), "keep-alive");
	test_send_text(fd, "GET /echo HTTP/1.0\r\n\r\n");
	test_read_answer(fd, false, &answer);
	assert_string_equal(test_answer_header(&answer, "Connection"), "close");
	test_expect_closed(fd);
	(void) close(fd);
}

static void pipeline(const Fixture *fixture, const char *path)
{
	enum { COUNT = 500 };
	int fd = test_connect(fixture->port);
	Buf buf;
	buf_init(&buf, 1U << 20U);
	for (int i = 0; i < COUNT; i++)
		buf_append_format(&buf, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n%04d", path, i);
	test_send(fd, buf.data, buf.size);
	for (int i = 0; i < COUNT; i++)
	{
		TestAnswer answer;
		char wanted[16];
		(void) snprintf(wanted, sizeof wanted, "%04d", i);
		test_read_answer(fd, false, &answer);
		assert_string_equal(answer.body, wanted);
	}
	buf_free(&buf);
	(void) close(fd);
}

static void test_pipelined_requests_are_answered_in_order(void **state)
{
	pipeline(*state, "/echo");
}

static void test_pipelined_requests_answered_at_the_end_of_turns_keep_their_order(void **state)
{
	pipeline(*state, "/turn");
}

static void test_a_request_may_come_byte_by_byte(void **state)
{
	const Fixture *fixture = *state;
	int fd = test_connect(fixture->port);
	const char text[] =
		"\r\nPOST /turn HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
		"POST /turn HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n1\r\nf\r\n0\r\n\r\n";
	for (size_t i = 0; i + 1 < sizeof text; i++)
		test_send(fd, text + i, 1);
	TestAnswer answer;
	test_read_answer(fd, false, &answer);
	assert_string_equal(answer.body, "abc");
	test_read_answer(fd, false, &answer);
	assert_string_equal(answer.body, "def");
	(void) close(fd);
}

static void test_a_large_body_comes_whole(void **state)
{
	const Fixture *fixture = *state;
	TestAnswer answer;
	Slice body = {fixture->large, 1U << 20U};
	test_request(fixture->port, "POST /echo HTTP/1.1\r\nX-Long: here to stay\r\n", body, &answer);
	assert_int_equal(answer.body_size, body.size);
	assert_memory_equal(answer.body, body.data, body.size);
}

static void test_a_large_answer_comes_whole_and_the_connection_goes_on(void **state)
{
	const Fixture *fixture = *state;
	int fd = test_connect(fixture->port);
	test_send_text(fd, "GET /large HTTP/1.1\r\nHost: a\r\n\r\nGET /method HTTP/1.1\r\nHost: a\r\n\r\n");
	TestAnswer answer;
	test_read_answer(fd, false, &answer);
	assert_int_equal(answer.body_size, LARGE_SIZE);
	assert_memory_equal(answer.body, fixture->large, LARGE_SIZE);
	test_read_answer(fd, false, &answer);
	assert_string_equal(answer.body, "0");
	(void) close(fd);
}

static void test_head_has_the_length_and_no_body(void **state)
{
	const Fixture *fixture = *state;
	int fd = test_connect(fixture->port);
	TestAnswer answer;
	test_send_text(fd, "HEAD /kept HTTP/1.1\r\nHost: a\r\n\r\nGET /none HTTP/1.1\r\nHost: a\r\n\r\n");
	test_read_answer(fd, true, &answer);
	assert_int_equal(answer.status, 200);
	assert_string_equal(test_answer_header(&answer, "Content-Length"), "1");
	test_read_answer(fd, false, &answer); // would not be read if a body stood before it
	assert_int_equal(answer.status, 204);
	assert_string_equal(test_answer_header(&answer, "Content-Length"), "");
	(void) close(fd);
}

static void test_a_client_that_leaves_while_its_request_is_kept_harms_nobody(void **state)
{
	const Fixture *fixture = *state;
	int gone = test_connect(fixture->port);
	test_send_text(gone, "POST /keep HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
	int pipelining = test_connect(fixture->port);
	test_send_text(pipelining, "GET /keep HTTP/1.1\r\nHost: a\r\n\r\nGET /kept HTTP/1.1\r\nHost: a\r\n\r\n");
	wait_for_kept(fixture, "2");
	struct linger reset = {1, 0};
	assert_int_equal(setsockopt(gone, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
	(void) close(gone);
	TestAnswer answer;
	test_request(fixture->port, "GET /release HTTP/1.1\r\n", SLICE_NONE, &answer);
	assert_string_equal(answer.body, "done");
	test_read_answer(pipelining, false, &answer);
	assert_string_equal(answer.body, "released");
	test_read_answer(pipelining, false, &answer);
	assert_string_equal(answer.body, "0");
	(void) close(pipelining);
}

static void test_a_half_closed_client_still_gets_its_answer(void **state)
{
	const Fixture *fixture = *state;
	int fd = test_connect(fixture->port);
	test_send_text(fd, "GET /keep HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	wait_for_kept(fixture, "1");
	TestAnswer answer;
	test_request(fixture->port, "GET /release HTTP/1.1\r\n", SLICE_NONE, &answer);
	test_read_answer(fd, false, &answer);
	assert_string_equal(answer.body, "released");
	test_expect_closed(fd);
	(void) close(fd);
}

static void test_who_asked_learns_that_a_client_has_left(void **state)
{
	const Fixture *fixture = *state;
	struct linger reset = {1, 0};
	int fds[3];
	for (int i = 0; i < 3; i++)
	{
		fds[i] = test_connect(fixture->port);
		test_send_text(fds[i], "GET /watch HTTP/1.1\r\nHost: a\r\n\r\n");
	}
	wait_for_kept(fixture, "3");
	(void) close(fds[0]);
	wait_for_kept(fixture, "2");
	assert_int_equal(setsockopt(fds[1], SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
	(void) close(fds[1]);
	wait_for_kept(fixture, "1");
	TestAnswer answer;
	test_request(fixture->port, "GET /release HTTP/1.1\r\n", SLICE_NONE, &answer);
	test_read_answer(fds[2], false, &answer);
	assert_string_equal(answer.body, "released");
	// Its connection goes on, and leaving it later concerns nobody.
	test_send_text(fds[2], "GET /none HTTP/1.1\r\nHost: a\r\n\r\n");
	test_read_answer(fds[2], false, &answer);
	assert_int_equal(answer.status, 204);
	(void) close(fds[2]);
	wait_for_kept(fixture, "0");
}

static void test_kept_requests_are_answered_503_when_the_server_closes(void **state)
{
	Fixture *fixture = *state;
	int fd = test_connect(fixture->port);
	test_send_text(fd, "GET /keep HTTP/1.1\r\nHost: a\r\n\r\n");
	wait_for_kept(fixture, "1");
	test_server_stop(fixture->server);
	TestAnswer answer;
	test_read_answer(fd, false, &answer);
	assert_int_equal(answer.status, 503);
	assert_string_equal(test_answer_header(&answer, "Retry-After"), "5");
	test_expect_closed(fd);
	(void) close(fd);
	free(fixture->large);
	free(fixture);
	(void) set_up(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_requests_follow_one_another_on_a_connection, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_http_1_0_closes_unless_asked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_pipelined_requests_are_answered_in_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_pipelined_requests_answered_at_the_end_of_turns_keep_their_order, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(test_a_request_may_come_byte_by_byte, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_large_body_comes_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_large_answer_comes_whole_and_the_connection_goes_on, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_head_has_the_length_and_no_body, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_client_that_leaves_while_its_request_is_kept_harms_nobody, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(test_a_half_closed_client_still_gets_its_answer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_who_asked_learns_that_a_client_has_left, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_kept_requests_are_answered_503_when_the_server_closes, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("http/server", tests, NULL, NULL);
}
