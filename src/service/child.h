// A process of our own program, which the one that started it watches: the supervisor, the worker or its jobs.
#pragma once
#include "base/error.h"
#include "config/settings_load.h"
#include "pg/retry.h"
#include "service/role.h"

#include <sys/types.h>

#define CHILD_WORDS_MAX 8

typedef struct Child {
	const char *name;
	pid_t pid;               // 0: not running
	int ready_fd;            // -1: nothing to hear
	bool is_ready;           // it said so
	char url[ROLE_URL_SIZE]; // what it said; kept when it ends
	char heard[ROLE_URL_SIZE];
	size_t heard_size;
	PgBackoff backoff;
	int64_t started_us;
	int64_t start_at_us; // when to start it again, where it is not running
} Child;

// Runs `sojourn WORDS… SETTINGS…`, words ending with NULL; settings are those flags that `sources` holds, so that the child
// finds the same. Where is_announced, it is told by --ready-fd where to say that it is ready. It is killed when we die.
bool child_start(Child *child, const char *const words[], const SettingsSources *sources, bool is_announced,
	Error *error) MUST_USE;
// Call when ready_fd is readable.
void child_hear(Child *child);
// It ended: closes what was open, sets when to start it again.
void child_ended(Child *child);
// Says in the log how it ended. status: as waitpid gives it.
void child_log_end(const Child *child, int status);
