#include "base/clock.h"
#include "command/commands.h"
#include "command/table.h"
#include "migrate/migrate.h"
#include "schedule/pg_cron.h"
#include "service/database.h"
#include "service/job_table.h"

#include <inttypes.h>
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

// is_told: what was done is the answer; else something follows that is.
static bool forward(const CommandContext *context, PgConn *conn, bool is_told, Error *error)
{
	int applied = 0;
	if (!migrate_apply(conn, context->settings->database_schema, sql_migrations, &applied, error)
		|| !migrate_months(conn, clock_now_ms(), context->settings->months_ahead, error)
		|| !service_grant(context->settings, conn, error))
		return false;
	if (!is_told)
		return true;
	if (context->is_json)
		(void) printf("{\"applied\":%d}\n", applied);
	else if (!context->is_quiet && applied == 0)
		(void) puts("the schema is up to date");
	else if (!context->is_quiet)
		(void) printf("%d migration%s applied\n", applied, applied == 1 ? "" : "s");
	return true;
}

// ── Months of the past ──

// Each month is a transaction of its own, so that as many as are wanted can be made.
#define MONTHS_MAX 1200

// "2026-01" as months since the year 0.
static bool month_read(const char *text, int64_t *month)
{
	Slice month_text = SLICE_NONE;
	int64_t year = 0;
	Slice year_text = text == NULL ? SLICE_NONE : slice_split(slice_from(text), '-', &month_text);
	if (year_text.size != 4 || month_text.size != 2 || !slice_to_int64(year_text, &year)
		|| !slice_to_int64(month_text, month) || year < 1970 || *month < 1 || *month > 12)
		return false;
	*month += year * 12 - 1;
	return true;
}

static bool months_range_read(CommandContext *context, int64_t *from, int64_t *to, Error *error)
{
	if (!month_read(command_argument(context), from) || !month_read(command_argument(context), to))
		return command_misused(context, error, "--months wants the first and the last month, such as 2026-01 2026-03");
	return (*from <= *to && *to - *from < MONTHS_MAX)
		|| command_misused(context, error, "--months wants at most %d months, the first one first", MONTHS_MAX);
}

static bool months_make(const CommandContext *context, PgConn *conn, int64_t from, int64_t to, Error *error)
{
	int64_t partitions = 0;
	for (int64_t month = from; month <= to; month++)
	{
		int64_t made = 0;
		if (!migrate_month(conn, month / 12, (unsigned) (month % 12) + 1, &made, error))
			return false;
		partitions += made;
	}
	if (context->is_json)
		(void) printf("{\"months\":%" PRId64 ",\"partitions\":%" PRId64 "}\n", to - from + 1, partitions);
	else if (!context->is_quiet)
		(void) printf("%" PRId64 " month%s: %" PRId64 " partition%s made\n", to - from + 1, from == to ? "" : "s",
			partitions, partitions == 1 ? "" : "s");
	return true;
}

// ── pg_cron ──

static void register_print(const CommandContext *context, const Plan *plan)
{
	bool is_first = true;
	if (context->is_json)
		(void) printf("{\"pg_cron\":[");
	for (size_t i = 0; i < plan->count; i++)
	{
		const PlanEntry *entry = &plan->entries[i];
		const char *name = entry->job->name;
		if (context->is_json && entry->job->command != NULL)
			(void) printf("%s\"%s\"", is_first ? "" : ",", name);
		else if (entry->job->command != NULL)
			(void) printf("%s: pg_cron runs it, %.*s\n", name, SLICE_PRINT(cron_fields(slice_from(entry->cron_text))));
		else if (!context->is_json)
			(void) printf("%s: stays with the worker\n", name);
		is_first = is_first && entry->job->command == NULL;
	}
	if (context->is_json)
		(void) puts("]}");
	else if (strcmp(context->settings->timezone, "UTC") != 0)
		(void) printf("pg_cron's times are its own (UTC, or cron.timezone), not those of %s\n",
			context->settings->timezone);
}

static bool jobs_register(const CommandContext *context, PgConn *conn, Error *error)
{
	Plan plan;
	if (!plan_make(service_jobs, context->settings, &plan, error)
		|| !pg_cron_register(conn, &plan, context->settings, error))
		return false;
	if (context->is_json || !context->is_quiet)
		register_print(context, &plan);
	return true;
}

static bool jobs_unregister(const CommandContext *context, PgConn *conn, Error *error)
{
	int64_t count = 0;
	if (!pg_cron_unregister(conn, &count, error))
		return false;
	if (context->is_json)
		(void) printf("{\"taken_back\":%" PRId64 "}\n", count);
	else if (!context->is_quiet)
		(void) printf("%" PRId64 " job%s taken back from pg_cron\n", count, count == 1 ? "" : "s");
	return true;
}

bool command_migrate(CommandContext *context, Error *error)
{
	const char *engine = "postgres";
	PgConn *conn = NULL;
	int64_t month_from = 0;
	int64_t month_to = 0;
	bool is_status = command_flag(context, "status");
	bool is_months = command_flag(context, "months");
	bool is_pg_cron = command_flag(context, "pg-cron");
	bool is_no_pg_cron = command_flag(context, "no-pg-cron");
	if (!command_option(context, "engine", &engine, error)
		|| (is_months && !months_range_read(context, &month_from, &month_to, error)) || !command_end(context, error))
		return false;
	if (is_status + is_months + is_pg_cron + is_no_pg_cron > 1)
		return command_misused(context, error, "one thing at a time");
	if (strcmp(engine, "timescaledb") == 0 || strcmp(engine, "citus") == 0)
		return error_set(error, ERROR_USAGE, "this version makes its schema for --engine postgres only, not for %s",
			engine);
	if (strcmp(engine, "postgres") != 0)
		return command_misused(context, error, "there is no engine \"%s\"", engine);
	bool is_ok = service_connect(context->settings, "sojourn migrate", &conn, error)
		&& (is_status ? status_print(context, conn, error)
					  : forward(context, conn, !is_months && !is_pg_cron && !is_no_pg_cron, error))
		&& (!is_months || months_make(context, conn, month_from, month_to, error))
		&& (!is_pg_cron || jobs_register(context, conn, error))
		&& (!is_no_pg_cron || jobs_unregister(context, conn, error));
	pg_close(conn);
	return is_ok;
}
