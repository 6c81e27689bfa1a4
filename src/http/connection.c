#include "http/internal.h"

#include "base/clock.h"
#include "base/memory.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM_MIN ((size_t) 1024)

static HttpList *list_of(HttpServer *server, HttpState state)
{
	return state == HTTP_STATE_IDLE ? &server->idle : &server->busy;
}

void http_connection_set_state(HttpConnection *connection, HttpState state, int64_t time_ms)
{
	HttpList *from = list_of(connection->server, connection->state);
	HttpList *to = list_of(connection->server, state);
	if (from != to)
	{
		http_list_remove(from, connection);
		http_list_append(to, connection);
	}
	connection->state = state;
	connection->deadline_us = clock_monotonic_us() + time_ms * 1000;
}

Slice http_connection_input(const HttpConnection *connection)
{
	return slice_sub(buf_slice(&connection->input), connection->input_from, connection->input.size);
}

void http_connection_release_input(HttpConnection *connection)
{
	if (connection->input.data != NULL)
		http_pool_return_input(connection->server, &connection->input);
	connection->input_from = 0;
	connection->scanned = 0;
}

static void output_release(HttpConnection *connection)
{
	connection->server->output_bytes -= connection->output.capacity;
	buf_free(&connection->output);
	connection->output_from = 0;
}

void http_connection_close(HttpConnection *connection)
{
	HttpServer *server = connection->server;
	if (connection->is_processing)
	{
		http_connection_set_state(connection, HTTP_STATE_CLOSED, 0);
		return;
	}
	http_list_remove(list_of(server, connection->state), connection);
	(void) event_del(&connection->readable);
	(void) event_del(&connection->writable);
	(void) close(connection->fd);
	http_connection_release_input(connection);
	output_release(connection);
	if (connection->request != NULL)
		http_pool_return_request(server, connection->request);
	server->connection_count--;
	http_peers_remove(&server->peers, connection->peer_key);
	memory_free(connection);
}

// Room for at least ROOM_MIN more bytes; false when that is refused, or the connection closed.
static bool input_make_room(HttpConnection *connection)
{
	HttpServer *server = connection->server;
	Buf *input = &connection->input;
	if (input->data == NULL)
		http_pool_input(server, input);
	if (connection->input_from > 0)
	{
		input->size -= connection->input_from;
		memmove(input->data, input->data + connection->input_from, input->size);
		connection->input_from = 0;
		connection->is_moved = true;
	}
	size_t capacity = input->capacity;
	if (capacity - input->size >= ROOM_MIN)
		return true;
	if (server->input_bytes + capacity > server->limits.buffered_bytes_max)
	{
		connection->is_lingering = true;
		http_refuse(connection, 503, "Too much is being received at once; try again later.", true);
		return false;
	}
	if (buf_reserve(input, ROOM_MIN) == NULL)
	{
		http_connection_close(connection);
		return false;
	}
	server->input_bytes += input->capacity - capacity;
	connection->is_moved = true;
	return true;
}

// False when there is nothing new, or the connection is closed.
static bool receive(HttpConnection *connection)
{
	if (!input_make_room(connection))
		return false;
	Buf *input = &connection->input;
	ssize_t count = recv(connection->fd, input->data + input->size, input->capacity - input->size, 0);
	if (count > 0)
	{
		input->size += (size_t) count;
		return true;
	}
	if (count == 0 || (errno != EAGAIN && errno != EINTR))
		http_connection_close(connection);
	return false;
}

static void discard(HttpConnection *connection)
{
	char bytes[16 * 1024];
	ssize_t count = recv(connection->fd, bytes, sizeof bytes, 0);
	if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR))
		http_connection_close(connection);
}

// While a request is kept: what was sent behind it waits in the socket; whoever asked learns that the client has left.
static void keep(HttpConnection *connection)
{
	char byte;
	HttpRequest *request = connection->request;
	ssize_t count = recv(connection->fd, &byte, 1, MSG_PEEK);
	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	(void) event_del(&connection->readable);
	connection->is_paused = true;
	HttpGone on_gone = count > 0 ? NULL : request->on_gone;
	request->on_gone = NULL;
	if (on_gone != NULL)
		on_gone(request, request->gone_context);
}

static void on_readable(evutil_socket_t fd, short what, void *context)
{
	(void) fd;
	(void) what;
	HttpConnection *connection = context;
	switch (connection->state)
	{
	case HTTP_STATE_HANDLED:
		keep(connection);
		return;
	case HTTP_STATE_WRITING:
		(void) event_del(&connection->readable);
		connection->is_paused = true;
		return;
	case HTTP_STATE_LINGERING:
		discard(connection);
		return;
	case HTTP_STATE_IDLE:
		if (http_connection_input(connection).size == 0 && !receive(connection))
			return;
		break;
	default:
		if (!receive(connection))
			return;
		break;
	}
	http_process(connection);
}

