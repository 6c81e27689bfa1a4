#include "service/signals.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

bool signals_open(const int *numbers, int *fd, Error *error)
{
	sigset_t set;
	(void) sigemptyset(&set);
	for (; *numbers != 0; numbers++)
		(void) sigaddset(&set, *numbers);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot block signals");
	*fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return *fd >= 0 || error_set_errno(error, ERROR_SYSTEM, "cannot wait for signals");
}

int signals_next(int fd)
{
	struct signalfd_siginfo info;
	return read(fd, &info, sizeof info) == (ssize_t) sizeof info ? (int) info.ssi_signo : 0;
}

void signals_reset(void)
{
	sigset_t none;
	(void) sigemptyset(&none);
	(void) sigprocmask(SIG_SETMASK, &none, NULL);
	for (int number = 1; number < NSIG; number++)
		(void) signal(number, SIG_DFL);
}
