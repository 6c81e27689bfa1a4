#include "enrich/ip_keys.h"

#include "tests/harness/folder.h"

#include "base/arena.h"
#include "base/clock.h"
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
#define NETWORK SLICE_LITERAL("\xC0\x00\x02\x07")

static char folder[TEST_FOLDER_SIZE];
static char key_path[TEST_FOLDER_SIZE + 16];

static int set_up(void **state)
{
	(void) state;
	Error error;
	test_folder_make(folder);
	(void) snprintf(key_path, sizeof key_path, "%s/ip.key", folder);
	return random_init(&error) ? 0 : 1;
}

static int tear_down(void **state)
{
	(void) state;
	test_folder_remove(folder);
	return 0;
}

// Noon of a date.
static int64_t at(const char *date)
{
	int64_t time_ms = 0;
	assert_true(clock_parse_iso8601(slice_from(date), &time_ms));
	return time_ms + CLOCK_DAY_MS / 2;
}

static IpKeys *keys_of(KeyRotation rotation, const char *oldest)
{
	IpKeys *keys = NULL;
	Error error = {0};
	if (!ip_keys_open(folder, rotation, at(oldest), &keys, &error))
		fail_msg("%s", error.message);
	return keys;
}

static bool is_same(IpKeys *left, const char *left_date, IpKeys *right, const char *right_date)
{
	Hash128 one = ip_keys_hash(left, at(left_date), NETWORK);
	Hash128 two = ip_keys_hash(right, at(right_date), NETWORK);
	return memcmp(one.bytes, two.bytes, sizeof one.bytes) == 0;
}

static void file_text(char text[256])
{
	Arena arena;
	Slice content;
	Error error;
	arena_init(&arena, 4096);
	assert_true(file_read(key_path, 255, &arena, &content, &error));
	(void) snprintf(text, 256, "%.*s", SLICE_PRINT(content));
	arena_free(&arena);
}

static void file_put(const char *text)
{
	Error error;
	assert_true(file_replace(key_path, slice_from(text), 0600, &error));
}

static void advance(IpKeys *keys, const char *oldest)
{
	Error error = {0};
	if (!ip_keys_advance(keys, at(oldest), &error))
		fail_msg("%s", error.message);
}

