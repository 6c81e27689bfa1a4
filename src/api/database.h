// A connection that comes back: opened at its first use, again after it was lost, not more often than the back-off allows.
// One thread uses it; any other may ask that what it runs is given up.
#pragma once
#include "base/error.h"
#include "pg/conn.h"
#include "pg/retry.h"

#include <pthread.h>

typedef struct ApiDatabase {
	PgOptions options;
	PgConn *conn;
	PgBackoff backoff;
	int64_t next_try_us;  // monotonic; before it no connection is tried
	unsigned connections; // opened so far: what was read from an earlier one may be out of date
	pthread_mutex_t cancel_lock;
	PgCancel *cancel; // under cancel_lock; NULL where there is no connection
} ApiDatabase;

typedef bool (*ApiDatabaseWork)(PgConn *conn, void *context, Error *error);

void api_database_init(ApiDatabase *database, const PgOptions *options);
void api_database_free(ApiDatabase *database);
// Runs the work, which must be safe to run twice: a connection that turns out to be gone is replaced once. ERROR_DATABASE_AWAY
// where there is none.
bool api_database_call(ApiDatabase *database, ApiDatabaseWork work, void *context, Error *error) MUST_USE;
// Gives up the statement that runs, if one does. From any thread; returns when the server has done it.
void api_database_cancel(ApiDatabase *database);
// Seconds until a connection is tried again, 1 at least: what Retry-After says.
int api_database_retry_after_seconds(const ApiDatabase *database);
