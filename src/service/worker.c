// The process that works on the database: loads what waits in the buffer, ends sessions. Jobs run in a process beside it, which
// it starts, so that neither waits for the other; that one is started again when it ends, and ends with this one.
#include "base/clock.h"
#include "base/log.h"
#include "loader/loader.h"
#include "migrate/migrate.h"
#include "pg/retry.h"
#include "service/child.h"
#include "service/database.h"
#include "service/jobs.h"
#include "service/role.h"
#include "service/signals.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_SIZE 4096
#define SWEEP_INTERVAL_MS (30 * CLOCK_SECOND_MS)
#define JOBS_STOP_MS (5 * CLOCK_SECOND_MS)

typedef struct Worker {
	RoleContext *role;
	Loader *loader;
	PgConn *conn; // NULL: away
	PgBackoff backoff;
	Child jobs;
	int stop_fd;
	int other_fd;        // SIGHUP, SIGCHLD
	int64_t sweep_at_us; // when next, on the monotonic clock
} Worker;

// ── Jobs beside us ──

static void jobs_reap(Worker *worker)
{
	int status = 0;
	if (worker->jobs.pid == 0 || waitpid(worker->jobs.pid, &status, WNOHANG) != worker->jobs.pid)
		return;
	child_ended(&worker->jobs);
	child_log_end(&worker->jobs, status);
}

static void jobs_ensure(Worker *worker)
{
	static const char *const words[] = {"serve", "--role=worker", "--watch-jobs", NULL};
	Error error;
	if (worker->jobs.pid > 0 || clock_monotonic_us() < worker->jobs.start_at_us
		|| child_start(&worker->jobs, words, worker->role->sources, false, &error))
		return;
	log_error("process.start", &error);
	child_ended(&worker->jobs);
}

static void jobs_stop(Worker *worker)
{
	int64_t until_us = clock_monotonic_us() + JOBS_STOP_MS * 1000;
	int64_t left_us = 0;
	if (worker->jobs.pid > 0)
		(void) kill(worker->jobs.pid, SIGTERM);
	while (worker->jobs.pid > 0 && (left_us = until_us - clock_monotonic_us()) > 0)
	{
		struct pollfd fd = {.fd = worker->other_fd, .events = POLLIN};
		(void) poll(&fd, 1, (int) (left_us / 1000 + 1));
		while (signals_next(worker->other_fd) != 0)
			continue;
		if (waitpid(worker->jobs.pid, NULL, WNOHANG) == worker->jobs.pid)
			worker->jobs.pid = 0;
	}
	if (worker->jobs.pid == 0)
		return;
	(void) kill(worker->jobs.pid, SIGKILL);
	(void) waitpid(worker->jobs.pid, NULL, 0);
}

// ── Loading ──

// Waits; false when it is time to stop.
static bool pause_ms(Worker *worker, int64_t wait_ms)
{
	struct pollfd fds[] = {
		{.fd = worker->stop_fd, .events = POLLIN},
		{.fd = worker->other_fd, .events = POLLIN},
	};
	(void) poll(fds, 2, (int) wait_ms);
	for (int number = 0; (number = signals_next(worker->other_fd)) != 0;)
	{
		if (number != SIGHUP)
			continue;
		role_reload(worker->role);
		if (worker->jobs.pid > 0)
			(void) kill(worker->jobs.pid, SIGHUP);
	}
	jobs_reap(worker);
	if (fds[0].revents == 0)
		jobs_ensure(worker);
	return fds[0].revents == 0;
}

static bool connect_database(Worker *worker, Error *error)
{
	const Settings *settings = worker->role->settings;
	if (!service_connect(settings, "sojourn worker", &worker->conn, error))
		return false;
	if (migrate_check(worker->conn, settings->database_schema, sql_migrations, error)
		&& loader_attach(worker->loader, worker->conn, error))
	{
		log_event(LOG_INFO, "worker.connected", "server=%d", pg_server_version(worker->conn));
		return true;
	}
	pg_close(worker->conn);
	worker->conn = NULL;
	return false;
}

