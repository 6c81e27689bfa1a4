#include "import/hit_lines.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

// "ok" is taken, "stop" ends everything, all else is refused with its own text's first letter for a code.
static bool take(void *context, const Line *line, HitLineVerdict *verdict, Error *error)
{
	(void) context;
	if (slice_equal_text(line->text, "stop"))
		return error_set(error, ERROR_SYSTEM, "stopped");
	if (slice_equal_text(line->text, "ok"))
		return true;
	*verdict = (HitLineVerdict){*line->text.data == 'a' ? "bad_a" : "bad_b", "it is bad"};
	return true;
}

static bool pause_nothing(void *context, const LineReader *reader, bool is_waiting, Error *error)
{
	(void) context;
	(void) reader;
	(void) is_waiting;
	(void) error;
	return true;
}

static bool read_text(const char *content, HitLineCounts *counts, Error *error)
{
	char path[] = "/tmp/sojourn-hits-XXXXXX";
	LineReader *reader;
	const HitLines lines = {.path = "hits.jsonl", .take = take, .pause = pause_nothing};
	int fd = mkstemp(path);
	assert_true(fd >= 0 && file_write_all(fd, slice_from(content), error));
	close(fd);
	assert_true(line_reader_open(path, 20, &reader, error));
	bool is_ok = hit_lines_read(&lines, reader, counts, error);
	line_reader_close(reader);
	(void) unlink(path);
	return is_ok;
}

static void refused_lines_are_counted_by_code_and_the_first_shown(void **state)
{
	(void) state;
	HitLineCounts counts = {0};
	Error error;
	assert_true(
		read_text("ok\n\na1\n \t\nb\na2\nok\na line that is longer than twenty bytes\nb\nb\nok", &counts, &error));
	assert_int_equal(counts.lines, 9);
	assert_int_equal(counts.accepted, 3);
	assert_string_equal(counts.codes[0].code, "bad_a");
	assert_int_equal(counts.codes[0].lines, 2);
	assert_string_equal(counts.codes[1].code, "bad_b");
	assert_int_equal(counts.codes[1].lines, 3);
	assert_string_equal(counts.codes[2].code, "too_large");
	assert_null(counts.codes[3].code);
	assert_int_equal(counts.example_count, HIT_LINES_EXAMPLES_MAX);
	assert_int_equal(counts.examples[0].line, 3);
	assert_string_equal(counts.examples[0].path, "hits.jsonl");
	assert_int_equal(counts.examples[3].line, 8);
	assert_string_equal(counts.examples[3].code, "too_large");
}

static void a_failure_names_the_line(void **state)
{
	(void) state;
	HitLineCounts counts = {0};
	Error error = {0};
	assert_false(read_text("ok\n\nstop\nok\n", &counts, &error));
	assert_string_equal(error.message, "line 3: stopped");
	assert_int_equal(counts.accepted, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused_lines_are_counted_by_code_and_the_first_shown),
		cmocka_unit_test(a_failure_names_the_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
