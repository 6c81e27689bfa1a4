// The server's parent is a keeper process that stands between it and the test program: it takes commands over a socket, and
// when that closes, because the program has ended in whatever way, it ends the server and removes its folder.
// initdb takes more than a second, so what it makes is kept in the build folder, by version, and copied.
#include "harness/postgres.h"

#include "base/process.h"
#include "pg/programs.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define COMMAND_START 's'
#define COMMAND_KILL 'k'
#define OUTPUT_SIZE 4096
#define VALUE_SIZE ((size_t) 1024 * 1024)
#define FOLDER_SIZE 64
#define READY_TRIES_MAX 3000
#define READY_INTERVAL_US 10000

static struct {
	int keeper_fd;
	pid_t keeper_pid;
	char folder[FOLDER_SIZE]; // data/ and the socket
	char programs[PATH_MAX / 2];
	ProcessUser user;
	int databases;
} server = {.keeper_fd = -1};

static _Noreturn void give_up(const char *what, const char *why)
{
	(void) fprintf(stderr, "test harness: %s: %s\n", what, why);
	exit(EXIT_FAILURE);
}

static void run(const char *const arguments[], const ProcessUser *user)
{
	char output[OUTPUT_SIZE];
	int status = 0;
	Error error;
	if (!process_run(arguments, user, output, sizeof output, &status, &error))
		give_up(arguments[0], error.message);
	if (status != 0)
		give_up(arguments[0], output);
}

// ── The keeper ──

static int entry_remove(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void) status;
	(void) type;
	(void) walk;
	return remove(path);
}

static pid_t server_exec(void)
{
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	char program[PATH_MAX];
	char data[PATH_MAX];
	char socket_folder[PATH_MAX];
	(void) snprintf(program, sizeof program, "%s/postgres", server.programs);
	(void) snprintf(data, sizeof data, "%s/data", server.folder);
	(void) snprintf(socket_folder, sizeof socket_folder, "unix_socket_directories=%s", server.folder);
	int log = open("log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (log >= 0 && dup2(log, STDOUT_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0 && process_user_become(&server.user)
		&& prctl(PR_SET_PDEATHSIG, SIGQUIT) == 0)
		execl(program, program, "-D", data, "-c", socket_folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c",
			"full_page_writes=off", "-c", "shared_buffers=32MB", "-c", "jit=off", "-c", "autovacuum=off", "-c",
			"max_connections=40", "-c", "max_wal_size=256MB", (char *) NULL);
	_exit(EXIT_FAILURE);
}

// Waits for the server's own children, too: a new server refuses to start beside them.
static void server_end(pid_t pid, int signal_number)
{
	if (pid <= 0)
		return;
	(void) kill(pid, signal_number);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		continue;
}

static _Noreturn void keeper_run(int fd)
{
	pid_t pid = 0;
	char command = 0;
	(void) setsid(); // Ctrl-C is for the program
	(void) prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (int number = 1; number < NSIG; number++)
		(void) signal(number, SIG_DFL);
	if (chdir(server.folder) != 0)
		_exit(EXIT_FAILURE);
	while (read(fd, &command, 1) == 1)
	{
		if (command == COMMAND_START)
			pid = server_exec();
		else
			server_end(pid, SIGKILL);
		if (command == COMMAND_KILL)
			pid = 0;
		if (write(fd, &command, 1) != 1)
			break;
	}
	server_end(pid, SIGQUIT);
	(void) chdir("/");
	(void) nftw(server.folder, entry_remove, 16, FTW_DEPTH | FTW_PHYS);
	_exit(EXIT_SUCCESS);
}

