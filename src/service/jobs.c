#include "service/jobs.h"

#include "base/clock.h"
#include "base/log.h"
#include "migrate/migrate.h"
#include "schedule/board.h"
#include "service/child.h"
#include "service/database.h"
#include "service/job_table.h"
#include "service/person_work.h"
#include "service/signals.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define POLL_MS CLOCK_SECOND_MS
#define SYNC_INTERVAL_MS CLOCK_HOUR_MS
#define REASON_SIZE 128

typedef struct Running {
	Child child; // pid 0: not running
	Uuid run;
	int64_t deadline_us; // on the monotonic clock
	bool is_late;
	bool is_silent; // it ended without noting how
	char reason[REASON_SIZE];
} Running;

typedef struct Jobs {
	RoleContext *role;
	Plan plan;
	Running running[PLAN_JOBS_MAX]; // as the plan's entries
	Child scrub;                    // of this machine's buffer
	PgConn *conn;                   // NULL: away
	PgBackoff backoff;
	int64_t sync_at_us;
	char zone_name[ZONE_NAME_SIZE_MAX];
	int stop_fd;
	int other_fd; // SIGCHLD, SIGHUP
} Jobs;

bool service_jobs_check(const Settings *settings, Error *error)
{
	Plan plan;
	return plan_make(service_jobs, settings, &plan, error);
}

// ── Runs that end ──

static void running_ended(Running *running, int status)
{
	child_ended(&running->child);
	running->is_silent = status != 0;
	if (status == 0)
	{
		pg_backoff_reset(&running->child.backoff);
		running->child.start_at_us = 0;
	}
	else if (running->is_late)
		return; // it was us
	else if (WIFSIGNALED(status))
		(void) snprintf(running->reason, sizeof running->reason, "its process was ended by signal %d",
			WTERMSIG(status));
	else
		(void) snprintf(running->reason, sizeof running->reason, "its process ended with status %d",
			WEXITSTATUS(status));
	if (status != 0)
		child_log_end(&running->child, status);
}

static void scrub_ended(Child *scrub, int status)
{
	child_ended(scrub);
	if (status != 0)
		child_log_end(scrub, status);
	else
		pg_backoff_reset(&scrub->backoff);
}

static void reap(Jobs *jobs)
{
	int status = 0;
	pid_t pid = 0;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
	{
		if (jobs->scrub.pid == pid)
			scrub_ended(&jobs->scrub, status);
		for (size_t i = 0; i < jobs->plan.count; i++)
			if (jobs->running[i].child.pid == pid)
				running_ended(&jobs->running[i], status);
	}
}

static void late_kill(Jobs *jobs)
{
	for (size_t i = 0; i < jobs->plan.count; i++)
	{
		Running *running = &jobs->running[i];
		if (running->child.pid == 0 || running->is_late || clock_monotonic_us() < running->deadline_us)
			continue;
		running->is_late = true;
		(void) snprintf(running->reason, sizeof running->reason, "it took longer than the %" PRId64 " s it may",
			jobs->plan.entries[i].timeout_ms / CLOCK_SECOND_MS);
		log_event(LOG_WARNING, "job.timed_out", "job=%s", running->child.name);
		(void) kill(running->child.pid, SIGKILL);
	}
}

// Says for those that could not how they ended.
static bool silent_note(Jobs *jobs, bool is_stopping, Error *error)
{
	for (size_t i = 0; i < jobs->plan.count; i++)
	{
		Running *running = &jobs->running[i];
		BoardOutcome outcome = is_stopping ? BOARD_STOPPED : running->is_late ? BOARD_TIMED_OUT : BOARD_LOST;
		if (!running->is_silent)
			continue;
		if (!board_terminate(jobs->conn, &running->run, error)
			|| !board_end(jobs->conn, &jobs->plan.entries[i], jobs->zone_name, &running->run, outcome, running->reason,
				clock_now_ms(), error))
			return false;
		running->is_silent = false;
	}
	return true;
}

// ── Runs that begin ──

static bool plan_sync(Jobs *jobs, Error *error)
{
	Zone zone;
	bool is_known = true;
	int64_t now_ms = clock_now_ms();
	if (!board_zone(jobs->conn, jobs->role->settings->timezone, jobs->zone_name, &is_known, error))
		return false;
	if (!is_known)
		log_error("jobs.timezone", error);
	if (!zone_load(jobs->conn, jobs->zone_name, now_ms, &zone, error)
		|| !board_sync(jobs->conn, &jobs->plan, jobs->zone_name, &zone, now_ms, error))
		return false;
	jobs->sync_at_us = clock_monotonic_us() + SYNC_INTERVAL_MS * 1000;
	return true;
}

static bool connect_database(Jobs *jobs, Error *error)
{
	const Settings *settings = jobs->role->settings;
	if (!service_connect(settings, "sojourn jobs", &jobs->conn, error))
		return false;
	jobs->sync_at_us = 0;
	return migrate_check(jobs->conn, settings->database_schema, sql_migrations, error);
}

static void run_start(Jobs *jobs, size_t at)
{
	Error error;
	char job_word[64];
	char run_word[16 + UUID_TEXT_SIZE];
	char run_text[UUID_TEXT_SIZE];
	Running *running = &jobs->running[at];
	const PlanEntry *entry = &jobs->plan.entries[at];
	running->run = uuid7_make(clock_now_ms());
	running->is_late = false;
	running->deadline_us = clock_monotonic_us() + entry->timeout_ms * 1000;
	uuid_format(running->run, run_text);
	(void) snprintf(job_word, sizeof job_word, "--job=%s", entry->job->name);
	(void) snprintf(run_word, sizeof run_word, "--run=%s", run_text);
	const char *const words[] = {"serve", "--role=worker", job_word, run_word, NULL};
	if (child_start(&running->child, words, jobs->role->sources, false, &error))
		return;
	log_error("process.start", &error);
	child_ended(&running->child);
}

