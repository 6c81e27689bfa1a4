#include "tests/harness/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_SECONDS 10
#define BODY_SIZE_MAX ((size_t) 64 * 1024 * 1024)

struct TestServer {
	HttpLoop *loop;
	HttpServer *http;
	pthread_t thread;
	int stop[2];
};

static _Noreturn void fail(const char *what)
{
	(void) fprintf(stderr, "test harness: %s: %s\n", what, strerror(errno));
	abort();
}

static void on_stop(void *context)
{
	http_loop_stop(context);
}

static void *run(void *context)
{
	TestServer *server = context;
	Error error;
	if (!http_loop_run(server->loop, &error))
		fail(error.message);
	return NULL;
}

TestServer *test_server_open(void)
{
	TestServer *server = calloc(1, sizeof *server);
	Error error;
	if (server == NULL || pipe(server->stop) != 0)
		fail("no memory or pipe");
	if (!http_loop_open(&server->loop, &error))
		fail(error.message);
	return server;
}

void test_server_run(TestServer *server, const HttpLimits *limits, HttpHandler handler, HttpCallback on_turn_end,
	void *context)
{
	Error error;
	if (!http_server_open(server->loop, "127.0.0.1:0", limits, handler, context, &server->http, &error)
		|| !http_loop_add_reader(server->loop, server->stop[0], on_stop, server->loop, &error))
		fail(error.message);
	http_loop_on_turn_end(server->loop, on_turn_end, context);
	if (pthread_create(&server->thread, NULL, run, server) != 0)
		fail("no thread");
}

TestServer *test_server_start(const HttpLimits *limits, HttpHandler handler, HttpCallback on_turn_end, void *context)
{
	TestServer *server = test_server_open();
	test_server_run(server, limits, handler, on_turn_end, context);
	return server;
}

HttpLoop *test_server_loop(TestServer *server)
{
	return server->loop;
}

HttpServer *test_server_http(TestServer *server)
{
	return server->http;
}

int test_server_port(const TestServer *server)
{
	return http_server_port(server->http);
}

void test_server_stop(TestServer *server)
{
	if (write(server->stop[1], "x", 1) != 1 || pthread_join(server->thread, NULL) != 0)
		fail("the server does not stop");
	http_server_close(server->http);
	http_loop_close(server->loop);
	(void) close(server->stop[0]);
	(void) close(server->stop[1]);
	free(server);
}

int test_connect(int port)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((in_port_t) port)};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	struct timeval limit = {WAIT_SECONDS, 0};
	int one = 1;
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0
		|| setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) != 0
		|| setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0
		|| connect(fd, (struct sockaddr *) &address, sizeof address) != 0)
		fail("cannot connect");
	return fd;
}

bool test_try_send(int fd, const void *data, size_t size)
{
	const char *from = data;
	while (size > 0)
	{
		ssize_t sent = send(fd, from, size, MSG_NOSIGNAL);
		if (sent < 0 && (errno == EPIPE || errno == ECONNRESET))
			return false;
		if (sent < 0)
			fail("cannot send");
		from += sent;
		size -= (size_t) sent;
	}
	return true;
}

void test_send(int fd, const void *data, size_t size)
{
	if (!test_try_send(fd, data, size))
		fail("the server closed while the test was sending");
}

void test_send_text(int fd, const char *text)
{
	test_send(fd, text, strlen(text));
}

// One byte at a time up to the blank line, so that nothing of the next answer is taken. False at the end of the stream.
static bool head_read(int fd, TestAnswer *answer)
{
	size_t size = 0;
	while (size < 4 || memcmp(answer->head + size - 4, "\r\n\r\n", 4) != 0)
	{
		if (size + 1 >= sizeof answer->head)
			fail("an answer's head is too long");
		ssize_t count = recv(fd, answer->head + size, 1, 0);
		if (count < 0 && errno == ECONNRESET)
			count = 0;
		if (count < 0)
			fail("no answer came");
		if (count == 0 && size > 0)
			fail("an answer's head is cut off");
		if (count == 0)
			return false;
		size++;
	}
	answer->head[size] = '\0';
	return true;
}

void test_read_answer(int fd, bool is_head, TestAnswer *answer)
{
	static char *body;
	*answer = (TestAnswer){.body = body};
	if (body == NULL)
		body = malloc(BODY_SIZE_MAX + 1);
	if (body == NULL)
		fail("no memory");
	answer->body = body;
	body[0] = '\0';
	if (!head_read(fd, answer))
		return;
	if (sscanf(answer->head, "HTTP/1.1 %d ", &answer->status) != 1)
		fail("an answer is not HTTP/1.1");
	size_t size = is_head ? 0 : strtoul(test_answer_header(answer, "Content-Length"), NULL, 10);
	if (size > BODY_SIZE_MAX)
		fail("an answer's body is too long");
	while (answer->body_size < size)
	{
		ssize_t count = recv(fd, body + answer->body_size, size - answer->body_size, 0);
		if (count <= 0)
			fail("an answer's body is cut off");
		answer->body_size += (size_t) count;
	}
	body[size] = '\0';
}

const char *test_answer_header(const TestAnswer *answer, const char *name)
{
	static char value[1024];
	value[0] = '\0';
	size_t size = strlen(name);
	for (const char *line = strstr(answer->head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n"))
	{
		if (strncasecmp(line + 2, name, size) == 0 && line[2 + size] == ':')
		{
			(void) sscanf(line + 2 + size + 1, " %1023[^\r]", value);
			break;
		}
	}
	return value;
}

void test_expect_closed(int fd)
{
	char byte;
	ssize_t count = recv(fd, &byte, 1, 0);
	if (count > 0 || (count < 0 && errno != ECONNRESET))
		fail("the server did not close");
}

void test_request(int port, const char *head, Slice body, TestAnswer *answer)
{
	int fd = test_connect(port);
	char rest[128];
	(void) snprintf(rest, sizeof rest, "Host: test\r\nContent-Length: %zu\r\n\r\n", body.size);
	test_send_text(fd, head);
	test_send_text(fd, rest);
	(void) test_try_send(fd, body.data, body.size);
	test_read_answer(fd, strncmp(head, "HEAD", 4) == 0, answer);
	(void) close(fd);
}
