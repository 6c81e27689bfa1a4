#include "service/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static pid_t descriptor_holder(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	return fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? lock.l_pid : 0;
}

bool lock_take(const char *path, int *fd, pid_t *holder, Error *error)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	*holder = 0;
	int opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (opened < 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot open %s", path);
	if (fcntl(opened, F_SETLK, &lock) == 0)
	{
		*fd = opened;
		return true;
	}
	bool is_held = errno == EACCES || errno == EAGAIN;
	if (is_held)
	{
		*holder = descriptor_holder(opened);
		(void) error_set(error, ERROR_BUSY, "process %d holds %s", (int) *holder, path);
	}
	else
		(void) error_set_errno(error, ERROR_SYSTEM, "cannot lock %s", path);
	(void) close(opened);
	return false;
}

pid_t lock_holder(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	pid_t holder = descriptor_holder(fd);
	(void) close(fd);
	return holder;
}
