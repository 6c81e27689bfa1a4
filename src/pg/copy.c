#include "pg/copy.h"

#include "base/clock.h"
#include "pg/cut.h"
#include "pg/internal.h"
#include "pg/lane.h"

#include <assert.h>
#include <string.h>

// Signature, flags, length of the header's extension.
static const char copy_header[] = "PGCOPY\n\377\r\n\0"
								  "\0\0\0\0"
								  "\0\0\0\0";
#define COPY_HEADER_SIZE (sizeof copy_header - 1)
static const char copy_trailer[] = {'\377', '\377'};
#define SEND_SIZE ((size_t) 64 * 1024) // libpq holds a copy of what it is given
#define JSONB_VERSION '\1'

// ── Rows ──

void pg_copy_init(PgCopy *copy, size_t bytes_max)
{
	*copy = (PgCopy){.rows = 0};
	buf_init(&copy->buf, bytes_max);
}

void pg_copy_reset(PgCopy *copy)
{
	buf_reset(&copy->buf);
	copy->rows = 0;
	copy->columns_left = 0;
}

void pg_copy_free(PgCopy *copy)
{
	buf_free(&copy->buf);
	copy->rows = 0;
}

void pg_copy_row(PgCopy *copy, int columns)
{
	assert(copy->columns_left == 0 && columns > 0 && columns <= INT16_MAX);
	buf_append_be16(&copy->buf, (uint16_t) columns);
	copy->columns_left = columns;
	copy->rows++;
}

static void column_begin(PgCopy *copy, uint32_t size)
{
	assert(copy->columns_left > 0);
	copy->columns_left--;
	buf_append_be32(&copy->buf, size);
}

void pg_copy_null(PgCopy *copy)
{
	column_begin(copy, UINT32_MAX);
}

void pg_copy_int64(PgCopy *copy, int64_t value)
{
	column_begin(copy, 8);
	buf_append_be64(&copy->buf, (uint64_t) value);
}

void pg_copy_int32(PgCopy *copy, int32_t value)
{
	column_begin(copy, 4);
	buf_append_be32(&copy->buf, (uint32_t) value);
}

void pg_copy_int16(PgCopy *copy, int16_t value)
{
	column_begin(copy, 2);
	buf_append_be16(&copy->buf, (uint16_t) value);
}

void pg_copy_bool(PgCopy *copy, bool value)
{
	column_begin(copy, 1);
	buf_append_byte(&copy->buf, value ? '\1' : '\0');
}

void pg_copy_uuid(PgCopy *copy, Uuid value)
{
	column_begin(copy, sizeof value.bytes);
	buf_append(&copy->buf, value.bytes, sizeof value.bytes);
}

void pg_copy_time_ms(PgCopy *copy, int64_t time_ms)
{
	pg_copy_int64(copy, (time_ms - CLOCK_POSTGRES_EPOCH_MS) * 1000);
}

void pg_copy_bytes(PgCopy *copy, Slice bytes)
{
	if (bytes.data == NULL)
	{
		pg_copy_null(copy);
		return;
	}
	assert(bytes.size <= INT32_MAX);
	column_begin(copy, (uint32_t) bytes.size);
	buf_append_slice(&copy->buf, bytes);
}

void pg_copy_text(PgCopy *copy, Slice text)
{
	pg_copy_bytes(copy, text);
}

void pg_copy_jsonb(PgCopy *copy, Slice json)
{
	if (json.data == NULL)
	{
		pg_copy_null(copy);
		return;
	}
	assert(json.size < INT32_MAX);
	column_begin(copy, (uint32_t) json.size + 1);
	buf_append_byte(&copy->buf, JSONB_VERSION);
	buf_append_slice(&copy->buf, json);
}

// ── Sending and receiving ──

static bool put(PGconn *libpq, const char *data, size_t size)
{
	while (size > 0)
	{
		size_t part = size < SEND_SIZE ? size : SEND_SIZE;
		if (PQputCopyData(libpq, data, (int) part) != 1)
			return false;
		data += part;
		size -= part;
	}
	return true;
}

// Takes every result of a command that is over; the first failure counts.
static bool results_drain(PgConn *conn, const char *sql, int64_t *rows, Error *error)
{
	bool is_ok = true;
	PGresult *result = NULL;
	while ((result = PQgetResult(conn->libpq)) != NULL)
	{
		ExecStatusType status = PQresultStatus(result);
		if (status == PGRES_COMMAND_OK && rows != NULL)
			(void) slice_to_int64(slice_from(PQcmdTuples(result)), rows);
		else if (status != PGRES_COMMAND_OK && is_ok)
			is_ok = pg_fail(conn, result, sql, error);
		PQclear(result);
		// A broken connection may go on to answer COPY_IN or COPY_OUT for ever.
		if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || PQstatus(conn->libpq) != CONNECTION_OK)
			break;
	}
	if (is_ok && PQstatus(conn->libpq) != CONNECTION_OK)
		is_ok = pg_fail(conn, NULL, sql, error);
	return is_ok;
}

