#include "http/head.h"

#include <string.h>

// One bit a character of RFC 9110's token: ! # $ % & ' * + - . ^ _ ` | ~ digits letters.
static bool is_token_byte(unsigned char byte)
{
	static const uint64_t bits[4] = {0x03FF6CFA00000000U, 0x57FFFFFFC7FFFFFEU, 0, 0};
	return (bits[byte >> 6U] >> (byte & 63U) & 1U) != 0;
}

bool http_is_token(Slice text)
{
	for (size_t at = 0; at < text.size; at++)
	{
		if (!is_token_byte((unsigned char) text.data[at]))
			return false;
	}
	return text.size > 0;
}

size_t http_head_end(Slice input, size_t *scanned)
{
	size_t from = *scanned < 3 ? 0 : *scanned - 3;
	while (from + 4 <= input.size)
	{
		const char *found = memchr(input.data + from + 3, '\n', input.size - from - 3);
		if (found == NULL)
			break;
		if (memcmp(found - 3, "\r\n\r\n", 4) == 0)
			return (size_t) (found - input.data) + 1;
		from = (size_t) (found - input.data) + 1 - 3;
	}
	*scanned = input.size;
	return 0;
}

Slice http_head_find(const HttpHead *head, Slice name)
{
	for (size_t at = 0; at < head->header_count; at++)
	{
		if (slice_equal_ignoring_case(head->headers[at].name, name))
			return head->headers[at].value;
	}
	return SLICE_NONE;
}

static int refuse(const char **reason, int status, const char *text)
{
	*reason = text;
	return status;
}

// Without its CRLF. A lone CR or LF stays in the line, where no rule below lets it pass.
static Slice take_line(Slice *text)
{
	size_t at = slice_find(*text, '\n', 0);
	while (at < text->size && (at == 0 || text->data[at - 1] != '\r'))
		at = slice_find(*text, '\n', at + 1);
	Slice line = at == text->size ? *text : slice_sub(*text, 0, at - 1);
	*text = slice_sub(*text, at + 1 > text->size ? text->size : at + 1, text->size);
	return line;
}

static bool is_target(Slice target)
{
	for (size_t at = 0; at < target.size; at++)
	{
		unsigned char byte = (unsigned char) target.data[at];
		if (byte <= 0x20 || byte == 0x7F)
			return false;
	}
	return target.size > 0;
}

// "http://host/path" becomes "/path"; what is neither that nor begins with a slash is refused.
static bool target_to_path(Slice *target, bool is_options)
{
	if (is_options && slice_equal_text(*target, "*"))
		return true;
	static const Slice schemes[] = {{"http://", 7}, {"https://", 8}};
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
	{
		if (!slice_equal_ignoring_case(slice_sub(*target, 0, schemes[i].size), schemes[i]))
			continue;
		size_t slash = slice_find(*target, '/', schemes[i].size);
		*target = slash == target->size ? SLICE_LITERAL("/") : slice_sub(*target, slash, target->size);
		break;
	}
	return target->data[0] == '/';
}

static int request_line_parse(Slice line, HttpHead *head, const char **reason)
{
	Slice rest = SLICE_NONE;
	head->method = slice_split(line, ' ', &rest);
	head->target = slice_split(rest, ' ', &rest);
	if (!http_is_token(head->method) || !is_target(head->target) || rest.size != 8
		|| !slice_starts_with(rest, SLICE_LITERAL("HTTP/")) || rest.data[6] != '.')
		return refuse(reason, 400, "The request line is not one of HTTP/1.1.");
	if (rest.data[5] != '1' || rest.data[7] < '0' || rest.data[7] > '9')
		return refuse(reason, 505, "Only HTTP/1.0 and HTTP/1.1 are spoken here.");
	head->minor = rest.data[7] == '0' ? 0 : 1;
	if (!target_to_path(&head->target, slice_equal_text(head->method, "OPTIONS")))
		return refuse(reason, 400, "The request's target is no path.");
	return 0;
}

static bool is_value(Slice value)
{
	for (size_t at = 0; at < value.size; at++)
	{
		unsigned char byte = (unsigned char) value.data[at];
		if ((byte < 0x20 && byte != '\t') || byte == 0x7F)
			return false;
	}
	return true;
}

