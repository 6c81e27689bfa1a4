#include "service/supervisor.h"

#include "base/clock.h"
#include "base/log.h"
#include "service/child.h"
#include "service/lock.h"
#include "service/probe.h"
#include "service/signals.h"
#include "service/state.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_SIZE 4096
#define TICK_MS (10 * CLOCK_SECOND_MS)
#define PROBE_TIMEOUT_MS (5 * CLOCK_SECOND_MS)
// A signal that comes this soon behind the first was sent with it (to a process and to its group, say).
#define HURRY_AFTER_MS CLOCK_SECOND_MS
#define MIGRATION ROLE_COUNT // places behind the roles
#define POSTGRES (ROLE_COUNT + 1)
#define CHILD_COUNT (ROLE_COUNT + 2)

typedef struct Supervisor {
	const SupervisorOptions *options;
	Child children[CHILD_COUNT];
	Cluster cluster;
	int stop_fd;  // SIGTERM, SIGINT
	int other_fd; // SIGCHLD, SIGHUP
	int lock_fd;
	int migration_status; // as waitpid gives it
	bool is_hangup_end;   // a terminal that goes away takes us with it
	bool is_hurried;      // asked twice
	int64_t stop_begun_us;
	bool was_ready; // once, all together
	bool is_start_failed;
	Error failure; // of the start
} Supervisor;

// ── Children that end ──

// As subreaper we also get the orphans of a server that was killed; nothing is to be done about those.
static void children_reap(Supervisor *supervisor, bool is_stopping)
{
	int status = 0;
	pid_t pid = 0;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (int i = 0; i < CHILD_COUNT; i++)
		{
			Child *child = &supervisor->children[i];
			if (child->pid != pid)
				continue;
			child_ended(child);
			if (i == MIGRATION)
				supervisor->migration_status = status;
			else if (!is_stopping)
				child_log_end(child, status);
			if (is_stopping || supervisor->was_ready || i == MIGRATION || supervisor->is_start_failed)
				continue;
			supervisor->is_start_failed = true;
			error_set(&supervisor->failure, ERROR_SYSTEM, "the %s could not start; its reason stands above",
				child->name);
		}
}

static void hangup_hand_on(const Supervisor *supervisor)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		if (supervisor->children[i].pid > 0)
			(void) kill(supervisor->children[i].pid, SIGHUP);
}

// ── Stopping ──

typedef struct StopStep {
	int signal_number;
	int64_t wait_ms;
} StopStep;

static const StopStep role_steps[] = {{SIGTERM, 10 * CLOCK_SECOND_MS}, {SIGKILL, CLOCK_MINUTE_MS}};
static const StopStep postgres_steps[] = {{SIGINT, 20 * CLOCK_SECOND_MS}, {SIGQUIT, 5 * CLOCK_SECOND_MS},
	{SIGKILL, CLOCK_MINUTE_MS}};
#define STEP_COUNT(steps) (sizeof(steps) / sizeof *(steps))

static void child_await(Supervisor *supervisor, const Child *child, int64_t wait_ms)
{
	int64_t until_us = clock_monotonic_us() + wait_ms * 1000;
	while (child->pid > 0)
	{
		int64_t left_us = until_us - clock_monotonic_us();
		struct pollfd fds[] = {
			{.fd = supervisor->other_fd, .events = POLLIN},
			{.fd = supervisor->is_hurried ? -1 : supervisor->stop_fd, .events = POLLIN},
		};
		if (left_us <= 0)
			return;
		(void) poll(fds, 2, (int) (left_us / 1000 + 1));
		while (signals_next(supervisor->other_fd) != 0)
			continue;
		children_reap(supervisor, true);
		bool is_asked = signals_next(supervisor->stop_fd) != 0;
		if (!is_asked || clock_monotonic_us() - supervisor->stop_begun_us < HURRY_AFTER_MS * 1000)
			continue;
		supervisor->is_hurried = true;
		return;
	}
}

static void child_stop(Supervisor *supervisor, Child *child, const StopStep *steps, size_t step_count)
{
	for (size_t i = 0; i < step_count && child->pid > 0; i++)
	{
		if (supervisor->is_hurried && i == 0)
			continue;
		if (i > 0)
			log_event(LOG_WARNING, "process.killed", "name=%s signal=%d", child->name, steps[i].signal_number);
		(void) kill(child->pid, steps[i].signal_number);
		child_await(supervisor, child, steps[i].wait_ms);
	}
}

static void stop_all(Supervisor *supervisor)
{
	supervisor->stop_begun_us = clock_monotonic_us();
	children_reap(supervisor, true);
	child_stop(supervisor, &supervisor->children[MIGRATION], role_steps, STEP_COUNT(role_steps));
	for (int i = 0; i < ROLE_COUNT; i++)
		child_stop(supervisor, &supervisor->children[i], role_steps, STEP_COUNT(role_steps));
	child_stop(supervisor, &supervisor->children[POSTGRES], postgres_steps, STEP_COUNT(postgres_steps));
}

