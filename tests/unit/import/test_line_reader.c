#include "import/line_reader.h"

#include "base/buf.h"
#include "base/file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <cmocka.h>

#define LINE_SIZE_MAX ((size_t) 1000)

typedef struct Fixture {
	char folder[64];
	char path[96];
	Buf packed;
	Error error;
} Fixture;

static int set_up(void **state)
{
	static Fixture fixture;
	fixture = (Fixture){0};
	(void) snprintf(fixture.folder, sizeof fixture.folder, "/tmp/sojourn-lines-XXXXXX");
	buf_init(&fixture.packed, 64U << 20U);
	*state = &fixture;
	if (mkdtemp(fixture.folder) == NULL)
		return 1;
	(void) snprintf(fixture.path, sizeof fixture.path, "%s/lines", fixture.folder);
	return 0;
}

static int tear_down(void **state)
{
	Fixture *fixture = *state;
	buf_free(&fixture->packed);
	(void) unlink(fixture->path);
	return rmdir(fixture->folder);
}

static LineReader *open_content(Fixture *fixture, Slice content)
{
	LineReader *reader;
	assert_true(file_replace(fixture->path, content, 0600, &fixture->error));
	assert_true(line_reader_open(fixture->path, LINE_SIZE_MAX, &reader, &fixture->error));
	return reader;
}

// All lines, each with '|' behind it, '+' where it was cut.
static void assert_lines(Fixture *fixture, Slice content, const char *expected)
{
	LineReader *reader = open_content(fixture, content);
	Line line;
	bool has_line;
	Buf lines;
	uint64_t number = 0;
	buf_init(&lines, 1U << 20U);
	while (line_reader_next(reader, &line, &has_line, &fixture->error) && has_line)
	{
		assert_int_equal(line.number, ++number);
		buf_append_slice(&lines, line.text);
		buf_append_text(&lines, line.is_cut ? "+|" : "|");
	}
	if (!slice_equal_text(buf_slice(&lines), expected))
		fail_msg("%.*s", SLICE_PRINT(buf_slice(&lines)));
	assert_int_equal(line_reader_bytes_read(reader), content.size);
	assert_int_equal(line_reader_bytes_all(reader), content.size);
	buf_free(&lines);
	line_reader_close(reader);
}

static void lines_end_in_lf_or_crlf_or_with_the_file(void **state)
{
	Fixture *fixture = *state;
	assert_lines(fixture, SLICE_LITERAL(""), "");
	assert_lines(fixture, SLICE_LITERAL("\n"), "|");
	assert_lines(fixture, SLICE_LITERAL("a"), "a|");
	assert_lines(fixture, SLICE_LITERAL("a\n"), "a|");
	assert_lines(fixture, SLICE_LITERAL("a\n\nb\r\nc\rd\n"), "a||b|c\rd|");
	assert_lines(fixture, SLICE_LITERAL("a\r"), "a|");
}

static void a_long_line_is_cut_and_the_next_is_whole(void **state)
{
	Fixture *fixture = *state;
	static const size_t sizes[] = {LINE_SIZE_MAX, LINE_SIZE_MAX + 1, LINE_READER_BLOCK_SIZE,
		3 * LINE_READER_BLOCK_SIZE + 7};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
	{
		Buf content;
		char expected[LINE_SIZE_MAX + 16];
		buf_init(&content, 16U << 20U);
		buf_append_text(&content, "a\n");
		for (size_t size = 0; size < sizes[i]; size++)
			buf_append_byte(&content, 'x');
		buf_append_text(&content, "\nb\n");
		memset(expected, 'x', sizeof expected);
		memcpy(expected, "a|", 2);
		(void) snprintf(expected + 2 + LINE_SIZE_MAX, 14, "%s|b|", sizes[i] > LINE_SIZE_MAX ? "+" : "");
		assert_lines(fixture, buf_slice(&content), expected);
		buf_free(&content);
	}
}

static void gzip_append(Fixture *fixture, Slice content)
{
	z_stream stream = {0};
	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	size_t room = deflateBound(&stream, content.size);
	stream.next_in = (Bytef *) (uintptr_t) content.data;
	stream.avail_in = (unsigned) content.size;
	stream.next_out = (Bytef *) buf_reserve(&fixture->packed, room);
	stream.avail_out = (unsigned) room;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	fixture->packed.size += stream.total_out;
	(void) deflateEnd(&stream);
}

static void zstd_append(Fixture *fixture, Slice content)
{
	size_t room = ZSTD_compressBound(content.size);
	size_t size = ZSTD_compress(buf_reserve(&fixture->packed, room), room, content.data, content.size, 3);
	assert_false(ZSTD_isError(size));
	fixture->packed.size += size;
}