static int header_parse(Slice line, HttpHead *head, const char **reason)
{
	if (head->header_count == HTTP_HEADERS_MAX)
		return refuse(reason, 431, "The request has too many headers.");
	size_t colon = slice_find(line, ':', 0);
	HttpHeader header = {slice_sub(line, 0, colon), slice_trim(slice_sub(line, colon + 1, line.size))};
	if (colon == line.size || !http_is_token(header.name) || !is_value(header.value))
		return refuse(reason, 400, "A header line is malformed.");
	if (header.value.data == NULL)
		header.value = SLICE_LITERAL("");
	head->headers[head->header_count++] = header;
	return 0;
}

static bool length_parse(Slice value, size_t *length)
{
	if (value.size == 0)
		return false;
	size_t result = 0;
	for (size_t at = 0; at < value.size; at++)
	{
		char byte = value.data[at];
		if (byte < '0' || byte > '9')
			return false;
		if (__builtin_mul_overflow(result, 10, &result)
			|| __builtin_add_overflow(result, (size_t) (byte - '0'), &result))
			result = SIZE_MAX / 16; // stays far above every limit, and the digits behind it are still checked
	}
	*length = result;
	return true;
}

static bool list_has(Slice list, const char *word)
{
	while (list.data != NULL)
	{
		if (slice_equal_ignoring_case(slice_trim(slice_split(list, ',', &list)), slice_from(word)))
			return true;
	}
	return false;
}

typedef struct Framing {
	bool has_length;
	bool has_host;
} Framing;

// What the few headers that frame a request say.
static int framing_read(const HttpHeader *header, HttpHead *head, Framing *framing, const char **reason)
{
	if (slice_equal_ignoring_case(header->name, SLICE_LITERAL("content-length")))
	{
		size_t length = 0;
		if (!length_parse(header->value, &length) || (framing->has_length && length != head->length))
			return refuse(reason, 400, "The Content-Length is no number.");
		framing->has_length = true;
		head->length = length;
	}
	else if (slice_equal_ignoring_case(header->name, SLICE_LITERAL("transfer-encoding")))
	{
		if (head->is_chunked || !slice_equal_ignoring_case(header->value, SLICE_LITERAL("chunked")))
			return refuse(reason, 501, "No transfer coding but chunked is known here.");
		head->is_chunked = true;
	}
	else if (slice_equal_ignoring_case(header->name, SLICE_LITERAL("connection")))
	{
		if (list_has(header->value, "close"))
			head->is_keep_alive = false;
		else if (head->minor == 0 && list_has(header->value, "keep-alive"))
			head->is_keep_alive = true;
	}
	else if (slice_equal_ignoring_case(header->name, SLICE_LITERAL("expect")) && head->minor > 0)
	{
		if (!slice_equal_ignoring_case(header->value, SLICE_LITERAL("100-continue")))
			return refuse(reason, 417, "No expectation but 100-continue can be met.");
		head->is_expecting = true;
	}
	else if (slice_equal_ignoring_case(header->name, SLICE_LITERAL("host")))
	{
		if (framing->has_host)
			return refuse(reason, 400, "The request names two hosts.");
		framing->has_host = true;
	}
	return 0;
}

int http_head_parse(Slice text, HttpHead *head, const char **reason)
{
	head->header_count = 0;
	head->is_chunked = false;
	head->is_expecting = false;
	head->length = 0;
	int status = request_line_parse(take_line(&text), head, reason);
	head->is_keep_alive = head->minor > 0;
	Framing framing = {0};
	while (status == 0 && text.size > 0)
	{
		Slice line = take_line(&text);
		if (line.size == 0)
			break;
		status = header_parse(line, head, reason);
		if (status == 0)
			status = framing_read(&head->headers[head->header_count - 1], head, &framing, reason);
	}
	if (status == 0 && head->is_chunked && (framing.has_length || head->minor == 0))
		status = refuse(reason, 400, "The request says its length in two ways.");
	if (status == 0 && head->minor > 0 && !framing.has_host)
		status = refuse(reason, 400, "The request names no host.");
	return status;
}