static void the_event_s_period_chooses_the_key(void **state)
{
	(void) state;
	static const struct {
		KeyRotation rotation;
		const char *date;
		const char *other;
		bool is_same;
	} cases[] = {
		{KEY_ROTATION_DAY, "2026-11-20", "2026-11-20", true},
		{KEY_ROTATION_DAY, "2026-11-20", "2026-11-21", false},
		{KEY_ROTATION_DAY, "2026-11-20", "2026-12-20", false},
		{KEY_ROTATION_MONTH, "2026-11-01", "2026-11-30", true},
		{KEY_ROTATION_MONTH, "2026-11-30", "2026-12-01", false},
		{KEY_ROTATION_NEVER, "2026-11-20", "2036-12-01", true},
		// before the chain
		{KEY_ROTATION_DAY, "2015-05-20", "2015-05-20", true},
		{KEY_ROTATION_DAY, "2015-05-20", "2015-05-21", false},
		{KEY_ROTATION_MONTH, "2015-02-01", "2015-02-28", true},
		{KEY_ROTATION_MONTH, "2015-02-28", "2015-03-01", false},
		{KEY_ROTATION_NEVER, "1969-01-01", "2026-12-01", true},
		// behind all that it will ever have
		{KEY_ROTATION_DAY, "2060-01-01", "2060-01-01", true},
		{KEY_ROTATION_DAY, "2060-01-01", "2060-01-02", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		IpKeys *keys = keys_of(cases[i].rotation, "2026-11-18");
		if (is_same(keys, cases[i].date, keys, cases[i].other) != cases[i].is_same)
			fail_msg("%s and %s", cases[i].date, cases[i].other);
		ip_keys_close(keys);
	}
}

static void a_hash_is_of_the_network_and_of_the_installation(void **state)
{
	(void) state;
	IpKeys *keys = keys_of(KEY_ROTATION_DAY, "2026-11-18");
	Hash128 hash = ip_keys_hash(keys, at("2026-11-20"), NETWORK);
	Hash128 other = ip_keys_hash(keys, at("2026-11-20"), SLICE_LITERAL("\xC0\x00\x02\x08"));
	assert_memory_not_equal(hash.bytes, other.bytes, sizeof hash.bytes);
	assert_int_equal(unlink(key_path), 0);
	IpKeys *elsewhere = keys_of(KEY_ROTATION_DAY, "2026-11-18");
	assert_false(is_same(keys, "2026-11-20", elsewhere, "2026-11-20"));
	ip_keys_close(elsewhere);
	ip_keys_close(keys);
}

// Two that began with the same file and were advanced on different days, one of them being stopped for weeks.
static void who_began_with_the_same_file_has_the_same_keys(void **state)
{
	(void) state;
	char first[256];
	char last[256];
	IpKeys *steady = keys_of(KEY_ROTATION_DAY, "2026-11-18");
	file_text(first);
	for (int day = 19; day <= 30; day++)
	{
		char date[16];
		(void) snprintf(date, sizeof date, "2026-11-%d", day);
		advance(steady, date);
	}
	file_text(last);
	file_put(first);
	IpKeys *stopped = keys_of(KEY_ROTATION_DAY, "2026-11-30");
	char after[256];
	file_text(after);
	assert_string_equal(after, last);
	assert_true(is_same(steady, "2026-11-30", stopped, "2026-11-30"));
	assert_true(is_same(steady, "2026-12-05", stopped, "2026-12-05"));
	ip_keys_close(stopped);
	ip_keys_close(steady);
}

static void what_no_hit_can_need_is_forgotten(void **state)
{
	(void) state;
	char text[256];
	IpKeys *keys = keys_of(KEY_ROTATION_DAY, "2026-11-18");
	Hash128 before = ip_keys_hash(keys, at("2026-11-18"), NETWORK);
	Hash128 kept = ip_keys_hash(keys, at("2026-11-25"), NETWORK);
	Hash128 import = ip_keys_hash(keys, at("2015-05-20"), NETWORK);
	advance(keys, "2026-11-19");
	file_text(text);
	assert_true(strncmp(text, "2026-11-19 ", 11) == 0);
	// The key of the 18th is neither in memory nor in the file any more; that of the 25th is the same as ever.
	for (int again = 0; again < 2; again++)
	{
		Hash128 hash = ip_keys_hash(keys, at("2026-11-18"), NETWORK);
		assert_memory_not_equal(hash.bytes, before.bytes, sizeof hash.bytes);
		hash = ip_keys_hash(keys, at("2015-05-20"), NETWORK);
		assert_memory_not_equal(hash.bytes, import.bytes, sizeof hash.bytes);
		hash = ip_keys_hash(keys, at("2026-11-25"), NETWORK);
		assert_memory_equal(hash.bytes, kept.bytes, sizeof hash.bytes);
		ip_keys_close(keys);
		keys = keys_of(KEY_ROTATION_DAY, "2026-11-19");
	}
	ip_keys_close(keys);
}

static void a_month_s_key_is_kept_while_a_day_of_it_is_needed(void **state)
{
	(void) state;
	char text[256];
	IpKeys *keys = keys_of(KEY_ROTATION_MONTH, "2026-10-31");
	Hash128 october = ip_keys_hash(keys, at("2026-10-31"), NETWORK);
	Hash128 november = ip_keys_hash(keys, at("2026-11-07"), NETWORK);
	file_text(text);
	assert_true(strncmp(text, "2026-10-01 ", 11) == 0);
	advance(keys, "2026-11-30");
	file_text(text);
	assert_true(strncmp(text, "2026-11-01 ", 11) == 0);
	Hash128 hash = ip_keys_hash(keys, at("2026-11-29"), NETWORK);
	assert_memory_equal(hash.bytes, november.bytes, sizeof hash.bytes);
	hash = ip_keys_hash(keys, at("2026-10-31"), NETWORK);
	assert_memory_not_equal(hash.bytes, october.bytes, sizeof hash.bytes);
	ip_keys_close(keys);
}

// Begun with days in the middle of a month: its hashes stay the same over the whole of it.
static void a_changed_rotation_goes_on_with_the_chain(void **state)
{
	(void) state;
	char before[256];
	char after[256];
	ip_keys_close(keys_of(KEY_ROTATION_DAY, "2026-11-18"));
	IpKeys *keys = keys_of(KEY_ROTATION_MONTH, "2026-11-18");
	assert_true(is_same(keys, "2026-11-18", keys, "2026-11-30"));
	assert_true(is_same(keys, "2026-11-02", keys, "2026-11-30"));
	assert_false(is_same(keys, "2026-11-18", keys, "2026-12-01"));
	ip_keys_close(keys);
	file_text(before);
	keys = keys_of(KEY_ROTATION_NEVER, "2027-11-18");
	advance(keys, "2028-01-01");
	file_text(after);
	assert_string_equal(before, after);
	ip_keys_close(keys);
	ip_keys_close(keys_of(KEY_ROTATION_DAY, "2027-11-18"));
	file_text(after);
	assert_true(strncmp(after, "2027-11-18 ", 11) == 0);
}

// Another process took the lock, or went further.
static void the_file_never_goes_back(void **state)
{
	(void) state;
	char text[256];
	char lock_path[TEST_FOLDER_SIZE + 32];
	Error error;
	int lock = -1;
	IpKeys *slow = keys_of(KEY_ROTATION_DAY, "2026-11-18");
	(void) snprintf(lock_path, sizeof lock_path, "%s/ip.key.lock", folder);
	assert_true(file_lock(lock_path, &lock, &error));
	advance(slow, "2026-11-19");
	file_text(text);
	assert_true(strncmp(text, "2026-11-18 ", 11) == 0); // looked at again
	(void) close(lock);
	advance(slow, "2026-11-19");
	file_text(text);
	assert_true(strncmp(text, "2026-11-19 ", 11) == 0);
	ip_keys_close(keys_of(KEY_ROTATION_DAY, "2026-11-25"));
	advance(slow, "2026-11-20");
	file_text(text);
	assert_true(strncmp(text, "2026-11-25 ", 11) == 0);
	ip_keys_close(slow);
}

static void the_key_is_made_once_for_its_owner_only(void **state)
{
	(void) state;
	int pipe_fds[2];
	assert_int_equal(pipe(pipe_fds), 0);
	for (int i = 0; i < PROCESSES; i++)
	{
		if (fork() != 0)
			continue;
		IpKeys *keys = NULL;
		Error error;
		if (!ip_keys_open(folder, KEY_ROTATION_DAY, at("2026-11-18"), &keys, &error))
			_exit(1);
		Hash128 hash = ip_keys_hash(keys, at("2026-11-20"), NETWORK);
		_exit(write(pipe_fds[1], hash.bytes, sizeof hash.bytes) == sizeof hash.bytes ? 0 : 1);
	}
	Hash128 first;
	for (int i = 0; i < PROCESSES; i++)
	{
		int status = 0;
		Hash128 hash;
		assert_true(wait(&status) > 0 && status == 0);
		assert_int_equal(read(pipe_fds[0], hash.bytes, sizeof hash.bytes), sizeof hash.bytes);
		if (i == 0)
			first = hash;
		assert_memory_equal(hash.bytes, first.bytes, sizeof hash.bytes);
	}
	(void) close(pipe_fds[0]);
	(void) close(pipe_fds[1]);
	struct stat status;
	assert_int_equal(stat(key_path, &status), 0);
	assert_int_equal(status.st_mode & 0777U, 0600);
}

static void a_malformed_file_is_named(void **state)
{
	(void) state;
	static const char *const texts[] = {"", "2026-11-18", "2026-11-18 00", "2026-13-18 %064d", "2026-11-18 %063dg",
		"2026-11-18_%064d", "2026-11-18 %064d0"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
	{
		char text[256];
		IpKeys *keys = NULL;
		Error error = {0};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		(void) snprintf(text, sizeof text, texts[i], 0);
#pragma GCC diagnostic pop
		file_put(text);
		assert_false(ip_keys_open(folder, KEY_ROTATION_DAY, at("2026-11-18"), &keys, &error));
		assert_int_equal(error.code, ERROR_CORRUPT);
		assert_non_null(strstr(error.message, key_path));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_event_s_period_chooses_the_key, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_hash_is_of_the_network_and_of_the_installation, set_up, tear_down),
		cmocka_unit_test_setup_teardown(who_began_with_the_same_file_has_the_same_keys, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_no_hit_can_need_is_forgotten, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_month_s_key_is_kept_while_a_day_of_it_is_needed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_changed_rotation_goes_on_with_the_chain, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_file_never_goes_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_key_is_made_once_for_its_owner_only, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_malformed_file_is_named, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
