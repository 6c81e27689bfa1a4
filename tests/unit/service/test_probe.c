#include "service/probe.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static int listen_anywhere(char url[64])
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (const struct sockaddr *) &address, sizeof address), 0);
	assert_int_equal(listen(fd, 4), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *) &address, &size), 0);
	(void) snprintf(url, 64, "http://127.0.0.1:%d", ntohs(address.sin_port));
	return fd;
}

typedef struct Server {
	int fd;
	const char *answer;
	char asked[256];
} Server;

static void *answer_once(void *context)
{
	Server *server = context;
	int fd = accept(server->fd, NULL, NULL);
	ssize_t size = recv(fd, server->asked, sizeof server->asked - 1, 0);
	server->asked[size > 0 ? size : 0] = '\0';
	(void) send(fd, server->answer, strlen(server->answer), MSG_NOSIGNAL);
	(void) close(fd);
	return NULL;
}

static bool probe_with(const char *answer, Server *server, Error *error)
{
	char url[64];
	pthread_t thread;
	*server = (Server){.fd = listen_anywhere(url), .answer = answer};
	assert_int_equal(pthread_create(&thread, NULL, answer_once, server), 0);
	bool is_well = probe_health(url, 5000, error);
	assert_int_equal(pthread_join(thread, NULL), 0);
	(void) close(server->fd);
	return is_well;
}

static void only_200_is_well(void **state)
{
	(void) state;
	Server server;
	Error error;
	assert_true(probe_with("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n", &server, &error));
	assert_non_null(strstr(server.asked, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"));
	assert_false(probe_with("HTTP/1.1 503 Service Unavailable\r\n\r\n", &server, &error));
	assert_non_null(strstr(error.message, "not well"));
	assert_false(probe_with("HTTP/1.1 2000 OK\r\n\r\n", &server, &error));
	assert_false(probe_with("", &server, &error));
	assert_non_null(strstr(error.message, "does not answer"));
}

static void one_that_says_nothing_is_not_waited_for(void **state)
{
	(void) state;
	char url[64];
	Error error;
	int fd = listen_anywhere(url); // takes the connection, never answers
	assert_false(probe_health(url, 50, &error));
	assert_non_null(strstr(error.message, "does not answer"));
	(void) close(fd);
	assert_false(probe_health(url, 1000, &error)); // nobody listens any more
	assert_false(probe_health("ftp://127.0.0.1:1", 1000, &error));
	assert_false(probe_health("http://127.0.0.1", 1000, &error));
	assert_false(probe_health("", 1000, &error));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_200_is_well),
		cmocka_unit_test(one_that_says_nothing_is_not_waited_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
