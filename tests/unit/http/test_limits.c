// What clients that are slow, greedy or wrong get.
#include "tests/harness/http.h"

#include "base/clock.h"
#include "base/memory.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#define BODY_MAX ((size_t) 64 * 1024)
#define DEADLINE_MS 200
#define CONNECTIONS_MAX 20
#define LARGE_SIZE ((size_t) 16 << 20U) // more than any socket takes at once

typedef struct Fixture {
	TestServer *server;
	int port;
	HttpRequest *held[CONNECTIONS_MAX];
	size_t held_count;
	char zeros[BODY_MAX * 4];
	char large[LARGE_SIZE];
} Fixture;

// What asks for /hold waits until something else comes.
static void handle(HttpRequest *request, void *context)
{
	Fixture *fixture = context;
	if (slice_equal_text(http_path(request), "/hold"))
	{
		fixture->held[fixture->held_count++] = request;
		return;
	}
	if (slice_equal_text(http_path(request), "/large"))
	{
		http_respond(request, 200, "text/plain", (Slice){fixture->large, LARGE_SIZE});
		return;
	}
	while (fixture->held_count > 0)
		http_respond(fixture->held[--fixture->held_count], 200, "text/plain", SLICE_LITERAL("held"));
	http_respond(request, 200, "text/plain", SLICE_LITERAL("ok"));
}

static void on_refusal(HttpRequest *request, void *context)
{
	(void) context;
	http_set_header(request, "X-Refused", "yes");
	http_set_header_slice(request, "X-Origin", http_header(request, "origin"));
}

static int set_up_with(void **state, int64_t deadline_ms, int64_t idle_ms)
{
	Fixture *fixture = calloc(1, sizeof *fixture);
	HttpLimits limits = {.body_bytes_max = BODY_MAX,
		.header_bytes_max = 2048,
		.buffered_bytes_max = BODY_MAX * 2,
		.connections_max = CONNECTIONS_MAX,
		.request_deadline_ms = deadline_ms,
		.idle_timeout_ms = idle_ms};
	fixture->server = test_server_start(&limits, handle, NULL, fixture);
	http_server_on_refusal(test_server_http(fixture->server), on_refusal, NULL);
	fixture->port = test_server_port(fixture->server);
	*state = fixture;
	return 0;
}

static int set_up(void **state)
{
	return set_up_with(state, 60000, 60000);
}

static int set_up_hurried(void **state)
{
	return set_up_with(state, DEADLINE_MS, 60000);
}

static int set_up_restless(void **state)
{
	return set_up_with(state, 60000, DEADLINE_MS);
}

static int tear_down(void **state)
{
	Fixture *fixture = *state;
	test_server_stop(fixture->server);
	free(fixture);
	return 0;
}

static void assert_alive(const Fixture *fixture)
{
	TestAnswer answer;
	do // the places that clients left are free as soon as the server has seen it
	{
		int fd = test_connect(fixture->port);
		(void) test_try_send(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27);
		test_read_answer(fd, false, &answer);
		(void) close(fd);
	} while (answer.status == 0);
	assert_int_equal(answer.status, 200);
}

