// From the server's answer to an Error that holds nothing of anybody's data.
#include "pg/internal.h"
#include "sql/sql.h"

#include <stdio.h>
#include <string.h>

typedef struct StateName {
	const char *sqlstate;
	const char *name;
} StateName;

// Of classes 22 and 23, what our statements can meet.
static const StateName state_names[] = {
	{"22000", "data exception"},
	{"22001", "text too long for its column"},
	{"22003", "number out of range"},
	{"22004", "null value not allowed"},
	{"22007", "invalid date or time"},
	{"22008", "date or time out of range"},
	{"2200G", "most specific type mismatch"},
	{"22012", "division by zero"},
	{"22021", "bytes that are not UTF-8 text"},
	{"22023", "invalid parameter value"},
	{"2202E", "array subscript error"},
	{"22030", "duplicate key in a JSON object"},
	{"22032", "invalid JSON text"},
	{"22P02", "text that is no value of its type"},
	{"22P03", "bytes that are no value of their type"},
	{"22P04", "bad COPY file format"},
	{"22P05", "untranslatable character"},
	{"23000", "integrity constraint violation"},
	{"23502", "null in a column that allows none"},
	{"23503", "foreign key violation"},
	{"23505", "duplicate key"},
	{"23514", "check constraint violation or no partition for the row"},
	{"23P01", "exclusion constraint violation"},
};

static const char *state_name(const char *sqlstate)
{
	for (size_t i = 0; i < sizeof state_names / sizeof state_names[0]; i++)
		if (strcmp(state_names[i].sqlstate, sqlstate) == 0)
			return state_names[i].name;
	return sqlstate[1] == '2' ? "data exception" : "integrity constraint violation";
}

// NULL for a text that is none of the embedded queries.
static const char *query_name(const char *sql)
{
	for (const SqlQuery *query = sql_queries; sql != NULL && query->name != NULL; query++)
		if (query->text == sql)
			return query->name;
	return NULL;
}

static bool is_class(const char *sqlstate, const char *class)
{
	return strncmp(sqlstate, class, 2) == 0;
}

// 08 connection, 53 resources, 57P0x shutdown and start-up, 58 the server's system. 25006 is a standby, unless this session
// asked for read-only itself. A statement that the server no longer knows, or whose plan went stale by a migration, is
// cured by a new connection.
static bool is_away_state(const PgConn *conn, const PGresult *result, const char *sqlstate)
{
	const char *function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
	bool is_stale_plan =
		strcmp(sqlstate, "0A000") == 0 && function != NULL && strcmp(function, "RevalidateCachedQuery") == 0;
	return is_class(sqlstate, "08") || is_class(sqlstate, "53") || is_class(sqlstate, "58")
		|| strncmp(sqlstate, "57P", 3) == 0 || strcmp(sqlstate, "26000") == 0 || is_stale_plan
		|| (strcmp(sqlstate, "25006") == 0 && !conn->is_read_only);
}

static void data_error_set(const PGresult *result, const char *sqlstate, const char *where, Error *error)
{
	const char *table = PQresultErrorField(result, PG_DIAG_TABLE_NAME);
	const char *column = PQresultErrorField(result, PG_DIAG_COLUMN_NAME);
	const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
	error_set(error, ERROR_DATABASE, "%s%s%s%s%s%s%s%s", where, state_name(sqlstate), table == NULL ? "" : ", table ",
		table == NULL ? "" : table, column == NULL ? "" : ", column ", column == NULL ? "" : column,
		constraint == NULL ? "" : ", constraint ", constraint == NULL ? "" : constraint);
}

bool pg_fail(PgConn *conn, const PGresult *result, const char *sql, Error *error)
{
	if (error == NULL)
		return false;
	char where[80] = "";
	const char *name = query_name(sql);
	if (name != NULL)
		(void) snprintf(where, sizeof where, "query %s: ", name);
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	if (sqlstate == NULL && PQstatus(conn->libpq) == CONNECTION_OK)
		return error_set(error, ERROR_MEMORY, "%sout of memory for the database's answer", where);
	if (sqlstate == NULL) // libpq's own text may hold the server's last words, and those a value
		error_set(error, ERROR_DATABASE_AWAY, "%sthe connection to the database was lost", where);
	else if (is_away_state(conn, result, sqlstate))
		error_set(error, ERROR_DATABASE_AWAY, "%sthe database is away: %s", where,
			PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
	else if (is_class(sqlstate, "22") || is_class(sqlstate, "23"))
		data_error_set(result, sqlstate, where, error);
	else
		error_set(error, ERROR_DATABASE, "%s%s", where, PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
	if (sqlstate != NULL)
		(void) snprintf(error->sqlstate, sizeof error->sqlstate, "%s", sqlstate);
	return false;
}

bool pg_is_away(const Error *error)
{
	return error->code == ERROR_DATABASE_AWAY;
}

bool pg_is_transient(const Error *error)
{
	return pg_is_away(error) || error->code == ERROR_MEMORY || is_class(error->sqlstate, "40")
		|| strcmp(error->sqlstate, "55P03") == 0 || pg_is_cancelled(error);
}

bool pg_is_data_error(const Error *error)
{
	return error->code == ERROR_DATABASE
		&& (is_class(error->sqlstate, "21") || is_class(error->sqlstate, "22") || is_class(error->sqlstate, "23")
			|| is_class(error->sqlstate, "54"));
}

bool pg_is_cancelled(const Error *error)
{
	return strcmp(error->sqlstate, "57014") == 0;
}

bool pg_is_unique_violation(const Error *error)
{
	return strcmp(error->sqlstate, "23505") == 0;
}