static bool copy_begin(PgConn *conn, const char *sql, ExecStatusType wanted, Error *error)
{
	PGresult *result = PQexec(conn->libpq, sql);
	ExecStatusType status = PQresultStatus(result);
	assert(status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK); // not a COPY
	bool is_ok = status == wanted || pg_fail(conn, result, sql, error);
	PQclear(result);
	return is_ok;
}

static bool is_good(const PgCopy *copy, Error *error)
{
	assert(copy->columns_left == 0);
	return buf_is_ok(&copy->buf)
		|| error_set(error, ERROR_TOO_LARGE,
			"a batch of rows for the database is over its bound or holds a bad number");
}

static bool copy_in_begin(PgConn *conn, const char *sql, Error *error)
{
	conn->is_copy_cut = false;
	if (!copy_begin(conn, sql, PGRES_COPY_IN, error))
		return false;
	pg_cut_before(conn); // in the midst of it
	return true;
}

// The last of the rows. What did not get through whole is not kept.
static bool copy_in_end(PgConn *conn, const char *sql, Slice bytes, int64_t *rows, Error *error)
{
	bool is_sent = !conn->is_copy_cut && put(conn->libpq, bytes.data, bytes.size)
		&& put(conn->libpq, copy_trailer, sizeof copy_trailer) && PQputCopyEnd(conn->libpq, NULL) == 1;
	if (!is_sent && PQstatus(conn->libpq) == CONNECTION_OK)
		(void) PQputCopyEnd(conn->libpq, "not all of it could be sent");
	return results_drain(conn, sql, rows, error) && (!pg_cut_after(conn) || pg_fail(conn, NULL, sql, error));
}

// ── On the connection's lane ──

static bool begin_run(PgConn *conn, const char *sql, Slice bytes, Error *error)
{
	(void) bytes;
	return copy_in_begin(conn, sql, error);
}

// What did not get through shows at the end.
static bool rows_run(PgConn *conn, const char *sql, Slice bytes, Error *error)
{
	(void) sql;
	(void) error;
	conn->is_copy_cut = conn->is_copy_cut || !put(conn->libpq, bytes.data, bytes.size);
	return true;
}

static bool end_run(PgConn *conn, const char *sql, Slice bytes, Error *error)
{
	return copy_in_end(conn, sql, bytes, NULL, error);
}

static bool abandon_run(PgConn *conn, const char *sql, Slice bytes, Error *error)
{
	conn->is_copy_cut = true;
	return end_run(conn, sql, bytes, error);
}

bool pg_copy_begin(PgConn *conn, const char *sql, PgCopy *copy, Error *error)
{
	pg_copy_reset(copy);
	if (!pg_lane_open(conn, error))
		return false;
	buf_append(&copy->buf, copy_header, COPY_HEADER_SIZE);
	pg_lane_put(conn, begin_run, sql, NULL);
	return true;
}

void pg_copy_push(PgConn *conn, PgCopy *copy)
{
	if (copy->buf.size >= SEND_SIZE && buf_is_ok(&copy->buf))
		pg_lane_put(conn, rows_run, NULL, &copy->buf);
}

bool pg_copy_end(PgConn *conn, const char *sql, PgCopy *copy, Error *error)
{
	bool is_whole = is_good(copy, error);
	pg_lane_put(conn, is_whole ? end_run : abandon_run, sql, &copy->buf);
	if (!is_whole)
		pg_lane_clear(conn); // the batch is to blame
	return is_whole;
}

bool pg_copy_is_under_way(const PgConn *conn)
{
	return pg_lane_is_busy(conn);
}

// ── At once ──

bool pg_copy_send(PgConn *conn, const char *sql, const PgCopy *copy, int64_t *rows, Error *error)
{
	*rows = 0;
	if (!is_good(copy, error) || !pg_lane_wait(conn, error) || !copy_in_begin(conn, sql, error))
		return false;
	conn->is_copy_cut = !put(conn->libpq, copy_header, COPY_HEADER_SIZE);
	return copy_in_end(conn, sql, buf_slice(&copy->buf), rows, error);
}

static void statement_cancel(PgConn *conn)
{
	char ignored[256];
	PGcancel *cancel = PQgetCancel(conn->libpq);
	if (cancel != NULL)
		(void) PQcancel(cancel, ignored, sizeof ignored);
	PQfreeCancel(cancel);
}

bool pg_copy_receive(PgConn *conn, const char *sql, PgCopyTake take, void *context, Error *error)
{
	if (!pg_lane_wait(conn, error) || !copy_begin(conn, sql, PGRES_COPY_OUT, error))
		return false;
	bool is_taken = true;
	char *chunk = NULL;
	int size = 0;
	while ((size = PQgetCopyData(conn->libpq, &chunk, 0)) > 0)
	{
		if (is_taken && !take(context, (Slice){chunk, (size_t) size}, error))
		{
			is_taken = false;
			statement_cancel(conn);
		}
		PQfreemem(chunk);
	}
	Error later; // what `take` said counts more than that the statement was cancelled
	bool is_ok = results_drain(conn, sql, NULL, is_taken ? error : &later);
	return is_taken && is_ok;
}
