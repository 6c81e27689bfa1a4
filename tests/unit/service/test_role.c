#include "base/random.h"
#include "config/settings_load.h"
#include "harness/folder.h"
#include "service/lock.h"
#include "service/role.h"
#include "service/state.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PATH_SIZE 256

static char folder[TEST_FOLDER_SIZE];

static int setup(void **state)
{
	(void) state;
	Error error;
	test_folder_make(folder);
	return random_init(&error) ? 0 : -1;
}

static int teardown(void **state)
{
	(void) state;
	test_folder_remove(folder);
	return 0;
}

static void roles_have_names(void **state)
{
	(void) state;
	for (int i = 0; i < ROLE_COUNT; i++)
	{
		Role role = ROLE_COUNT;
		assert_true(role_parse(slice_from(role_name((Role) i)), &role));
		assert_int_equal(role, i);
	}
	Role role;
	assert_false(role_parse(SLICE_LITERAL("janitor"), &role));
	assert_false(role_parse(SLICE_LITERAL(""), &role));
}

static void an_url_is_one_that_can_be_called_from_here(void **state)
{
	(void) state;
	static const char *const cases[][2] = {
		{"127.0.0.1:0", "http://127.0.0.1:4711"},
		{"10.1.2.3:8080", "http://10.1.2.3:4711"},
		{"0.0.0.0:8080", "http://127.0.0.1:4711"},
		{":8080", "http://127.0.0.1:4711"},
		{"[::1]:0", "http://[::1]:4711"},
		{"[::]:0", "http://[::1]:4711"},
		{"localhost:0", "http://localhost:4711"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		char url[ROLE_URL_SIZE];
		role_url(cases[i][0], 4711, url);
		assert_string_equal(url, cases[i][1]);
	}
}

// A process that holds the lock until it is killed.
static pid_t holder_start(const char *path)
{
	int fds[2];
	char byte = 0;
	assert_int_equal(pipe(fds), 0);
	pid_t pid = fork();
	if (pid == 0)
	{
		int fd = -1;
		pid_t other = 0;
		Error error;
		byte = lock_take(path, &fd, &other, &error) ? 'y' : 'n';
		if (write(fds[1], &byte, 1) == 1)
			(void) pause();
		_exit(EXIT_SUCCESS);
	}
	assert_int_equal(read(fds[0], &byte, 1), 1);
	assert_int_equal(byte, 'y');
	(void) close(fds[0]);
	(void) close(fds[1]);
	return pid;
}

static void a_lock_names_its_holder_and_ends_with_it(void **state)
{
	(void) state;
	char path[PATH_SIZE];
	int fd = -1;
	pid_t holder = 0;
	Error error;
	(void) snprintf(path, sizeof path, "%s/lock", folder);
	assert_int_equal(lock_holder(path), 0);
	pid_t pid = holder_start(path);
	assert_int_equal(lock_holder(path), pid);
	assert_false(lock_take(path, &fd, &holder, &error));
	assert_int_equal(error.code, ERROR_BUSY);
	assert_int_equal(holder, pid);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(lock_holder(path), 0);
	assert_true(lock_take(path, &fd, &holder, &error));
	(void) close(fd);
	(void) snprintf(path, sizeof path, "%s/no/such/folder", folder);
	assert_false(lock_take(path, &fd, &holder, &error));
	assert_int_equal(error.code, ERROR_SYSTEM);
}

static Settings settings_in_folder(Arena *arena)
{
	const SettingFlag flags[] = {{SLICE_LITERAL("state_dir"), folder}, {SLICE_LITERAL("database"), "host=/nowhere"}};
	Settings settings;
	Error error;
	assert_true(settings_load(&(SettingsSources){.flags = flags, .flags_count = 2}, arena, &settings, &error));
	return settings;
}

// A worker in a process of its own: it needs no database to be there.
static pid_t worker_start(Settings *settings, const SettingsSources *sources)
{
	int fds[2];
	char line[2];
	assert_int_equal(pipe(fds), 0);
	pid_t pid = fork();
	if (pid == 0)
	{
		RoleContext context = {.settings = settings, .sources = sources, .ready_fd = fds[1]};
		Error error;
		_exit(role_run(ROLE_WORKER, &context, &error) ? EXIT_SUCCESS : EXIT_FAILURE);
	}
	(void) close(fds[1]);
	assert_int_equal(read(fds[0], line, sizeof line), 1); // it is ready, and nobody calls it
	assert_int_equal(line[0], '\n');
	(void) close(fds[0]);
	return pid;
}

static void assert_state(pid_t pid, bool is_died)
{
	RoleState state;
	Error error;
	assert_true(role_state_read(folder, ROLE_WORKER, &state, &error));
	assert_int_equal(state.pid, pid);
	assert_int_equal(state.is_died, is_died);
}

static void running_stopped_and_died_are_told_apart(void **state)
{
	(void) state;
	Arena arena;
	arena_init(&arena, 1000000);
	Settings settings = settings_in_folder(&arena);
	const SettingsSources sources = {.flags = NULL};
	int status = -1;
	assert_state(0, false); // never began
	pid_t pid = worker_start(&settings, &sources);
	assert_state(pid, false);
	RoleContext second = {.settings = &settings, .sources = &sources, .ready_fd = -1};
	Error error;
	assert_false(role_run(ROLE_WORKER, &second, &error));
	assert_int_equal(error.code, ERROR_BUSY);
	char wanted[64];
	(void) snprintf(wanted, sizeof wanted, "process %d", (int) pid);
	assert_non_null(strstr(error.message, wanted));
	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_state(0, false);
	pid = worker_start(&settings, &sources);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_state(0, true);
	arena_free(&arena);
}

static void a_state_directory_is_passable_only_where_it_must_be(void **state)
{
	(void) state;
	char path[PATH_SIZE];
	struct stat status;
	Error error;
	(void) snprintf(path, sizeof path, "%s/deeper/state", folder);
	assert_true(state_make(path, &error));
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777U, geteuid() == 0 ? 0711 : 0700);
	assert_true(state_make(path, &error));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roles_have_names),
		cmocka_unit_test(an_url_is_one_that_can_be_called_from_here),
		cmocka_unit_test(a_lock_names_its_holder_and_ends_with_it),
		cmocka_unit_test(running_stopped_and_died_are_told_apart),
		cmocka_unit_test(a_state_directory_is_passable_only_where_it_must_be),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
