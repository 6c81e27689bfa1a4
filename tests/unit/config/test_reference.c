// Compares docs/reference/settings.md with the table of settings; with --write behind the path, writes it.
#include "config/settings_text.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *program;
static const char *path;

static void test_the_reference_page_is_that_of_the_table(void **state)
{
	(void) state;
	Arena arena;
	Buf page;
	Error error;
	Slice written = SLICE_NONE;
	arena_init(&arena, 1U << 20U);
	buf_init(&page, 1U << 18U);
	settings_reference_write(&page);
	assert_true(buf_is_ok(&page));
	if (!file_read(path, 1U << 18U, &arena, &written, &error))
		fail_msg("%s", error.message);
	if (!slice_equal(written, buf_slice(&page)))
		fail_msg("%s is out of date; run: %s %s --write", path, program, path);
	buf_free(&page);
	arena_free(&arena);
}

static int page_write(void)
{
	Buf page;
	Error error;
	buf_init(&page, 1U << 18U);
	settings_reference_write(&page);
	bool is_ok = buf_is_ok(&page) && file_replace(path, buf_slice(&page), 0644, &error);
	if (!is_ok)
		(void) fprintf(stderr, "%s\n", error.message);
	buf_free(&page);
	return is_ok ? 0 : 1;
}

int main(int count, char **arguments)
{
	if (count < 2)
		return 2;
	program = arguments[0];
	path = arguments[1];
	if (count > 2 && strcmp(arguments[2], "--write") == 0)
		return page_write();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_reference_page_is_that_of_the_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
