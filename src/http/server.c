#include "http/server.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "http/internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define ACCEPTS_PER_TURN 64
#define LISTEN_BACKLOG 1024
#define DESCRIPTORS_KEPT 64 // for files, database and whatever else the process opens
#define SWEEP_MS_MAX ((int64_t) 500)
#define LOOKED_AT_MAX 1024 // idle connections, for one of a certain address

// The soft limit of descriptors goes up to the hard one; what is left then caps the connections.
static void descriptors_raise(HttpLimits *limits)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	if (limit.rlim_cur < limit.rlim_max)
	{
		rlim_t before = limit.rlim_cur;
		limit.rlim_cur = limit.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
			limit.rlim_cur = before;
	}
	if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < (rlim_t) limits->connections_max + DESCRIPTORS_KEPT)
	{
		int possible =
			limit.rlim_cur > 2 * DESCRIPTORS_KEPT ? (int) limit.rlim_cur - DESCRIPTORS_KEPT : DESCRIPTORS_KEPT;
		log_event(LOG_WARNING, "http.connections_capped", "wanted=%d possible=%d", limits->connections_max, possible);
		limits->connections_max = possible;
	}
}

// Who has idled long enough to make place for another.
static bool is_spare(const HttpServer *server, const HttpConnection *idle)
{
	int64_t spared_us = (server->limits.idle_timeout_ms - server->limits.idle_timeout_ms / 8) * 1000;
	return idle != NULL && idle->deadline_us - clock_monotonic_us() <= spared_us;
}

// A full house: who has idled longest goes, unless even that is not long.
static bool place_make(HttpServer *server)
{
	HttpConnection *idle = server->idle.first;
	if (!is_spare(server, idle))
		return false;
	http_connection_close(idle);
	return true;
}

// The same for an address that has as many as it may: it is its own longest idle one that goes.
static bool own_place_make(HttpServer *server, uint64_t peer_key)
{
	HttpConnection *idle = server->idle.first;
	for (int looked = 0; looked < LOOKED_AT_MAX && is_spare(server, idle); looked++, idle = idle->next)
	{
		if (idle->peer_key != peer_key)
			continue;
		http_connection_close(idle);
		return true;
	}
	return false;
}

static bool has_place(HttpServer *server, const struct sockaddr *peer)
{
	const HttpLimits *limits = &server->limits;
	uint64_t key = http_peers_key(peer);
	bool is_full =
		limits->per_address_max > 0 && http_peers_count(&server->peers, key) >= (uint32_t) limits->per_address_max;
	if (is_full && !own_place_make(server, key))
	{
		log_event(LOG_WARNING, "http.address_full", "connections=%d", limits->per_address_max);
		return false;
	}
	return server->connection_count < limits->connections_max || place_make(server);
}

static void on_acceptable(evutil_socket_t listener, short what, void *context)
{
	(void) what;
	HttpServer *server = context;
	for (int count = 0; count < ACCEPTS_PER_TURN; count++)
	{
		struct sockaddr_storage peer;
		socklen_t peer_size = sizeof peer;
		int fd = accept4(listener, (struct sockaddr *) &peer, &peer_size, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM))
		{
			log_event(LOG_WARNING, "http.accept_failed", "errno=%d connections=%d", errno, server->connection_count);
			(void) event_del(&server->acceptable);
			server->is_accept_paused = true;
			return;
		}
		if (fd < 0 && (errno == ECONNABORTED || errno == EINTR || errno == EPROTO))
			continue;
		if (fd < 0)
			return;
		if (!has_place(server, (struct sockaddr *) &peer)
			|| !http_connection_open(server, fd, (struct sockaddr *) &peer))
			(void) close(fd);
	}
}

static void on_sweep(evutil_socket_t fd, short what, void *context)
{
	(void) fd;
	(void) what;
	HttpServer *server = context;
	int64_t now_us = clock_monotonic_us();
	while (server->idle.first != NULL && server->idle.first->deadline_us <= now_us)
		http_connection_expire(server->idle.first);
	HttpConnection *next = NULL;
	for (HttpConnection *connection = server->busy.first; connection != NULL; connection = next)
	{
		next = connection->next;
		if (connection->state != HTTP_STATE_HANDLED && connection->deadline_us <= now_us)
			http_connection_expire(connection);
	}
	if (server->is_accept_paused)
		(void) event_add(&server->acceptable, NULL);
	server->is_accept_paused = false;
}

// "127.0.0.1:8080", "[::1]:0", ":8080".
static bool address_split(const char *address, char host[256], const char **port, Error *error)
{
	const char *colon = strrchr(address, ':');
	size_t size = colon == NULL ? 0 : (size_t) (colon - address);
	int64_t number = -1;
	if (colon == NULL || size >= 256 || !slice_to_int64(slice_from(colon + 1), &number) || number < 0 || number > 65535)
		return error_set(error, ERROR_USAGE, "The address \"%s\" is not of the form ADDRESS:PORT.", address);
	bool is_bracketed = size >= 2 && address[0] == '[' && address[size - 1] == ']';
	if (is_bracketed)
	{
		address++;
		size -= 2;
	}
	memcpy(host, address, size);
	host[size] = '\0';
	*port = colon + 1;
	return true;
}

static bool socket_bind(const struct addrinfo *info, const char *address, int *socket_fd, Error *error)
{
	int fd = socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return error_set_errno(error, ERROR_SYSTEM, "No socket for \"%s\"", address);
	int one = 1;
	int zero = 0;
	(void) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (info->ai_family == AF_INET6)
		(void) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero);
	if (bind(fd, info->ai_addr, info->ai_addrlen) != 0 || listen(fd, LISTEN_BACKLOG) != 0)
	{
		(void) error_set_errno(error, errno == EADDRINUSE ? ERROR_BUSY : ERROR_SYSTEM, "Cannot listen on \"%s\"",
			address);
		(void) close(fd);
		return false;
	}
	*socket_fd = fd;
	return true;
}

