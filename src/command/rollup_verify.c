// `sojourn rollup --verify`: a second count beside the roll-ups, and every difference.
#include "base/json.h"
#include "base/progress.h"
#include "command/rollup.h"
#include "command/table.h"
#include "migrate/migrate.h"
#include "report/moment.h"
#include "rollup/verify.h"
#include "service/database.h"

#include <inttypes.h>
#include <stdio.h>

#define TOLD_USUAL 100
#define TOLD_MAX 100000
#define OUTPUT_SIZE_MAX ((size_t) 256 << 20U)

typedef struct Told {
	Arena *arena;
	CommandTable table;
} Told;

static const char *const columns[] = {"table", "row", "column", "stored", "recounted", NULL};

static bool day_read(CommandContext *context, const char *name, const char **day, Error *error)
{
	ReportMoment moment;
	if (!command_option(context, name, day, error))
		return false;
	return *day == NULL || (report_moment_parse(slice_from(*day), &moment) && moment.kind == REPORT_MOMENT_DATE)
		|| command_misused(context, error, "--%s is a day, such as 2026-01-31", name);
}

static bool options_read(CommandContext *context, VerifyOptions *options, Error *error)
{
	const char *limit = NULL;
	if (command_flag(context, "no-refresh"))
		options->refresh = NULL;
	if (!day_read(context, "from", &options->from, error) || !day_read(context, "to", &options->to, error)
		|| !command_option(context, "limit", &limit, error))
		return false;
	options->told_max = TOLD_USUAL;
	if (limit != NULL
		&& (!slice_to_int64(slice_from(limit), &options->told_max) || options->told_max < 1
			|| options->told_max > TOLD_MAX))
		return command_misused(context, error, "--limit is a number from 1 to %d: of so many differences each is shown",
			TOLD_MAX);
	return command_end(context, error);
}

static bool text_keep(Arena *arena, Slice text, Slice *cell)
{
	*cell = text.data == NULL ? SLICE_NONE : arena_copy(arena, text);
	return text.data == NULL || cell->data != NULL;
}

static bool difference_keep(void *context, const VerifyDifference *difference, Error *error)
{
	Told *told = context;
	Slice *cells = command_table_row(&told->table, told->arena);
	if (cells != NULL && text_keep(told->arena, difference->table, &cells[0])
		&& text_keep(told->arena, difference->key, &cells[1]) && text_keep(told->arena, difference->column, &cells[2])
		&& text_keep(told->arena, difference->stored, &cells[3])
		&& text_keep(told->arena, difference->recounted, &cells[4]))
		return true;
	return error_set(error, ERROR_MEMORY, "no memory for the differences; ask for fewer with --limit");
}

static void json_write_result(Buf *buf, const CommandTable *table, const VerifyCounts *counts)
{
	buf_append_format(buf, "{\"rows\":%" PRId64 ",\"differences\":%" PRId64 ",\"waiting\":%" PRId64 ",\"shown\":[",
		counts->rows, counts->differences, counts->waiting);
	for (size_t row = 0; row < table->row_count; row++)
	{
		buf_append_text(buf, row == 0 ? "{" : ",\n{");
		for (size_t column = 0; column < table->column_count; column++)
		{
			json_write_key(buf, columns[column]);
			json_write_string(buf, table->cells[row * table->column_count + column]);
		}
		buf_append_byte(buf, '}');
	}
	buf_append_text(buf, "]}\n");
}

static bool result_print(const CommandContext *context, const CommandTable *table, const VerifyCounts *counts,
	Error *error)
{
	Buf buf;
	char rows[PROGRESS_NUMBER_SIZE];
	if (!context->is_json && table->row_count > 0 && !command_table_print(table, context, error))
		return false;
	buf_init(&buf, OUTPUT_SIZE_MAX);
	progress_format_number((uint64_t) counts->rows, rows);
	if (context->is_json)
		json_write_result(&buf, table, counts);
	else if (!context->is_quiet && counts->differences == 0)
		buf_append_format(&buf, "%s rows of roll-ups are what a second count says\n", rows);
	bool is_ok = command_print(&buf, error);
	buf_free(&buf);
	return is_ok;
}

// The sentence behind the differences, which makes the exit status.
static bool verdict(const VerifyCounts *counts, size_t shown, Error *error)
{
	char waiting[128] = "";
	if (counts->differences == 0)
		return true;
	if (counts->waiting > 0)
		(void) snprintf(waiting, sizeof waiting,
			"; %" PRId64 " sessions, hours and days waited for the refresh, which is where they may come from",
			counts->waiting);
	return error_set(error, ERROR_CORRUPT,
		"%" PRId64 " figures of the roll-ups are not what a second count says, %zu of them are shown%s",
		counts->differences, shown, waiting);
}

bool command_rollup_verify(CommandContext *context, const RollupOptions *options, Error *error)
{
	const Settings *settings = context->settings;
	VerifyOptions verify = {.refresh = options, .is_quiet = context->is_quiet};
	VerifyCounts counts = {0};
	Told told = {.arena = context->arena};
	PgConn *conn = NULL;
	command_table_init(&told.table, columns);
	if (!options_read(context, &verify, error))
		return false;
	bool is_ok = service_connect(settings, "sojourn rollup", &conn, error)
		&& migrate_check(conn, settings->database_schema, sql_migrations, error)
		&& verify_run(conn, &verify, difference_keep, &told, &counts, error);
	pg_close(conn);
	return is_ok && result_print(context, &told.table, &counts, error) && verdict(&counts, told.table.row_count, error);
}
