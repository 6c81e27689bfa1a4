#include "schedule/run.h"

#include "base/clock.h"
#include "base/log.h"
#include "schedule/board.h"
#include "sql/sql.h"

#include <inttypes.h>

bool run_job(PgConn *conn, const PlanEntry *entry, const Settings *settings, const Uuid *run, ScheduleClock clock,
	Error *error)
{
	char zone_name[ZONE_NAME_SIZE_MAX];
	bool is_begun = false;
	Error failure = {.code = ERROR_NONE};
	const JobContext context = {.settings = settings, .now_ms = clock()};
	if (!pg_query(conn, sql_schedule_session, NULL, 0, NULL, error)
		|| !board_begin(conn, entry, run, context.now_ms, &is_begun, zone_name, error))
		return false;
	if (!is_begun)
		return true;
	int64_t began_us = clock_monotonic_us();
	bool is_done = entry->job->run(conn, &context, &failure);
	int64_t took_ms = (clock_monotonic_us() - began_us) / 1000;
	if (is_done)
		log_event(LOG_DEBUG, "job.done", "job=%s ms=%" PRId64, entry->job->name, took_ms);
	else
	{
		(void) error_prefix(&failure, "the job %s: ", entry->job->name);
		log_error("job.failed", &failure);
	}
	bool is_told = board_end(conn, entry, zone_name, run, is_done ? BOARD_DONE : BOARD_FAILED,
		is_done ? NULL : failure.message, clock(), error);
	board_leave(conn, entry);
	return is_told;
}
