#include "service/job_table.h"

#include "base/clock.h"
#include "migrate/migrate.h"

static bool partitions(PgConn *conn, const JobContext *context, Error *error)
{
	return migrate_months(conn, context->settings->months_ahead, error);
}

const Job service_jobs[] = {
	{.name = "partitions", .cron = "@hourly", .timeout_ms = 10 * CLOCK_MINUTE_MS, .run = partitions},
	{.name = NULL},
};
