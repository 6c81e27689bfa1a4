#include "http/chunks.h"
#include "http/head.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int parse(const char *text, HttpHead *head)
{
	const char *reason = NULL;
	int status = http_head_parse(slice_from(text), head, &reason);
	assert_true(status == 0 || reason != NULL);
	return status;
}

static void assert_text(Slice slice, const char *text)
{
	if (!slice_equal_text(slice, text))
		fail_msg("\"%.*s\" is not \"%s\"", SLICE_PRINT(slice), text);
}

static void test_a_usual_head_is_read(void **state)
{
	(void) state;
	HttpHead head;
	assert_int_equal(parse("POST /v1/t?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\nX-Y: \t b c \r\nEmpty:\r\n\r\n",
						 &head),
		0);
	assert_text(head.method, "POST");
	assert_text(head.target, "/v1/t?x=1");
	assert_int_equal(head.length, 12);
	assert_true(head.is_keep_alive);
	assert_false(head.is_chunked);
	assert_int_equal(head.header_count, 4);
	assert_text(http_head_find(&head, SLICE_LITERAL("x-y")), "b c");
	assert_non_null(http_head_find(&head, SLICE_LITERAL("EMPTY")).data);
	assert_null(http_head_find(&head, SLICE_LITERAL("other")).data);
}

