// What runs when: a job as the program that knows how to do it hands it in. Tables of jobs end with a NULL name.
//
// A run has a process and a connection of its own, and ends with both. Two runs of one job never overlap, on however many
// machines; a run may be killed at any moment, and is then made again from its beginning: it must end in the same tables all
// the same. What it may not leave half done it does in one transaction.
#pragma once
#include "config/settings.h"
#include "pg/conn.h"

typedef struct JobContext {
	const Settings *settings;
	int64_t now_ms; // when the run began
} JobContext;

typedef struct Job {
	const char *name;   // lower-case letters, digits, underscores; of the table `jobs`, the settings and `sojourn jobs`
	const char *cron;   // when it runs unless the setting `jobs` says otherwise: see cron.h
	int64_t timeout_ms; // a run that takes longer is ended
	// One statement that takes longer fails the run: for jobs that may rightly take hours, but none of whose steps does. 0: as
	// long as the run.
	int64_t statement_timeout_ms;
	// On the owner's connection, outside of a transaction.
	bool (*run)(PgConn *conn, const JobContext *context, Error *error);
	// The same as statements of SQL, one value that the caller frees, for pg_cron to run; NULL: SQL alone cannot do it.
	bool (*command)(PgConn *conn, const Settings *settings, PgResult **result, Error *error);
} Job;
