#include "command/commands.h"
#include "pg/environment.h"
#include "pg/programs.h"
#include "service/database.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool command_psql(CommandContext *context, Error *error)
{
	const Settings *settings = context->settings;
	ServiceDatabase database;
	char folder[PATH_MAX];
	char program[PATH_MAX + 8] = "psql"; // a machine without a server has it in PATH
	char **environment = NULL;
	Error ignored;
	if (context->argument_count > 0 && strcmp(context->arguments[0], "--") != 0)
		return command_misused(context, error, "psql's own arguments go behind --");
	PgConn *conn = NULL;
	// Says better than psql why a private database cannot be reached.
	if (!service_connect(settings, "sojourn psql", &conn, error))
		return false;
	pg_close(conn);
	if (!service_database(settings, context->arena, &database, error)
		|| !pg_environment(database.dsn, settings->database_schema, environ, context->arena, &environment, error))
		return false;
	if (pg_programs_find(settings->postgres_programs, folder, sizeof folder, &ignored))
		(void) snprintf(program, sizeof program, "%s/psql", folder);
	char **arguments = ARENA_ARRAY(context->arena, char *, context->argument_count + 2);
	if (arguments == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for a command line");
	arguments[0] = program;
	for (size_t i = 1; i < context->argument_count; i++)
		arguments[i] = context->arguments[i];
	(void) execvpe(program, arguments, environment);
	if (errno == ENOENT)
		return error_set(error, ERROR_NOT_FOUND,
			"there is no psql on this machine; install PostgreSQL's client programs");
	return error_set_errno(error, ERROR_SYSTEM, "cannot start %s", program);
}
