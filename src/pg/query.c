#include "base/memory.h"
#include "pg/cut.h"
#include "pg/internal.h"
#include "pg/lane.h"
#include "sql/sql.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define STATEMENT_CAPACITY_FIRST 64
#define STATEMENT_NAME_SIZE 16

// PgResult is libpq's own under another name, so that no other room sees libpq's.
static PGresult *libpq_result(const PgResult *result)
{
	union {
		const PgResult *ours;
		PGresult *libpq;
	} pointer = {.ours = result};
	return pointer.libpq;
}

static bool result_is_good(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

// ── Prepared statements ──

static PgStatement *statement_slot(PgStatement *statements, size_t capacity, const char *sql)
{
	size_t at = (size_t) (((uint64_t) (uintptr_t) sql * UINT64_C(0x9E3779B97F4A7C15)) >> 32U) & (capacity - 1);
	while (statements[at].sql != NULL && statements[at].sql != sql)
		at = (at + 1) & (capacity - 1);
	return &statements[at];
}

// Room for one more, at most half full.
static bool statements_reserve(PgConn *conn, Error *error)
{
	if ((conn->statement_count + 1) * 2 <= conn->statement_capacity)
		return true;
	size_t capacity = conn->statement_capacity == 0 ? STATEMENT_CAPACITY_FIRST : conn->statement_capacity * 2;
	PgStatement *statements = memory_allocate_zeroed(capacity, sizeof *statements);
	if (statements == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for prepared statements");
	for (size_t i = 0; i < conn->statement_capacity; i++)
		if (conn->statements[i].sql != NULL)
			*statement_slot(statements, capacity, conn->statements[i].sql) = conn->statements[i];
	memory_free(conn->statements);
	conn->statements = statements;
	conn->statement_capacity = capacity;
	return true;
}

// The name of a statement, which the server knows where *is_known; else statement_keep() is told as soon as it does.
static bool statement_name(PgConn *conn, const char *sql, char name[STATEMENT_NAME_SIZE], bool *is_known, Error *error)
{
	if (!statements_reserve(conn, error))
		return false;
	const PgStatement *statement = statement_slot(conn->statements, conn->statement_capacity, sql);
	*is_known = statement->sql != NULL;
	(void) snprintf(name, STATEMENT_NAME_SIZE, "s%d", *is_known ? statement->number : conn->statement_last + 1);
	return true;
}

static void statement_keep(PgConn *conn, const char *sql)
{
	*statement_slot(conn->statements, conn->statement_capacity, sql) =
		(PgStatement){.sql = sql, .number = ++conn->statement_last};
	conn->statement_count++;
}

bool pg_prepare(PgConn *conn, const char *sql, int *param_count, Error *error)
{
	char name[STATEMENT_NAME_SIZE];
	bool is_known = false;
	if (!pg_lane_wait(conn, error) || !statement_name(conn, sql, name, &is_known, error))
		return false;
	if (!is_known)
	{
		PGresult *prepared = PQprepare(conn->libpq, name, sql, 0, NULL);
		bool is_prepared = result_is_good(prepared) || pg_fail(conn, prepared, sql, error);
		PQclear(prepared);
		if (!is_prepared)
			return false;
		statement_keep(conn, sql);
	}
	if (param_count == NULL)
		return true;
	PGresult *result = PQdescribePrepared(conn->libpq, name);
	bool is_ok = result_is_good(result) || pg_fail(conn, result, sql, error);
	*param_count = is_ok ? PQnparams(result) : 0;
	PQclear(result);
	return is_ok;
}

// ── Running ──

PgParam pg_param(const char *text)
{
	return (PgParam){.value = text};
}

PgParam pg_param_bytes(Slice bytes)
{
	return (PgParam){.value = bytes.data, .size = (int) bytes.size, .is_binary = true};
}

PgParam pg_param_uuid(const Uuid *uuid)
{
	return (PgParam){.value = (const char *) uuid->bytes, .size = sizeof uuid->bytes, .is_binary = true};
}

static bool answer_take(PgConn *conn, PGresult *answer, const char *sql, PgResult **result, Error *error)
{
	bool is_ok = result_is_good(answer) || pg_fail(conn, answer, sql, error);
	if (is_ok && pg_cut_after(conn))
		is_ok = pg_fail(conn, NULL, sql, error);
	if (is_ok && result != NULL)
		*result = (PgResult *) answer;
	else
		PQclear(answer);
	return is_ok;
}

// Parameters as libpq wants them.
typedef struct Values {
	const char *values[PG_PARAMS_MAX];
	int sizes[PG_PARAMS_MAX];
	int formats[PG_PARAMS_MAX];
} Values;

static bool values_set(Values *values, const PgParam *params, int param_count, Error *error)
{
	assert(param_count >= 0 && param_count <= PG_PARAMS_MAX);
	for (int i = 0; i < param_count; i++)
	{
		if (params[i].is_missing)
			return error_set(error, ERROR_MEMORY, "there is no memory left for what a statement is to be told");
		values->values[i] = params[i].value;
		values->sizes[i] = params[i].size;
		values->formats[i] = params[i].is_binary ? 1 : 0;
	}
	return true;
}

// What comes back for the two of a pipeline, up to its end, which does not come where the connection is lost.
static void pipeline_read(PgConn *conn, PGresult *results[2])
{
	size_t at = 0;
	for (;;)
	{
		PGresult *result = PQgetResult(conn->libpq);
		if (result == NULL && PQstatus(conn->libpq) != CONNECTION_OK)
			return;
		if (result == NULL) // behind each of them
		{
			at++;
			continue;
		}
		if (PQresultStatus(result) == PGRES_PIPELINE_SYNC)
		{
			PQclear(result);
			return;
		}
		PQclear(at < 2 ? results[at] : NULL);
		if (at < 2)
			results[at] = result;
		else
			PQclear(result);
	}
}

// Prepares a statement and runs it in one trip to the server. It stays prepared where only its run fails. The answer is that of what
// failed first; NULL where the connection is lost, or had no memory, and cannot be used any more.
static PGresult *prepare_and_run(PgConn *conn, const char *name, const char *sql, int param_count, const Values *values)
{
	PGresult *results[2] = {NULL, NULL};
	bool is_sent = PQenterPipelineMode(conn->libpq) == 1 && PQsendPrepare(conn->libpq, name, sql, 0, NULL) == 1
		&& PQsendQueryPrepared(conn->libpq, name, param_count, values->values, values->sizes, values->formats, 0) == 1
		&& PQpipelineSync(conn->libpq) == 1;
	if (is_sent)
		pipeline_read(conn, results);
	if (!is_sent || PQexitPipelineMode(conn->libpq) != 1)
	{
		PQfinish(conn->libpq);
		conn->libpq = NULL;
	}
	bool is_prepared = result_is_good(results[0]);
	if (is_prepared)
		statement_keep(conn, sql);
	PQclear(results[is_prepared ? 0 : 1]);
	return results[is_prepared ? 1 : 0];
}

bool pg_query(PgConn *conn, const char *sql, const PgParam *params, int param_count, PgResult **result, Error *error)
{
	Values values;
	bool is_known = false;
	if (result != NULL)
		*result = NULL;
	char name[STATEMENT_NAME_SIZE];
	if (!values_set(&values, params, param_count, error) || !pg_lane_wait(conn, error)
		|| !statement_name(conn, sql, name, &is_known, error))
		return false;
	pg_cut_before(conn);
	PGresult *answer = is_known
		? PQexecPrepared(conn->libpq, name, param_count, values.values, values.sizes, values.formats, 0)
		: prepare_and_run(conn, name, sql, param_count, &values);
	return answer_take(conn, answer, sql, result, error);
}

bool pg_query_planned(PgConn *conn, const char *sql, const PgParam *params, int param_count, PgResult **result,
	Error *error)
{
	Values values;
	*result = NULL;
	if (!values_set(&values, params, param_count, error) || !pg_lane_wait(conn, error))
		return false;
	pg_cut_before(conn);
	return answer_take(conn,
		PQexecParams(conn->libpq, sql, param_count, NULL, values.values, values.sizes, values.formats, 0), sql, result,
		error);
}

bool pg_query_once(PgConn *conn, const char *sql, PgResult **result, Error *error)
{
	*result = NULL;
	if (!pg_lane_wait(conn, error))
		return false;
	return answer_take(conn, PQexecParams(conn->libpq, sql, 0, NULL, NULL, NULL, NULL, 0), sql, result, error);
}

bool pg_script(PgConn *conn, const char *sql, Error *error)
{
	if (!pg_lane_wait(conn, error))
		return false;
	pg_cut_before(conn);
	return answer_take(conn, PQexec(conn->libpq, sql), sql, NULL, error);
}

// ── Results ──

void pg_result_free(PgResult *result)
{
	PQclear(libpq_result(result));
}

int pg_rows(const PgResult *result)
{
	return PQntuples(libpq_result(result));
}

int pg_columns(const PgResult *result)
{
	return PQnfields(libpq_result(result));
}

const char *pg_column_name(const PgResult *result, int column)
{
	return PQfname(libpq_result(result), column);
}

bool pg_is_null(const PgResult *result, int row, int column)
{
	return PQgetisnull(libpq_result(result), row, column) != 0;
}

Slice pg_text(const PgResult *result, int row, int column)
{
	const PGresult *libpq = libpq_result(result);
	if (PQgetisnull(libpq, row, column))
		return SLICE_NONE;
	return (Slice){PQgetvalue(libpq, row, column), (size_t) PQgetlength(libpq, row, column)};
}

int64_t pg_int64(const PgResult *result, int row, int column)
{
	int64_t value = 0;
	return slice_to_int64(pg_text(result, row, column), &value) ? value : 0;
}

bool pg_bool(const PgResult *result, int row, int column)
{
	return slice_equal_text(pg_text(result, row, column), "t");
}

bool pg_uuid(const PgResult *result, int row, int column, Uuid *uuid)
{
	return uuid_parse(pg_text(result, row, column), uuid);
}

int64_t pg_affected(const PgResult *result)
{
	int64_t count = 0;
	return slice_to_int64(slice_from(PQcmdTuples(libpq_result(result))), &count) ? count : 0;
}

// ── Transactions ──

bool pg_begin(PgConn *conn, Error *error)
{
	return pg_script(conn, sql_pg_begin, error);
}

bool pg_commit(PgConn *conn, Error *error)
{
	if (!pg_lane_wait(conn, error))
		return false;
	// The server answers a COMMIT of a failed transaction with a ROLLBACK that is no error.
	if (PQtransactionStatus(conn->libpq) == PQTRANS_INERROR)
	{
		pg_rollback(conn);
		return error_set(error, ERROR_DATABASE, "a transaction with a failed statement cannot be committed");
	}
	return pg_script(conn, sql_pg_commit, error);
}

void pg_rollback(PgConn *conn)
{
	pg_lane_clear(conn);
	if (!pg_is_open(conn) || PQtransactionStatus(conn->libpq) == PQTRANS_IDLE)
		return;
	// A connection that cannot roll back is one that is gone, and the next statement will say so.
	PQclear(PQexec(conn->libpq, sql_pg_rollback));
}
