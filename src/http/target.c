#include "http/internal.h"

#include <string.h>

#define PARAMETERS_MAX 64

static int hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

// %41 becomes A and, in a query, + a space. False on a broken escape, on NUL, and when the arena is full.
static bool decode(Arena *arena, Slice text, bool is_query, Slice *decoded)
{
	bool is_plain = slice_find(text, '%', 0) == text.size && (!is_query || slice_find(text, '+', 0) == text.size);
	*decoded = text;
	if (is_plain)
		return true;
	char *target = arena_allocate(arena, text.size);
	if (target == NULL)
		return false;
	size_t size = 0;
	for (size_t at = 0; at < text.size; at++)
	{
		char byte = text.data[at];
		if (byte == '+' && is_query)
			byte = ' ';
		else if (byte == '%')
		{
			int high = at + 2 < text.size ? hex_value(text.data[at + 1]) : -1;
			int low = at + 2 < text.size ? hex_value(text.data[at + 2]) : -1;
			if (high < 0 || low < 0 || high + low == 0)
				return false;
			byte = (char) (high * 16 + low);
			at += 2;
		}
		target[size++] = byte;
	}
	*decoded = (Slice){target, size};
	return true;
}

static bool parameters_read(HttpRequest *request, Slice query)
{
	request->parameters = ARENA_ARRAY(&request->arena, HttpParameter, PARAMETERS_MAX);
	if (request->parameters == NULL)
		return false;
	while (query.data != NULL)
	{
		Slice value = SLICE_NONE;
		Slice part = slice_split(query, '&', &query);
		Slice name = slice_split(part, '=', &value);
		if (part.size == 0)
			continue;
		if (request->parameter_count == PARAMETERS_MAX)
			return false;
		HttpParameter *parameter = &request->parameters[request->parameter_count++];
		if (value.data == NULL)
			value = SLICE_LITERAL("");
		if (!decode(&request->arena, name, true, &parameter->name)
			|| !decode(&request->arena, value, true, &parameter->value))
			return false;
	}
	return true;
}

static HttpMethod method_of(Slice method)
{
	static const struct {
		Slice name;
		HttpMethod method;
	} rows[] = {{{"GET", 3}, HTTP_GET}, {{"HEAD", 4}, HTTP_HEAD}, {{"POST", 4}, HTTP_POST}, {{"PUT", 3}, HTTP_PUT},
		{{"DELETE", 6}, HTTP_DELETE}, {{"OPTIONS", 7}, HTTP_OPTIONS}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		if (slice_equal(rows[i].name, method))
			return rows[i].method;
	}
	return HTTP_OTHER;
}

int http_request_read_target(HttpRequest *request, const char **reason)
{
	arena_reset(&request->arena);
	request->parameters = NULL;
	request->parameter_count = 0;
	request->method = method_of(request->head.method);
	Slice query = SLICE_NONE;
	Slice path = slice_split(request->head.target, '?', &query);
	// A fragment has no business in a request; what a sloppy client sends of it is dropped.
	path = slice_sub(path, 0, slice_find(path, '#', 0));
	query = slice_sub(query, 0, slice_find(query, '#', 0));
	if (decode(&request->arena, path, false, &request->path) && (query.data == NULL || parameters_read(request, query)))
		return 0;
	*reason = "The path or the query is malformed.";
	return 400;
}
