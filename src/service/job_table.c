#include "service/job_table.h"

#include "base/clock.h"
#include "migrate/migrate.h"
#include "monitor/quality.h"
#include "service/person_work.h"
#include "service/rollup_options.h"
#include "sql/sql.h"

#include <inttypes.h>
#include <stdio.h>

static bool partitions(PgConn *conn, const JobContext *context, Error *error)
{
	return migrate_months(conn, context->now_ms, context->settings->months_ahead, error);
}

static bool partitions_command(PgConn *conn, const Settings *settings, PgResult **result, Error *error)
{
	char months[24];
	(void) snprintf(months, sizeof months, "%" PRId64, settings->months_ahead);
	return pg_query(conn, sql_service_partitions_command, (PgParam[]){pg_param(months)}, 1, result, error);
}

// What is left then is gone on with ten seconds later. Only making all anew in another time zone takes as long as it takes; it
// begins again where it is cut off, so the run may take a day, but no statement of it more than a while: what hangs is found by that.
#define ROLLUPS_TIME_MAX_MS (5 * CLOCK_MINUTE_MS)
#define ROLLUPS_STATEMENT_MAX_MS (15 * CLOCK_MINUTE_MS)

static bool rollups(PgConn *conn, const JobContext *context, Error *error)
{
	RollupOptions options = service_rollup_options(context->settings);
	RollupCounts counts;
	options.time_max_ms = ROLLUPS_TIME_MAX_MS;
	options.is_paced = true;
	options.is_quiet = true;
	return rollup_refresh(conn, &options, &counts, error);
}

static bool rollup_texts(PgConn *conn, const JobContext *context, Error *error)
{
	bool is_done = false; // else tomorrow
	return rollup_sweep(conn, context->settings->database_schema, &is_done, error);
}

static bool quality(PgConn *conn, const JobContext *context, Error *error)
{
	(void) context;
	return quality_run(conn, error);
}

static bool audit_log(PgConn *conn, const JobContext *context, Error *error)
{
	char days[24];
	(void) snprintf(days, sizeof days, "%" PRId64, context->settings->audit_days);
	return pg_query(conn, sql_service_audit_prune, (PgParam[]){pg_param(days)}, 1, NULL, error);
}

// What has to wait longer for figures is gone on with in the next run.
#define PERSONS_PATIENCE_MS (10 * CLOCK_MINUTE_MS)

static bool persons(PgConn *conn, const JobContext *context, Error *error)
{
	bool is_elsewhere = false;
	return service_person_work(context->settings, conn, PERSONS_PATIENCE_MS, &is_elsewhere, error);
}

const Job service_jobs[] = {
	{.name = "partitions",
		.cron = "@hourly",
		.timeout_ms = 10 * CLOCK_MINUTE_MS,
		.run = partitions,
		.command = partitions_command},
	{.name = "rollups",
		.cron = "@every 10s",
		.timeout_ms = 24 * CLOCK_HOUR_MS,
		.statement_timeout_ms = ROLLUPS_STATEMENT_MAX_MS,
		.run = rollups},
	{.name = "rollup_texts", .cron = "40 3 * * *", .timeout_ms = 2 * CLOCK_HOUR_MS, .run = rollup_texts},
	{.name = JOB_PERSONS, .cron = "* * * * *", .timeout_ms = 6 * CLOCK_HOUR_MS, .run = persons},
	{.name = "quality", .cron = "25 * * * *", .timeout_ms = 10 * CLOCK_MINUTE_MS, .run = quality},
	{.name = "audit_log", .cron = "10 4 * * *", .timeout_ms = 10 * CLOCK_MINUTE_MS, .run = audit_log},
	{.name = NULL},
};