// The answer is on its way, the request is done with.
static void finish(HttpConnection *connection)
{
	const HttpLimits *limits = &connection->server->limits;
	if (connection->request != NULL)
		http_pool_return_request(connection->server, connection->request);
	connection->request = NULL;
	if (connection->is_paused)
		(void) event_add(&connection->readable, NULL);
	connection->is_paused = false;
	if (connection->is_closing)
	{
		if (!connection->is_lingering || shutdown(connection->fd, SHUT_WR) != 0)
		{
			http_connection_close(connection);
			return;
		}
		http_connection_release_input(connection);
		http_connection_set_state(connection, HTTP_STATE_LINGERING, HTTP_LINGER_MS);
		return;
	}
	http_connection_set_state(connection, HTTP_STATE_IDLE, limits->idle_timeout_ms);
	if (http_connection_input(connection).size == 0)
		http_connection_release_input(connection);
	else if (!connection->is_processing)
		event_active(&connection->readable, EV_READ, 0);
}

void http_connection_answered(HttpConnection *connection)
{
	size_t size = connection->output.size - connection->output_from;
	if (size == 0)
	{
		finish(connection);
		return;
	}
	// Whoever takes a large answer at a fair pace gets to its end.
	int64_t time_ms = connection->server->limits.request_deadline_ms + (int64_t) (size / 1024) * HTTP_DRAIN_MS_PER_KIB;
	http_connection_set_state(connection, HTTP_STATE_WRITING, time_ms);
	(void) event_add(&connection->writable, NULL);
}

static void on_writable(evutil_socket_t fd, short what, void *context)
{
	(void) fd;
	(void) what;
	HttpConnection *connection = context;
	if (!http_flush(connection))
	{
		http_connection_close(connection);
		return;
	}
	if (connection->output.size > connection->output_from)
		return;
	(void) event_del(&connection->writable);
	output_release(connection);
	finish(connection);
}

void http_connection_expire(HttpConnection *connection)
{
	if (connection->state == HTTP_STATE_HEAD || connection->state == HTTP_STATE_BODY)
		http_refuse(connection, 408, "The request took too long to arrive.", true);
	else
		http_connection_close(connection);
}

static void peer_format(const struct sockaddr *address, char peer[INET6_ADDRSTRLEN])
{
	peer[0] = '\0';
	if (address->sa_family == AF_INET)
	{
		struct sockaddr_in version_4;
		memcpy(&version_4, address, sizeof version_4);
		(void) inet_ntop(AF_INET, &version_4.sin_addr, peer, INET6_ADDRSTRLEN);
	}
	else if (address->sa_family == AF_INET6)
	{
		struct sockaddr_in6 version_6;
		memcpy(&version_6, address, sizeof version_6);
		const unsigned char *bytes = version_6.sin6_addr.s6_addr;
		if (IN6_IS_ADDR_V4MAPPED(&version_6.sin6_addr))
			(void) inet_ntop(AF_INET, bytes + 12, peer, INET6_ADDRSTRLEN);
		else
			(void) inet_ntop(AF_INET6, bytes, peer, INET6_ADDRSTRLEN);
	}
}

bool http_connection_open(HttpServer *server, int fd, const struct sockaddr *peer)
{
	HttpConnection *connection = memory_allocate_zeroed(1, sizeof *connection);
	if (connection == NULL)
		return false;
	connection->server = server;
	connection->fd = fd;
	buf_init(&connection->output, SIZE_MAX / 4);
	connection->peer_key = http_peers_key(peer);
	peer_format(peer, connection->peer);
	struct event_base *base = http_loop_base(server->loop);
	(void) event_assign(&connection->readable, base, fd, EV_READ | EV_PERSIST, on_readable, connection);
	(void) event_assign(&connection->writable, base, fd, EV_WRITE | EV_PERSIST, on_writable, connection);
	if (event_add(&connection->readable, NULL) != 0)
	{
		memory_free(connection);
		return false;
	}
	int one = 1;
	(void) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	http_list_append(&server->idle, connection);
	connection->deadline_us = clock_monotonic_us() + server->limits.idle_timeout_ms * 1000;
	server->connection_count++;
	http_peers_add(&server->peers, connection->peer_key);
	return true;
}
