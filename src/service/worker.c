// The process that works on the database: loads what waits in the buffer, ends sessions, makes months ahead.
#include "base/clock.h"
#include "base/log.h"
#include "loader/loader.h"
#include "migrate/migrate.h"
#include "pg/retry.h"
#include "service/database.h"
#include "service/role.h"
#include "service/signals.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define PATH_SIZE 4096
#define SWEEP_INTERVAL_MS (30 * CLOCK_SECOND_MS)
#define MONTHS_INTERVAL_MS CLOCK_HOUR_MS

typedef struct Worker {
	RoleContext *role;
	Loader *loader;
	PgConn *conn; // NULL: away
	PgBackoff backoff;
	int stop_fd;
	int hangup_fd;
	int64_t sweep_at_us; // when next, on the monotonic clock
	int64_t months_at_us;
} Worker;

// Waits; false when it is time to stop.
static bool pause_ms(const Worker *worker, int64_t wait_ms)
{
	struct pollfd fds[] = {
		{.fd = worker->stop_fd, .events = POLLIN},
		{.fd = worker->hangup_fd, .events = POLLIN},
	};
	(void) poll(fds, 2, (int) wait_ms);
	if (signals_next(worker->hangup_fd) != 0)
		role_reload(worker->role);
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

// One turn: *hits is 0 where nothing waits.
static bool turn(Worker *worker, size_t *hits, Error *error)
{
	int64_t ended = 0;
	*hits = 0;
	if (worker->conn == NULL && !connect_database(worker, error))
		return false;
	if (is_due(&worker->months_at_us, MONTHS_INTERVAL_MS)
		&& !migrate_months(worker->conn, worker->role->settings->months_ahead, error))
		return false;
	if (is_due(&worker->sweep_at_us, SWEEP_INTERVAL_MS) && !loader_sweep(worker->loader, clock_now_ms(), &ended, error))
		return false;
	if (ended >= LOADER_SWEEP_MAX)
		worker->sweep_at_us = 0; // more than one sweep takes: again after the next batch
	return loader_step(worker->loader, hits, error);
}

static void work(Worker *worker)
{
	Error error;
	size_t hits = 0;
	int64_t wait_ms = 0;
	while (pause_ms(worker, wait_ms))
	{
		if (turn(worker, &hits, &error))
		{
			pg_backoff_reset(&worker->backoff);
			wait_ms = hits > 0 ? 0 : worker->role->settings->loader_batch_wait_ms;
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
	Worker worker = {.role = role, .backoff = PG_BACKOFF_DEFAULT, .stop_fd = -1, .hangup_fd = -1};
	bool is_ok = signals_open((int[]){SIGTERM, SIGINT, 0}, &worker.stop_fd, error)
		&& signals_open((int[]){SIGHUP, 0}, &worker.hangup_fd, error) && role_ready(role, "", error)
		&& load_until_stopped(&worker, error);
	pg_close(worker.conn);
	loader_close(worker.loader);
	if (worker.stop_fd >= 0)
		(void) close(worker.stop_fd);
	if (worker.hangup_fd >= 0)
		(void) close(worker.hangup_fd);
	return is_ok;
}
