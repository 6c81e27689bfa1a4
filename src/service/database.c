#include "service/database.h"

#include "base/clock.h"
#include "cluster/cluster.h"

#define ARENA_SIZE_MAX ((size_t) 65536)

bool service_database(const Settings *settings, Arena *arena, ServiceDatabase *database, Error *error)
{
	ClusterPlace place;
	char dsn[CLUSTER_DSN_SIZE];
	bool has_reader = *settings->database_reader != '\0';
	if (*settings->database != '\0')
	{
		*database = (ServiceDatabase){.dsn = settings->database,
			.reader_dsn = has_reader ? settings->database_reader : settings->database};
		return true;
	}
	if (!cluster_locate(settings->state_dir, &place, error))
		return false;
	*database = (ServiceDatabase){.is_private = true};
	cluster_dsn(&place, CLUSTER_ROLE, CLUSTER_ROLE, dsn);
	database->dsn = arena_copy(arena, slice_from(dsn)).data;
	cluster_dsn(&place, CLUSTER_ROLE_READER, CLUSTER_ROLE, dsn);
	database->reader_dsn = arena_copy(arena, slice_from(dsn)).data;
	return (database->dsn != NULL && database->reader_dsn != NULL)
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
