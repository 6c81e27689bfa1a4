// What the database knows of jobs: the tables jobs, job_runs and job_requests. Times are the caller's clock, so that clocks of
// several machines need not agree: a run that ends is followed by one whose time is still to come, by either clock.
#pragma once
#include "base/uuid.h"
#include "schedule/plan.h"
#include "schedule/zone.h"

typedef enum BoardOutcome {
	BOARD_DONE,
	BOARD_FAILED,
	BOARD_TIMED_OUT,
	BOARD_STOPPED, // we were asked to end; it is made again
	BOARD_LOST     // nobody knows how it ended; it is made again
} BoardOutcome;

// The setting's zone as the server writes it. One that the server does not know is told in *error and is UTC, since
// partitions must be made all the same; false: the server could not be asked.
bool board_zone(PgConn *conn, const char *wanted, char name[ZONE_NAME_SIZE_MAX], bool *is_known, Error *error) MUST_USE;
// Brings the table `jobs` to what the plan says.
bool board_sync(PgConn *conn, const Plan *plan, const char *zone_name, const Zone *zone, int64_t now_ms, Error *error)
	MUST_USE;
// Which jobs of the plan should run now, and do not run anywhere.
bool board_due(PgConn *conn, const Plan *plan, int64_t now_ms, bool is_due[PLAN_JOBS_MAX], Error *error) MUST_USE;

// Takes the job's lock for this session, and notes the run; *is_begun is false where another machine has it, or had it just
// now. zone_name is what board_end wants.
bool board_begin(PgConn *conn, const PlanEntry *entry, const Uuid *run, int64_t now_ms, bool *is_begun,
	char zone_name[ZONE_NAME_SIZE_MAX], Error *error) MUST_USE;
// Notes how it went and when it runs next; nothing where that is noted already. reason: of anything but done.
bool board_end(PgConn *conn, const PlanEntry *entry, const char *zone_name, const Uuid *run, BoardOutcome outcome,
	const char *reason, int64_t now_ms, Error *error) MUST_USE;
// Gives the job's lock back; never fails.
void board_leave(PgConn *conn, const PlanEntry *entry);
// Ends the session that works for the run, which may be this process's child or gone already.
bool board_terminate(PgConn *conn, const Uuid *run, Error *error) MUST_USE;
