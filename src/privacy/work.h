// Carries out what was asked for: a request goes through its steps, each of which may be cut off at any instruction and is made
// again from where it stands.
//
//   asked     → the person and their browsers are known as erased: loaders refuse their hits from here on
//   rows      → their sessions go, some at a time, each time in turns with the loaders; figures are noted
//   contexts  → what was kept of their hits' circumstances goes, where no row of anybody's names it
//   figures   → sessions' summaries and days are counted anew, without them
//   texts     → so are hours and days; texts that only they had leave the dictionary
//   statistics → what the planner knows of columns is made anew, of the rows that are there
//   buffer    → their hits leave what the buffer keeps of what was loaded, on every machine (scrub.h)
//   done      → the request becomes its proof in data_deletion_log
#pragma once
#include "pg/conn.h"

typedef struct PrivacyWork {
	int64_t session_timeout_ms;
	const char *buffer_folder; // of this machine's streams
	int64_t keep_ms;           // how long the buffer keeps what was loaded
	int64_t patience_ms;       // how long figures are waited for; a request that is not done then goes on next time
	// Brings figures up to date; and takes unused texts out of the dictionary: *is_done false where that could not be now.
	bool (*figures)(void *context, PgConn *conn, Error *error);
	bool (*texts)(void *context, PgConn *conn, bool *is_done, Error *error);
	void *context;
} PrivacyWork;

// Sees to all open requests, one behind the other, on the owner's connection and outside of a transaction. One that fails keeps the
// reason and is tried again next time; the first reason is given back. *is_elsewhere: somebody else is at it, and nothing was done.
bool privacy_work(PgConn *conn, const PrivacyWork *work, bool *is_elsewhere, Error *error) MUST_USE;
