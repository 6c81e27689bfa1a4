#include "buffer/buffer.h"
#include "command/commands.h"
#include "command/table.h"
#include "migrate/migrate.h"
#include "service/database.h"
#include "service/probe.h"
#include "service/role.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PROBE_TIMEOUT_MS 3000

typedef struct Status {
	CommandContext *context;
	CommandTable table;
	bool is_failed; // out of memory
	int bad;
	int running;
} Status;

static void part_add(Status *status, const char *part, const char *state, Slice detail)
{
	Slice *cells = command_table_row(&status->table, status->context->arena);
	if (cells == NULL)
	{
		status->is_failed = true;
		return;
	}
	cells[0] = slice_from(part);
	cells[1] = slice_from(state);
	cells[2] = detail;
	status->bad += strcmp(state, "bad") == 0 ? 1 : 0;
}

static void role_check(Status *status, Role role)
{
	Arena *arena = status->context->arena;
	RoleState state;
	Error error;
	bool is_well = role_state_read(status->context->settings->state_dir, role, &state, &error)
		&& (state.pid == 0 || *state.url == '\0' || probe_health(state.url, PROBE_TIMEOUT_MS, &error));
	if (is_well && state.is_died)
		part_add(status, role_name(role), "bad", SLICE_LITERAL("died"));
	else if (is_well && state.pid == 0)
		part_add(status, role_name(role), "stopped", SLICE_NONE);
	else if (!is_well)
		part_add(status, role_name(role), "bad", arena_copy(arena, slice_from(error.message)));
	else
		part_add(status, role_name(role), "good",
			arena_format(arena, "process %d%s%s", (int) state.pid, *state.url == '\0' ? "" : ", ", state.url));
	status->running += state.pid > 0 ? 1 : 0;
}

static bool database_look(const CommandContext *context, PgConn *conn, Slice *detail, Error *error)
{
	PgResult *result = NULL;
	if (!migrate_check(conn, context->settings->database_schema, sql_migrations, error)
		|| !pg_query(conn, sql_command_status, NULL, 0, &result, error))
		return false;
	Slice version = pg_text(result, 0, 0);
	Slice age = pg_text(result, 0, 1);
	*detail = arena_format(context->arena, "PostgreSQL %.*s, %s%.*s%s, %" PRId64 " hits in quarantine",
		(int) slice_find(version, ' ', 0), version.data, age.data == NULL ? "nothing stored yet" : "last stored ",
		SLICE_PRINT(age), age.data == NULL ? "" : " s ago", pg_int64(result, 0, 2));
	pg_result_free(result);
	return true;
}

static Slice jobs_detail(Arena *arena, const PgResult *result)
{
	int64_t failures = pg_int64(result, 0, 3);
	if (pg_int64(result, 0, 0) == 0)
		return SLICE_LITERAL("no worker has run yet");
	if (pg_is_null(result, 0, 2))
		return arena_format(arena, "%" PRId64 " job%s, the next at %.*s", pg_int64(result, 0, 0),
			pg_int64(result, 0, 0) == 1 ? "" : "s", SLICE_PRINT(pg_text(result, 0, 1)));
	if (failures == 0)
		return arena_format(arena, "%.*s is due since %.*s and nobody runs it", SLICE_PRINT(pg_text(result, 0, 2)),
			SLICE_PRINT(pg_text(result, 0, 5)));
	return arena_format(arena, "%.*s failed %" PRId64 " time%s: %.*s", SLICE_PRINT(pg_text(result, 0, 2)), failures,
		failures == 1 ? "" : "s in a row", SLICE_PRINT(pg_text(result, 0, 4)));
}

static void jobs_check(Status *status, PgConn *conn)
{
	Arena *arena = status->context->arena;
	PgResult *result = NULL;
	Error error;
	if (pg_query(conn, sql_command_jobs_health, NULL, 0, &result, &error))
		part_add(status, "jobs", pg_is_null(result, 0, 2) ? "good" : "bad", jobs_detail(arena, result));
	else
		part_add(status, "jobs", "bad", arena_copy(arena, slice_from(error.message)));
	pg_result_free(result);
}

static void database_check(Status *status)
{
	PgConn *conn = NULL;
	Error error;
	Slice detail = SLICE_NONE;
	bool is_good = service_connect(status->context->settings, "sojourn status", &conn, &error)
		&& database_look(status->context, conn, &detail, &error);
	part_add(status, "database", is_good ? "good" : "bad",
		is_good ? detail : arena_copy(status->context->arena, slice_from(error.message)));
	if (is_good)
		jobs_check(status, conn);
	pg_close(conn);
}

// Bytes that wait for the worker, in all streams together.
static bool stream_look(void *context, const char *name, const char *path, Error *error)
{
	uint64_t *bytes = context;
	uint64_t more = 0;
	(void) name;
	if (!buffer_folder_unloaded_bytes(path, &more, error))
		return false;
	*bytes += more;
	return true;
}

static void buffer_check(Status *status)
{
	const Settings *settings = status->context->settings;
	Arena *arena = status->context->arena;
	uint64_t bytes = 0;
	Error error;
	Slice folder = arena_format(arena, "%s/buffer", settings->state_dir);
	if (folder.data == NULL || !buffer_streams_visit(folder.data, stream_look, &bytes, &error))
		part_add(status, "buffer", "bad",
			folder.data == NULL ? SLICE_LITERAL("out of memory") : arena_copy(arena, slice_from(error.message)));
	else
		part_add(status, "buffer", bytes >= (uint64_t) settings->buffer_bytes_max ? "bad" : "good",
			arena_format(arena, "%" PRIu64 " of %" PRId64 " bytes wait to be stored", bytes,
				settings->buffer_bytes_max));
}

bool command_status(CommandContext *context, Error *error)
{
	static const char *const columns[] = {"part", "state", "detail", NULL};
	Status status = {.context = context};
	if (!command_end(context, error))
		return false;
	command_table_init(&status.table, columns);
	for (int i = 0; i < ROLE_COUNT; i++)
		role_check(&status, (Role) i);
	database_check(&status);
	buffer_check(&status);
	if (status.is_failed)
		return error_set(error, ERROR_MEMORY, "out of memory for the status");
	if (!command_table_print(&status.table, context, error))
		return false;
	if (status.running == 0)
		return error_set(error, ERROR_SYSTEM, "nothing runs in %s; start it with `sojourn up`",
			context->settings->state_dir);
	return status.bad == 0
		|| error_set(error, ERROR_SYSTEM, "%d part%s of %s not well", status.bad, status.bad == 1 ? " is" : "s are",
			context->settings->state_dir);
}
