#include "http/internal.h"
#include "http/stream.h"

#include "base/json.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#define RETRY_SECONDS_USUAL 5

static const char *phrase_of(int status)
{
	static const struct {
		int status;
		const char *phrase;
	} rows[] = {{200, "OK"}, {201, "Created"}, {202, "Accepted"}, {204, "No Content"}, {301, "Moved Permanently"},
		{302, "Found"}, {303, "See Other"}, {304, "Not Modified"}, {307, "Temporary Redirect"}, {400, "Bad Request"},
		{401, "Unauthorized"}, {403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"},
		{406, "Not Acceptable"}, {408, "Request Timeout"}, {409, "Conflict"}, {413, "Content Too Large"},
		{415, "Unsupported Media Type"}, {417, "Expectation Failed"}, {422, "Unprocessable Content"},
		{429, "Too Many Requests"}, {431, "Request Header Fields Too Large"}, {500, "Internal Server Error"},
		{501, "Not Implemented"}, {502, "Bad Gateway"}, {503, "Service Unavailable"}, {504, "Gateway Timeout"},
		{505, "HTTP Version Not Supported"}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		if (rows[i].status == status)
			return rows[i].phrase;
	}
	return "Status";
}

static void header_put(Buf *buf, const char *name, Slice value)
{
	buf_append_text(buf, name);
	buf_append(buf, ": ", 2);
	buf_append_slice(buf, value);
	buf_append(buf, "\r\n", 2);
}

void http_set_header_slice(HttpRequest *request, const char *name, Slice value)
{
	assert(http_is_token(slice_from(name)));
	Buf *lines = &request->header_lines;
	size_t from = lines->size + strlen(name) + 2;
	header_put(lines, name, value);
	for (size_t at = from; buf_is_ok(lines) && at + 2 < lines->size; at++)
	{
		unsigned char byte = (unsigned char) lines->data[at];
		if (byte < 0x20 || byte == 0x7F)
			lines->data[at] = '?';
	}
}

void http_set_header(HttpRequest *request, const char *name, const char *value)
{
	http_set_header_slice(request, name, slice_from(value));
}

// Made once a second.
static Slice date_text(HttpServer *server)
{
	struct timespec now;
	(void) clock_gettime(CLOCK_REALTIME_COARSE, &now);
	if (server->date_second != now.tv_sec)
	{
		struct tm parts;
		(void) gmtime_r(&now.tv_sec, &parts);
		// The process runs in the C locale, so the names are English.
		(void) strftime(server->date, sizeof server->date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
		server->date_second = now.tv_sec;
	}
	return slice_from(server->date);
}

#define SIZE_NOT_KNOWN SIZE_MAX

static void head_write(HttpRequest *request, int status, const char *content_type, bool has_body, size_t body_size)
{
	HttpServer *server = request->connection->server;
	Buf *buf = &server->scratch;
	buf_reset(buf);
	if (status == 200)
		buf_append_text(buf, "HTTP/1.1 200 OK\r\n");
	else
		buf_append_format(buf, "HTTP/1.1 %d %s\r\n", status, phrase_of(status));
	header_put(buf, "Date", date_text(server));
	if (has_body && content_type != NULL)
		header_put(buf, "Content-Type", slice_from(content_type));
	if (has_body && body_size != SIZE_NOT_KNOWN)
		buf_append_format(buf, "Content-Length: %zu\r\n", body_size);
	if (request->connection->is_closing)
		header_put(buf, "Connection", SLICE_LITERAL("close"));
	else if (request->head.minor == 0)
		header_put(buf, "Connection", SLICE_LITERAL("keep-alive"));
	buf_append_slice(buf, buf_slice(&request->header_lines));
	buf_append(buf, "\r\n", 2);
}

static ssize_t parts_send(int fd, struct iovec *parts, size_t count)
{
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};
	ssize_t sent = -1;
	do
		sent = sendmsg(fd, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 && errno == EAGAIN ? 0 : sent;
}

bool http_flush(HttpConnection *connection)
{
	Slice rest = slice_sub(buf_slice(&connection->output), connection->output_from, connection->output.size);
	if (rest.size == 0)
		return true;
	ssize_t sent = send(connection->fd, rest.data, rest.size, MSG_NOSIGNAL);
	if (sent < 0)
		return errno == EAGAIN || errno == EINTR;
	connection->output_from += (size_t) sent;
	return true;
}

// False when the client is gone, or there is no memory to keep what it does not take yet: clients that ask and do not read
// would else fill all there is.
static bool answer_send(HttpConnection *connection, Slice head, Slice body)
{
	struct iovec parts[2];
	memset(parts, 0, sizeof parts);
	// sendmsg reads only; its type lacks the const.
	memcpy(&parts[0].iov_base, &head.data, sizeof head.data);
	memcpy(&parts[1].iov_base, &body.data, sizeof body.data);
	parts[0].iov_len = head.size;
	parts[1].iov_len = body.size;
	ssize_t count = parts_send(connection->fd, parts, body.size > 0 ? 2 : 1);
	if (count < 0)
		return false;
	size_t sent = (size_t) count;
	if (sent == head.size + body.size)
		return true;
	HttpServer *server = connection->server;
	if (server->output_bytes > server->limits.buffered_bytes_max)
		return false;
	size_t sent_of_body = sent > head.size ? sent - head.size : 0;
	buf_append_slice(&connection->output, slice_sub(head, sent, head.size));
	buf_append_slice(&connection->output, slice_sub(body, sent_of_body, body.size));
	server->output_bytes += connection->output.capacity;
	return buf_is_ok(&connection->output);
}

void http_respond(HttpRequest *request, int status, const char *content_type, Slice body)
{
	HttpConnection *connection = request->connection;
	assert(connection != NULL && connection->request == request);
	if (request->is_streaming)
	{
		http_connection_close(connection);
		return;
	}
	bool has_body = status >= 200 && status != 204 && status != 304;
	connection->is_closing |= !request->head.is_keep_alive || connection->server->is_closed;
	head_write(request, status, content_type, has_body, body.size);
	if (!has_body || request->method == HTTP_HEAD)
		body = SLICE_NONE;
	const Buf *head = &connection->server->scratch;
	if (!buf_is_ok(head) || !buf_is_ok(&request->header_lines) || !answer_send(connection, buf_slice(head), body))
	{
		http_connection_close(connection);
		return;
	}
	http_connection_answered(connection);
}

bool http_stream_begin(HttpRequest *request, const char *content_type)
{
	HttpConnection *connection = request->connection;
	connection->is_closing = true;
	head_write(request, 200, content_type, true, SIZE_NOT_KNOWN);
	request->is_streaming = true;
	const Buf *head = &connection->server->scratch;
	return buf_is_ok(head) && buf_is_ok(&request->header_lines) && http_stream_send(request, buf_slice(head));
}

bool http_stream_send(HttpRequest *request, Slice part)
{
	return send(request->connection->fd, part.data, part.size, MSG_NOSIGNAL) == (ssize_t) part.size;
}

void http_stream_end(HttpRequest *request)
{
	http_connection_close(request->connection);
}

// "x" and W/"x" are one: what is told apart by a tag here is never asked for in parts.
static Slice etag_opaque(Slice tag)
{
	tag = slice_trim(tag);
	return slice_starts_with(tag, SLICE_LITERAL("W/")) ? slice_sub(tag, 2, tag.size) : tag;
}

bool http_respond_unchanged(HttpRequest *request, const char *etag)
{
	Slice wanted = etag_opaque(slice_from(etag));
	Slice rest = http_header(request, "if-none-match");
	http_set_header(request, "ETag", etag);
	while (rest.data != NULL)
	{
		Slice tag = etag_opaque(slice_split(rest, ',', &rest));
		if (!slice_equal(tag, wanted) && !slice_equal_text(tag, "*"))
			continue;
		http_respond(request, 304, NULL, SLICE_NONE);
		return true;
	}
	return false;
}

static void problem_respond(HttpRequest *request, int status, const char *code, Slice detail, int64_t retry_seconds)
{
	if (status == 503 || status == 429)
	{
		char seconds[24];
		(void) snprintf(seconds, sizeof seconds, "%" PRId64, retry_seconds);
		http_set_header(request, "Retry-After", seconds);
	}
	Buf body;
	buf_init(&body, 8 * 1024);
	buf_append_text(&body, "{\"type\":\"about:blank\",\"title\":");
	json_write_string(&body, slice_from(phrase_of(status)));
	buf_append_format(&body, ",\"status\":%d,\"code\":", status);
	json_write_string(&body, slice_from(code));
	buf_append_text(&body, ",\"detail\":");
	json_write_string(&body, detail);
	buf_append_byte(&body, '}');
	http_respond(request, status, "application/problem+json", buf_is_ok(&body) ? buf_slice(&body) : SLICE_NONE);
	buf_free(&body);
}

void http_respond_error(HttpRequest *request, const Error *error)
{
	http_respond_error_retry(request, error, RETRY_SECONDS_USUAL);
}

void http_respond_error_retry(HttpRequest *request, const Error *error, int64_t retry_seconds)
{
	int status = error_http_status(error->code);
	bool is_told = status < 500 || error->code == ERROR_BUSY || error->code == ERROR_FULL;
	problem_respond(request, status, error_name(error->code),
		is_told ? slice_from(error->message) : SLICE_LITERAL("The server could not do it; its log says why."),
		retry_seconds);
}

static const char *refusal_code(int status)
{
	switch (status)
	{
	case 408:
		return "timeout";
	case 413:
	case 431:
		return "too_large";
	case 503:
		return "busy";
	default:
		return "bad_request";
	}
}

void http_refuse(HttpConnection *connection, int status, const char *detail, bool is_closing)
{
	HttpServer *server = connection->server;
	if (connection->request == NULL)
	{
		connection->request = http_pool_request(server);
		if (connection->request == NULL)
		{
			http_connection_close(connection);
			return;
		}
		connection->request->connection = connection;
		connection->request->method = HTTP_OTHER;
		connection->request->path = SLICE_LITERAL("");
		connection->request->head.minor = 1;
		connection->request->head.is_keep_alive = true;
	}
	http_request_follow(connection);
	connection->is_closing |= is_closing;
	if (server->on_refusal != NULL)
		server->on_refusal(connection->request, server->refusal_context);
	problem_respond(connection->request, status, refusal_code(status), slice_from(detail), RETRY_SECONDS_USUAL);
}

void http_send_continue(HttpConnection *connection)
{
	static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
	// A client that does not get it sends its body a moment later all the same.
	(void) (send(connection->fd, text, sizeof text - 1, MSG_NOSIGNAL) > 0);
}
