#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define STATUS_NOT_STARTED 127

void process_leave_no_core(void)
{
	(void) setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}); // lowering never fails
}

bool process_user_find(const char *name, ProcessUser *user, Error *error)
{
	char text[4096];
	struct passwd entry;
	struct passwd *found = NULL;
	int failed = getpwnam_r(name, &entry, text, sizeof text, &found);
	if (failed != 0 || found == NULL)
		return error_set(error, ERROR_NOT_FOUND, "this machine has no user \"%s\"", name);
	*user = (ProcessUser){.is_set = true, .uid = entry.pw_uid, .gid = entry.pw_gid};
	return true;
}

bool process_user_become(const ProcessUser *user)
{
	if (user == NULL || !user->is_set)
		return true;
	return setgroups(0, NULL) == 0 && setgid(user->gid) == 0 && setuid(user->uid) == 0 && setuid(0) != 0;
}

static _Noreturn void child_run(const char *const arguments[], const ProcessUser *user, int output_fd, pid_t parent)
{
	union {
		const char *const *ours;
		char *const *theirs; // execvp changes nothing, its type is older than const
	} pointer = {.ours = arguments};
	int null_fd = open("/dev/null", O_RDONLY);
	sigset_t none;
	(void) sigemptyset(&none);
	(void) sigprocmask(SIG_SETMASK, &none, NULL);
	// The folder we stand in may be closed to the user.
	if (null_fd >= 0 && dup2(null_fd, STDIN_FILENO) >= 0 && dup2(output_fd, STDOUT_FILENO) >= 0
		&& dup2(output_fd, STDERR_FILENO) >= 0 && process_user_become(user) && chdir("/") == 0
		&& prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent)
		(void) execvp(arguments[0], pointer.theirs);
	_exit(STATUS_NOT_STARTED);
}

// Everything up to the end; what does not fit is read and forgotten, so that the child does not wait for ever.
static void output_read(int fd, char *output, size_t output_size)
{
	size_t used = 0;
	char rest[1024];
	for (;;)
	{
		bool has_room = used + 1 < output_size;
		ssize_t size = has_room ? read(fd, output + used, output_size - 1 - used) : read(fd, rest, sizeof rest);
		if (size < 0 && errno == EINTR)
			continue;
		if (size <= 0)
			break;
		if (has_room)
			used += (size_t) size;
	}
	output[used] = '\0';
}

bool process_run(const char *const arguments[], const ProcessUser *user, char *output, size_t output_size, int *status,
	Error *error)
{
	int pipe_fds[2];
	output[0] = '\0';
	if (pipe2(pipe_fds, O_CLOEXEC) != 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot make a pipe to %s", arguments[0]);
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid == 0)
		child_run(arguments, user, pipe_fds[1], parent);
	(void) close(pipe_fds[1]);
	if (pid < 0)
	{
		(void) close(pipe_fds[0]);
		return error_set_errno(error, ERROR_SYSTEM, "cannot start %s", arguments[0]);
	}
	output_read(pipe_fds[0], output, output_size);
	(void) close(pipe_fds[0]);
	int wait_status = 0;
	while (waitpid(pid, &wait_status, 0) < 0)
		if (errno != EINTR)
			return error_set_errno(error, ERROR_SYSTEM, "cannot wait for %s", arguments[0]);
	*status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
	if (*status == STATUS_NOT_STARTED && output[0] == '\0')
		return error_set(error, ERROR_SYSTEM, "cannot start %s", arguments[0]);
	return true;
}