static size_t count_lines(Fixture *fixture, Slice content, bool *is_ok)
{
	LineReader *reader = open_content(fixture, content);
	Line line;
	bool has_line;
	size_t count = 0;
	while ((*is_ok = line_reader_next(reader, &line, &has_line, &fixture->error)) && has_line)
	{
		char expected[32];
		(void) snprintf(expected, sizeof expected, "line %zu", count % 500000);
		assert_true(slice_equal_text(line.text, expected));
		count++;
	}
	line_reader_close(reader);
	return count;
}

// Several members and frames, as log rotation and `cat` make them, larger than any block.
static void gzip_and_zstd_are_told_by_their_first_bytes(void **state)
{
	Fixture *fixture = *state;
	Buf content;
	bool is_ok;
	buf_init(&content, 64U << 20U);
	for (int i = 0; i < 500000; i++)
		buf_append_format(&content, "line %d\n", i);
	assert_int_equal(count_lines(fixture, buf_slice(&content), &is_ok), 500000);
	assert_true(is_ok);
	void (*const append[])(Fixture *, Slice) = {gzip_append, zstd_append};
	for (size_t i = 0; i < sizeof append / sizeof *append; i++)
	{
		buf_reset(&fixture->packed);
		append[i](fixture, buf_slice(&content));
		append[i](fixture, buf_slice(&content));
		assert_int_equal(count_lines(fixture, buf_slice(&fixture->packed), &is_ok), 1000000);
		assert_true(is_ok);
		fixture->packed.size -= 5;
		assert_in_range(count_lines(fixture, buf_slice(&fixture->packed), &is_ok), 500000, 1000000);
		assert_false(is_ok);
		assert_int_equal(fixture->error.code, ERROR_CORRUPT);
	}
	buf_free(&content);
}

static void damaged_gzip_is_an_error_that_names_the_file(void **state)
{
	Fixture *fixture = *state;
	bool is_ok;
	assert_int_equal(count_lines(fixture, SLICE_LITERAL("\x1F\x8B rubbish that is none"), &is_ok), 0);
	assert_false(is_ok);
	assert_int_equal(fixture->error.code, ERROR_CORRUPT);
	assert_non_null(strstr(fixture->error.message, fixture->path));
}

static void a_file_that_is_not_there_is_named(void **state)
{
	Fixture *fixture = *state;
	LineReader *reader;
	assert_false(line_reader_open("/nowhere/access.log", LINE_SIZE_MAX, &reader, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_NOT_FOUND);
	assert_non_null(strstr(fixture->error.message, "/nowhere/access.log"));
	assert_false(line_reader_open("/", LINE_SIZE_MAX, &reader, &fixture->error));
}

static void what_is_peeked_at_is_read_afterwards(void **state)
{
	Fixture *fixture = *state;
	LineReader *reader = open_content(fixture, SLICE_LITERAL("a\nb\nc"));
	Slice text;
	Line line;
	bool has_line;
	assert_true(line_reader_peek(reader, &text, &fixture->error));
	assert_true(slice_equal_text(text, "a\nb\nc"));
	assert_true(line_reader_next(reader, &line, &has_line, &fixture->error) && has_line);
	assert_true(slice_equal_text(line.text, "a"));
	assert_true(line_reader_peek(reader, &text, &fixture->error));
	assert_true(slice_equal_text(text, "b\nc"));
	line_reader_close(reader);
}

static void a_pipe_is_read_as_it_comes(void **state)
{
	Fixture *fixture = *state;
	LineReader *reader;
	Line line;
	bool has_line;
	int ends[2];
	int saved = dup(STDIN_FILENO);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	assert_int_equal(write(ends[1], "one\ntwo\nthr", 11), 11);
	assert_true(line_reader_open("-", LINE_SIZE_MAX, &reader, &fixture->error));
	assert_int_equal(line_reader_bytes_all(reader), 0);
	assert_true(line_reader_next(reader, &line, &has_line, &fixture->error) && has_line);
	assert_false(line_reader_may_wait(reader));
	assert_true(line_reader_next(reader, &line, &has_line, &fixture->error) && has_line);
	assert_true(slice_equal_text(line.text, "two"));
	assert_true(line_reader_may_wait(reader));
	assert_int_equal(write(ends[1], "ee\n", 3), 3);
	close(ends[1]);
	assert_true(line_reader_next(reader, &line, &has_line, &fixture->error) && has_line);
	assert_true(slice_equal_text(line.text, "three"));
	assert_true(line_reader_next(reader, &line, &has_line, &fixture->error) && !has_line);
	line_reader_close(reader);
	assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	close(saved);
	close(ends[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lines_end_in_lf_or_crlf_or_with_the_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_long_line_is_cut_and_the_next_is_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(gzip_and_zstd_are_told_by_their_first_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(damaged_gzip_is_an_error_that_names_the_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_that_is_not_there_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_peeked_at_is_read_afterwards, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_pipe_is_read_as_it_comes, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
