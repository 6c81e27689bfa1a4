#include "base/log.h"

#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

// The log writes to stderr; each test puts a file in its place and reads what came.
typedef struct Fixture {
	int stderr_saved;
	FILE *file;
	char text[200000];
} Fixture;

static int set_up(void **state)
{
	static Fixture fixture;
	fixture.file = tmpfile();
	fixture.stderr_saved = dup(STDERR_FILENO);
	log_init("test", LOG_INFO);
	*state = &fixture;
	return fixture.file != NULL && dup2(fileno(fixture.file), STDERR_FILENO) >= 0 ? 0 : -1;
}

static int tear_down(void **state)
{
	Fixture *fixture = *state;
	(void) close(fixture->stderr_saved);
	return fclose(fixture->file);
}

// What was logged, without the time that each line begins with.
static const char *logged(Fixture *fixture)
{
	ssize_t size = pread(fileno(fixture->file), fixture->text, sizeof fixture->text - 1, 0);
	(void) dup2(fixture->stderr_saved, STDERR_FILENO);
	assert_true(size >= 0);
	fixture->text[size] = '\0';
	if (size == 0)
		return "";
	assert_memory_equal(fixture->text, "time=20", 7);
	return fixture->text + sizeof "time=2026-01-31T23:59:59.123Z";
}

static void test_a_line_names_level_process_and_event(void **state)
{
	log_event(LOG_WARNING, "buffer.sealed", "segment=%d size=%d", 3, 4);
	assert_string_equal(logged(*state), "level=warning process=test event=buffer.sealed segment=3 size=4\n");
}

static void test_an_event_may_stand_alone(void **state)
{
	log_event(LOG_INFO, "alone", NULL);
	assert_string_equal(logged(*state), "level=info process=test event=alone\n");
}

static void test_lines_below_the_least_level_are_dropped(void **state)
{
	log_event(LOG_DEBUG, "quiet", NULL);
	assert_string_equal(logged(*state), "");
}

static void test_free_text_is_quoted_as_needed(void **state)
{
	log_text(LOG_INFO, "free", "text", SLICE_LITERAL("a \"b\"\\\n=\x01\x7F\0"));
	assert_string_equal(logged(*state),
		"level=info process=test event=free text=\"a \\\"b\\\"\\\\\\n=\\x01\\x7f\\x00\"\n");
}

static void test_plain_text_is_not_quoted_and_empty_text_is(void **state)
{
	Fixture *fixture = *state;
	log_text(LOG_INFO, "plain", "text", SLICE_LITERAL("\xC3\xA9:/"));
	assert_string_equal(logged(fixture), "level=info process=test event=plain text=\xC3\xA9:/\n");
	assert_true(dup2(fileno(fixture->file), STDERR_FILENO) >= 0);
	log_text(LOG_INFO, "empty", "text", SLICE_NONE);
	assert_non_null(strstr(logged(fixture), "event=empty text=\"\"\n"));
}

static void test_pairs_cannot_break_the_line(void **state)
{
	log_event(LOG_INFO, "pairs", "a=%s", "1\nlevel=error\r");
	assert_string_equal(logged(*state), "level=info process=test event=pairs a=1\\nlevel=error\\x0d\n");
}

static void test_errors_tell_their_codes(void **state)
{
	Error error = {.code = ERROR_DATABASE, .sqlstate = "40001", .system_errno = 5, .message = "it is away"};
	log_error("load.failed", &error);
	assert_string_equal(logged(*state),
		"level=error process=test event=load.failed code=database sqlstate=40001 errno=5 message=\"it is away\"\n");
}

static void test_long_lines_are_cut_but_end(void **state)
{
	char text[10000];
	memset(text, 'x', sizeof text);
	log_text(LOG_INFO, "long", "text", (Slice){text, sizeof text});
	const char *line = logged(*state);
	assert_true(strlen(line) < 4096 && strlen(line) > 4000);
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
}

static void test_repeats_are_held_back(void **state)
{
	for (int i = 0; i < 1000; i++)
		log_event(LOG_INFO, "repeated", "i=%d", i);
	log_event(LOG_INFO, "other", NULL);
	size_t lines = 0;
	for (const char *at = logged(*state); (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	assert_int_equal(lines, LOG_REPEATS_PER_MINUTE + 1);
}

static void test_more_events_than_the_table_holds_are_still_bounded(void **state)
{
	for (int i = 0; i < 1000; i++)
	{
		char event[32];
		(void) snprintf(event, sizeof event, "event.%d", i);
		log_event(LOG_INFO, event, NULL);
	}
	size_t lines = 0;
	for (const char *at = logged(*state); (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	assert_in_range(lines, 200, 256 + LOG_REPEATS_PER_MINUTE);
}

static void test_levels_are_named(void **state)
{
	Fixture *fixture = *state;
	(void) dup2(fixture->stderr_saved, STDERR_FILENO);
	LogLevel level = LOG_INFO;
	assert_true(log_level_parse(SLICE_LITERAL("debug"), &level) && level == LOG_DEBUG);
	assert_true(log_level_parse(SLICE_LITERAL("error"), &level) && level == LOG_ERROR);
	assert_false(log_level_parse(SLICE_LITERAL("loud"), &level));
	assert_false(log_level_parse(SLICE_NONE, &level));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_line_names_level_process_and_event),
		TEST(test_an_event_may_stand_alone),
		TEST(test_lines_below_the_least_level_are_dropped),
		TEST(test_free_text_is_quoted_as_needed),
		TEST(test_plain_text_is_not_quoted_and_empty_text_is),
		TEST(test_pairs_cannot_break_the_line),
		TEST(test_errors_tell_their_codes),
		TEST(test_long_lines_are_cut_but_end),
		TEST(test_repeats_are_held_back),
		TEST(test_levels_are_named),
		TEST(test_more_events_than_the_table_holds_are_still_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
