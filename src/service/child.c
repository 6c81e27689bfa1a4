#include "service/child.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "service/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARENA_SIZE_MAX ((size_t) 1 << 20U)
// A process that ran this long begins again with a short wait.
#define STEADY_US (60 * CLOCK_SECOND_MS * 1000)

// sojourn SETTINGS… WORDS…: a setting among the words wins over the same one before them.
static bool arguments_make(Arena *arena, const char *const words[], const SettingsSources *sources, int ready_fd,
	const char ***arguments, Error *error)
{
	size_t count = 0;
	const char **items = ARENA_ARRAY(arena, const char *, CHILD_WORDS_MAX + sources->flags_count + 4);
	if (items == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for a command line");
	items[count++] = "sojourn";
	if (sources->file != NULL)
		items[count++] = arena_format(arena, "--config=%s", sources->file).data;
	for (size_t i = 0; i < sources->flags_count; i++)
	{
		const SettingFlag *flag = &sources->flags[i];
		items[count++] = arena_format(arena, "--%.*s=%s", SLICE_PRINT(flag->name), flag->value).data;
	}
	for (size_t i = 0; i < CHILD_WORDS_MAX && words[i] != NULL; i++)
		items[count++] = words[i];
	if (ready_fd >= 0)
		items[count++] = arena_format(arena, "--ready-fd=%d", ready_fd).data;
	*arguments = items;
	for (size_t i = 0; i < count; i++)
		if (items[i] == NULL)
			return error_set(error, ERROR_MEMORY, "out of memory for a command line");
	return true;
}

static _Noreturn void child_exec(const char **arguments, int ready_fd, pid_t parent)
{
	union {
		const char **ours;
		char **theirs; // execv changes nothing, its type is older than const
	} pointer = {.ours = arguments};
	signals_reset();
	(void) setpgid(0, 0); // a terminal's Ctrl-C is for the supervisor, which knows the order
	int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	// Standard output is for the one line that the supervisor prints.
	if (null_fd >= 0 && dup2(null_fd, STDIN_FILENO) >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0
		&& (ready_fd < 0 || fcntl(ready_fd, F_SETFD, 0) == 0) && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0
		&& getppid() == parent)
		(void) execv("/proc/self/exe", pointer.theirs);
	_exit(EXIT_FAILURE);
}

static bool child_fork(Child *child, const char *const words[], const SettingsSources *sources, int ready_fd,
	Error *error)
{
	Arena arena;
	const char **arguments = NULL;
	pid_t parent = getpid();
	arena_init(&arena, ARENA_SIZE_MAX);
	bool is_ok = arguments_make(&arena, words, sources, ready_fd, &arguments, error);
	if (is_ok)
	{
		child->pid = fork();
		if (child->pid == 0)
			child_exec(arguments, ready_fd, parent);
		if (child->pid < 0)
		{
			child->pid = 0;
			is_ok = error_set_errno(error, ERROR_SYSTEM, "cannot start the %s", child->name);
		}
		else
			(void) setpgid(child->pid, child->pid);
	}
	arena_free(&arena);
	return is_ok;
}

bool child_start(Child *child, const char *const words[], const SettingsSources *sources, bool is_announced,
	Error *error)
{
	int fds[2] = {-1, -1};
	if (is_announced && pipe2(fds, O_CLOEXEC | O_NONBLOCK) != 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot make a pipe to the %s", child->name);
	bool is_ok = child_fork(child, words, sources, fds[1], error);
	if (fds[1] >= 0)
		(void) close(fds[1]);
	if (!is_ok && fds[0] >= 0)
		(void) close(fds[0]);
	child->ready_fd = is_ok ? fds[0] : -1;
	child->is_ready = false;
	child->heard_size = 0;
	child->started_us = clock_monotonic_us();
	return is_ok;
}

static void ready_close(Child *child)
{
	if (child->ready_fd >= 0)
		(void) close(child->ready_fd);
	child->ready_fd = -1;
}

void child_hear(Child *child)
{
	ssize_t size = read(child->ready_fd, child->heard + child->heard_size, sizeof child->heard - child->heard_size);
	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	child->heard_size += size > 0 ? (size_t) size : 0;
	const char *newline = memchr(child->heard, '\n', child->heard_size);
	if (newline != NULL)
	{
		(void) snprintf(child->url, sizeof child->url, "%.*s", (int) (newline - child->heard), child->heard);
		child->is_ready = true;
	}
	if (newline != NULL || size <= 0)
		ready_close(child);
}

void child_ended(Child *child)
{
	int64_t now_us = clock_monotonic_us();
	ready_close(child);
	if (now_us - child->started_us >= STEADY_US)
		pg_backoff_reset(&child->backoff);
	child->pid = 0;
	child->is_ready = false;
	child->start_at_us = now_us + pg_backoff_next_ms(&child->backoff) * 1000;
}

void child_log_end(const Child *child, int status)
{
	if (WIFSIGNALED(status))
		log_event(LOG_WARNING, "process.ended", "name=%s signal=%d", child->name, WTERMSIG(status));
	else
		log_event(LOG_WARNING, "process.ended", "name=%s status=%d", child->name, WEXITSTATUS(status));
}
