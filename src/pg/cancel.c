#include "pg/internal.h"

#define REASON_SIZE 256

// PgCancel is libpq's own under another name, so that no other room sees libpq's.

bool pg_cancel_open(PgConn *conn, PgCancel **cancel, Error *error)
{
	*cancel = (PgCancel *) PQgetCancel(conn->libpq);
	return *cancel != NULL || error_set(error, ERROR_MEMORY, "out of memory for a connection to the database");
}

void pg_cancel(PgCancel *cancel)
{
	char reason[REASON_SIZE]; // that a server cannot be reached shows where its answer is waited for
	(void) PQcancel((PGcancel *) cancel, reason, sizeof reason);
}

void pg_cancel_close(PgCancel *cancel)
{
	PQfreeCancel((PGcancel *) cancel);
}
