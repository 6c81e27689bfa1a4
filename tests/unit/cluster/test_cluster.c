#include "base/file.h"
#include "base/random.h"
#include "base/tree.h"
#include "pg/conn.h"
#include "cluster/cluster.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char state_dir[64];
static Cluster cluster;

static void assert_ok(bool is_ok, const Error *error)
{
	if (!is_ok)
		print_error("%s\n", error->message);
	assert_true(is_ok);
}

static void cluster_start(void)
{
	Error error;
	assert_ok(cluster_open(&(ClusterOptions){.state_dir = state_dir}, &cluster, &error), &error);
	assert_ok(cluster_spawn(&cluster, &error), &error);
	assert_ok(cluster_wait_ready(&cluster, -1, &error), &error);
}

static void children_reap(void)
{
	while (waitpid(-1, NULL, 0) > 0)
		continue;
}

static void cluster_stop(void)
{
	assert_int_equal(kill(cluster.pid, SIGINT), 0);
	children_reap();
	cluster_close(&cluster);
}

static int setup(void **state)
{
	(void) state;
	Error error;
	(void) prctl(PR_SET_CHILD_SUBREAPER, 1); // as the supervisor
	(void) snprintf(state_dir, sizeof state_dir, "/tmp/sojourn-test-XXXXXX");
	return random_init(&error) && mkdtemp(state_dir) != NULL && chmod(state_dir, 0711) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
	(void) state;
	Error error;
	if (cluster.pid > 0 && kill(cluster.pid, SIGQUIT) == 0)
		children_reap();
	return tree_remove(state_dir, &error) ? 0 : -1;
}

static PgConn *connect_as(const char *role, bool is_needed)
{
	ClusterPlace place;
	char dsn[CLUSTER_DSN_SIZE];
	Error error;
	PgConn *conn = NULL;
	assert_ok(cluster_locate(state_dir, &place, &error), &error);
	cluster_dsn(&place, role, CLUSTER_ROLE, dsn);
	bool is_ok = pg_open(&(PgOptions){.dsn = dsn}, &conn, &error);
	if (is_needed)
		assert_ok(is_ok, &error);
	return conn;
}

static void assert_value(PgConn *conn, const char *sql, const char *wanted)
{
	PgResult *result = NULL;
	Error error;
	assert_ok(pg_query_once(conn, sql, &result, &error), &error);
	char text[256];
	(void) snprintf(text, sizeof text, "%.*s", SLICE_PRINT(pg_text(result, 0, 0)));
	pg_result_free(result);
	assert_string_equal(text, wanted);
}

static void a_state_directory_without_one_says_so(void **state)
{
	(void) state;
	ClusterPlace place;
	Error error;
	assert_false(cluster_locate(state_dir, &place, &error));
	assert_int_equal(error.code, ERROR_NOT_FOUND);
	assert_non_null(strstr(error.message, "sojourn up"));
}

