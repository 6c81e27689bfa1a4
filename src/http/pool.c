#include "http/internal.h"

#include "base/memory.h"

HttpRequest *http_pool_request(HttpServer *server)
{
	HttpRequest *request = server->free_requests;
	if (request != NULL)
	{
		server->free_requests = request->next;
		server->free_request_count--;
		return request;
	}
	request = memory_allocate_zeroed(1, sizeof *request);
	if (request == NULL)
		return NULL;
	arena_init(&request->arena, server->limits.arena_bytes_max);
	buf_init(&request->inflated, server->limits.body_bytes_max);
	buf_init(&request->header_lines, server->limits.header_bytes_max);
	return request;
}

static void request_free(HttpRequest *request)
{
	arena_free(&request->arena);
	buf_free(&request->inflated);
	buf_free(&request->header_lines);
	memory_free(request);
}

// A pooled request keeps a little memory of each kind, so that the next one allocates nothing.
void http_pool_return_request(HttpServer *server, HttpRequest *request)
{
	server->input_bytes -= request->inflated_bytes;
	request->inflated_bytes = 0;
	if (server->free_request_count == HTTP_POOL_MAX)
	{
		request_free(request);
		return;
	}
	if (request->arena.size > HTTP_POOLED_SIZE_MAX)
		arena_free(&request->arena);
	else
		arena_reset(&request->arena);
	if (request->inflated.capacity > HTTP_POOLED_SIZE_MAX)
		buf_free(&request->inflated);
	else
		buf_reset(&request->inflated);
	buf_reset(&request->header_lines);
	request->is_streaming = false;
	request->connection = NULL;
	request->on_gone = NULL;
	request->parameters = NULL;
	request->parameter_count = 0;
	request->head.header_count = 0;
	request->body = SLICE_NONE;
	request->chunks = (HttpChunks){0};
	request->next = server->free_requests;
	server->free_requests = request;
	server->free_request_count++;
}

void http_pool_input(HttpServer *server, Buf *input)
{
	if (server->free_input_count > 0)
	{
		*input = server->free_inputs[--server->free_input_count];
		return;
	}
	buf_init(input,
		server->limits.header_bytes_max + server->limits.body_bytes_max + HTTP_TRAILERS_MAX + HTTP_INPUT_SIZE);
	(void) (buf_reserve(input, HTTP_INPUT_SIZE) != NULL); // without memory the buffer is failed, which the reader sees
}

void http_pool_return_input(HttpServer *server, Buf *input)
{
	if (input->capacity > HTTP_INPUT_SIZE)
		server->input_bytes -= input->capacity - HTTP_INPUT_SIZE;
	if (input->capacity == HTTP_INPUT_SIZE && server->free_input_count < HTTP_POOL_MAX)
	{
		buf_reset(input);
		server->free_inputs[server->free_input_count++] = *input;
		buf_init(input, 0);
		return;
	}
	buf_free(input);
}

void http_pool_free(HttpServer *server)
{
	while (server->free_requests != NULL)
	{
		HttpRequest *request = server->free_requests;
		server->free_requests = request->next;
		request_free(request);
	}
	while (server->free_input_count > 0)
		buf_free(&server->free_inputs[--server->free_input_count]);
}

void http_list_append(HttpList *list, HttpConnection *connection)
{
	connection->previous = list->last;
	connection->next = NULL;
	if (list->last == NULL)
		list->first = connection;
	else
		list->last->next = connection;
	list->last = connection;
}

void http_list_remove(HttpList *list, HttpConnection *connection)
{
	if (connection->previous == NULL)
		list->first = connection->next;
	else
		connection->previous->next = connection->next;
	if (connection->next == NULL)
		list->last = connection->previous;
	else
		connection->next->previous = connection->previous;
}