static void test_a_body_that_declares_too_much_is_answered_413(void **state)
{
	Fixture *fixture = *state;
	TestAnswer answer;
	int fd = test_connect(fixture->port);
	char head[128];
	(void) snprintf(head, sizeof head, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n", 160 * BODY_MAX);
	test_send_text(fd, head);
	for (int i = 0; i < 40; i++)
		(void) test_try_send(fd, fixture->zeros, sizeof fixture->zeros); // ten megabytes that nobody keeps
	test_read_answer(fd, false, &answer);
	assert_int_equal(answer.status, 413);
	assert_string_equal(test_answer_header(&answer, "Connection"), "close");
	assert_string_equal(test_answer_header(&answer, "X-Refused"), "yes");
	assert_non_null(strstr(answer.body, "\"code\":\"too_large\""));
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	test_expect_closed(fd);
	(void) close(fd);
	test_request(fixture->port, "POST / HTTP/1.1\r\n", (Slice){fixture->zeros, BODY_MAX}, &answer);
	assert_int_equal(answer.status, 200);
	test_request(fixture->port, "POST / HTTP/1.1\r\n", (Slice){fixture->zeros, BODY_MAX + 1}, &answer);
	assert_int_equal(answer.status, 413);
}

static void test_a_length_beyond_all_numbers_is_answered_413(void **state)
{
	const Fixture *fixture = *state;
	TestAnswer answer;
	int fd = test_connect(fixture->port);
	test_send_text(fd, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 184467440737095516170\r\n\r\n");
	test_read_answer(fd, false, &answer);
	assert_int_equal(answer.status, 413);
	(void) close(fd);
}

static void test_chunks_that_add_up_to_too_much_are_answered_413(void **state)
{
	Fixture *fixture = *state;
	TestAnswer answer;
	int fd = test_connect(fixture->port);
	test_send_text(fd, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
	bool is_open = true;
	for (int i = 0; i < 20 && is_open; i++)
		is_open = test_try_send(fd, "1000\r\n", 6) && test_try_send(fd, fixture->zeros, 0x1000)
			&& test_try_send(fd, "\r\n", 2);
	test_read_answer(fd, false, &answer);
	assert_int_equal(answer.status, 413);
	(void) close(fd);
}

// The body makes the buffer move, in which the head stands that the refusal reads.
static void test_a_refusal_late_in_the_body_still_reads_the_head(void **state)
{
	Fixture *fixture = *state;
	TestAnswer answer;
	int fd = test_connect(fixture->port);
	test_send_text(fd,
		"POST / HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\r\nTransfer-Encoding: chunked\r\n\r\n8000\r\n");
	test_send(fd, fixture->zeros, 0x8000);
	test_send_text(fd, "\r\nno size\r\n");
	test_read_answer(fd, false, &answer);
	assert_int_equal(answer.status, 400);
	assert_string_equal(test_answer_header(&answer, "X-Origin"), "https://a.example");
	(void) close(fd);
}

static void test_a_deadline_late_in_the_body_still_reads_the_head(void **state)
{
	Fixture *fixture = *state;
	TestAnswer answer;
	int fd = test_connect(fixture->port);
	test_send_text(fd, "POST / HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\r\nContent-Length: 40000\r\n\r\n");
	test_send(fd, fixture->zeros, 0x8000);
	test_read_answer(fd, false, &answer);
	assert_int_equal(answer.status, 408);
	assert_string_equal(test_answer_header(&answer, "X-Origin"), "https://a.example");
	(void) close(fd);
}

static void test_who_expects_100_hears_it_or_why_not(void **state)
{
	const Fixture *fixture = *state;
	TestAnswer answer;
	int fd = test_connect(fixture->port);
	test_send_text(fd, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
	test_read_answer(fd, false, &answer);
	assert_int_equal(answer.status, 100);
	test_send_text(fd, "ab");
	test_read_answer(fd, false, &answer);
	assert_int_equal(answer.status, 200);
	test_send_text(fd, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\nExpect: 100-continue\r\n\r\n");
	test_read_answer(fd, false, &answer);
	assert_int_equal(answer.status, 413);
	(void) close(fd);
}

static void test_headers_that_are_too_large_are_answered_431(void **state)
{
	Fixture *fixture = *state;
	TestAnswer answer;
	memset(fixture->zeros, 'a', 3000);
	int fd = test_connect(fixture->port);
	test_send_text(fd, "GET / HTTP/1.1\r\nHost: a\r\nX: ");
	test_send(fd, fixture->zeros, 3000);
	test_read_answer(fd, false, &answer);
	assert_int_equal(answer.status, 431);
	(void) close(fd);
	fd = test_connect(fixture->port);
	(void) test_try_send(fd, fixture->zeros, 3000); // not even one line
	test_read_answer(fd, false, &answer);
	assert_int_equal(answer.status, 431);
	(void) close(fd);
}

static void test_what_is_not_http_is_answered_400_and_closed(void **state)
{
	const Fixture *fixture = *state;
	static const char *const rows[] = {"hello\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "\x16\x03\x01\x02\r\n\r\n",
		"GET / HTTP/1.1\r\nno colon\r\n\r\n"};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		TestAnswer answer;
		int fd = test_connect(fixture->port);
		test_send_text(fd, rows[i]);
		test_read_answer(fd, false, &answer);
		assert_int_equal(answer.status, 400);
		assert_int_equal(shutdown(fd, SHUT_WR), 0);
		test_expect_closed(fd);
		(void) close(fd);
	}
}

static void test_a_refused_client_that_sends_on_is_cut_off(void **state)
{
	Fixture *fixture = *state;
	int fd = test_connect(fixture->port);
	test_send_text(fd, "nonsense\r\n\r\n");
	int64_t since_us = clock_monotonic_us();
	while (test_try_send(fd, fixture->zeros, 1000))
		assert_true(clock_monotonic_us() - since_us < 10000000);
	(void) close(fd);
	assert_alive(fixture);
}

// A byte now and then, for as long as the server takes them.
static void drip(int fd, const char *text, TestAnswer *answer)
{
	int64_t since_us = clock_monotonic_us();
	struct timeval pause = {0, 20000};
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &pause, sizeof pause), 0);
	for (size_t i = 0; text[i] != '\0'; i++)
	{
		char byte;
		if (!test_try_send(fd, text + i, 1))
			break;
		ssize_t count = recv(fd, &byte, 1, MSG_PEEK);
		if (count >= 0 || errno == ECONNRESET)
			break;
	}
	int64_t taken_us = clock_monotonic_us() - since_us;
	assert_true(taken_us >= DEADLINE_MS * 1000 - 20000);
	assert_true(taken_us < 5000000);
	test_read_answer(fd, false, answer);
	(void) close(fd);
}

static void test_a_byte_now_and_then_does_not_outlive_the_deadline(void **state)
{
	const Fixture *fixture = *state;
	TestAnswer answer;
	drip(test_connect(fixture->port),
		"GET / HTTP/1.1\r\nHost: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", &answer);
	assert_int_equal(answer.status, 408);
	int fd = test_connect(fixture->port);
	test_send_text(fd, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
	drip(fd,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		&answer);
	assert_int_equal(answer.status, 408);
	assert_alive(fixture);
}

static void test_idle_connections_are_closed(void **state)
{
	const Fixture *fixture = *state;
	int silent = test_connect(fixture->port);
	int blank = test_connect(fixture->port);
	test_send_text(blank, "\r\n\r\n\r\n");
	int used = test_connect(fixture->port);
	TestAnswer answer;
	test_send_text(used, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	test_read_answer(used, false, &answer);
	test_expect_closed(silent);
	test_expect_closed(blank);
	test_expect_closed(used);
	(void) close(silent);
	(void) close(blank);
	(void) close(used);
}

static void test_connections_beyond_the_maximum_are_closed(void **state)
{
	const Fixture *fixture = *state;
	int fds[CONNECTIONS_MAX];
	for (int i = 0; i < CONNECTIONS_MAX; i++)
		fds[i] = test_connect(fixture->port);
	int extra = test_connect(fixture->port);
	test_expect_closed(extra);
	(void) close(extra);
	TestAnswer answer;
	for (int i = 0; i < CONNECTIONS_MAX; i++)
	{
		test_send_text(fds[i], "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
		test_read_answer(fds[i], false, &answer);
		assert_int_equal(answer.status, 200);
	}
	for (int i = 0; i < CONNECTIONS_MAX; i++)
		(void) close(fds[i]);
	assert_alive(fixture);
}

static void test_the_longest_idle_makes_place_for_a_new_one(void **state)
{
	const Fixture *fixture = *state;
	int fds[CONNECTIONS_MAX];
	for (int i = 0; i < CONNECTIONS_MAX; i++)
		fds[i] = test_connect(fixture->port);
	// Well before the idle time-out of all of them, one place comes free.
	TestAnswer answer = {0};
	int64_t since_us = clock_monotonic_us();
	while (answer.status == 0)
	{
		int fd = test_connect(fixture->port);
		(void) test_try_send(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27);
		test_read_answer(fd, false, &answer);
		(void) close(fd);
		assert_true(clock_monotonic_us() - since_us < 10000000);
	}
	test_expect_closed(fds[0]);
	for (int i = 0; i < CONNECTIONS_MAX; i++)
		(void) close(fds[i]);
}

static int set_up_patient(void **state)
{
	return set_up_with(state, 60000, 4000);
}

static void test_what_is_being_received_at_once_is_bounded(void **state)
{
	Fixture *fixture = *state;
	int fds[CONNECTIONS_MAX];
	int refused = 0;
	for (int i = 0; i < CONNECTIONS_MAX - 1; i++)
	{
		fds[i] = test_connect(fixture->port);
		test_send_text(fds[i], "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n");
		test_send(fds[i], fixture->zeros, BODY_MAX / 2);
	}
	for (int i = 0; i < CONNECTIONS_MAX - 1; i++)
	{
		TestAnswer answer;
		(void) test_try_send(fds[i], fixture->zeros, BODY_MAX / 2);
		test_read_answer(fds[i], false, &answer);
		refused += answer.status != 200;
		(void) close(fds[i]);
	}
	assert_true(refused > 0);
	assert_true(refused < CONNECTIONS_MAX - 1);
	assert_alive(fixture);
	TestAnswer answer; // and what was given up is given back
	test_request(fixture->port, "POST / HTTP/1.1\r\n", (Slice){fixture->zeros, BODY_MAX}, &answer);
	assert_int_equal(answer.status, 200);
}

// A few bytes unpack to a whole body: held requests count by what they became.
static void test_what_is_unpacked_at_once_is_bounded(void **state)
{
	Fixture *fixture = *state;
	unsigned char packed[1024];
	z_stream stream = {0};
	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	stream.next_in = (unsigned char *) fixture->zeros;
	stream.avail_in = BODY_MAX;
	stream.next_out = packed;
	stream.avail_out = sizeof packed;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	(void) deflateEnd(&stream);
	char head[128];
	(void) snprintf(head, sizeof head,
		"POST /hold HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: %lu\r\n\r\n", stream.total_out);
	struct pollfd clients[4]; // there is room for two
	TestAnswer answer;
	for (int i = 0; i < 4; i++)
	{
		clients[i] = (struct pollfd){.fd = test_connect(fixture->port), .events = POLLIN};
		test_send_text(clients[i].fd, head);
		test_send(clients[i].fd, packed, stream.total_out);
	}
	for (int refused = 0; refused < 2; refused++)
	{
		int i = 0;
		assert_true(poll(clients, 4, 10000) > 0);
		while (clients[i].revents == 0)
			i++;
		test_read_answer(clients[i].fd, false, &answer);
		assert_int_equal(answer.status, 503);
		assert_string_equal(test_answer_header(&answer, "Retry-After"), "5");
		(void) close(clients[i].fd);
		clients[i].fd = -1;
	}
	assert_alive(fixture);
	for (int i = 0; i < 4; i++)
	{
		if (clients[i].fd < 0)
			continue;
		test_read_answer(clients[i].fd, false, &answer);
		assert_int_equal(answer.status, 200);
		assert_string_equal(answer.body, "held");
		(void) close(clients[i].fd);
	}
}

static void test_answers_that_nobody_reads_are_bounded(void **state)
{
	Fixture *fixture = *state;
	int fds[CONNECTIONS_MAX - 1];
	for (int i = 0; i < CONNECTIONS_MAX - 1; i++)
	{
		fds[i] = test_connect(fixture->port);
		test_send_text(fds[i], "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
	}
	assert_alive(fixture);
	int cut = 0;
	for (int i = 0; i < CONNECTIONS_MAX - 1; i++)
	{
		static char bytes[1U << 20U];
		size_t size = 0;
		ssize_t count = 0;
		while (size < LARGE_SIZE && (count = recv(fds[i], bytes, sizeof bytes, 0)) > 0)
			size += (size_t) count;
		cut += size < LARGE_SIZE;
		(void) close(fds[i]);
	}
	assert_true(cut > 0);
	assert_true(cut < CONNECTIONS_MAX - 1);
	assert_alive(fixture);
}

static void test_random_bytes_never_hurt(void **state)
{
	const Fixture *fixture = *state;
	static const char *const parts[] = {"GET ", "POST ", "/", " HTTP/1.1\r\n", "Host: a\r\n", "Content-Length: 5\r\n",
		"\r\n", "\r\n\r\n", "Transfer-Encoding: chunked\r\n", "5\r\nabcde\r\n", "0\r\n\r\n",
		"Content-Encoding: gzip\r\n", "Expect: 100-continue\r\n", "hello", "\n", ":", "%41", "?a=b&c",
		"Connection: close\r\n", "\xFF\xFE", "Authorization: Basic a\r\n"};
	unsigned seed = 42;
	for (int round = 0; round < 400; round++)
	{
		int fd = test_connect(fixture->port);
		for (int i = 0; i < 12; i++)
		{
			seed = seed * 1103515245U + 12345U;
			const char *part = parts[(seed >> 16U) % (sizeof parts / sizeof *parts)];
			if (!test_try_send(fd, part, strlen(part)))
				break;
		}
		(void) close(fd);
	}
	assert_alive(fixture);
}

static void test_a_failed_allocation_costs_one_connection_at_most(void **state)
{
	const Fixture *fixture = *state;
	static const char text[] =
		"POST /a%20b?c=%64 HTTP/1.1\r\nHost: a\r\nAuthorization: Basic YWI6\r\nContent-Length: 6000\r\n\r\n";
	for (size_t nth = 1; nth < 20; nth++)
	{
		memory_fail_at(nth);
		int fd = test_connect(fixture->port);
		TestAnswer answer;
		(void) (test_try_send(fd, text, sizeof text - 1) && test_try_send(fd, fixture->zeros, 6000));
		test_read_answer(fd, false, &answer);
		memory_fail_at(0);
		assert_true(answer.status == 0 || answer.status == 200 || answer.status == 400 || answer.status == 503);
		(void) close(fd);
		assert_alive(fixture);
	}
}

static void test_bad_addresses_are_refused_with_a_sentence(void **state)
{
	(void) state;
	static const char *const rows[] = {"", "8080", "127.0.0.1", "127.0.0.1:", "host.example:80", "127.0.0.1:http",
		"127.0.0.1:99999999"};
	HttpLoop *loop = NULL;
	Error error;
	assert_true(http_loop_open(&loop, &error));
	HttpLimits limits = {.body_bytes_max = 1,
		.connections_max = 1,
		.request_deadline_ms = 1000,
		.idle_timeout_ms = 1000};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		HttpServer *server = NULL;
		error.message[0] = '\0';
		if (http_server_open(loop, rows[i], &limits, handle, NULL, &server, &error))
			fail_msg("%s was taken", rows[i]);
		assert_true(strlen(error.message) > 10);
	}
	HttpServer *first = NULL;
	HttpServer *second = NULL;
	assert_true(http_server_open(loop, "[::1]:0", &limits, handle, NULL, &first, &error)
		|| http_server_open(loop, "localhost:0", &limits, handle, NULL, &first, &error));
	char address[64];
	(void) snprintf(address, sizeof address, ":%d", http_server_port(first));
	assert_false(http_server_open(loop, address, &limits, handle, NULL, &second, &error));
	assert_int_equal(error.code, ERROR_BUSY);
	http_server_close(first);
	http_loop_close(loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_body_that_declares_too_much_is_answered_413, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_length_beyond_all_numbers_is_answered_413, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_chunks_that_add_up_to_too_much_are_answered_413, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_refusal_late_in_the_body_still_reads_the_head, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_deadline_late_in_the_body_still_reads_the_head, set_up_hurried,
			tear_down),
		cmocka_unit_test_setup_teardown(test_who_expects_100_hears_it_or_why_not, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_headers_that_are_too_large_are_answered_431, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_not_http_is_answered_400_and_closed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_refused_client_that_sends_on_is_cut_off, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_byte_now_and_then_does_not_outlive_the_deadline, set_up_hurried,
			tear_down),
		cmocka_unit_test_setup_teardown(test_idle_connections_are_closed, set_up_restless, tear_down),
		cmocka_unit_test_setup_teardown(test_connections_beyond_the_maximum_are_closed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_longest_idle_makes_place_for_a_new_one, set_up_patient, tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_being_received_at_once_is_bounded, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_unpacked_at_once_is_bounded, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_answers_that_nobody_reads_are_bounded, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_random_bytes_never_hurt, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_failed_allocation_costs_one_connection_at_most, set_up, tear_down),
		cmocka_unit_test(test_bad_addresses_are_refused_with_a_sentence),
	};
	return cmocka_run_group_tests_name("http/limits", tests, NULL, NULL);
}
