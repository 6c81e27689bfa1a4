// A connection to PostgreSQL. Only this room names libpq.
//
// One connection, one thread, blocking calls (but pg/copy.h sends rows beside it). Every failure sets Error: ERROR_DATABASE_AWAY where the connection is gone or
// the server does not take one now (shutdown, too many connections, out of disk or memory, read-only standby: worth trying
// again later on a new connection), ERROR_DATABASE with the sqlstate for everything the server says of the statement
// itself. Parameter values never get into an error or a log: of the server's answer only the primary message is kept, and
// of data errors (class 22, 23) only the sqlstate's name and the table, column or constraint.
//
// Every session speaks UTF-8 and UTC, ISO dates and hexadecimal bytea, whatever the server, the role or the environment
// say; notices are dropped.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/uuid.h"

typedef struct PgConn PgConn;

typedef struct PgOptions {
	const char *dsn;              // libpq connection string or URL
	const char *schema;           // search_path: this schema, then public; NULL: as the server has it
	const char *application_name; // "sojourn worker"
	bool is_read_only;            // default_transaction_read_only
	int statement_timeout_ms;     // 0: none
} PgOptions;

bool pg_open(const PgOptions *options, PgConn **conn, Error *error) MUST_USE;
void pg_close(PgConn *conn); // NULL is fine
// The user that a connection string or URL names; SLICE_NONE where it names none.
Slice pg_dsn_user(Arena *arena, const char *dsn) MUST_USE;
bool pg_is_open(const PgConn *conn);
int pg_server_version(const PgConn *conn); // 150004

// ── Statements ──
// Parameters: text format unless is_binary; NULL value is SQL NULL.
typedef struct PgParam {
	const char *value;
	int size; // where is_binary
	bool is_binary;
	bool is_missing; // there was no memory to make it: no statement is run with it, the error is ERROR_MEMORY
} PgParam;

#define PG_PARAMS_MAX 64

// A text in text format, NUL-terminated. Any type; NULL is SQL NULL.
PgParam pg_param(const char *text);
// The bytes as they are: parameters of the types text and bytea. SLICE_NONE is SQL NULL.
PgParam pg_param_bytes(Slice bytes);
// The id must outlive the call.
PgParam pg_param_uuid(const Uuid *uuid);
// Arrays, bigint[], uuid[] and text[], built in an arena; is_missing where it is full.
PgParam pg_param_int64_array(Arena *arena, const int64_t *values, size_t count);
PgParam pg_param_uuid_array(Arena *arena, const Uuid *values, size_t count);
PgParam pg_param_text_array(Arena *arena, const Slice *values, size_t count); // SLICE_NONE becomes NULL

typedef struct PgResult PgResult;

// One statement with parameters, rows in text format. `sql` is a constant of sql/sql.h and is prepared once a connection
// by its address. result may be NULL when no rows are wanted.
bool pg_query(PgConn *conn, const char *sql, const PgParam *params, int param_count, PgResult **result, Error *error)
	MUST_USE;
// Prepares without running; *param_count (may be NULL) is what the statement wants.
bool pg_prepare(PgConn *conn, const char *sql, int *param_count, Error *error) MUST_USE;
// One statement that is planned for the values it gets, each time anew; its text may be made at run time. Rows in text
// format. For statements whose best plan depends on a range that a parameter gives.
bool pg_query_planned(PgConn *conn, const char *sql, const PgParam *params, int param_count, PgResult **result,
	Error *error) MUST_USE;
// One statement whose text is no constant, without parameters; not prepared.
bool pg_query_once(PgConn *conn, const char *sql, PgResult **result, Error *error) MUST_USE;
// A script of several statements without parameters (migrations).
bool pg_script(PgConn *conn, const char *sql, Error *error) MUST_USE;
void pg_result_free(PgResult *result); // NULL is fine
int pg_rows(const PgResult *result);
int pg_columns(const PgResult *result);
const char *pg_column_name(const PgResult *result, int column);
bool pg_is_null(const PgResult *result, int row, int column);
Slice pg_text(const PgResult *result, int row, int column);    // SLICE_NONE where NULL; valid until the result is freed
int64_t pg_int64(const PgResult *result, int row, int column); // 0 where NULL
bool pg_bool(const PgResult *result, int row, int column);     // false where NULL
bool pg_uuid(const PgResult *result, int row, int column, Uuid *uuid);
int64_t pg_affected(const PgResult *result); // rows an INSERT, UPDATE, DELETE touched

// ── Transactions ──
bool pg_begin(PgConn *conn, Error *error) MUST_USE;
bool pg_commit(PgConn *conn, Error *error) MUST_USE; // fails, too, where a failed statement made the server roll back
void pg_rollback(PgConn *conn);                      // also after a failure; never fails

// ── Giving up ──: from another thread than the connection's. The handle is taken while nobody uses the connection, and may
// outlive it.
typedef struct PgCancel PgCancel;
bool pg_cancel_open(PgConn *conn, PgCancel **cancel, Error *error) MUST_USE;
// Asks the server to give up what the connection is running, which then fails with sqlstate 57014; nothing where it runs
// nothing. Returns when the server has done it, or cannot be reached. Any number of times.
void pg_cancel(PgCancel *cancel);
void pg_cancel_close(PgCancel *cancel); // NULL is fine

// text[] as PostgreSQL's literal, NUL-terminated, built in an arena, where no PgParam will do. SLICE_NONE when it is full.
Slice pg_array_text(Arena *arena, const Slice *values, size_t count) MUST_USE; // SLICE_NONE becomes NULL

// ── What an error means ──
// Worth trying the same again later, on a new connection.
bool pg_is_away(const Error *error);
// The statement is not to blame: away, deadlock, serialization, lock or statement time-out, cancelled by somebody. The
// same transaction may well succeed when tried again; nothing of it belongs in quarantine.
bool pg_is_transient(const Error *error);
// What was written or counted is to blame: data exceptions, one row met twice, broken constraints, what exceeds a limit of the
// database. The rest can go on without it.
bool pg_is_data_error(const Error *error);
bool pg_is_unique_violation(const Error *error);
// Given up: by pg_cancel, by the statement time-out, or by somebody at the server.
bool pg_is_cancelled(const Error *error);
