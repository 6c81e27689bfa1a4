// What the files of this room share.
#pragma once
#include "pg/conn.h"

// libpq has a type of the name of our function.
#define pg_int64 libpq_int64
#include <libpq-fe.h>
#undef pg_int64

typedef struct PgStatement {
	const char *sql; // NULL: free
	int number;      // its name on the server is s<number>
} PgStatement;

struct PgConn {
	PGconn *libpq;
	bool is_read_only;
	PgStatement *statements; // open addressing, by address; size a power of two
	size_t statement_capacity;
	size_t statement_count;
	int statement_last;  // numbers are never used again
	struct PgLane *lane; // NULL: nothing was sent that way yet
	bool is_copy_cut;    // of the COPY that goes on something could not be sent
};

// Sets *error from a failed result (NULL where libpq had no memory for one) and returns false. `sql` names the query.
bool pg_fail(PgConn *conn, const PGresult *result, const char *sql, Error *error);
