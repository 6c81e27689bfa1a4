// COPY … FROM STDIN in binary: rows are built in memory, a batch at a time, and sent whole. Past bytes_max, without memory,
// and after a numeric that is none, the batch is marked failed and pg_copy_send refuses it (ERROR_TOO_LARGE).
//   PgCopy copy; pg_copy_init(&copy, bytes_max);
//   for each row: pg_copy_row(&copy, columns); then one call a column, in order;
//   pg_copy_send(conn, sql_…, &copy, &rows, error)   -- sql: COPY table (columns) FROM STDIN WITH (FORMAT binary)
#pragma once
#include "base/buf.h"
#include "base/error.h"
#include "base/uuid.h"
#include "pg/conn.h"

//
// Or while they are built, on a thread of the connection's own, so that the server and who builds work at the same time:
//   pg_copy_begin(conn, sql_…, &copy, error); then rows, with pg_copy_push behind each; pg_copy_end(conn, sql_…, &copy, error)
typedef struct PgCopy {
	Buf buf;
	size_t rows;
	int columns_left; // of the row being built
} PgCopy;

void pg_copy_init(PgCopy *copy, size_t bytes_max);
void pg_copy_reset(PgCopy *copy); // empty, memory kept
void pg_copy_free(PgCopy *copy);

void pg_copy_row(PgCopy *copy, int columns);
void pg_copy_null(PgCopy *copy);
void pg_copy_int64(PgCopy *copy, int64_t value); // bigint
void pg_copy_int32(PgCopy *copy, int32_t value); // integer
void pg_copy_int16(PgCopy *copy, int16_t value); // smallint
void pg_copy_bool(PgCopy *copy, bool value);
void pg_copy_uuid(PgCopy *copy, Uuid value);         // nil is written as it is
void pg_copy_time_ms(PgCopy *copy, int64_t time_ms); // timestamptz
void pg_copy_text(PgCopy *copy, Slice text);         // SLICE_NONE: NULL
void pg_copy_bytes(PgCopy *copy, Slice bytes);       // bytea; SLICE_NONE: NULL
void pg_copy_jsonb(PgCopy *copy, Slice json);        // SLICE_NONE: NULL
void pg_copy_numeric(PgCopy *copy, Slice text);      // as pg_numeric_is_valid; SLICE_NONE: NULL

// Decimal text as JSON writes numbers, "-12.50" or "1e3", with at most PG_NUMERIC_DIGITS_MAX digits when written out.
#define PG_NUMERIC_DIGITS_MAX 256
bool pg_numeric_is_valid(Slice decimal);

// Sends all rows; *rows is what the server took. Fails as pg_query does; the transaction is then aborted.
bool pg_copy_send(PgConn *conn, const char *sql, const PgCopy *copy, int64_t *rows, Error *error) MUST_USE;

// Nothing of these waits for the server, and between pg_copy_begin and pg_copy_end nothing else may go over the connection. What
// the server says is told by the next statement of the connection, whichever it is, which waits for it: it fails with the
// COPY's error, and is not run. pg_copy_end fails for a bad batch, as pg_copy_send; the COPY has failed then.
bool pg_copy_begin(PgConn *conn, const char *sql, PgCopy *copy, Error *error) MUST_USE;
void pg_copy_push(PgConn *conn, PgCopy *copy);
bool pg_copy_end(PgConn *conn, const char *sql, PgCopy *copy, Error *error) MUST_USE;
// Whether the server has not answered yet.
bool pg_copy_is_under_way(const PgConn *conn);

// COPY … TO STDOUT: calls `take` with each chunk as the server sends it; false from `take` cancels the statement (its Error
// is kept, and a transaction around it is aborted).
typedef bool (*PgCopyTake)(void *context, Slice chunk, Error *error);
bool pg_copy_receive(PgConn *conn, const char *sql, PgCopyTake take, void *context, Error *error) MUST_USE;
