#include "base/log.h"
#include "pg/retry.h"
#include "rollup/internal.h"
#include "sql/sql.h"

#include <stdio.h>

#define END_TRIES_MAX 10

static bool path_set(const Refresh *refresh, bool is_copy, Error *error)
{
	const PgParam params[] = {pg_param(refresh->options->schema), pg_param(is_copy ? "t" : "f")};
	return pg_query(refresh->conn, sql_rollup_path, params, 2, NULL, error);
}

static bool copy_begin(Refresh *refresh, Error *error)
{
	const RollupOptions *options = refresh->options;
	char pages_max[24];
	(void) snprintf(pages_max, sizeof pages_max, "%lld", (long long) options->pages_max);
	const PgParam params[] = {pg_param(options->schema), pg_param(options->timezone), pg_param(pages_max)};
	if (pg_begin(refresh->conn, error) && pg_query(refresh->conn, sql_rollup_rebuild_begin, params, 3, NULL, error)
		&& pg_query(refresh->conn, sql_rollup_note_all, NULL, 0, NULL, error) && pg_commit(refresh->conn, error))
		return true;
	pg_rollback(refresh->conn);
	return false;
}

// Readers wait for this transaction, so it is short: names change, no row does.
static bool copy_end_try(Refresh *refresh, Error *error)
{
	const PgParam params[] = {pg_param(refresh->options->schema)};
	if (pg_begin(refresh->conn, error) && pg_query(refresh->conn, sql_rollup_rebuild_end, params, 1, NULL, error)
		&& pg_commit(refresh->conn, error))
		return true;
	pg_rollback(refresh->conn);
	return false;
}

// A report that reads the tables in another order may be in its way; that costs no rebuild.
static bool copy_end(Refresh *refresh, Error *error)
{
	PgBackoff backoff = PG_BACKOFF_DEFAULT;
	for (int tries = 1; !copy_end_try(refresh, error); tries++)
	{
		if (tries == END_TRIES_MAX || !pg_is_transient(error) || pg_is_away(error))
			return false;
		(void) pg_backoff_wait(&backoff, -1);
	}
	return true;
}

bool rebuild_run(Refresh *refresh, Error *error)
{
	log_event(LOG_INFO, "rollup.rebuild_begun", "timezone=%s", refresh->options->timezone);
	if (!copy_begin(refresh, error))
		return false;
	refresh->is_rebuilding = true;
	bool is_ok = path_set(refresh, true, error) && refresh_drain(refresh, error)
		&& pg_query(refresh->conn, sql_rollup_analyze, NULL, 0, NULL, error);
	refresh->is_rebuilding = false;
	Error ignored;
	is_ok = path_set(refresh, false, is_ok ? error : &ignored) && is_ok && copy_end(refresh, error);
	if (!is_ok)
		return error_prefix(error,
			"making the roll-ups anew in the time zone %s (it is begun again with the next run): ",
			refresh->options->timezone);
	refresh->counts->is_rebuilt = true;
	log_event(LOG_INFO, "rollup.rebuild_ended", "timezone=%s sessions=%lld", refresh->options->timezone,
		(long long) refresh->counts->sessions);
	return true;
}
