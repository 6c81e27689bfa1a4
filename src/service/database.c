#include "service/database.h"

#include "base/clock.h"
#include "cluster/cluster.h"
#include "sql/sql.h"

#define ARENA_SIZE_MAX ((size_t) 65536)
#define WRITER_TIMEOUT_MS 10000

bool service_database(const Settings *settings, Arena *arena, ServiceDatabase *database, Error *error)
{
	ClusterPlace place;
	char dsn[CLUSTER_DSN_SIZE];
	bool has_reader = *settings->database_reader != '\0';
	bool has_writer = *settings->database_writer != '\0';
	if (*settings->database != '\0')
	{
		*database = (ServiceDatabase){.dsn = settings->database,
			.reader_dsn = has_reader ? settings->database_reader : settings->database,
			.writer_dsn = has_writer ? settings->database_writer : settings->database};
		return true;
	}
	if (!cluster_locate(settings->state_dir, &place, error))
		return false;
	*database = (ServiceDatabase){.is_private = true};
	cluster_dsn(&place, CLUSTER_ROLE, CLUSTER_ROLE, dsn);
	database->dsn = arena_copy(arena, slice_from(dsn)).data;
	cluster_dsn(&place, CLUSTER_ROLE_READER, CLUSTER_ROLE, dsn);
	database->reader_dsn = arena_copy(arena, slice_from(dsn)).data;
	cluster_dsn(&place, CLUSTER_ROLE_WRITER, CLUSTER_ROLE, dsn);
	database->writer_dsn = arena_copy(arena, slice_from(dsn)).data;
	return (database->dsn != NULL && database->reader_dsn != NULL && database->writer_dsn != NULL)
		|| error_set(error, ERROR_MEMORY, "out of memory for a connection string");
}

PgOptions service_owner_options(const Settings *settings, const ServiceDatabase *database, const char *application_name)
{
	return (PgOptions){.dsn = database->dsn, .schema = settings->database_schema, .application_name = application_name};
}

PgOptions service_reader_options(const Settings *settings, const ServiceDatabase *database,
	const char *application_name)
{
	return (PgOptions){
		.dsn = database->reader_dsn,
		.schema = settings->database_schema,
		.application_name = application_name,
		.is_read_only = true,
		.statement_timeout_ms = (int) (settings->statement_timeout_seconds * CLOCK_SECOND_MS),
	};
}

PgOptions service_writer_options(const Settings *settings, const ServiceDatabase *database,
	const char *application_name)
{
	return (PgOptions){
		.dsn = database->writer_dsn,
		.schema = settings->database_schema,
		.application_name = application_name,
		.statement_timeout_ms = WRITER_TIMEOUT_MS,
	};
}

static bool grant(PgConn *conn, const char *sql, const char *dsn, Arena *arena, Error *error)
{
	Slice user = pg_dsn_user(arena, dsn);
	const PgParam params[] = {pg_param(user.data)};
	return user.data == NULL || pg_query(conn, sql, params, 1, NULL, error);
}

bool service_grant(const Settings *settings, PgConn *conn, Error *error)
{
	Arena arena;
	ServiceDatabase database;
	arena_init(&arena, ARENA_SIZE_MAX);
	bool is_ok = service_database(settings, &arena, &database, error)
		&& grant(conn, sql_service_grant_reader, database.reader_dsn, &arena, error)
		&& grant(conn, sql_service_grant_writer, database.writer_dsn, &arena, error);
	arena_free(&arena);
	return is_ok;
}

static bool connect_as(const Settings *settings, const char *application_name, bool is_reader, PgConn **conn,
	Error *error)
{
	Arena arena;
	ServiceDatabase database;
	arena_init(&arena, ARENA_SIZE_MAX);
	bool is_ok = service_database(settings, &arena, &database, error);
	if (is_ok)
	{
		const PgOptions options = is_reader ? service_reader_options(settings, &database, application_name)
											: service_owner_options(settings, &database, application_name);
		is_ok = pg_open(&options, conn, error);
		if (!is_ok && database.is_private && pg_is_away(error))
			(void) error_set(error, ERROR_DATABASE_AWAY,
				"the private database of %s does not run; start it with `sojourn up`", settings->state_dir);
	}
	arena_free(&arena);
	return is_ok;
}

bool service_connect(const Settings *settings, const char *application_name, PgConn **conn, Error *error)
{
	return connect_as(settings, application_name, false, conn, error);
}

bool service_connect_reader(const Settings *settings, const char *application_name, PgConn **conn, Error *error)
{
	return connect_as(settings, application_name, true, conn, error);
}
