// The process of one run.
#include "base/clock.h"
#include "base/log.h"
#include "schedule/run.h"
#include "service/database.h"
#include "service/job_table.h"
#include "service/jobs.h"

#include <stdio.h>

#define ARENA_SIZE_MAX ((size_t) 65536)
#define APPLICATION_NAME_SIZE 64

static bool connect_database(const Settings *settings, const PlanEntry *entry, PgConn **conn, Error *error)
{
	Arena arena;
	ServiceDatabase database;
	char name[APPLICATION_NAME_SIZE];
	(void) snprintf(name, sizeof name, "sojourn job %s", entry->job->name);
	arena_init(&arena, ARENA_SIZE_MAX);
	bool is_ok = service_database(settings, &arena, &database, error);
	if (is_ok)
	{
		PgOptions options = service_owner_options(settings, &database, name);
		options.statement_timeout_ms = (int) plan_statement_timeout_ms(entry);
		is_ok = pg_open(&options, conn, error);
	}
	arena_free(&arena);
	return is_ok;
}

bool service_job_run(const Settings *settings, const char *name, const char *run_text, Error *error)
{
	Plan plan;
	Uuid run;
	PgConn *conn = NULL;
	log_init("jobs", settings->log_level);
	if (!uuid_parse(slice_from(run_text), &run))
		return error_set(error, ERROR_USAGE, "--run needs the id of a run");
	if (!plan_make(service_jobs, settings, &plan, error))
		return false;
	const PlanEntry *entry = plan_find(&plan, slice_from(name));
	if (entry == NULL)
		return error_set(error, ERROR_USAGE, "there is no job \"%s\"", name);
	bool is_ok =
		connect_database(settings, entry, &conn, error) && run_job(conn, entry, settings, &run, clock_now_ms, error);
	pg_close(conn);
	return is_ok;
}