static bool is_due(int64_t *at_us, int64_t interval_ms)
{
	int64_t now_us = clock_monotonic_us();
	if (now_us < *at_us)
		return false;
	*at_us = now_us + interval_ms * 1000;
	return true;
}

static bool turn(Worker *worker, bool *has_more, Error *error)
{
	int64_t ended = 0;
	size_t hits = 0;
	if (worker->conn == NULL && !connect_database(worker, error))
		return false;
	if (is_due(&worker->sweep_at_us, SWEEP_INTERVAL_MS) && !loader_sweep(worker->loader, clock_now_ms(), &ended, error))
		return false;
	if (ended >= LOADER_SWEEP_MAX)
		worker->sweep_at_us = 0; // more than one sweep takes: again after the next batch
	return loader_step(worker->loader, &hits, has_more, error);
}

// Until the next batch begins where none is full: one of few hits costs nearly as much as one of thousands.
static int64_t batch_wait_ms(const Worker *worker, int64_t begun_us)
{
	int64_t left_ms = worker->role->settings->loader_batch_wait_ms - (clock_monotonic_us() - begun_us) / 1000;
	return left_ms > 0 ? left_ms : 0;
}

static void work(Worker *worker)
{
	Error error;
	bool has_more = false;
	int64_t wait_ms = 0;
	while (pause_ms(worker, wait_ms))
	{
		int64_t begun_us = clock_monotonic_us();
		if (turn(worker, &has_more, &error))
		{
			pg_backoff_reset(&worker->backoff);
			wait_ms = has_more ? 0 : batch_wait_ms(worker, begun_us);
			continue;
		}
		log_error("worker.failed", &error);
		if (pg_is_away(&error) || !pg_is_open(worker->conn))
		{
			pg_close(worker->conn);
			worker->conn = NULL;
		}
		wait_ms = pg_backoff_next_ms(&worker->backoff);
	}
}

static bool load_until_stopped(Worker *worker, Error *error)
{
	const Settings *settings = worker->role->settings;
	char folder[PATH_SIZE];
	if (snprintf(folder, sizeof folder, "%s/buffer", settings->state_dir) >= (int) sizeof folder)
		return error_set(error, ERROR_BAD_INPUT, "the path of the state directory is too long");
	const BufferOptions buffer = {.segment_bytes = (uint64_t) settings->buffer_segment_bytes,
		.unloaded_bytes_max = (uint64_t) settings->buffer_bytes_max};
	LoaderOptions options = LOADER_OPTIONS_DEFAULT;
	options.timeout_ms = settings->session_timeout_minutes * CLOCK_MINUTE_MS;
	options.batch_hits_max = (size_t) settings->loader_batch_hits;
	options.recent_bytes_max = (size_t) settings->loader_memory_bytes;
	options.put_off_ms = settings->loader_put_off_seconds * CLOCK_SECOND_MS;
	options.is_consent_off = settings->consent_mode == CONSENT_OFF;
	options.keep_ms = settings->buffer_keep_hours * CLOCK_HOUR_MS;
	options.buffer_folder = folder;
	options.buffer = &buffer;
	if (!loader_open(&options, &worker->loader, error))
		return false;
	work(worker);
	return true;
}

bool service_worker_run(RoleContext *role, Error *error)
{
	Worker worker = {.role = role,
		.backoff = PG_BACKOFF_DEFAULT,
		.jobs = {.name = "jobs", .ready_fd = -1, .backoff = {.first_ms = 100, .most_ms = 10000}},
		.stop_fd = -1,
		.other_fd = -1};
	bool is_ok = service_jobs_check(role->settings, error)
		&& signals_open((int[]){SIGTERM, SIGINT, 0}, &worker.stop_fd, error)
		&& signals_open((int[]){SIGHUP, SIGCHLD, 0}, &worker.other_fd, error) && role_ready(role, "", error)
		&& load_until_stopped(&worker, error);
	jobs_stop(&worker);
	pg_close(worker.conn);
	loader_close(worker.loader);
	if (worker.stop_fd >= 0)
		(void) close(worker.stop_fd);
	if (worker.other_fd >= 0)
		(void) close(worker.other_fd);
	return is_ok;
}