// All addresses means IPv6 with IPv4 in it, or IPv4 where the machine has no IPv6.
static bool socket_listen(const char *address, int *fd, Error *error)
{
	char host[256];
	const char *port = NULL;
	if (!address_split(address, host, &port, error))
		return false;
	struct addrinfo hints = {.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV};
	struct addrinfo *infos = NULL;
	if (strcmp(host, "localhost") == 0)
		(void) memcpy(host, "127.0.0.1", sizeof "127.0.0.1");
	if (getaddrinfo(host[0] == '\0' ? NULL : host, port, &hints, &infos) != 0)
		return error_set(error, ERROR_USAGE, "The address \"%s\" is not a numeric ADDRESS:PORT.", address);
	bool is_listening = false;
	Error failure;
	(void) error_set(&failure, ERROR_SYSTEM, "The machine has no way to listen on \"%s\".", address);
	for (int wanted = AF_INET6; !is_listening && wanted != AF_UNSPEC; wanted = wanted == AF_INET6 ? AF_INET : AF_UNSPEC)
	{
		for (const struct addrinfo *info = infos; info != NULL && !is_listening; info = info->ai_next)
		{
			if (info->ai_family == wanted && failure.code != ERROR_BUSY)
				is_listening = socket_bind(info, address, fd, &failure);
		}
	}
	freeaddrinfo(infos);
	if (!is_listening && error != NULL)
		*error = failure;
	return is_listening;
}

static int port_of(int fd)
{
	struct sockaddr_storage address = {0};
	socklen_t size = sizeof address;
	if (getsockname(fd, (struct sockaddr *) &address, &size) != 0)
		return 0;
	in_port_t port = 0;
	if (address.ss_family == AF_INET6)
		memcpy(&port, (const char *) &address + offsetof(struct sockaddr_in6, sin6_port), sizeof port);
	else
		memcpy(&port, (const char *) &address + offsetof(struct sockaddr_in, sin_port), sizeof port);
	return ntohs(port);
}

static void limits_complete(HttpLimits *limits)
{
	if (limits->header_bytes_max == 0)
		limits->header_bytes_max = (size_t) 16 * 1024;
	if (limits->buffered_bytes_max == 0)
		limits->buffered_bytes_max = 64 * limits->body_bytes_max;
	if (limits->arena_bytes_max == 0)
		limits->arena_bytes_max = (size_t) 16 * 1024 * 1024;
	descriptors_raise(limits);
}

// Four looks within the shortest time there is, so that it is kept to a quarter.
static struct timeval sweep_interval(const HttpLimits *limits)
{
	int64_t shortest_ms =
		limits->idle_timeout_ms < limits->request_deadline_ms ? limits->idle_timeout_ms : limits->request_deadline_ms;
	int64_t interval_ms = shortest_ms / 4 > SWEEP_MS_MAX ? SWEEP_MS_MAX : shortest_ms / 4;
	if (interval_ms < 1)
		interval_ms = 1;
	return (struct timeval){interval_ms / 1000, interval_ms % 1000 * 1000};
}

bool http_server_open(HttpLoop *loop, const char *address, const HttpLimits *limits, HttpHandler handler, void *context,
	HttpServer **server, Error *error)
{
	int fd = -1;
	if (!socket_listen(address, &fd, error))
		return false;
	HttpServer *made = memory_allocate_zeroed(1, sizeof *made);
	if (made == NULL)
	{
		(void) close(fd);
		return error_set(error, ERROR_MEMORY, "No memory for an HTTP server.");
	}
	made->loop = loop;
	made->limits = *limits;
	limits_complete(&made->limits);
	if (!http_peers_open(&made->peers, (size_t) made->limits.connections_max, error))
	{
		(void) close(fd);
		memory_free(made);
		return false;
	}
	made->handler = handler;
	made->context = context;
	made->fd = fd;
	made->port = port_of(fd);
	buf_init(&made->scratch, made->limits.header_bytes_max + 1024);
	struct timeval interval = sweep_interval(&made->limits);
	(void) event_assign(&made->acceptable, http_loop_base(loop), fd, EV_READ | EV_PERSIST, on_acceptable, made);
	(void) event_assign(&made->sweep, http_loop_base(loop), -1, EV_PERSIST, on_sweep, made);
	if (event_add(&made->acceptable, NULL) != 0 || event_add(&made->sweep, &interval) != 0)
	{
		http_server_close(made);
		return error_set(error, ERROR_SYSTEM, "libevent does not take the socket of \"%s\".", address);
	}
	*server = made;
	return true;
}

void http_server_close(HttpServer *server)
{
	if (server == NULL)
		return;
	server->is_closed = true;
	(void) event_del(&server->acceptable);
	(void) event_del(&server->sweep);
	(void) close(server->fd);
	while (server->busy.first != NULL)
	{
		HttpConnection *connection = server->busy.first;
		connection->is_processing = true; // so that it is still there after the answer
		if (connection->state == HTTP_STATE_HANDLED && !connection->request->is_streaming)
			http_refuse(connection, 503, "The server is shutting down; try again.", true);
		connection->is_processing = false;
		http_connection_close(connection);
	}
	while (server->idle.first != NULL)
		http_connection_close(server->idle.first);
	http_pool_free(server);
	http_peers_free(&server->peers);
	buf_free(&server->scratch);
	memory_free(server);
}

int http_server_port(const HttpServer *server)
{
	return server->port;
}

void http_server_on_refusal(HttpServer *server, HttpHandler callback, void *context)
{
	server->on_refusal = callback;
	server->refusal_context = context;
}
