#include "http/internal.h"

#include "base/compress.h"

// Blank lines before a request are skipped, as RFC 9112 asks. True when a request has begun.
static bool request_begin(HttpConnection *connection)
{
	const Buf *input = &connection->input;
	while (connection->input_from < input->size
		&& (input->data[connection->input_from] == '\r' || input->data[connection->input_from] == '\n'))
		connection->input_from++;
	if (connection->input_from == input->size)
	{
		http_connection_release_input(connection);
		return false;
	}
	connection->scanned = 0;
	connection->is_closing = false;
	connection->is_lingering = false;
	http_connection_set_state(connection, HTTP_STATE_HEAD, connection->server->limits.request_deadline_ms);
	return true;
}

static bool refuse_rest(HttpConnection *connection, int status, const char *reason)
{
	connection->is_lingering = true;
	http_refuse(connection, status, reason, true);
	return false;
}

static bool head_read(HttpConnection *connection)
{
	const HttpLimits *limits = &connection->server->limits;
	Slice text = http_connection_input(connection);
	size_t size = http_head_end(text, &connection->scanned);
	if (size > limits->header_bytes_max || (size == 0 && text.size > limits->header_bytes_max))
		return refuse_rest(connection, 431, "The headers are larger than allowed.");
	if (size == 0)
		return false;
	HttpRequest *request = http_pool_request(connection->server);
	if (request == NULL)
	{
		http_connection_close(connection);
		return false;
	}
	request->connection = connection;
	request->head_size = size;
	connection->request = request;
	connection->is_moved = false;
	connection->state = HTTP_STATE_BODY;
	const char *reason = "";
	int status = http_head_parse(slice_sub(text, 0, size), &request->head, &reason);
	if (status == 0)
		status = http_request_read_target(request, &reason);
	if (status != 0)
		return refuse_rest(connection, status, reason);
	if (request->head.length > limits->body_bytes_max)
		return refuse_rest(connection, 413, "The body is larger than allowed.");
	bool has_body = request->head.is_chunked || request->head.length > 0;
	if (request->head.is_expecting && has_body && text.size == size)
		http_send_continue(connection);
	return true;
}

// False where it was refused.
static bool body_decode(HttpRequest *request)
{
	Slice coding = http_head_find(&request->head, SLICE_LITERAL("content-encoding"));
	if (coding.size == 0 || slice_equal_ignoring_case(coding, SLICE_LITERAL("identity")))
		return true;
	if (!slice_equal_ignoring_case(coding, SLICE_LITERAL("gzip"))
		&& !slice_equal_ignoring_case(coding, SLICE_LITERAL("x-gzip")))
	{
		http_refuse(request->connection, 415, "No content coding but gzip is known here.", false);
		return false;
	}
	HttpServer *server = request->connection->server;
	if (server->input_bytes >= server->limits.buffered_bytes_max)
	{
		http_refuse(request->connection, 503, "Too much is being received at once; try again later.", false);
		return false;
	}
	Error error;
	bool is_unpacked = compress_gunzip(request->body, &request->inflated, &error);
	request->inflated_bytes = request->inflated.capacity;
	server->input_bytes += request->inflated_bytes;
	if (!is_unpacked)
	{
		http_refuse(request->connection, error_http_status(error.code) == 500 ? 400 : error_http_status(error.code),
			error.message, false);
		return false;
	}
	request->body = buf_slice(&request->inflated);
	return true;
}

void http_request_follow(HttpConnection *connection)
{
	HttpRequest *request = connection->request;
	const char *reason = "";
	if (!connection->is_moved || connection->state != HTTP_STATE_BODY)
		return;
	(void) http_head_parse(slice_sub(http_connection_input(connection), 0, request->head_size), &request->head,
		&reason);
	(void) http_request_read_target(request, &reason);
	connection->is_moved = false;
}

// The whole request is there.
static void request_handle(HttpConnection *connection, size_t body_size)
{
	HttpServer *server = connection->server;
	HttpRequest *request = connection->request;
	http_request_follow(connection);
	Slice text = http_connection_input(connection);
	request->body = slice_sub(text, request->head_size, request->head_size + body_size);
	connection->input_from += request->head_size + body_size;
	connection->state = HTTP_STATE_HANDLED;
	if (body_decode(request))
		server->handler(request, server->context);
}

static bool body_read(HttpConnection *connection)
{
	HttpRequest *request = connection->request;
	size_t body_from = connection->input_from + request->head_size;
	size_t size = connection->input.size - body_from;
	if (!request->head.is_chunked)
	{
		if (size < request->head.length)
			return false;
		request_handle(connection, request->head.length);
		return true;
	}
	HttpChunksResult result = http_chunks_decode(&request->chunks, connection->input.data + body_from, &size,
		connection->server->limits.body_bytes_max);
	connection->input.size = body_from + size;
	switch (result)
	{
	case HTTP_CHUNKS_DONE:
		request_handle(connection, request->chunks.body_size);
		return true;
	case HTTP_CHUNKS_TOO_LARGE:
		return refuse_rest(connection, 413, "The body is larger than allowed.");
	case HTTP_CHUNKS_BAD:
		return refuse_rest(connection, 400, "The body's chunks are malformed.");
	case HTTP_CHUNKS_MORE:
	default:
		return false;
	}
}

void http_process(HttpConnection *connection)
{
	connection->is_processing = true;
	bool goes_on = true;
	while (goes_on)
	{
		switch (connection->state)
		{
		case HTTP_STATE_IDLE:
			goes_on = request_begin(connection);
			break;
		case HTTP_STATE_HEAD:
			goes_on = head_read(connection);
			break;
		case HTTP_STATE_BODY:
			goes_on = body_read(connection);
			break;
		default:
			goes_on = false;
			break;
		}
	}
	connection->is_processing = false;
	if (connection->state == HTTP_STATE_CLOSED)
		http_connection_close(connection);
}
