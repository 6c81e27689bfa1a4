// Connections counted by address: the table, and what a client sees that has as many as it may.
#include "http/peers.h"
#include "tests/harness/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ADDRESSES 500
#define STEPS 20000
#define PER_ADDRESS_MAX 3

static void test_counts_are_those_of_a_plain_array(void **state)
{
	(void) state;
	static int counts[ADDRESSES];
	HttpPeers peers;
	Error error = {0};
	int all = 0;
	uint64_t random = 1;
	assert_true(http_peers_open(&peers, ADDRESSES, &error));
	for (int step = 0; step < STEPS; step++)
	{
		random = random * 6364136223846793005U + 1442695040888963407U;
		size_t at = (size_t) (random >> 33U) % ADDRESSES;
		bool is_added = counts[at] == 0 || ((random >> 20U) % 2 == 0 && all < ADDRESSES);
		if (is_added && all == ADDRESSES)
			continue;
		counts[at] += is_added ? 1 : -1;
		all += is_added ? 1 : -1;
		if (is_added)
			http_peers_add(&peers, at);
		else
			http_peers_remove(&peers, at);
		if (step % 100 == 0)
		{
			for (size_t each = 0; each < ADDRESSES; each++)
				assert_int_equal(http_peers_count(&peers, each), counts[each]);
		}
	}
	http_peers_free(&peers);
}

static uint64_t key_of(const char *text)
{
	struct sockaddr_in version_4 = {.sin_family = AF_INET};
	struct sockaddr_in6 version_6 = {.sin6_family = AF_INET6};
	if (inet_pton(AF_INET, text, &version_4.sin_addr) == 1)
		return http_peers_key((const struct sockaddr *) &version_4);
	assert_int_equal(inet_pton(AF_INET6, text, &version_6.sin6_addr), 1);
	return http_peers_key((const struct sockaddr *) &version_6);
}

static void test_an_address_is_all_of_version_4_and_half_of_version_6(void **state)
{
	(void) state;
	assert_true(key_of("203.0.113.7") != key_of("203.0.113.8"));
	assert_true(key_of("203.0.113.7") == key_of("::ffff:203.0.113.7"));
	assert_true(key_of("2001:db8:1:2::3") == key_of("2001:db8:1:2:ffff::4"));
	assert_true(key_of("2001:db8:1:2::3") != key_of("2001:db8:1:3::3"));
}

// ── A server ──

static void handle(HttpRequest *request, void *context)
{
	(void) context;
	http_respond(request, 200, "text/plain", SLICE_LITERAL("ok"));
}

static int connect_from(const char *address, int port)
{
	struct sockaddr_in from = {.sin_family = AF_INET};
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((in_port_t) port)};
	struct timeval patience = {10, 0};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(inet_pton(AF_INET, address, &from.sin_addr), 1);
	assert_int_equal(inet_pton(AF_INET, "127.0.0.1", &to.sin_addr), 1);
	assert_int_equal(bind(fd, (const struct sockaddr *) &from, sizeof from), 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
	assert_int_equal(connect(fd, (const struct sockaddr *) &to, sizeof to), 0);
	return fd;
}

static int status_of(int fd)
{
	TestAnswer answer;
	(void) test_try_send(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27);
	test_read_answer(fd, false, &answer);
	return answer.status;
}

static TestServer *start(int64_t idle_ms)
{
	const HttpLimits limits = {.body_bytes_max = 1024,
		.connections_max = 100,
		.per_address_max = PER_ADDRESS_MAX,
		.request_deadline_ms = 60000,
		.idle_timeout_ms = idle_ms};
	return test_server_start(&limits, handle, NULL, NULL);
}

static void test_an_address_that_is_full_is_closed_and_others_are_not(void **state)
{
	(void) state;
	TestServer *server = start(60000);
	int port = test_server_port(server);
	int fds[PER_ADDRESS_MAX];
	for (int at = 0; at < PER_ADDRESS_MAX; at++)
	{
		fds[at] = connect_from("127.0.0.2", port);
		assert_int_equal(status_of(fds[at]), 200);
	}
	int fourth = connect_from("127.0.0.2", port);
	assert_int_equal(status_of(fourth), 0);
	int other = connect_from("127.0.0.3", port);
	assert_int_equal(status_of(other), 200);
	(void) close(fourth);
	(void) close(other);
	(void) close(fds[0]);
	for (int status = 0; status != 200;) // as soon as the server has seen that one has gone
	{
		fourth = connect_from("127.0.0.2", port);
		status = status_of(fourth);
		(void) close(fourth);
	}
	for (int at = 1; at < PER_ADDRESS_MAX; at++)
	{
		assert_int_equal(status_of(fds[at]), 200);
		(void) close(fds[at]);
	}
	test_server_stop(server);
}

static void test_an_address_s_own_longest_idle_makes_place(void **state)
{
	(void) state;
	TestServer *server = start(16000);
	int port = test_server_port(server);
	int other = connect_from("127.0.0.3", port);
	int fds[PER_ADDRESS_MAX];
	assert_int_equal(status_of(other), 200);
	for (int at = 0; at < PER_ADDRESS_MAX; at++)
	{
		fds[at] = connect_from("127.0.0.2", port);
		assert_int_equal(status_of(fds[at]), 200);
	}
	int status = 0;
	while (status != 200) // once the first has idled for long enough, well before it is closed for that
	{
		int fd = connect_from("127.0.0.2", port);
		status = status_of(fd);
		(void) close(fd);
	}
	assert_int_equal(status_of(fds[0]), 0);
	assert_int_equal(status_of(other), 200);
	(void) close(other);
	for (int at = 0; at < PER_ADDRESS_MAX; at++)
		(void) close(fds[at]);
	test_server_stop(server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_are_those_of_a_plain_array),
		cmocka_unit_test(test_an_address_is_all_of_version_4_and_half_of_version_6),
		cmocka_unit_test(test_an_address_that_is_full_is_closed_and_others_are_not),
		cmocka_unit_test(test_an_address_s_own_longest_idle_makes_place),
	};
	return cmocka_run_group_tests_name("http/peers", tests, NULL, NULL);
}