static bool due_start(Jobs *jobs, Error *error)
{
	bool is_due[PLAN_JOBS_MAX];
	if (!board_due(jobs->conn, &jobs->plan, clock_now_ms(), is_due, error))
		return false;
	for (size_t i = 0; i < jobs->plan.count; i++)
	{
		const Child *child = &jobs->running[i].child;
		if (is_due[i] && child->pid == 0 && clock_monotonic_us() >= child->start_at_us)
			run_start(jobs, i);
	}
	return true;
}

// Requests about persons are one machine's job, and want something of every machine's buffer.
static bool scrub_start(Jobs *jobs, Error *error)
{
	static const char *const words[] = {"serve", "--role=worker", "--scrub", NULL};
	bool is_due = false;
	if (jobs->scrub.pid != 0 || clock_monotonic_us() < jobs->scrub.start_at_us)
		return true;
	for (size_t i = 0; i < jobs->plan.count; i++)
		if (jobs->running[i].child.pid != 0 && strcmp(jobs->running[i].child.name, JOB_PERSONS) == 0)
			return true; // which does the same
	if (!service_person_scrub_is_due(jobs->role->settings, jobs->conn, &is_due, error))
	{
		if (pg_is_away(error) || !pg_is_open(jobs->conn))
			return false;
		log_error("jobs.scrub", error); // a folder that cannot be read keeps no job from running
		jobs->scrub.start_at_us = clock_monotonic_us() + CLOCK_MINUTE_MS * 1000;
		return true;
	}
	if (is_due && !child_start(&jobs->scrub, words, jobs->role->sources, false, error))
	{
		log_error("process.start", error);
		child_ended(&jobs->scrub);
	}
	return true;
}

// ── The process ──

static void reload(Jobs *jobs)
{
	Plan plan;
	Error error;
	role_reload(jobs->role);
	if (plan_make(service_jobs, jobs->role->settings, &plan, &error))
		jobs->plan = plan;
	else
		log_error("settings.reload", &error);
	jobs->sync_at_us = 0;
}

// Waits until something is to be done; false: it is time to stop.
static bool pause_ms(Jobs *jobs, int64_t wait_ms)
{
	struct pollfd fds[] = {
		{.fd = jobs->stop_fd, .events = POLLIN},
		{.fd = jobs->other_fd, .events = POLLIN},
	};
	(void) poll(fds, 2, (int) wait_ms);
	for (int number = 0; (number = signals_next(jobs->other_fd)) != 0;)
		if (number == SIGHUP)
			reload(jobs);
	reap(jobs);
	late_kill(jobs);
	return fds[0].revents == 0;
}

static bool turn(Jobs *jobs, Error *error)
{
	return (jobs->conn != NULL || connect_database(jobs, error)) && silent_note(jobs, false, error)
		&& (clock_monotonic_us() < jobs->sync_at_us || plan_sync(jobs, error)) && due_start(jobs, error)
		&& scrub_start(jobs, error);
}

static void watch(Jobs *jobs)
{
	Error error;
	int64_t wait_ms = 0;
	while (pause_ms(jobs, wait_ms))
	{
		if (turn(jobs, &error))
		{
			pg_backoff_reset(&jobs->backoff);
			wait_ms = POLL_MS;
			continue;
		}
		log_error("jobs.failed", &error);
		pg_close(jobs->conn);
		jobs->conn = NULL;
		wait_ms = pg_backoff_next_ms(&jobs->backoff);
	}
}

static void runs_stop(Jobs *jobs)
{
	Error error;
	for (size_t i = 0; i < jobs->plan.count; i++)
	{
		Running *running = &jobs->running[i];
		if (running->child.pid == 0)
			continue;
		(void) kill(running->child.pid, SIGKILL);
		(void) waitpid(running->child.pid, NULL, 0);
		child_ended(&running->child);
		running->is_silent = true;
		(void) snprintf(running->reason, sizeof running->reason, "the worker was stopped");
	}
	if (jobs->scrub.pid != 0)
	{
		(void) kill(jobs->scrub.pid, SIGKILL);
		(void) waitpid(jobs->scrub.pid, NULL, 0);
	}
	if (pg_is_open(jobs->conn) && !silent_note(jobs, true, &error))
		log_error("jobs.stop", &error);
}

bool service_jobs_run(RoleContext *role, Error *error)
{
	Jobs jobs = {.role = role,
		.scrub = {.name = "scrub", .ready_fd = -1, .backoff = {.first_ms = 1000, .most_ms = 60000}},
		.backoff = PG_BACKOFF_DEFAULT,
		.stop_fd = -1,
		.other_fd = -1};
	bool is_ok = plan_make(service_jobs, role->settings, &jobs.plan, error)
		&& signals_open((int[]){SIGTERM, SIGINT, 0}, &jobs.stop_fd, error)
		&& signals_open((int[]){SIGCHLD, SIGHUP, 0}, &jobs.other_fd, error);
	for (size_t i = 0; i < jobs.plan.count; i++)
		jobs.running[i].child = (Child){.name = jobs.plan.entries[i].job->name,
			.ready_fd = -1,
			.backoff = {.first_ms = 1000, .most_ms = 60000}};
	if (is_ok)
	{
		log_event(LOG_INFO, "process.ready", "jobs=%zu", jobs.plan.count);
		watch(&jobs);
	}
	runs_stop(&jobs);
	pg_close(jobs.conn);
	if (jobs.stop_fd >= 0)
		(void) close(jobs.stop_fd);
	if (jobs.other_fd >= 0)
		(void) close(jobs.other_fd);
	return is_ok;
}