static void the_first_start_makes_roles_and_database(void **state)
{
	(void) state;
	Error error;
	cluster_start();
	PgConn *conn = connect_as(CLUSTER_ROLE, true);
	assert_ok(pg_script(conn, "CREATE SCHEMA sojourn; CREATE TABLE sojourn.kept AS SELECT 'Ärger' AS word", &error),
		&error);
	assert_value(conn, "SHOW listen_addresses", "");
	assert_value(conn, "SHOW data_checksums", "on");
	assert_value(conn, "SHOW fsync", "on");
	assert_value(conn, "SELECT datcollate FROM pg_database WHERE datname = 'sojourn'", "C");
	assert_value(conn, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user", "f");
	pg_close(conn);
	conn = connect_as(CLUSTER_ROLE_READER, true);
	assert_value(conn, "SELECT lower(word) FROM sojourn.kept", "ärger");
	assert_false(pg_script(conn, "DELETE FROM sojourn.kept", &error));
	assert_false(pg_script(conn, "BEGIN READ WRITE; DELETE FROM sojourn.kept", &error));
	assert_string_equal(error.sqlstate, "42501");
	pg_close(conn);
	assert_null(connect_as("nobody_we_know", false));
}

static void it_runs_as_somebody_else_where_we_are_root(void **state)
{
	(void) state;
	char path[64];
	struct stat status;
	(void) snprintf(path, sizeof path, "/proc/%d", (int) cluster.pid);
	assert_int_equal(stat(path, &status), 0);
	if (geteuid() == 0)
		assert_int_not_equal(status.st_uid, 0);
	else
		assert_int_equal(status.st_uid, geteuid());
}

static void a_second_owner_is_refused(void **state)
{
	(void) state;
	Cluster second;
	Error error;
	assert_false(cluster_open(&(ClusterOptions){.state_dir = state_dir}, &second, &error));
	assert_int_equal(error.code, ERROR_BUSY);
}

static void its_log_holds_no_values_and_stays_within_its_bound(void **state)
{
	(void) state;
	PgConn *conn = connect_as(CLUSTER_ROLE, true);
	PgResult *result = NULL;
	Error error;
	static const char sql[] = "SELECT $1::uuid";
	assert_false(pg_query(conn, sql, (PgParam[]){pg_param("hunter2")}, 1, &result, &error));
	assert_false(pg_script(conn, "SELECT 'hunter2'::uuid", &error));
	pg_close(conn);
	Arena arena;
	arena_init(&arena, (size_t) 64 << 20U);
	Slice log = SLICE_NONE;
	assert_ok(file_read(cluster.place.log, 1000000, &arena, &log, &error), &error);
	assert_null(strstr(log.data, "hunter2"));
	assert_non_null(strstr(log.data, "ready to accept connections"));
	assert_int_equal(ftruncate(cluster.log_fd, (off_t) 17 << 20U), 0);
	cluster_tick(&cluster);
	struct stat status;
	assert_int_equal(fstat(cluster.log_fd, &status), 0);
	assert_int_equal(status.st_size, 0);
	char old_path[CLUSTER_PATH_SIZE + 8];
	(void) snprintf(old_path, sizeof old_path, "%s.1", cluster.place.log);
	assert_int_equal(stat(old_path, &status), 0);
	assert_int_equal(status.st_size, (off_t) 17 << 20U);
	arena_free(&arena);
}

static void a_killed_one_starts_again_with_its_data(void **state)
{
	(void) state;
	assert_int_equal(kill(cluster.pid, SIGKILL), 0);
	assert_int_equal(waitpid(cluster.pid, NULL, 0), cluster.pid);
	cluster_close(&cluster);
	cluster_start(); // ends, and waits for, the children of the killed one
	PgConn *conn = connect_as(CLUSTER_ROLE, true);
	assert_value(conn, "SELECT word FROM sojourn.kept", "Ärger");
	pg_close(conn);
}

static void a_dead_one_that_nobody_asked_about_is_no_obstacle(void **state)
{
	(void) state;
	siginfo_t ended;
	pid_t dead = cluster.pid;
	assert_int_equal(kill(dead, SIGKILL), 0);
	assert_int_equal(waitid(P_PID, (id_t) dead, &ended, WEXITED | WNOWAIT), 0); // it stays as a zombie
	cluster_close(&cluster);
	cluster_start();
	assert_int_equal(waitpid(dead, NULL, 0), dead); // it was there all the time
}

static void one_that_still_runs_is_ended_first(void **state)
{
	(void) state;
	pid_t earlier = cluster.pid;
	PgConn *conn = connect_as(CLUSTER_ROLE, true);
	cluster_close(&cluster); // its owner is gone, it is not
	cluster_start();
	assert_int_not_equal(cluster.pid, earlier);
	assert_int_equal(waitpid(earlier, NULL, WNOHANG), earlier);
	PgResult *result = NULL;
	Error error;
	assert_false(pg_query_once(conn, "SELECT 1", &result, &error));
	pg_close(conn);
}

static void settings_of_ones_own_win_and_bad_ones_say_why(void **state)
{
	(void) state;
	Error error;
	char path[CLUSTER_PATH_SIZE + 16];
	(void) snprintf(path, sizeof path, "%s/local.conf", cluster.place.folder);
	cluster_stop();
	assert_ok(file_replace(path, SLICE_LITERAL("work_mem = 9MB\n"), 0644, &error), &error);
	cluster_start();
	PgConn *conn = connect_as(CLUSTER_ROLE, true);
	assert_value(conn, "SHOW work_mem", "9MB");
	pg_close(conn);
	cluster_stop();
	assert_ok(file_replace(path, SLICE_LITERAL("shared_buffers = nonsense\n"), 0644, &error), &error);
	assert_ok(cluster_open(&(ClusterOptions){.state_dir = state_dir}, &cluster, &error), &error);
	assert_ok(cluster_spawn(&cluster, &error), &error);
	assert_false(cluster_wait_ready(&cluster, -1, &error));
	assert_non_null(strstr(error.message, "local.conf"));
	assert_int_equal(cluster.pid, 0);
	cluster_close(&cluster);
	assert_int_equal(unlink(path), 0);
}

static void a_first_start_that_was_killed_is_made_anew(void **state)
{
	(void) state;
	Error error;
	char path[CLUSTER_PATH_SIZE + 32];
	struct stat status;
	(void) snprintf(path, sizeof path, "%s/data-new-abcdef/base", cluster.place.folder);
	assert_ok(file_make_directory(path, 0700, &error), &error);
	assert_ok(tree_remove(cluster.place.data, &error), &error);
	cluster_start();
	PgConn *conn = connect_as(CLUSTER_ROLE, true);
	assert_value(conn, "SELECT to_regnamespace('sojourn') IS NULL", "t");
	pg_close(conn);
	assert_int_equal(stat(path, &status), -1);
}

// The socket's path would be too long, and a connection string could not hold it.
static void a_long_path_gets_a_short_socket(void **state)
{
	(void) state;
	Error error;
	char longer[sizeof state_dir + 128];
	(void) snprintf(longer, sizeof longer, "%s/with a space, a comma and 'quotes' and more and more and more and more",
		state_dir);
	cluster_stop();
	assert_ok(file_make_directory(longer, 0711, &error), &error);
	char from[sizeof longer + 16];
	char to[sizeof longer + 16];
	(void) snprintf(from, sizeof from, "%s/postgres", state_dir);
	(void) snprintf(to, sizeof to, "%s/postgres", longer);
	assert_int_equal(rename(from, to), 0);
	char shorter[sizeof state_dir];
	memcpy(shorter, state_dir, sizeof shorter);
	char moved[sizeof longer];
	memcpy(moved, longer, sizeof moved);
	ClusterPlace place;
	Cluster elsewhere;
	assert_ok(cluster_open(&(ClusterOptions){.state_dir = moved}, &elsewhere, &error), &error);
	assert_ok(cluster_spawn(&elsewhere, &error), &error);
	assert_ok(cluster_wait_ready(&elsewhere, -1, &error), &error);
	assert_ok(cluster_locate(moved, &place, &error), &error);
	assert_string_equal(place.socket, elsewhere.place.socket);
	assert_true(strlen(place.socket) < 60);
	assert_int_equal(kill(elsewhere.pid, SIGINT), 0);
	children_reap();
	cluster_close(&elsewhere);
	// Back where it was, the link gives way to a folder.
	assert_int_equal(rename(to, from), 0);
	assert_ok(tree_remove(place.socket, &error), &error);
	cluster_start();
	pg_close(connect_as(CLUSTER_ROLE, true));
	assert_int_equal(strncmp(cluster.place.socket, shorter, strlen(shorter)), 0);
	cluster_stop();
	cluster.pid = 0;
}

static void where_the_account_may_not_enter_it_lies_elsewhere(void **state)
{
	(void) state;
	if (geteuid() != 0)
	{
		print_message("not root: there is no other account to run as\n");
		skip();
	}
	Error error;
	char path[sizeof state_dir + 16];
	(void) snprintf(path, sizeof path, "%s/postgres", state_dir);
	assert_ok(tree_remove(path, &error), &error);
	assert_int_equal(chmod(state_dir, 0700), 0);
	cluster_start();
	pg_close(connect_as(CLUSTER_ROLE, true));
	assert_int_equal(strncmp(cluster.place.folder, "/var/lib/sojourn/postgres-", 26), 0);
	cluster_stop();
	cluster_start(); // and is found there again
	pg_close(connect_as(CLUSTER_ROLE, true));
	cluster_stop();
	assert_ok(tree_remove(cluster.place.folder, &error), &error);
	assert_false(cluster_open(&(ClusterOptions){.state_dir = state_dir}, &cluster, &error));
	assert_non_null(strstr(error.message, "lies elsewhere"));
	cluster.pid = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_state_directory_without_one_says_so),
		cmocka_unit_test(the_first_start_makes_roles_and_database),
		cmocka_unit_test(it_runs_as_somebody_else_where_we_are_root),
		cmocka_unit_test(a_second_owner_is_refused),
		cmocka_unit_test(its_log_holds_no_values_and_stays_within_its_bound),
		cmocka_unit_test(a_killed_one_starts_again_with_its_data),
		cmocka_unit_test(a_dead_one_that_nobody_asked_about_is_no_obstacle),
		cmocka_unit_test(one_that_still_runs_is_ended_first),
		cmocka_unit_test(settings_of_ones_own_win_and_bad_ones_say_why),
		cmocka_unit_test(a_first_start_that_was_killed_is_made_anew),
		cmocka_unit_test(a_long_path_gets_a_short_socket),
		cmocka_unit_test(where_the_account_may_not_enter_it_lies_elsewhere),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
