// Jobs given to pg_cron, which runs them in the server: those that can say what they do as SQL. The worker then leaves them alone,
// but runs one that is asked for.
#pragma once
#include "schedule/plan.h"

// Gives pg_cron every such job of the plan, with its schedule and what it runs; what it has already is changed. ERROR_USAGE where
// a schedule is none of five fields; nothing is changed then.
bool pg_cron_register(PgConn *conn, const Plan *plan, const Settings *settings, Error *error) MUST_USE;
// Takes back what it has of ours: the worker runs it again. *count is how many jobs it were.
bool pg_cron_unregister(PgConn *conn, int64_t *count, Error *error) MUST_USE;
