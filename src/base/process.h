// Child programs that run to their end (initdb, postgres --version), becoming another user in a child, and what this process
// leaves behind.
#pragma once
#include "base/error.h"
#include "base/slice.h"

#include <sys/types.h>

typedef struct ProcessUser {
	bool is_set; // false: stay who we are
	uid_t uid;
	gid_t gid;
} ProcessUser;

// A crash leaves no image of the memory on disk, for processes that hold what must not get there.
void process_leave_no_core(void);

// The account of that name; ERROR_NOT_FOUND when there is none.
bool process_user_find(const char *name, ProcessUser *user, Error *error) MUST_USE;
// Gives up everything of root's, without way back. For use between fork and exec.
bool process_user_become(const ProcessUser *user) MUST_USE;

// Runs arguments[0] (a path, or a name in PATH) with standard input empty and standard output and error together in `output`, NUL-terminated
// and cut at its size; waits for its end. It is killed if we die. user may be NULL. *status is the exit status, 128 + the signal that ended it.
// Fails only when the program cannot be started.
bool process_run(const char *const arguments[], const ProcessUser *user, char *output, size_t output_size, int *status,
	Error *error) MUST_USE;
