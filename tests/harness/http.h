// A server of the http room in a thread of the test program, and a client that speaks bytes, so that it can also speak
// them wrong. Every failure of the harness itself ends the program with a sentence; every wait has an end.
#pragma once
#include "http/server.h"

typedef struct TestServer TestServer;

// The loop runs in a thread of its own until test_server_stop; handler and on_turn_end are called there.
TestServer *test_server_start(const HttpLimits *limits, HttpHandler handler, HttpCallback on_turn_end, void *context);
// The same in two steps, for handlers that need the loop first.
TestServer *test_server_open(void);
void test_server_run(TestServer *server, const HttpLimits *limits, HttpHandler handler, HttpCallback on_turn_end,
	void *context);
HttpLoop *test_server_loop(TestServer *server);
HttpServer *test_server_http(TestServer *server);
int test_server_port(const TestServer *server);
void test_server_stop(TestServer *server);

// Blocking sockets that give up after ten seconds.
int test_connect(int port);
void test_send(int fd, const void *data, size_t size);
void test_send_text(int fd, const char *text);
// False where the other side has closed meanwhile.
bool test_try_send(int fd, const void *data, size_t size);

typedef struct TestAnswer {
	int status;      // 0: the connection was closed without an answer
	char head[8192]; // NUL-terminated, status line and headers
	char *body;      // NUL-terminated; of the last answer read, until the next is read
	size_t body_size;
} TestAnswer;

// One answer; what comes behind it stays for the next call on the same descriptor. An answer to HEAD has no body.
void test_read_answer(int fd, bool is_head, TestAnswer *answer);
// The value of a header, "" where it is not there; until the next call.
const char *test_answer_header(const TestAnswer *answer, const char *name);
// Waits until the other side closes; fails the test when more bytes come.
void test_expect_closed(int fd);
// Sends one request on a connection of its own and reads its answer. head: "POST /x HTTP/1.1\r\nA: b\r\n"; Host,
// Content-Length and the blank line are added.
void test_request(int port, const char *head, Slice body, TestAnswer *answer);
