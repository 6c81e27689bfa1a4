#include "base/clock.h"
#include "command/commands.h"
#include "command/table.h"
#include "migrate/migrate.h"
#include "service/database.h"

#include <stdio.h>
#include <string.h>

static bool status_print(const CommandContext *context, PgConn *conn, Error *error)
{
	static const char *const columns[] = {"number", "name", "state", "applied_at", NULL};
	static const char *const states[] = {"applied", "pending", "changed", "unknown"};
	CommandTable table;
	MigrateRow *rows = NULL;
	size_t count = 0;
	command_table_init(&table, columns);
	if (!migrate_status(conn, context->settings->database_schema, sql_migrations, context->arena, &rows, &count, error))
		return false;
	for (size_t i = 0; i < count; i++)
	{
		Slice *cells = command_table_row(&table, context->arena);
		if (cells == NULL)
			return error_set(error, ERROR_MEMORY, "out of memory for the list of migrations");
		cells[0] = arena_format(context->arena, "%d", rows[i].number);
		cells[1] = slice_from(rows[i].name);
		cells[2] = slice_from(states[rows[i].state]);
		cells[3] = slice_from(rows[i].applied_at);
	}
	return command_table_print(&table, context, error);
}

static bool forward(const CommandContext *context, PgConn *conn, Error *error)
{
	int applied = 0;
	if (!migrate_apply(conn, context->settings->database_schema, sql_migrations, &applied, error)
		|| !migrate_months(conn, clock_now_ms(), context->settings->months_ahead, error)
		|| !service_grant(context->settings, conn, error))
		return false;
	if (context->is_json)
		(void) printf("{\"applied\":%d}\n", applied);
	else if (!context->is_quiet && applied == 0)
		(void) puts("the schema is up to date");
	else if (!context->is_quiet)
		(void) printf("%d migration%s applied\n", applied, applied == 1 ? "" : "s");
	return true;
}

bool command_migrate(CommandContext *context, Error *error)
{
	const char *engine = "postgres";
	PgConn *conn = NULL;
	bool is_status = command_flag(context, "status");
	if (!command_option(context, "engine", &engine, error) || !command_end(context, error))
		return false;
	if (strcmp(engine, "timescaledb") == 0 || strcmp(engine, "citus") == 0)
		return error_set(error, ERROR_USAGE, "this version makes its schema for --engine postgres only, not for %s",
			engine);
	if (strcmp(engine, "postgres") != 0)
		return command_misused(context, error, "there is no engine \"%s\"", engine);
	bool is_ok = service_connect(context->settings, "sojourn migrate", &conn, error)
		&& (is_status ? status_print(context, conn, error) : forward(context, conn, error));
	pg_close(conn);
	return is_ok;
}
