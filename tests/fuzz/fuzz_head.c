// The head of a request is refused with a status and a reason, or is made of tokens and values that, written anew, read the
// same; where it ends does not depend on how it comes in.
#include "tests/fuzz/fuzz.h"

#include "http/head.h"

static bool is_plain(Slice text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] == '\r' || text.data[i] == '\n' || text.data[i] == '\0')
			return false;
	return true;
}

static void head_check(Slice text, const HttpHead *head)
{
	assert(http_is_token(head->method) && fuzz_is_inside(head->method, text));
	assert(head->target.size > 0 && is_plain(head->target) && slice_find(head->target, ' ', 0) == head->target.size);
	assert(*head->target.data == '/' || slice_equal_text(head->target, "*"));
	assert(head->minor == 0 || head->minor == 1);
	assert(head->header_count <= HTTP_HEADERS_MAX);
	assert(!head->is_chunked || head->length == 0);
	for (size_t i = 0; i < head->header_count; i++)
	{
		const HttpHeader *header = &head->headers[i];
		assert(http_is_token(header->name) && is_plain(header->value) && header->value.data != NULL);
		assert(fuzz_is_inside(header->name, text));
		assert(http_head_find(head, header->name).data != NULL);
	}
	assert(head->minor == 0 || http_head_find(head, SLICE_LITERAL("host")).data != NULL);
}

static void head_write(const HttpHead *head, Buf *buf)
{
	buf_append_slice(buf, head->method);
	buf_append_byte(buf, ' ');
	buf_append_slice(buf, head->target);
	buf_append_text(buf, head->minor == 0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
	for (size_t i = 0; i < head->header_count; i++)
	{
		buf_append_slice(buf, head->headers[i].name);
		buf_append_text(buf, ":\t");
		buf_append_slice(buf, head->headers[i].value);
		buf_append_text(buf, " \r\n");
	}
	buf_append_text(buf, "\r\n");
}

static void again_check(const HttpHead *head, const HttpHead *again)
{
	assert(slice_equal(head->method, again->method) && slice_equal(head->target, again->target));
	assert(head->minor == again->minor && head->is_chunked == again->is_chunked && head->length == again->length);
	assert(head->is_keep_alive == again->is_keep_alive && head->is_expecting == again->is_expecting);
	assert(head->header_count == again->header_count);
	for (size_t i = 0; i < head->header_count; i++)
		assert(slice_equal(head->headers[i].name, again->headers[i].name)
			&& slice_equal(head->headers[i].value, again->headers[i].value));
}

// In pieces as long as the first byte says.
static size_t end_in_pieces(Slice input)
{
	size_t step = input.size == 0 ? 1 : 1 + (unsigned char) *input.data % 16;
	size_t scanned = 0;
	size_t end = 0;
	for (size_t size = step; end == 0; size += step)
	{
		end = http_head_end(slice_sub(input, 0, size), &scanned);
		if (size >= input.size)
			break;
	}
	return end;
}

void fuzz_one(Slice input, Arena *arena)
{
	(void) arena;
	HttpHead head;
	HttpHead again;
	Buf buf;
	const char *reason = NULL;
	size_t scanned = 0;
	size_t end = http_head_end(input, &scanned);
	assert(end <= input.size && end == end_in_pieces(input));
	assert(end == 0 || slice_ends_with(slice_sub(input, 0, end), SLICE_LITERAL("\r\n\r\n")));
	Slice text = slice_sub(input, 0, end == 0 ? input.size : end);
	int status = http_head_parse(text, &head, &reason);
	if (status != 0)
	{
		assert(status >= 400 && status < 600 && reason != NULL);
		return;
	}
	head_check(text, &head);
	buf_init(&buf, 4 * input.size + 1024);
	head_write(&head, &buf);
	status = http_head_parse(buf_slice(&buf), &again, &reason);
	assert(buf_is_ok(&buf) && status == 0);
	again_check(&head, &again);
	buf_free(&buf);
}
