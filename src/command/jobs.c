// `sojourn jobs`: what runs when and how it went; or one of them now.
#include "base/clock.h"
#include "command/commands.h"
#include "command/table.h"
#include "migrate/migrate.h"
#include "service/database.h"
#include "sql/sql.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#define LOOK_MS 100
#define PATIENCE_MS (15 * CLOCK_SECOND_MS)

static bool list(CommandContext *context, PgConn *conn, Error *error)
{
	static const char *const columns[] = {"name", "cron", "outcome", "last_run_at", "duration_ms", "next_run_at",
		"machine", "error", NULL};
	PgResult *result = NULL;
	CommandTable table;
	command_table_init(&table, columns);
	bool is_ok = pg_query(conn, sql_command_jobs, NULL, 0, &result, error);
	for (int row = 0; is_ok && row < pg_rows(result); row++)
	{
		Slice *cells = command_table_row(&table, context->arena);
		for (int column = 0; cells != NULL && column < pg_columns(result); column++)
			cells[column] = pg_text(result, row, column);
		is_ok = cells != NULL || error_set(error, ERROR_MEMORY, "out of memory for the list of jobs");
	}
	is_ok = is_ok && command_table_print(&table, context, error);
	pg_result_free(result);
	return is_ok;
}

// Asks for it; *request is the answer's number.
static bool ask(const CommandContext *context, PgConn *conn, const char *name, char request[24], Error *error)
{
	PgResult *result = NULL;
	const PgParam params[] = {pg_param(name), pg_param("sojourn jobs")};
	if (!pg_query(conn, sql_command_jobs_ask, params, 2, &result, error))
		return false;
	bool is_ok = pg_rows(result) > 0
		|| error_set(error, ERROR_NOT_FOUND,
			"there is no job \"%s\" that a worker of %s ever ran; `sojourn jobs` lists those there are", name,
			context->settings->database_schema);
	if (is_ok)
		(void) snprintf(request, 24, "%.*s", SLICE_PRINT(pg_text(result, 0, 0)));
	pg_result_free(result);
	return is_ok;
}

// *is_over: it ran; false from this function where it did not run well.
static bool answer_look(const CommandContext *context, const char *name, const PgResult *result, bool *is_over,
	Error *error)
{
	*is_over = pg_rows(result) == 0 || !pg_is_null(result, 0, 0);
	if (!*is_over || pg_rows(result) == 0) // so long ago that it is forgotten
		return true;
	if (!slice_equal_text(pg_text(result, 0, 0), "done"))
		return error_set(error, ERROR_SYSTEM, "the run of %s is %.*s: %.*s", name, SLICE_PRINT(pg_text(result, 0, 0)),
			SLICE_PRINT(pg_text(result, 0, 1)));
	if (context->is_json)
		(void) printf("{\"name\":\"%s\",\"outcome\":\"done\",\"duration_ms\":%" PRId64 "}\n", name,
			pg_int64(result, 0, 2));
	else if (!context->is_quiet)
		(void) printf("%s: done in %" PRId64 " ms\n", name, pg_int64(result, 0, 2));
	return true;
}

static bool wait_for(const CommandContext *context, PgConn *conn, const char *name, const char *request, Error *error)
{
	int64_t idle_since_us = clock_monotonic_us();
	for (;;)
	{
		PgResult *result = NULL;
		bool is_over = false;
		if (!pg_query(conn, sql_command_jobs_answer, (PgParam[]){pg_param(request)}, 1, &result, error))
			return false;
		bool is_ok = answer_look(context, name, result, &is_over, error);
		if (!is_over && pg_bool(result, 0, 3))
			idle_since_us = clock_monotonic_us();
		pg_result_free(result);
		if (is_over || !is_ok)
			return is_ok;
		if (clock_monotonic_us() - idle_since_us > PATIENCE_MS * 1000)
			return error_set(error, ERROR_BUSY,
				"no worker has taken up %s; it is asked for, and runs as soon as one does: `sojourn serve`", name);
		(void) poll(NULL, 0, LOOK_MS);
	}
}

static bool run(CommandContext *context, PgConn *conn, Error *error)
{
	char request[24];
	bool is_waiting = !command_flag(context, "no-wait");
	const char *name = command_argument(context);
	if (name == NULL)
		return command_misused(context, error, "which job?");
	if (!command_end(context, error) || !ask(context, conn, name, request, error))
		return false;
	return !is_waiting || wait_for(context, conn, name, request, error);
}

bool command_jobs(CommandContext *context, Error *error)
{
	PgConn *conn = NULL;
	const char *verb = command_argument(context);
	bool is_run = verb != NULL && strcmp(verb, "run") == 0;
	if (verb != NULL && !is_run && strcmp(verb, "list") != 0)
		return command_misused(context, error, "what about jobs?");
	if (!is_run && !command_end(context, error))
		return false;
	bool is_ok = service_connect(context->settings, "sojourn jobs command", &conn, error)
		&& migrate_check(conn, context->settings->database_schema, sql_migrations, error)
		&& (is_run ? run(context, conn, error) : list(context, conn, error));
	pg_close(conn);
	return is_ok;
}
