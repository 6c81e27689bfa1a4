#include "base/error.h"

#include <errno.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_setting_gives_false_and_the_sentence(void **state)
{
	(void) state;
	Error error;
	memset(&error, 0xFF, sizeof error);
	assert_false(error_set(&error, ERROR_TOO_LARGE, "%d bytes", 12));
	assert_int_equal(error.code, ERROR_TOO_LARGE);
	assert_int_equal(error.system_errno, 0);
	assert_string_equal(error.sqlstate, "");
	assert_string_equal(error.message, "12 bytes");
	assert_false(error_set(NULL, ERROR_TOO_LARGE, "x"));
}

static void test_errno_is_kept_and_told(void **state)
{
	(void) state;
	Error error;
	errno = ENOENT;
	assert_false(error_set_errno(&error, ERROR_SYSTEM, "cannot open %s", "x"));
	assert_int_equal(error.system_errno, ENOENT);
	assert_string_equal(error.message, "cannot open x: No such file or directory");
	assert_false(error_set_errno(NULL, ERROR_SYSTEM, "x"));
}

static void test_a_prefix_keeps_the_codes(void **state)
{
	(void) state;
	Error error;
	errno = ENOSPC;
	(void) error_set_errno(&error, ERROR_FULL, "disk");
	assert_false(error_prefix(&error, "line %d: ", 3));
	assert_string_equal(error.message, "line 3: disk: No space left on device");
	assert_int_equal(error.code, ERROR_FULL);
	assert_int_equal(error.system_errno, ENOSPC);
	assert_false(error_prefix(NULL, "x"));
}

static void test_long_sentences_are_cut(void **state)
{
	(void) state;
	Error error;
	char text[2000];
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	(void) error_set(&error, ERROR_SYSTEM, "%s", text);
	assert_int_equal(strlen(error.message), sizeof error.message - 1);
	errno = EIO;
	(void) error_set_errno(&error, ERROR_SYSTEM, "%s", text);
	(void) error_prefix(&error, "%s", text);
	assert_int_equal(strlen(error.message), sizeof error.message - 1);
}

static void test_every_code_has_its_statuses(void **state)
{
	(void) state;
	assert_int_equal(error_exit_status(ERROR_NONE), 0);
	assert_int_equal(error_exit_status(ERROR_USAGE), 2);
	assert_int_equal(error_http_status(ERROR_FULL), 503);
	assert_string_equal(error_name(ERROR_DATABASE_AWAY), "database_away");
	for (int code = ERROR_BAD_INPUT; code <= ERROR_CORRUPT; code++)
	{
		assert_int_equal(error_exit_status((ErrorCode) code), 1);
		assert_in_range(error_http_status((ErrorCode) code), 400, 599);
		assert_non_null(error_name((ErrorCode) code));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_setting_gives_false_and_the_sentence),
		cmocka_unit_test(test_errno_is_kept_and_told),
		cmocka_unit_test(test_a_prefix_keeps_the_codes),
		cmocka_unit_test(test_long_sentences_are_cut),
		cmocka_unit_test(test_every_code_has_its_statuses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
