// `sojourn rollup`: roll-ups refreshed now, until nothing is left.
#include "command/rollup.h"

#include "command/commands.h"
#include "migrate/migrate.h"
#include "service/database.h"
#include "service/rollup_options.h"

#include <inttypes.h>
#include <stdio.h>

static void counts_print(const CommandContext *context, const RollupCounts *counts)
{
	if (context->is_json)
		(void) printf("{\"sessions\":%" PRId64 ",\"buckets\":%" PRId64 ",\"failed_sessions\":%" PRId64
					  ",\"failed_buckets\":%" PRId64 ",\"rebuilt\":%s}\n",
			counts->sessions, counts->buckets, counts->failed_sessions, counts->failed_buckets,
			counts->is_rebuilt ? "true" : "false");
	else if (!context->is_quiet && counts->sessions == 0 && counts->buckets == 0)
		(void) puts("the roll-ups are up to date");
	else if (!context->is_quiet)
		(void) printf("%" PRId64 " sessions, %" PRId64 " hours and days counted anew%s\n", counts->sessions,
			counts->buckets, counts->is_rebuilt ? ", in another time zone" : "");
}

bool command_rollup(CommandContext *context, Error *error)
{
	const Settings *settings = context->settings;
	RollupOptions options = service_rollup_options(settings);
	RollupCounts counts = {0};
	PgConn *conn = NULL;
	options.is_quiet = context->is_quiet;
	if (command_flag(context, "verify"))
		return command_rollup_verify(context, &options, error);
	if (!command_end(context, error))
		return false;
	bool is_ok = service_connect(settings, "sojourn rollup", &conn, error)
		&& migrate_check(conn, settings->database_schema, sql_migrations, error)
		&& rollup_refresh(conn, &options, &counts, error);
	pg_close(conn);
	if (!is_ok)
		return false;
	if (counts.is_elsewhere)
		return error_set(error, ERROR_BUSY, "another worker refreshes the roll-ups right now; try again in a while");
	counts_print(context, &counts);
	if (counts.failed_sessions + counts.failed_buckets > 0)
		return error_set(error, ERROR_DATABASE,
			"%" PRId64 " sessions and %" PRId64 " hours or days could not be counted; the table rollup_failures and "
			"the log say why, the rest is up to date",
			counts.failed_sessions, counts.failed_buckets);
	return true;
}
