// Sends hits over HTTP as fast as they are answered, or so many a second, and says what that took: a sender that costs little,
// so that what is measured is Sojourn.
//   send_hits PORT KEY CONNECTIONS HITS_A_REQUEST PEOPLE SEED
// It obeys lines on its standard input, and answers each with one:
//   rate N     so many hits a second from now on; 0: none, -1: as many as are answered. Begins with 0.
//   look       only the answer: "hits answered, of those that become rows, microseconds of processor that this program took"
//   (the end)  answers once every request is answered, and ends
// A request that is not answered with 200 and without refusals ends it with status 1.
#include "base/buf.h"
#include "base/clock.h"
#include "base/memory.h"
#include "bench/traffic.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define TICK_US 5000
#define REQUEST_SIZE_MAX ((size_t) 8 << 20U)
#define ANSWER_SIZE 2048
#define LINE_SIZE 64

static const char answer_body[] = "{\"success\":true}";

typedef struct Sender Sender;

typedef struct Client {
	Sender *sender;
	struct event readable;
	struct event writable;
	int fd;
	Buf request; // head and body
	size_t sent;
	char answer[ANSWER_SIZE];
	size_t answer_size;
	size_t hits;
	size_t rows;
	struct Client *next; // of those that wait for something to send
} Client;

struct Sender {
	struct event_base *base;
	Traffic *traffic;
	Client *free;
	size_t hits_a_request;
	size_t under_way;
	Buf body;
	double rate; // hits a second
	double owed;
	int64_t owed_at_us;
	size_t answered;
	size_t answered_rows;
	bool is_ending;
	char line[LINE_SIZE];
	size_t line_size;
};

