// Hits that could not be stored: what they are and why, tried again, or let go.
#include "base/clock.h"
#include "command/commands.h"
#include "command/table.h"
#include "loader/loader.h"
#include "service/database.h"
#include "sql/sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LIST_ROWS_MAX 1000

static bool list(CommandContext *context, PgConn *conn, Error *error)
{
	static const char *const columns[] = {"id", "quarantined_at", "reason", "sqlstate", "hit_id", "bytes", NULL};
	const char *after = "0";
	const char *limit = "100";
	int64_t number = 0;
	if (!command_option(context, "after", &after, error) || !command_option(context, "limit", &limit, error)
		|| !command_end(context, error))
		return false;
	if (!slice_to_int64(slice_from(after), &number))
		return command_misused(context, error, "--after is the id of a hit in quarantine");
	if (!slice_to_int64(slice_from(limit), &number) || number < 1 || number > LIST_ROWS_MAX)
		return command_misused(context, error, "--limit is a number from 1 to %d", LIST_ROWS_MAX);
	PgResult *result = NULL;
	const PgParam params[] = {pg_param(after), pg_param(limit)};
	if (!pg_query(conn, sql_loader_quarantine_list, params, 2, &result, error))
		return false;
	CommandTable table;
	command_table_init(&table, columns);
	bool is_ok = true;
	for (int row = 0; row < pg_rows(result) && is_ok; row++)
	{
		Slice *cells = command_table_row(&table, context->arena);
		for (int column = 0; cells != NULL && column < pg_columns(result); column++)
			cells[column] = pg_text(result, row, column);
		is_ok = cells != NULL || error_set(error, ERROR_MEMORY, "out of memory for the list of hits in quarantine");
	}
	is_ok = is_ok && command_table_print(&table, context, error);
	pg_result_free(result);
	return is_ok;
}

// "all" is 0.
static bool which(CommandContext *context, int64_t *id, Error *error)
{
	const char *word = command_argument(context);
	*id = 0;
	if (word != NULL && strcmp(word, "all") == 0)
		return command_end(context, error);
	if (word == NULL || !slice_to_int64(slice_from(word), id) || *id < 1)
		return command_misused(context, error, "which hit? its id is what `sojourn quarantine list` shows; or say all");
	return command_end(context, error);
}

static bool retry(CommandContext *context, PgConn *conn, Error *error)
{
	const Settings *settings = context->settings;
	LoaderOptions options = LOADER_OPTIONS_DEFAULT;
	Loader *loader = NULL;
	int64_t id = 0;
	int64_t stored = 0;
	int64_t kept = 0;
	options.timeout_ms = settings->session_timeout_minutes * CLOCK_MINUTE_MS;
	options.is_consent_off = settings->consent_mode == CONSENT_OFF;
	options.buffer_folder = settings->state_dir;
	if (!which(context, &id, error) || !loader_open(&options, &loader, error))
		return false;
	bool is_ok = loader_attach(loader, conn, error)
		&& loader_quarantine_retry(loader, id, clock_now_ms(), &stored, &kept, error);
	loader_close(loader);
	if (!is_ok)
		return false;
	if (id != 0 && stored + kept == 0)
		return error_set(error, ERROR_NOT_FOUND, "there is no hit %" PRId64 " in quarantine", id);
	if (context->is_json)
		(void) printf("{\"stored\":%" PRId64 ",\"kept\":%" PRId64 "}\n", stored, kept);
	else if (!context->is_quiet)
		(void) printf("%" PRId64 " stored, %" PRId64 " kept with a new reason\n", stored, kept);
	return true;
}

static bool drop(CommandContext *context, PgConn *conn, Error *error)
{
	int64_t id = 0;
	char text[24];
	PgResult *result = NULL;
	if (!which(context, &id, error))
		return false;
	(void) snprintf(text, sizeof text, "%" PRId64, id);
	if (!pg_query(conn, sql_loader_quarantine_drop, (PgParam[]){pg_param(id == 0 ? NULL : text)}, 1, &result, error))
		return false;
	int64_t dropped = pg_int64(result, 0, 0);
	pg_result_free(result);
	if (id != 0 && dropped == 0)
		return error_set(error, ERROR_NOT_FOUND, "there is no hit %" PRId64 " in quarantine", id);
	if (context->is_json)
		(void) printf("{\"dropped\":%" PRId64 "}\n", dropped);
	else if (!context->is_quiet)
		(void) printf("%" PRId64 " dropped\n", dropped);
	return true;
}

bool command_quarantine(CommandContext *context, Error *error)
{
	static const struct {
		const char *name;
		bool (*run)(CommandContext *context, PgConn *conn, Error *error);
	} verbs[] = {{"list", list}, {"retry", retry}, {"drop", drop}};
	const char *verb = command_argument(context);
	for (size_t at = 0; verb != NULL && at < sizeof verbs / sizeof verbs[0]; at++)
	{
		PgConn *conn = NULL;
		if (strcmp(verb, verbs[at].name) != 0)
			continue;
		if (!service_connect(context->settings, "sojourn quarantine", &conn, error))
			return false;
		bool is_ok = verbs[at].run(context, conn, error);
		pg_close(conn);
		return is_ok;
	}
	return command_misused(context, error, "what about quarantine?");
}
