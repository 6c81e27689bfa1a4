#include "enrich/identity.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PROCESSES 8

static char folder[64];
static char keys[96];
static char key_path[128];

static int set_up(void **state)
{
	(void) state;
	Error error;
	(void) snprintf(folder, sizeof folder, "/tmp/sojourn-identity-XXXXXX");
	if (mkdtemp(folder) == NULL || !random_init(&error))
		return 1;
	(void) snprintf(keys, sizeof keys, "%s/state/keys", folder);
	(void) snprintf(key_path, sizeof key_path, "%s/person.key", keys);
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	char path[128];
	(void) unlink(key_path);
	(void) rmdir(keys);
	(void) snprintf(path, sizeof path, "%s/state", folder);
	(void) rmdir(path);
	return rmdir(folder); // fails where anything else was left behind
}

static HashKey key_of_byte(unsigned char byte)
{
	HashKey key;
	memset(key.bytes, byte, sizeof key.bytes);
	return key;
}

static void the_key_is_made_once_for_its_owner_only(void **state)
{
	(void) state;
	HashKey first;
	HashKey second;
	Error error = {0};
	struct stat status;
	assert_true(identity_key_open(keys, &first, &error));
	assert_true(identity_key_open(keys, &second, &error));
	assert_memory_equal(first.bytes, second.bytes, sizeof first.bytes);
	assert_int_equal(stat(key_path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(status.st_size, HASH_KEY_SIZE);
}

static void processes_that_make_the_key_at_once_get_the_same(void **state)
{
	(void) state;
	int pipes[PROCESSES][2];
	int gate[2];
	assert_int_equal(pipe(gate), 0);
	for (int i = 0; i < PROCESSES; i++)
	{
		assert_int_equal(pipe(pipes[i]), 0);
		if (fork() != 0)
			continue;
		char byte;
		HashKey key;
		Error error;
		close(gate[1]);
		bool is_ok = read(gate[0], &byte, 1) == 0 && identity_key_open(keys, &key, &error);
		is_ok = is_ok && write(pipes[i][1], key.bytes, sizeof key.bytes) == (ssize_t) sizeof key.bytes;
		_exit(is_ok ? 0 : 1);
	}
	close(gate[0]);
	close(gate[1]);
	HashKey first;
	for (int i = 0; i < PROCESSES; i++)
	{
		HashKey key;
		int status = 0;
		close(pipes[i][1]);
		assert_int_equal(read(pipes[i][0], key.bytes, sizeof key.bytes), sizeof key.bytes);
		close(pipes[i][0]);
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
		if (i == 0)
			first = key;
		assert_memory_equal(first.bytes, key.bytes, sizeof key.bytes);
	}
}

static void a_key_of_another_size_is_refused(void **state)
{
	(void) state;
	HashKey key;
	Error error = {0};
	assert_true(file_make_directory(keys, 0700, &error));
	assert_true(file_replace(key_path, SLICE_LITERAL("short"), 0600, &error));
	assert_false(identity_key_open(keys, &key, &error));
	assert_int_equal(error.code, ERROR_CORRUPT);
}

static void numbers_are_themselves_and_other_texts_lie_above_2_62(void **state)
{
	(void) state;
	static const struct {
		const char *text;
		int64_t number; // 0: external
	} cases[] = {
		{"1", 1},
		{"42", 42},
		{"999999999999999999", 999999999999999999},
		{"1000000000000000000", 0},
		{"0", 0},
		{"042", 0},
		{"-1", 0},
		{"+1", 0},
		{"1.0", 0},
		{" 1", 0},
		{"bob", 0},
		{"507f1f77bcf86cd799439011", 0},
	};
	HashKey key = key_of_byte(7);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		bool is_external = false;
		int64_t person = identity_person(&key, slice_from(cases[i].text), &is_external);
		assert_int_equal(is_external, cases[i].number == 0);
		if (is_external)
			assert_true(person >= INT64_C(1) << 62);
		else
			assert_int_equal(person, cases[i].number);
	}
}

static void browsers_lie_between_minus_1_and_minus_2_62(void **state)
{
	(void) state;
	HashKey key = key_of_byte(7);
	for (int i = 0; i < 10000; i++)
	{
		char text[16];
		(void) snprintf(text, sizeof text, "%d", i);
		int64_t browser = identity_browser(&key, slice_from(text));
		assert_true(browser <= -1 && browser >= -(INT64_C(1) << 62));
	}
}

// These numbers are in databases: a change here makes everybody another person.
static void the_numbers_of_a_key_never_change(void **state)
{
	(void) state;
	HashKey key = key_of_byte(7);
	HashKey other = key_of_byte(8);
	bool is_external;
	assert_int_equal(identity_person(&key, SLICE_LITERAL("bob"), &is_external), INT64_C(5514140465877154019));
	assert_int_equal(identity_browser(&key, SLICE_LITERAL("bob")), INT64_C(-1676527694423466846));
	assert_int_equal(identity_log_browser(&key, SLICE_LITERAL("192.0.2.1"), SLICE_LITERAL("Mozilla/5.0")),
		INT64_C(-1334805966236629267));
	assert_int_not_equal(identity_browser(&other, SLICE_LITERAL("bob")), INT64_C(-1676527694423466846));
}

static void a_log_browser_is_its_address_and_its_user_agent(void **state)
{
	(void) state;
	HashKey key = key_of_byte(7);
	int64_t browser = identity_log_browser(&key, SLICE_LITERAL("192.0.2.1"), SLICE_LITERAL("A"));
	assert_int_equal(browser, identity_log_browser(&key, SLICE_LITERAL("192.0.2.1"), SLICE_LITERAL("A")));
	assert_int_not_equal(browser, identity_log_browser(&key, SLICE_LITERAL("192.0.2.2"), SLICE_LITERAL("A")));
	assert_int_not_equal(browser, identity_log_browser(&key, SLICE_LITERAL("192.0.2.1"), SLICE_LITERAL("B")));
	assert_int_not_equal(browser, identity_log_browser(&key, SLICE_LITERAL("192.0.2.1A"), SLICE_NONE));
	assert_int_not_equal(browser, identity_browser(&key, SLICE_LITERAL("192.0.2.1")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_key_is_made_once_for_its_owner_only, set_up, tear_down),
		cmocka_unit_test_setup_teardown(processes_that_make_the_key_at_once_get_the_same, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_key_of_another_size_is_refused, set_up, tear_down),
		cmocka_unit_test(numbers_are_themselves_and_other_texts_lie_above_2_62),
		cmocka_unit_test(browsers_lie_between_minus_1_and_minus_2_62),
		cmocka_unit_test(the_numbers_of_a_key_never_change),
		cmocka_unit_test(a_log_browser_is_its_address_and_its_user_agent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