static void keeper_stop(void)
{
	(void) close(server.keeper_fd);
	while (waitpid(server.keeper_pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

static void keeper_start(void)
{
	int fds[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		give_up("socketpair", strerror(errno));
	server.keeper_pid = fork();
	if (server.keeper_pid == 0)
	{
		(void) close(fds[0]);
		keeper_run(fds[1]);
	}
	(void) close(fds[1]);
	server.keeper_fd = fds[0];
	if (atexit(keeper_stop) != 0)
		give_up("atexit", "no room");
}

static void keeper_command(char command)
{
	if (write(server.keeper_fd, &command, 1) != 1 || read(server.keeper_fd, &command, 1) != 1)
		give_up("keeper", "gone");
}

// ── The cluster ──

// …/build/pg-VERSION beside the program that runs, whatever its depth.
static void template_path(char *path, size_t size)
{
	char program[PATH_MAX] = "";
	if (readlink("/proc/self/exe", program, sizeof program - 1) <= 0)
		give_up("/proc/self/exe", strerror(errno));
	char *tests = strstr(program, "/tests/");
	if (tests == NULL)
		give_up(program, "is not in a build folder");
	*tests = '\0';
	char version[OUTPUT_SIZE];
	char postgres[PATH_MAX];
	(void) snprintf(postgres, sizeof postgres, "%s/postgres", server.programs);
	int status = 0;
	Error error;
	const char *const arguments[] = {postgres, "--version", NULL};
	if (!process_run(arguments, NULL, version, sizeof version, &status, &error))
		give_up(postgres, error.message);
	const char *number = strpbrk(version, "0123456789");
	if (number == NULL)
		give_up(postgres, version);
	(void) snprintf(path, size, "%s/postgres-%.*s", program, (int) strspn(number, "0123456789."), number);
}

static void data_own(const char *data)
{
	char owner[32];
	(void) snprintf(owner, sizeof owner, "%u:%u", server.user.uid, server.user.gid);
	const char *const arguments[] = {"chown", "-R", owner, data, NULL};
	if (server.user.is_set)
		run(arguments, NULL);
}

// The kept cluster, made by the first program that wants it; the others wait.
static void data_make(const char *data)
{
	char template[PATH_MAX];
	char lock[PATH_MAX + 8];
	char made[PATH_MAX + 8];
	char initdb[PATH_MAX];
	template_path(template, sizeof template);
	(void) snprintf(lock, sizeof lock, "%s.lock", template);
	(void) snprintf(made, sizeof made, "%s.new", template);
	(void) snprintf(initdb, sizeof initdb, "%s/initdb", server.programs);
	int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0 || flock(fd, LOCK_EX) != 0)
		give_up(lock, strerror(errno));
	if (access(template, F_OK) != 0)
	{
		const char *const make[] = {initdb, "--no-sync", "--auth=trust", "--username=sojourn", "--encoding=UTF8",
			"--locale=C", "--wal-segsize=1", "--pgdata", data, NULL};
		const char *const clear[] = {"rm", "-rf", made, NULL};
		const char *const keep[] = {"cp", "-a", data, made, NULL};
		run(make, &server.user);
		run(clear, NULL);
		run(keep, NULL);
		if (rename(made, template) != 0)
			give_up(template, strerror(errno));
	}
	else
	{
		const char *const copy[] = {"cp", "-a", template, data, NULL};
		run(copy, NULL);
		data_own(data);
	}
	(void) close(fd);
}

static void folder_make(void)
{
	(void) snprintf(server.folder, sizeof server.folder, "/tmp/sojourn-test-XXXXXX");
	if (mkdtemp(server.folder) == NULL)
		give_up(server.folder, strerror(errno));
	if (server.user.is_set && chown(server.folder, server.user.uid, server.user.gid) != 0)
		give_up(server.folder, strerror(errno));
}

static void dsn_write(char dsn[TEST_DSN_SIZE], const char *database)
{
	(void) snprintf(dsn, TEST_DSN_SIZE, "host=%s user=sojourn dbname=%s", server.folder, database);
}

static PgConn *wait_ready(void)
{
	char dsn[TEST_DSN_SIZE];
	dsn_write(dsn, "postgres");
	Error error;
	for (int i = 0; i < READY_TRIES_MAX; i++)
	{
		PgConn *conn = NULL;
		if (pg_open(&(PgOptions){.dsn = dsn}, &conn, &error))
			return conn;
		(void) usleep(READY_INTERVAL_US);
	}
	give_up("PostgreSQL does not start", error.message);
}

static void cluster_make(void)
{
	Error error;
	if (!pg_programs_find(NULL, server.programs, sizeof server.programs, &error))
		give_up("PostgreSQL", error.message);
	if (geteuid() == 0 && !process_user_find("postgres", &server.user, &error)
		&& !process_user_find("nobody", &server.user, &error))
		give_up("a user for PostgreSQL", error.message);
	folder_make();
	keeper_start();
	char data[FOLDER_SIZE + 8];
	(void) snprintf(data, sizeof data, "%s/data", server.folder);
	data_make(data);
	test_postgres_start();
}

void test_postgres_kill(void)
{
	keeper_command(COMMAND_KILL);
}

void test_postgres_start(void)
{
	keeper_command(COMMAND_START);
	pg_close(wait_ready());
}

void test_postgres_database(char dsn[TEST_DSN_SIZE])
{
	if (server.keeper_fd < 0)
		cluster_make();
	char name[32];
	char sql[64];
	Error error;
	(void) snprintf(name, sizeof name, "t%d", ++server.databases);
	(void) snprintf(sql, sizeof sql, "CREATE DATABASE %s", name);
	PgConn *conn = wait_ready();
	if (!pg_script(conn, sql, &error))
		give_up(sql, error.message);
	pg_close(conn);
	dsn_write(dsn, name);
}

PgConn *test_postgres_open(const char *dsn, const char *schema)
{
	PgConn *conn = NULL;
	Error error;
	if (!pg_open(&(PgOptions){.dsn = dsn, .schema = schema, .application_name = "test"}, &conn, &error))
		give_up(dsn, error.message);
	return conn;
}

const char *test_postgres_value(PgConn *conn, const char *sql)
{
	static char text[VALUE_SIZE];
	PgResult *result = NULL;
	Error error;
	if (!pg_query_once(conn, sql, &result, &error))
		give_up(sql, error.message);
	Slice value = pg_rows(result) == 0 ? SLICE_NONE : pg_text(result, 0, 0);
	if (value.size >= sizeof text)
		give_up(sql, "the value is longer than any test may ask for");
	(void) snprintf(text, sizeof text, "%.*s", SLICE_PRINT(value));
	pg_result_free(result);
	return text;
}
