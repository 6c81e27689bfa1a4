// A lock that tells who holds it: a POSIX record lock on a whole file. It ends with the process; children do not have it.
// The process must not open the file a second time: closing any descriptor of it gives the lock back.
#pragma once
#include "base/error.h"

#include <sys/types.h>

// ERROR_BUSY when another process holds it; *holder is then its process id (0 where it has just ended).
bool lock_take(const char *path, int *fd, pid_t *holder, Error *error) MUST_USE;
// Who holds it; 0: nobody, or there is no such file. Takes nothing.
pid_t lock_holder(const char *path);
