// Moves the clock of the programs that it is loaded into before everything else (LD_PRELOAD): the time of day they read is off
// by the nanoseconds, an int64, in the file of the program's name in the folder MOVED_CLOCK. Whoever writes that file sets
// their clock, while they run. What counts up evenly (CLOCK_MONOTONIC) stays as it is, as on a machine whose clock is set.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS ((int64_t) 1000000000)

static const volatile int64_t *offset_ns;

__attribute__((constructor)) static void clock_open(void)
{
	char path[4096];
	const char *folder = getenv("MOVED_CLOCK");
	if (folder == NULL)
		return;
	(void) snprintf(path, sizeof path, "%s/%s", folder, program_invocation_short_name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return; // a program whose clock nobody moves
	void *mapped = mmap(NULL, sizeof *offset_ns, PROT_READ, MAP_SHARED, fd, 0);
	(void) close(fd);
	if (mapped != MAP_FAILED)
		offset_ns = mapped;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
	long failed = syscall(SYS_clock_gettime, clock, time);
	if (failed != 0 || offset_ns == NULL || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE))
		return (int) failed;
	int64_t moved_ns = (int64_t) time->tv_sec * SECOND_NS + time->tv_nsec + *offset_ns;
	time->tv_sec = moved_ns / SECOND_NS;
	time->tv_nsec = moved_ns % SECOND_NS;
	return 0;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
	struct timespec now;
	(void) zone;
	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return -1;
	*time = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
	return 0;
}

time_t time(time_t *seconds)
{
	struct timespec now;
	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return -1;
	if (seconds != NULL)
		*seconds = now.tv_sec;
	return now.tv_sec;
}
