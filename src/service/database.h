// Which database: the configured one, else the private one of the state directory.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "config/settings.h"
#include "pg/conn.h"

typedef struct ServiceDatabase {
	const char *dsn;        // of the role that owns our tables
	const char *reader_dsn; // of the role that may only read
	const char *writer_dsn; // of the role that looks up who asks and keeps sign-ins
	bool is_private;
} ServiceDatabase;

// ERROR_NOT_FOUND where none is configured and the state directory has none.
bool service_database(const Settings *settings, Arena *arena, ServiceDatabase *database, Error *error) MUST_USE;
// A connection as the owner, for a command.
bool service_connect(const Settings *settings, const char *application_name, PgConn **conn, Error *error) MUST_USE;
// A connection that may only read, with the statement time-out of the settings, for a report.
bool service_connect_reader(const Settings *settings, const char *application_name, PgConn **conn, Error *error)
	MUST_USE;
// Gives reader and writer what they need of the tables there are, as their owner. Roles whose connection strings name no user
// are left to whoever made them.
bool service_grant(const Settings *settings, PgConn *conn, Error *error) MUST_USE;
// What they are opened with; texts live as long as those of `database` and `settings`.
PgOptions service_owner_options(const Settings *settings, const ServiceDatabase *database,
	const char *application_name);
PgOptions service_writer_options(const Settings *settings, const ServiceDatabase *database,
	const char *application_name);
PgOptions service_reader_options(const Settings *settings, const ServiceDatabase *database,
	const char *application_name);
