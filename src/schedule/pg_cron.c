#include "schedule/pg_cron.h"

#include "sql/sql.h"

#include <stdio.h>

static bool extension_check(PgConn *conn, Error *error)
{
	PgResult *result = NULL;
	if (!pg_query(conn, sql_schedule_pg_cron, NULL, 0, &result, error))
		return false;
	bool is_ok = pg_bool(result, 0, 0)
		|| error_set(error, ERROR_NOT_FOUND,
			"the database %.*s has no pg_cron that %.*s may use; a superuser puts pg_cron into "
			"shared_preload_libraries "
			"and the database's name into cron.database_name, restarts the server, and runs there: CREATE EXTENSION "
			"pg_cron; GRANT USAGE ON SCHEMA cron TO %.*s",
			SLICE_PRINT(pg_text(result, 0, 1)), SLICE_PRINT(pg_text(result, 0, 2)), SLICE_PRINT(pg_text(result, 0, 2)));
	pg_result_free(result);
	return is_ok;
}

static bool entry_register(PgConn *conn, const PlanEntry *entry, const Settings *settings, Error *error)
{
	char schedule[CRON_TEXT_SIZE_MAX + 1];
	PgResult *result = NULL;
	if (entry->cron.kind != CRON_CALENDAR)
		return error_set(error, ERROR_USAGE,
			"the job %s runs by \"%s\", which pg_cron does not know; give it five fields in the setting jobs, such as "
			"%s=0 * * * *",
			entry->job->name, entry->cron_text, entry->job->name);
	(void) snprintf(schedule, sizeof schedule, "%.*s", SLICE_PRINT(cron_fields(slice_from(entry->cron_text))));
	if (!entry->job->command(conn, settings, &result, error))
		return false;
	const PgParam params[] = {pg_param(entry->job->name), pg_param(schedule), pg_param(pg_text(result, 0, 0).data)};
	bool is_ok = pg_query(conn, sql_schedule_pg_cron_register, params, 3, NULL, error);
	pg_result_free(result);
	return is_ok;
}

bool pg_cron_register(PgConn *conn, const Plan *plan, const Settings *settings, Error *error)
{
	bool is_ok = extension_check(conn, error) && pg_begin(conn, error);
	for (size_t i = 0; is_ok && i < plan->count; i++)
		is_ok = plan->entries[i].job->command == NULL || entry_register(conn, &plan->entries[i], settings, error);
	if (is_ok && pg_commit(conn, error))
		return true;
	pg_rollback(conn);
	return false;
}

bool pg_cron_unregister(PgConn *conn, int64_t *count, Error *error)
{
	PgResult *result = NULL;
	if (!extension_check(conn, error) || !pg_query(conn, sql_schedule_pg_cron_unregister, NULL, 0, &result, error))
		return false;
	*count = pg_int64(result, 0, 0);
	pg_result_free(result);
	return true;
}