// ── Starting ──

static bool state_lock(Supervisor *supervisor, Error *error)
{
	char path[PATH_SIZE];
	pid_t holder = 0;
	const char *state_dir = supervisor->options->settings->state_dir;
	if (snprintf(path, sizeof path, "%s/lock", state_dir) >= (int) sizeof path)
		return error_set(error, ERROR_BAD_INPUT, "the path of the state directory is too long");
	if (!state_make(state_dir, error))
		return false;
	if (lock_take(path, &supervisor->lock_fd, &holder, error))
		return true;
	if (error->code == ERROR_BUSY)
		error_set(error, ERROR_BUSY,
			"sojourn already runs in %s as process %d; stop that first, or give another --state-dir", state_dir,
			(int) holder);
	return false;
}

static bool postgres_start(Supervisor *supervisor, Error *error)
{
	Child *child = &supervisor->children[POSTGRES];
	if (!cluster_spawn(&supervisor->cluster, error))
		return false;
	child->pid = supervisor->cluster.pid;
	child->started_us = clock_monotonic_us();
	return true;
}

static bool database_start(Supervisor *supervisor, Error *error)
{
	if (supervisor->options->cluster == NULL)
		return true;
	if (!cluster_open(supervisor->options->cluster, &supervisor->cluster, error) || !postgres_start(supervisor, error))
		return false;
	bool is_ready = cluster_wait_ready(&supervisor->cluster, supervisor->stop_fd, error);
	supervisor->children[POSTGRES].pid = supervisor->cluster.pid;
	return is_ready;
}

// In a process of its own, so that one that waits for another machine's can be stopped.
static bool migrate(Supervisor *supervisor, Error *error)
{
	Child *child = &supervisor->children[MIGRATION];
	static const char *const words[] = {"migrate", "--quiet", NULL};
	if (!supervisor->options->is_migrating)
		return true;
	if (!child_start(child, words, supervisor->options->sources, false, error))
		return false;
	while (child->pid > 0)
	{
		struct pollfd fds[] = {
			{.fd = supervisor->other_fd, .events = POLLIN},
			{.fd = supervisor->stop_fd, .events = POLLIN},
		};
		(void) poll(fds, 2, -1);
		while (signals_next(supervisor->other_fd) != 0)
			continue;
		children_reap(supervisor, false);
		if (fds[1].revents != 0)
			return error_set(error, ERROR_BUSY, "stopped while the database was being migrated");
	}
	return supervisor->migration_status == 0
		|| error_set(error, ERROR_DATABASE, "the database could not be migrated; the reason stands above");
}

// A port that was picked is kept when the process starts again: others were told.
static const char *address_kept(const Supervisor *supervisor, Role role, char text[ROLE_URL_SIZE + 32])
{
	const Settings *settings = supervisor->options->settings;
	const Child *child = &supervisor->children[role];
	const char *name = role == ROLE_COLLECTOR ? "collect-listen" : "dashboard-listen";
	const char *address = role == ROLE_COLLECTOR ? settings->collect_listen : settings->dashboard_listen;
	const char *real = strrchr(child->url, ':');
	const char *asked = strrchr(address, ':');
	if (role == ROLE_WORKER || real == NULL || asked == NULL || strcmp(asked, ":0") != 0)
		return NULL;
	(void) snprintf(text, ROLE_URL_SIZE + 32, "--%s=%.*s%s", name, (int) (asked - address), address, real);
	return text;
}

static bool role_start(Supervisor *supervisor, Role role, Error *error)
{
	char role_word[32];
	char address_word[ROLE_URL_SIZE + 32];
	(void) snprintf(role_word, sizeof role_word, "--role=%s", role_name(role));
	const char *const words[] = {"serve", role_word, address_kept(supervisor, role, address_word), NULL};
	return child_start(&supervisor->children[role], words, supervisor->options->sources, true, error);
}

static bool roles_start(Supervisor *supervisor, Error *error)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		if (supervisor->options->roles[i] && !role_start(supervisor, (Role) i, error))
			return false;
	return true;
}

// ── Running ──

static bool all_ready(Supervisor *supervisor, Error *error)
{
	char urls[ROLE_COUNT][ROLE_URL_SIZE];
	for (int i = 0; i < ROLE_COUNT; i++)
	{
		const Child *child = &supervisor->children[i];
		if (supervisor->options->roles[i] && !child->is_ready)
			return true;
		memcpy(urls[i], child->url, sizeof urls[i]);
		if (*urls[i] != '\0' && !probe_health(urls[i], PROBE_TIMEOUT_MS, error))
			return false;
	}
	supervisor->was_ready = true;
	supervisor->options->on_ready(supervisor->options->context, urls);
	return true;
}

