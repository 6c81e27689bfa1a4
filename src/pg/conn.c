#include "pg/conn.h"

#include "base/buf.h"
#include "base/memory.h"
#include "pg/internal.h"
#include "pg/lane.h"
#include "sql/sql.h"

#include <stdio.h>
#include <string.h>

#define SEARCH_PATH_SIZE_MAX 512

static void notice_drop(void *context, const PGresult *result)
{
	(void) context;
	(void) result;
}

// Where nobody answers, the first words of libpq say so: one line, without what only a person at a terminal needs.
static bool open_fail(PGconn *libpq, Error *error)
{
	char text[320];
	(void) snprintf(text, sizeof text, "%s", PQerrorMessage(libpq));
	size_t size = strlen(text);
	while (size > 0 && text[size - 1] == '\n')
		text[--size] = '\0';
	for (char *at = text; *at != '\0'; at++)
		if (*at == '\n' || *at == '\t')
			*at = ' ';
	return error_set(error, ERROR_DATABASE_AWAY, "cannot connect to the database: %s", text);
}

// libpq repeats the parts of a connection string that it cannot read, and one may be a password.
static bool dsn_check(const char *dsn, Error *error)
{
	char *message = NULL;
	PQconninfoOption *options = PQconninfoParse(dsn, &message);
	PQfreemem(message);
	if (options == NULL)
		return error_set(error, ERROR_BAD_INPUT,
			"the database's connection string cannot be read; write it as postgresql://user@host:port/database or as "
			"key=value pairs");
	PQconninfoFree(options);
	return true;
}

Slice pg_dsn_user(Arena *arena, const char *dsn)
{
	Slice user = SLICE_NONE;
	PQconninfoOption *options = PQconninfoParse(dsn, NULL);
	for (const PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++)
		if (strcmp(option->keyword, "user") == 0 && option->val != NULL)
			user = arena_copy(arena, slice_from(option->val));
	PQconninfoFree(options);
	return user;
}

static bool connect_start(const PgOptions *options, PgConn *conn, Error *error)
{
	const char *application_name = options->application_name == NULL ? "sojourn" : options->application_name;
	const char *const pairs[][2] = {
		// What stands before "dbname" is a default that the connection string may change; what stands behind it, is not.
		{"connect_timeout", "10"},
		{"keepalives", "1"},
		{"keepalives_idle", "30"},
		{"keepalives_interval", "10"},
		{"keepalives_count", "3"},
		{"tcp_user_timeout", "60000"},
		{"dbname", options->dsn},
		{"application_name", application_name},
		{"client_encoding", "UTF8"},
	};
	const char *names[sizeof pairs / sizeof pairs[0] + 1] = {NULL};
	const char *values[sizeof pairs / sizeof pairs[0] + 1] = {NULL};
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
	{
		names[i] = pairs[i][0];
		values[i] = pairs[i][1];
	}
	conn->libpq = PQconnectdbParams(names, values, 1);
	if (conn->libpq == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for a connection to the database");
	if (PQstatus(conn->libpq) != CONNECTION_OK)
		return open_fail(conn->libpq, error);
	PQsetNoticeReceiver(conn->libpq, notice_drop, NULL);
	return true;
}

// "schema", public: quoted, so that any name is only a name.
static bool search_path_write(const char *schema, Buf *path, Error *error)
{
	buf_append_byte(path, '"');
	for (const char *at = schema; *at != '\0'; at++)
	{
		if (*at == '"')
			buf_append_byte(path, '"');
		buf_append_byte(path, *at);
	}
	buf_append_text(path, "\", public");
	buf_append_byte(path, '\0');
	return buf_is_ok(path) || error_set(error, ERROR_BAD_INPUT, "the name of the schema is too long");
}

static bool session_begin(const PgOptions *options, PgConn *conn, Error *error)
{
	bool is_ok = false;
	char timeout[16];
	(void) snprintf(timeout, sizeof timeout, "%d", options->statement_timeout_ms);
	Buf path;
	buf_init(&path, SEARCH_PATH_SIZE_MAX);
	if (options->schema != NULL && !search_path_write(options->schema, &path, error))
		goto done;
	const PgParam params[] = {
		pg_param(options->schema == NULL ? NULL : path.data),
		pg_param(options->is_read_only ? "on" : "off"),
		pg_param(timeout),
	};
	is_ok = pg_query(conn, sql_pg_session, params, 3, NULL, error);
done:
	buf_free(&path);
	return is_ok;
}

bool pg_open(const PgOptions *options, PgConn **result, Error *error)
{
	*result = NULL;
	if (!dsn_check(options->dsn, error))
		return false;
	PgConn *conn = memory_allocate_zeroed(1, sizeof *conn);
	if (conn == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for a connection to the database");
	conn->is_read_only = options->is_read_only;
	if (!connect_start(options, conn, error) || !session_begin(options, conn, error))
	{
		pg_close(conn);
		return false;
	}
	*result = conn;
	return true;
}

void pg_close(PgConn *conn)
{
	if (conn == NULL)
		return;
	pg_lane_close(conn);
	PQfinish(conn->libpq);
	memory_free(conn->statements);
	memory_free(conn);
}

bool pg_is_open(const PgConn *conn)
{
	return conn != NULL && PQstatus(conn->libpq) == CONNECTION_OK;
}

int pg_server_version(const PgConn *conn)
{
	return PQserverVersion(conn->libpq);
}