static void test_keep_alive_follows_version_and_connection(void **state)
{
	(void) state;
	HttpHead head;
	assert_int_equal(parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: foo, Close\r\n\r\n", &head), 0);
	assert_false(head.is_keep_alive);
	assert_int_equal(parse("GET / HTTP/1.0\r\n\r\n", &head), 0);
	assert_false(head.is_keep_alive);
	assert_int_equal(parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", &head), 0);
	assert_true(head.is_keep_alive);
}

static void test_an_absolute_target_becomes_a_path(void **state)
{
	(void) state;
	HttpHead head;
	assert_int_equal(parse("GET http://a.example/b?c HTTP/1.1\r\nHost: a\r\n\r\n", &head), 0);
	assert_text(head.target, "/b?c");
	assert_int_equal(parse("GET http://a.example HTTP/1.1\r\nHost: a\r\n\r\n", &head), 0);
	assert_text(head.target, "/");
	assert_int_equal(parse("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", &head), 0);
	assert_text(head.target, "*");
}

static void test_what_two_servers_might_read_differently_is_refused(void **state)
{
	(void) state;
	static const struct {
		const char *text;
		int status;
	} rows[] = {
		{"", 400},
		{"\r\n\r\n", 400},
		{"GET\r\n\r\n", 400},
		{"GET /\r\n\r\n", 400},
		{"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		{"GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
		{"GET / x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		{"G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		{"GET nopath HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		{"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		{"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
		{"GET / HTTP/1.1\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
		{"GET / HTTP/1.1\nHost: a\n\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\n: a\r\nHost: a\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nnocolon\r\nHost: a\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n", 400},
		{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
		{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 501},
		{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", 501},
		{"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n", 417},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		HttpHead head;
		int status = parse(rows[i].text, &head);
		if (status != rows[i].status)
			fail_msg("%s: %d, not %d", rows[i].text, status, rows[i].status);
	}
}

static void test_a_nul_in_a_head_is_refused(void **state)
{
	(void) state;
	HttpHead head;
	const char *reason = NULL;
	assert_int_equal(http_head_parse(SLICE_LITERAL("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"), &head, &reason), 400);
	assert_int_equal(http_head_parse(SLICE_LITERAL("GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n"), &head, &reason), 400);
}

static void test_a_length_beyond_all_numbers_is_just_too_large(void **state)
{
	(void) state;
	HttpHead head;
	assert_int_equal(parse("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999999\r\n\r\n", &head),
		0);
	assert_true(head.length > (size_t) 1 << 48U);
}

static void test_too_many_headers_are_refused(void **state)
{
	(void) state;
	char text[4096] = "GET / HTTP/1.1\r\nHost: a\r\n";
	for (int i = 0; i < HTTP_HEADERS_MAX; i++)
		(void) strcat(text, "A: b\r\n");
	(void) strcat(text, "\r\n");
	HttpHead head;
	assert_int_equal(parse(text, &head), 431);
}

static void test_the_end_of_a_head_is_found_however_it_arrives(void **state)
{
	(void) state;
	const char text[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\nbody\r\n\r\n";
	const size_t end = (size_t) (strstr(text, "body") - text);
	size_t scanned = 0;
	assert_int_equal(http_head_end(slice_from(text), &scanned), end);
	scanned = 0;
	for (size_t size = 0; size < end; size++)
		assert_int_equal(http_head_end((Slice){text, size}, &scanned), 0);
	assert_int_equal(http_head_end((Slice){text, end}, &scanned), end);
}

// Decodes `text` as it would arrive in pieces of `step` bytes.
static HttpChunksResult decode(const char *text, size_t step, char *data, size_t *size, HttpChunks *chunks,
	size_t size_max)
{
	size_t text_size = strlen(text);
	*chunks = (HttpChunks){0};
	*size = 0;
	HttpChunksResult result = HTTP_CHUNKS_MORE;
	for (size_t from = 0; from < text_size && result == HTTP_CHUNKS_MORE; from += step)
	{
		size_t count = text_size - from < step ? text_size - from : step;
		memcpy(data + *size, text + from, count);
		*size += count;
		result = http_chunks_decode(chunks, data, size, size_max);
	}
	return result;
}

static void test_chunks_decode_the_same_in_pieces_of_any_size(void **state)
{
	(void) state;
	const char text[] = "4\r\nWiki\r\n6;name=\"v\"\r\npedia \r\n0E\r\nin \r\n\r\nchunks.\r\n0\r\nTrailer: x\r\n\r\n";
	for (size_t step = 1; step <= strlen(text); step++)
	{
		char data[256];
		size_t size = 0;
		HttpChunks chunks;
		assert_int_equal(decode(text, step, data, &size, &chunks, 100), HTTP_CHUNKS_DONE);
		assert_int_equal(chunks.body_size, 24);
		assert_memory_equal(data, "Wikipedia in \r\n\r\nchunks.", 24);
		assert_int_equal(size, 24);
	}
}

static void test_what_follows_the_chunks_stays(void **state)
{
	(void) state;
	char data[256];
	size_t size = 0;
	HttpChunks chunks;
	const char text[] = "1\r\nx\r\n0\r\n\r\nGET /";
	assert_int_equal(decode(text, sizeof text, data, &size, &chunks, 100), HTTP_CHUNKS_DONE);
	assert_int_equal(size, 6);
	assert_memory_equal(data, "xGET /", 6);
}

static void test_malformed_chunks_are_refused(void **state)
{
	(void) state;
	static const char *const rows[] = {"\r\n", "x\r\n", "-1\r\n", "+1\r\n", "0x1\r\nx\r\n", "1 1\r\n", " 1\r\n", "1\n",
		"1\r\nxy\r\n", "1\r\nx\n0\r\n", "ffffffffffffffffffff\r\n", "0\r\nbad\n\r\n"};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		char data[256];
		size_t size = 0;
		HttpChunks chunks;
		if (decode(rows[i], 64, data, &size, &chunks, 100) != HTTP_CHUNKS_BAD)
			fail_msg("row %zu is not refused", i);
	}
}

static void test_chunks_are_bounded(void **state)
{
	(void) state;
	static char data[HTTP_TRAILERS_MAX * 2];
	static char text[HTTP_TRAILERS_MAX * 2];
	size_t size = 0;
	HttpChunks chunks;
	assert_int_equal(decode("8\r\n12345678\r\n3\r\n", 64, data, &size, &chunks, 10), HTTP_CHUNKS_TOO_LARGE);
	memset(text, '1', HTTP_CHUNK_LINE_MAX + 2);
	assert_int_equal(decode(text, 100, data, &size, &chunks, 10), HTTP_CHUNKS_BAD);
	memset(text, 'a', sizeof text - 1);
	memcpy(text, "0\r\n", 3);
	assert_int_equal(decode(text, 100, data, &size, &chunks, 10), HTTP_CHUNKS_BAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_usual_head_is_read),
		cmocka_unit_test(test_keep_alive_follows_version_and_connection),
		cmocka_unit_test(test_an_absolute_target_becomes_a_path),
		cmocka_unit_test(test_what_two_servers_might_read_differently_is_refused),
		cmocka_unit_test(test_a_nul_in_a_head_is_refused),
		cmocka_unit_test(test_a_length_beyond_all_numbers_is_just_too_large),
		cmocka_unit_test(test_too_many_headers_are_refused),
		cmocka_unit_test(test_the_end_of_a_head_is_found_however_it_arrives),
		cmocka_unit_test(test_chunks_decode_the_same_in_pieces_of_any_size),
		cmocka_unit_test(test_what_follows_the_chunks_stays),
		cmocka_unit_test(test_malformed_chunks_are_refused),
		cmocka_unit_test(test_chunks_are_bounded),
	};
	return cmocka_run_group_tests_name("http/head", tests, NULL, NULL);
}