// Starts what ended and has waited long enough; gives the time until the next one.
static int64_t restart_due(Supervisor *supervisor)
{
	Error error;
	int64_t now_us = clock_monotonic_us();
	int64_t next_ms = TICK_MS;
	for (int i = 0; i < CHILD_COUNT; i++)
	{
		Child *child = &supervisor->children[i];
		bool is_wanted =
			i < ROLE_COUNT ? supervisor->options->roles[i] : i == POSTGRES && supervisor->options->cluster != NULL;
		if (!is_wanted || child->pid > 0)
			continue;
		int64_t left_ms = (child->start_at_us - now_us + 999) / 1000;
		if (left_ms > 0)
		{
			next_ms = left_ms < next_ms ? left_ms : next_ms;
			continue;
		}
		if (i == POSTGRES)
			(void) cluster_end_orphans(&supervisor->cluster);
		if (i == POSTGRES ? postgres_start(supervisor, &error) : role_start(supervisor, (Role) i, &error))
			continue;
		log_error("process.start", &error);
		child_ended(child);
		next_ms = 0;
	}
	return next_ms;
}

// One turn; true when it is time to stop.
static bool turn(Supervisor *supervisor, Error *error, bool *is_ok)
{
	struct pollfd fds[ROLE_COUNT + 2];
	int64_t wait_ms = supervisor->was_ready ? restart_due(supervisor) : TICK_MS;
	for (int i = 0; i < ROLE_COUNT; i++)
		fds[i] = (struct pollfd){.fd = supervisor->children[i].ready_fd, .events = POLLIN};
	fds[ROLE_COUNT] = (struct pollfd){.fd = supervisor->other_fd, .events = POLLIN};
	fds[ROLE_COUNT + 1] = (struct pollfd){.fd = supervisor->stop_fd, .events = POLLIN};
	int ready = poll(fds, ROLE_COUNT + 2, (int) wait_ms);
	for (int i = 0; ready > 0 && i < ROLE_COUNT; i++)
		if (fds[i].revents != 0)
			child_hear(&supervisor->children[i]);
	bool is_end = signals_next(supervisor->stop_fd) != 0;
	int number = 0;
	while ((number = signals_next(supervisor->other_fd)) != 0)
	{
		if (number == SIGHUP && supervisor->is_hangup_end)
			is_end = true;
		else if (number == SIGHUP)
			hangup_hand_on(supervisor);
	}
	children_reap(supervisor, false);
	cluster_tick(&supervisor->cluster);
	if (is_end)
		return true;
	if (supervisor->is_start_failed)
		*error = supervisor->failure;
	*is_ok = !supervisor->is_start_failed && (supervisor->was_ready || all_ready(supervisor, error));
	return !*is_ok;
}

static bool start(Supervisor *supervisor, Error *error)
{
	return signals_open((int[]){SIGTERM, SIGINT, 0}, &supervisor->stop_fd, error)
		&& signals_open((int[]){SIGCHLD, SIGHUP, 0}, &supervisor->other_fd, error) && state_lock(supervisor, error)
		&& database_start(supervisor, error) && migrate(supervisor, error) && roles_start(supervisor, error);
}

bool supervisor_run(const SupervisorOptions *options, Error *error)
{
	static const char *const names[CHILD_COUNT] = {"collector", "worker", "analytics", "migration", "PostgreSQL"};
	Supervisor supervisor = {.options = options,
		.cluster = {.lock_fd = -1, .log_fd = -1},
		.stop_fd = -1,
		.other_fd = -1,
		.lock_fd = -1,
		.is_hangup_end = isatty(STDERR_FILENO) == 1};
	for (int i = 0; i < CHILD_COUNT; i++)
		supervisor.children[i] =
			(Child){.name = names[i], .ready_fd = -1, .backoff = {.first_ms = 100, .most_ms = 10000}};
	log_init("supervisor", options->settings->log_level);
	(void) prctl(PR_SET_CHILD_SUBREAPER, 1);
	bool is_ok = start(&supervisor, error);
	while (is_ok && !turn(&supervisor, error, &is_ok))
		continue;
	// Asked to stop while starting is no failure.
	bool is_asked = !is_ok && signals_next(supervisor.stop_fd) != 0;
	stop_all(&supervisor);
	cluster_close(&supervisor.cluster);
	int fds[] = {supervisor.stop_fd, supervisor.other_fd, supervisor.lock_fd};
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		if (fds[i] >= 0)
			(void) close(fds[i]);
	return is_ok || is_asked;
}