static void fail(const char *what)
{
	(void) fprintf(stderr, "send_hits: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void report(const Sender *sender)
{
	struct rusage usage;
	(void) getrusage(RUSAGE_SELF, &usage);
	int64_t cpu_us =
		(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
	(void) printf("%zu %zu %lld\n", sender->answered, sender->answered_rows, (long long) cpu_us);
	(void) fflush(stdout);
}

static void request_send(Client *client)
{
	ssize_t sent =
		send(client->fd, client->request.data + client->sent, client->request.size - client->sent, MSG_NOSIGNAL);
	if (sent < 0 && errno != EAGAIN)
		fail("the collector closed a connection");
	client->sent += sent > 0 ? (size_t) sent : 0;
	if (client->sent < client->request.size)
		(void) event_add(&client->writable, NULL);
}

static void request_make(Client *client)
{
	Sender *sender = client->sender;
	buf_reset(&sender->body);
	buf_reset(&client->request);
	client->hits = sender->hits_a_request;
	client->rows = traffic_body(sender->traffic, client->hits, &sender->body);
	buf_append_format(&client->request,
		"POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nUser-Agent: Mozilla/5.0 (X11; Linux "
		"x86_64) "
		"AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\nContent-Length: %zu\r\n\r\n",
		sender->body.size);
	buf_append_slice(&client->request, buf_slice(&sender->body));
	if (!buf_is_ok(&client->request) || !buf_is_ok(&sender->body))
		fail("a request is too large");
	client->sent = 0;
	client->answer_size = 0;
	sender->under_way++;
	request_send(client);
}

// Whoever has nothing under way sends, as far as something is owed.
static void pump(Sender *sender)
{
	int64_t now_us = clock_monotonic_us();
	double passed = (double) (now_us - sender->owed_at_us) / 1e6;
	sender->owed_at_us = now_us;
	sender->owed = sender->rate > 0 ? sender->owed + sender->rate * passed : 0;
	if (sender->owed > sender->rate) // what nobody was free to send for a second is let go
		sender->owed = sender->rate;
	while (!sender->is_ending && sender->free != NULL && (sender->rate < 0 || sender->owed > 0))
	{
		Client *client = sender->free;
		sender->free = client->next;
		sender->owed -= sender->rate > 0 ? (double) sender->hits_a_request : 0;
		request_make(client);
	}
	if (sender->is_ending && sender->under_way == 0)
		(void) event_base_loopbreak(sender->base);
}

static void on_readable(evutil_socket_t fd, short what, void *context)
{
	(void) what;
	Client *client = context;
	Sender *sender = client->sender;
	ssize_t got = recv(fd, client->answer + client->answer_size, ANSWER_SIZE - 1 - client->answer_size, 0);
	if (got < 0 && errno == EAGAIN)
		return;
	if (got <= 0)
		fail("the collector closed a connection");
	client->answer_size += (size_t) got;
	client->answer[client->answer_size] = '\0';
	const char *body = strstr(client->answer, "\r\n\r\n");
	bool is_refused = strncmp(client->answer, "HTTP/1.1 200 ", 13) != 0;
	if (body == NULL || (!is_refused && strlen(body + 4) < sizeof answer_body - 1))
		return;
	if (is_refused || strcmp(body + 4, answer_body) != 0)
	{
		errno = EPROTO;
		fail(client->answer);
	}
	sender->answered += client->hits;
	sender->answered_rows += client->rows;
	sender->under_way--;
	client->next = sender->free;
	sender->free = client;
	pump(sender);
}

static void on_writable(evutil_socket_t fd, short what, void *context)
{
	(void) fd;
	(void) what;
	request_send(context);
}

static void on_tick(evutil_socket_t fd, short what, void *context)
{
	(void) fd;
	(void) what;
	pump(context);
}

static void on_line(evutil_socket_t fd, short what, void *context)
{
	(void) what;
	Sender *sender = context;
	char byte;
	if (read((int) fd, &byte, 1) != 1)
	{
		sender->is_ending = true;
		return;
	}
	if (byte != '\n' && sender->line_size < LINE_SIZE - 1)
	{
		sender->line[sender->line_size++] = byte;
		return;
	}
	sender->line[sender->line_size] = '\0';
	sender->line_size = 0;
	if (strncmp(sender->line, "rate ", 5) == 0)
	{
		sender->rate = strtod(sender->line + 5, NULL);
		sender->owed = 0;
	}
	report(sender);
	pump(sender);
}

static void client_open(Sender *sender, Client *client, in_port_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int one = 1;
	client->sender = sender;
	client->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (client->fd < 0 || connect(client->fd, (const struct sockaddr *) &address, sizeof address) != 0)
		fail("the collector does not answer");
	(void) setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	(void) evutil_make_socket_nonblocking(client->fd);
	buf_init(&client->request, REQUEST_SIZE_MAX);
	(void) event_assign(&client->readable, sender->base, client->fd, EV_READ | EV_PERSIST, on_readable, client);
	(void) event_assign(&client->writable, sender->base, client->fd, EV_WRITE, on_writable, client);
	(void) event_add(&client->readable, NULL);
	client->next = sender->free;
	sender->free = client;
}

int main(int argc, char **argv)
{
	if (argc != 7)
	{
		(void) fprintf(stderr, "send_hits PORT KEY CONNECTIONS HITS_A_REQUEST PEOPLE SEED\n");
		return 2;
	}
	const struct timeval interval = {0, TICK_US};
	size_t connections = strtoul(argv[3], NULL, 10);
	Client *clients = memory_allocate_zeroed(connections, sizeof *clients);
	Sender sender = {.base = event_base_new(),
		.hits_a_request = strtoul(argv[4], NULL, 10),
		.owed_at_us = clock_monotonic_us()};
	if (clients == NULL || sender.base == NULL)
		abort();
	sender.traffic = traffic_open(argv[2], strtoul(argv[5], NULL, 10), strtoull(argv[6], NULL, 10));
	buf_init(&sender.body, REQUEST_SIZE_MAX);
	struct event tick;
	struct event line;
	(void) event_assign(&tick, sender.base, -1, EV_PERSIST, on_tick, &sender);
	(void) event_assign(&line, sender.base, STDIN_FILENO, EV_READ | EV_PERSIST, on_line, &sender);
	(void) event_add(&tick, &interval);
	(void) event_add(&line, NULL);
	for (size_t at = 0; at < connections; at++)
		client_open(&sender, &clients[at], (in_port_t) strtoul(argv[1], NULL, 10));
	(void) event_base_dispatch(sender.base);
	report(&sender);
	for (size_t at = 0; at < connections; at++)
	{
		(void) event_del(&clients[at].readable);
		(void) close(clients[at].fd);
		buf_free(&clients[at].request);
	}
	(void) event_del(&tick);
	(void) event_del(&line);
	event_base_free(sender.base);
	buf_free(&sender.body);
	traffic_close(sender.traffic);
	memory_free(clients);
	return 0;
}
