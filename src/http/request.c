#include "http/internal.h"

HttpMethod http_method(const HttpRequest *request)
{
	return request->method;
}

Slice http_path(const HttpRequest *request)
{
	return request->path;
}

Slice http_query(const HttpRequest *request, const char *name)
{
	for (size_t at = 0; at < request->parameter_count; at++)
	{
		if (slice_equal_text(request->parameters[at].name, name))
			return request->parameters[at].value;
	}
	return SLICE_NONE;
}

bool http_query_at(const HttpRequest *request, size_t index, Slice *name, Slice *value)
{
	if (index >= request->parameter_count)
		return false;
	*name = request->parameters[index].name;
	*value = request->parameters[index].value;
	return true;
}

Slice http_header(const HttpRequest *request, const char *name)
{
	return http_head_find(&request->head, slice_from(name));
}

bool http_header_at(const HttpRequest *request, size_t index, Slice *name, Slice *value)
{
	if (index >= request->head.header_count)
		return false;
	*name = request->head.headers[index].name;
	*value = request->head.headers[index].value;
	return true;
}

Slice http_body(const HttpRequest *request)
{
	return request->body;
}

Slice http_peer_address(const HttpRequest *request)
{
	return slice_from(request->connection->peer);
}

Arena *http_arena(HttpRequest *request)
{
	return &request->arena;
}

void http_on_gone(HttpRequest *request, HttpGone callback, void *context)
{
	request->on_gone = callback;
	request->gone_context = context;
}

static int base64_value(char digit)
{
	if (digit >= 'A' && digit <= 'Z')
		return digit - 'A';
	if (digit >= 'a' && digit <= 'z')
		return digit - 'a' + 26;
	if (digit >= '0' && digit <= '9')
		return digit - '0' + 52;
	if (digit == '+' || digit == '-')
		return 62;
	if (digit == '/' || digit == '_')
		return 63;
	return -1;
}

// Both alphabets, padding or not.
static bool base64_decode(Arena *arena, Slice text, Slice *decoded)
{
	char *target = arena_allocate(arena, text.size / 4 * 3 + 3);
	if (target == NULL)
		return false;
	while (text.size > 0 && text.data[text.size - 1] == '=')
		text.size--;
	size_t size = 0;
	unsigned bits = 0;
	unsigned bit_count = 0;
	for (size_t at = 0; at < text.size; at++)
	{
		int value = base64_value(text.data[at]);
		if (value < 0)
			return false;
		bits = (bits << 6U | (unsigned) value) & 0xFFFFU;
		bit_count += 6;
		if (bit_count >= 8)
		{
			bit_count -= 8;
			target[size++] = (char) (bits >> bit_count & 0xFFU);
		}
	}
	*decoded = (Slice){target, size};
	return bit_count != 6;
}

// What is behind "scheme " in Authorization; SLICE_NONE for another scheme.
static Slice credentials(const HttpRequest *request, const char *scheme)
{
	Slice rest = SLICE_NONE;
	Slice given = slice_split(http_header(request, "authorization"), ' ', &rest);
	return slice_equal_ignoring_case(given, slice_from(scheme)) ? slice_trim(rest) : SLICE_NONE;
}

bool http_basic_authorization(HttpRequest *request, Slice *user, Slice *password)
{
	Slice text = credentials(request, "basic");
	Slice decoded = SLICE_NONE;
	if (text.size == 0 || !base64_decode(&request->arena, text, &decoded))
		return false;
	size_t colon = slice_find(decoded, ':', 0);
	*user = slice_sub(decoded, 0, colon);
	*password = slice_sub(decoded, colon + 1, decoded.size);
	return colon < decoded.size;
}

Slice http_bearer_token(const HttpRequest *request)
{
	Slice token = credentials(request, "bearer");
	return token.size == 0 ? SLICE_NONE : token;
}
