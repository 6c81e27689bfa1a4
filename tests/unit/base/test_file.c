#include "base/file.h"

#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct Fixture {
	char folder[64];
	char path[128];
	Arena arena;
	Error error;
} Fixture;

static int set_up(void **state)
{
	static Fixture fixture;
	fixture = (Fixture){.folder = "/tmp/sojourn-test-XXXXXX"};
	if (mkdtemp(fixture.folder) == NULL)
		return -1;
	(void) snprintf(fixture.path, sizeof fixture.path, "%s/file", fixture.folder);
	arena_init(&fixture.arena, 1U << 20U);
	*state = &fixture;
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void) status;
	(void) type;
	(void) walk;
	return remove(path);
}

static int tear_down(void **state)
{
	Fixture *fixture = *state;
	arena_free(&fixture->arena);
	return nftw(fixture->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void test_what_replaces_a_file_is_read_back(void **state)
{
	Fixture *fixture = *state;
	Slice content = SLICE_NONE;
	struct stat status;
	assert_true(file_replace(fixture->path, SLICE_LITERAL("first, longer"), 0600, &fixture->error));
	assert_true(file_replace(fixture->path, SLICE_LITERAL("a\0b"), 0640, &fixture->error));
	assert_true(file_read(fixture->path, 3, &fixture->arena, &content, &fixture->error));
	assert_int_equal(content.size, 3);
	assert_memory_equal(content.data, "a\0b", 4);
	assert_int_equal(stat(fixture->path, &status), 0);
	assert_int_equal(status.st_mode & 0777U, 0640);
}

static size_t entries_count(const char *folder)
{
	size_t count = 0;
	DIR *entries = opendir(folder);
	assert_non_null(entries);
	while (readdir(entries) != NULL)
		count++;
	(void) closedir(entries);
	return count - 2;
}

static void test_a_file_is_made_once_and_never_over_another(void **state)
{
	Fixture *fixture = *state;
	Slice content = SLICE_NONE;
	bool is_created = false;
	assert_true(file_create(fixture->path, SLICE_LITERAL("first"), 0600, &is_created, &fixture->error));
	assert_true(is_created);
	assert_true(file_create(fixture->path, SLICE_LITERAL("second"), 0600, &is_created, &fixture->error));
	assert_false(is_created);
	assert_true(file_read(fixture->path, 10, &fixture->arena, &content, &fixture->error));
	assert_true(slice_equal_text(content, "first"));
	assert_int_equal(entries_count(fixture->folder), 1);
	assert_false(file_create("/nowhere/file", SLICE_LITERAL("x"), 0600, &is_created, &fixture->error));
	assert_false(is_created);
	assert_int_equal(fixture->error.code, ERROR_SYSTEM);
}

static void test_a_failed_replace_leaves_nothing_behind(void **state)
{
	Fixture *fixture = *state;
	assert_true(file_make_directory(fixture->path, 0700, &fixture->error));
	assert_false(file_replace(fixture->path, SLICE_LITERAL("x"), 0600, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_SYSTEM);
	assert_non_null(strstr(fixture->error.message, fixture->path));
	assert_int_equal(entries_count(fixture->folder), 1);
}

static void test_reading_tells_missing_from_too_large(void **state)
{
	Fixture *fixture = *state;
	Slice content = SLICE_NONE;
	assert_false(file_read(fixture->path, 10, &fixture->arena, &content, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_NOT_FOUND);
	assert_true(file_replace(fixture->path, SLICE_LITERAL("12345678901"), 0600, &fixture->error));
	assert_false(file_read(fixture->path, 10, &fixture->arena, &content, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_TOO_LARGE);
	assert_false(file_read(fixture->folder, 10, &fixture->arena, &content, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_SYSTEM);
	for (size_t nth = 1; nth <= 2; nth++)
	{
		memory_fail_at(nth);
		assert_false(file_read(fixture->path, 100, &fixture->arena, &content, &fixture->error));
		memory_fail_at(0);
		assert_int_equal(fixture->error.code, ERROR_MEMORY);
	}
}

static void test_a_file_without_a_size_is_read_to_its_end(void **state)
{
	Fixture *fixture = *state;
	Slice content = SLICE_NONE;
	assert_true(file_read("/proc/self/status", 100000, &fixture->arena, &content, &fixture->error));
	assert_true(slice_starts_with(content, SLICE_LITERAL("Name:")));
}

static void test_a_large_file_survives(void **state)
{
	Fixture *fixture = *state;
	static char text[300001];
	Slice content = SLICE_NONE;
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char) (i % 253);
	Slice whole = {text, sizeof text};
	assert_true(file_replace(fixture->path, whole, 0600, &fixture->error));
	assert_true(file_read(fixture->path, sizeof text, &fixture->arena, &content, &fixture->error));
	assert_true(slice_equal(content, whole));
}

static void test_folders_are_made_with_their_parents(void **state)
{
	Fixture *fixture = *state;
	char path[256];
	(void) snprintf(path, sizeof path, "%s/a//b/c/", fixture->folder);
	assert_true(file_make_directory(path, 0700, &fixture->error));
	assert_true(file_make_directory(path, 0700, &fixture->error));
	assert_true(file_exists(path));
	assert_true(file_replace(fixture->path, SLICE_LITERAL("x"), 0600, &fixture->error));
	assert_false(file_make_directory(fixture->path, 0700, &fixture->error));
	(void) snprintf(path, sizeof path, "%s/x", fixture->path);
	assert_false(file_make_directory(path, 0700, &fixture->error));
	assert_non_null(strstr(fixture->error.message, "Not a directory"));
	assert_false(file_make_directory("", 0700, &fixture->error));
	assert_false(file_exists(path));
}

static void test_a_lock_is_held_once(void **state)
{
	Fixture *fixture = *state;
	int fd = -1;
	int other = -1;
	assert_true(file_lock(fixture->path, &fd, &fixture->error));
	assert_false(file_lock(fixture->path, &other, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_BUSY);
	assert_int_equal(close(fd), 0);
	assert_true(file_lock(fixture->path, &fd, &fixture->error));
	assert_int_equal(close(fd), 0);
}

static void test_the_table_of_calls_works_as_the_system_does(void **state)
{
	Fixture *fixture = *state;
	const FileSystem *files = file_system_posix();
	char data[6] = "";
	char other[160];
	(void) snprintf(other, sizeof other, "%s.other", fixture->path);
	int fd = files->open(files->context, fixture->path, O_RDWR | O_CREAT, 0600);
	assert_true(fd >= 0);
	assert_int_equal(files->fallocate(files->context, fd, 0, 100), 0);
	assert_int_equal(files->fallocate(files->context, fd, 0, -1), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(files->pwrite(files->context, fd, "hello", 5, 10), 5);
	assert_int_equal(files->fdatasync(files->context, fd), 0);
	assert_int_equal(files->fsync(files->context, fd), 0);
	assert_int_equal(files->ftruncate(files->context, fd, 15), 0);
	assert_int_equal(files->pread(files->context, fd, data, 6, 10), 5);
	assert_string_equal(data, "hello");
	assert_int_equal(files->rename(files->context, fixture->path, other), 0);
	assert_true(file_sync_directory(files, fixture->folder, &fixture->error));
	assert_int_equal(files->unlink(files->context, other), 0);
	assert_int_equal(files->close(files->context, fd), 0);
	assert_false(file_sync_directory(files, other, &fixture->error));
}

static void test_writing_to_a_full_device_is_full(void **state)
{
	Fixture *fixture = *state;
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_false(file_write_all(fd, SLICE_LITERAL("x"), &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_FULL);
	assert_int_equal(close(fd), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_what_replaces_a_file_is_read_back),
		TEST(test_a_file_is_made_once_and_never_over_another),
		TEST(test_a_failed_replace_leaves_nothing_behind),
		TEST(test_reading_tells_missing_from_too_large),
		TEST(test_a_file_without_a_size_is_read_to_its_end),
		TEST(test_a_large_file_survives),
		TEST(test_folders_are_made_with_their_parents),
		TEST(test_a_lock_is_held_once),
		TEST(test_the_table_of_calls_works_as_the_system_does),
		TEST(test_writing_to_a_full_device_is_full),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
