// `sojourn check`: the checks of the data, run now.
#include "command/commands.h"
#include "command/table.h"
#include "migrate/migrate.h"
#include "monitor/quality.h"
#include "service/database.h"
#include "sql/sql.h"

// The first columns of report_quality.sql.
enum { IS_TOTAL, CHECK, TYPE, TABLE, STATUS, MESSAGE };

// *failed: how many.
static bool list(CommandContext *context, PgConn *conn, int *failed, Error *error)
{
	static const char *const columns[] = {"check", "type", "table", "status", "message", NULL};
	PgResult *result = NULL;
	CommandTable table;
	command_table_init(&table, columns);
	bool is_ok = pg_query(conn, sql_report_quality, NULL, 0, &result, error);
	for (int row = 0; is_ok && row < pg_rows(result); row++)
	{
		Slice *cells = command_table_row(&table, context->arena);
		for (int column = CHECK; cells != NULL && column <= MESSAGE; column++)
			cells[column - CHECK] = pg_text(result, row, column);
		*failed += slice_equal_text(pg_text(result, row, STATUS), "fail");
		is_ok = cells != NULL || error_set(error, ERROR_MEMORY, "out of memory for the list of checks");
	}
	is_ok = is_ok && command_table_print(&table, context, error);
	pg_result_free(result);
	return is_ok;
}

bool command_check(CommandContext *context, Error *error)
{
	PgConn *conn = NULL;
	int failed = 0;
	if (!command_end(context, error))
		return false;
	bool is_ok = service_connect(context->settings, "sojourn check command", &conn, error)
		&& migrate_check(conn, context->settings->database_schema, sql_migrations, error) && quality_run(conn, error)
		&& list(context, conn, &failed, error);
	pg_close(conn);
	return is_ok
		&& (failed == 0
			|| error_set(error, ERROR_CORRUPT, "%d checks of the data fail; the table above says what they found",
				failed));
}
