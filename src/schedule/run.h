// One run of one job, from its begin in the table to its end there.
#pragma once
#include "schedule/plan.h"
#include "base/uuid.h"

typedef int64_t (*ScheduleClock)(void); // milliseconds since 1970: clock_now_ms, or a test's

// Runs it where it is due or asked for and no other machine does. A job that fails is no failure here: how it went is logged,
// and stands in the database. False: the database could not be told.
bool run_job(PgConn *conn, const PlanEntry *entry, const Settings *settings, const Uuid *run, ScheduleClock clock,
	Error *error) MUST_USE;
