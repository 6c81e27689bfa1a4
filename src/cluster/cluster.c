#include "cluster/cluster.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "pg/programs.h"
#include "cluster/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOG_BYTES_MAX ((off_t) 16 << 20U)
#define LOG_TAIL_SIZE 4096
#define PID_FILE_SIZE_MAX ((size_t) 4096)
#define POLL_INTERVAL_MS 20
#define POLL_REFUSALS_MAX 100 // of a server that says it is ready

bool cluster_open(const ClusterOptions *options, Cluster *cluster, Error *error)
{
	char path[CLUSTER_PATH_SIZE];
	*cluster = (Cluster){.lock_fd = -1, .log_fd = -1};
	if (!pg_programs_find(options->programs, cluster->programs, sizeof cluster->programs, error)
		|| !cluster_place_make(options, cluster, error) || !cluster_path(path, error, "%s/lock", cluster->place.folder)
		|| !file_lock(path, &cluster->lock_fd, error))
		return false;
	cluster->log_fd = open(cluster->place.log, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (cluster->log_fd < 0)
	{
		(void) error_set_errno(error, ERROR_SYSTEM, "cannot open %s", cluster->place.log);
		cluster_close(cluster);
		return false;
	}
	if (!cluster_orphans_wait(cluster, error) || !cluster_create(cluster, error) || !cluster_configure(cluster, error))
	{
		cluster_close(cluster);
		return false;
	}
	return true;
}

void cluster_close(Cluster *cluster)
{
	if (cluster->log_fd >= 0)
		(void) close(cluster->log_fd);
	if (cluster->lock_fd >= 0)
		(void) close(cluster->lock_fd);
	cluster->log_fd = -1;
	cluster->lock_fd = -1;
}

// ── Starting ──

static _Noreturn void server_exec(const Cluster *cluster, pid_t parent)
{
	char program[CLUSTER_PATH_SIZE];
	Error error;
	sigset_t none;
	(void) sigemptyset(&none);
	(void) sigprocmask(SIG_SETMASK, &none, NULL);
	(void) setpgid(0, 0); // a terminal's Ctrl-C is for the supervisor, which knows the order
	int null_fd = open("/dev/null", O_RDONLY);
	// Becoming another user forgets what is to happen when the parent dies, so that comes after it.
	if (cluster_path(program, &error, "%s/postgres", cluster->programs) && null_fd >= 0
		&& dup2(null_fd, STDIN_FILENO) >= 0 && dup2(cluster->log_fd, STDOUT_FILENO) >= 0
		&& dup2(cluster->log_fd, STDERR_FILENO) >= 0 && process_user_become(&cluster->user) && chdir("/") == 0
		&& prctl(PR_SET_PDEATHSIG, SIGINT) == 0 && getppid() == parent)
		execl(program, program, "-D", cluster->place.data, (char *) NULL);
	_exit(EXIT_FAILURE);
}

bool cluster_spawn(Cluster *cluster, Error *error)
{
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid == 0)
		server_exec(cluster, parent);
	if (pid < 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot start PostgreSQL");
	(void) setpgid(pid, pid);
	cluster->pid = pid;
	return true;
}

// The last thing the server said: the reason of its end.
static void log_tail(const Cluster *cluster, char reason[LOG_TAIL_SIZE])
{
	char tail[LOG_TAIL_SIZE];
	struct stat status;
	ssize_t size = 0;
	if (fstat(cluster->log_fd, &status) == 0)
	{
		off_t from = status.st_size > LOG_TAIL_SIZE - 1 ? status.st_size - (LOG_TAIL_SIZE - 1) : 0;
		size = pread(cluster->log_fd, tail, LOG_TAIL_SIZE - 1, from);
	}
	tail[size > 0 ? size : 0] = '\0';
	const char *found = "it said nothing";
	for (char *at = tail; (at = strstr(at, "FATAL:")) != NULL; at++)
		found = at;
	(void) snprintf(reason, LOG_TAIL_SIZE, "%.*s", (int) strcspn(found, "\n"), found);
}

// The eighth line of postmaster.pid is the state the server is in.
static bool says_ready(const Cluster *cluster)
{
	char path[CLUSTER_PATH_SIZE];
	Slice content = SLICE_NONE;
	Arena arena;
	Error ignored;
	arena_init(&arena, 2 * PID_FILE_SIZE_MAX);
	bool is_ready = cluster_path(path, &ignored, "%s/postmaster.pid", cluster->place.data)
		&& file_read(path, PID_FILE_SIZE_MAX, &arena, &content, &ignored)
		&& memmem(content.data, content.size, "\nready", 6) != NULL;
	arena_free(&arena);
	return is_ready;
}

bool cluster_wait_ready(Cluster *cluster, int stop_fd, Error *error)
{
	char dsn[CLUSTER_DSN_SIZE];
	char reason[LOG_TAIL_SIZE];
	int refusals = 0;
	cluster_dsn(&cluster->place, "postgres", "postgres", dsn);
	for (;;)
	{
		PgConn *conn = NULL;
		bool is_ready = says_ready(cluster); // asking one that is not fills its log
		if (is_ready && pg_open(&(PgOptions){.dsn = dsn, .application_name = "sojourn up"}, &conn, error))
		{
			bool is_ok = cluster_setup(conn, &cluster->place, error);
			pg_close(conn);
			return is_ok;
		}
		if (is_ready && ++refusals == POLL_REFUSALS_MAX)
			return error_prefix(error, "the private PostgreSQL in %s is ready but: ", cluster->place.folder);
		if (waitpid(cluster->pid, NULL, WNOHANG) == cluster->pid)
		{
			cluster->pid = 0;
			log_tail(cluster, reason);
			return error_set(error, ERROR_SYSTEM, "the private PostgreSQL could not start, see %s: %s",
				cluster->place.log, reason);
		}
		struct pollfd stop = {.fd = stop_fd, .events = POLLIN};
		if (poll(&stop, 1, POLL_INTERVAL_MS) > 0)
			return error_set(error, ERROR_BUSY, "stopped while PostgreSQL was starting");
	}
}

// ── Running ──

// The log is appended to by the server itself, so it is copied and emptied, not renamed.
void cluster_tick(Cluster *cluster)
{
	char old_path[CLUSTER_PATH_SIZE];
	struct stat status;
	Error error;
	if (cluster->log_fd < 0 || fstat(cluster->log_fd, &status) != 0 || status.st_size < LOG_BYTES_MAX
		|| !cluster_path(old_path, &error, "%s.1", cluster->place.log))
		return;
	int old_fd = open(old_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	off_t from = 0;
	while (old_fd >= 0 && from < status.st_size)
		if (copy_file_range(cluster->log_fd, &from, old_fd, NULL, (size_t) (status.st_size - from), 0) <= 0)
			break;
	if (old_fd >= 0)
		(void) close(old_fd);
	if (ftruncate(cluster->log_fd, 0) != 0)
		log_event(LOG_WARNING, "postgres.log_full", "errno=%d", errno);
}
