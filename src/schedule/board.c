#include "schedule/board.h"

#include "schedule/next.h"
#include "sql/sql.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define TIME_SIZE 24
#define RUNS_KEPT "100"
#define MACHINE_SIZE 256
#define NAMES_SIZE_MAX ((size_t) 65536)

static void time_write(int64_t time_ms, char text[TIME_SIZE])
{
	(void) snprintf(text, TIME_SIZE, "%" PRId64, time_ms);
}

// NULL: never.
static const char *next_write(const Cron *cron, const Zone *zone, int64_t after_ms, char text[TIME_SIZE])
{
	int64_t next_ms = 0;
	if (!cron_next(cron, zone, after_ms, &next_ms))
		return NULL;
	time_write(next_ms, text);
	return text;
}

// ── The plan ──

bool board_zone(PgConn *conn, const char *wanted, char name[ZONE_NAME_SIZE_MAX], bool *is_known, Error *error)
{
	PgResult *result = NULL;
	if (!pg_query(conn, sql_schedule_timezone, (PgParam[]){pg_param(wanted)}, 1, &result, error))
		return false;
	*is_known = pg_rows(result) > 0;
	(void) snprintf(name, ZONE_NAME_SIZE_MAX, "%s", *is_known ? pg_text(result, 0, 0).data : "UTC");
	pg_result_free(result);
	if (!*is_known)
		error_set(error, ERROR_BAD_INPUT,
			"the database knows no time zone \"%.*s\"; jobs run by UTC until the setting timezone has an IANA name, "
			"such "
			"as Europe/Vienna",
			ZONE_NAME_SIZE_MAX, wanted);
	return true;
}

static bool others_forget(PgConn *conn, const Plan *plan, Error *error)
{
	Slice names[PLAN_JOBS_MAX];
	Arena arena;
	for (size_t i = 0; i < plan->count; i++)
		names[i] = slice_from(plan->entries[i].job->name);
	arena_init(&arena, NAMES_SIZE_MAX);
	bool is_ok = pg_query(conn, sql_schedule_forget, (PgParam[]){pg_param_text_array(&arena, names, plan->count)}, 1,
		NULL, error);
	arena_free(&arena);
	return is_ok;
}

bool board_sync(PgConn *conn, const Plan *plan, const char *zone_name, const Zone *zone, int64_t now_ms, Error *error)
{
	for (size_t i = 0; i < plan->count; i++)
	{
		const PlanEntry *entry = &plan->entries[i];
		char timeout[TIME_SIZE];
		char next[TIME_SIZE];
		char now[TIME_SIZE];
		time_write(entry->timeout_ms, timeout);
		time_write(now_ms, now);
		const PgParam params[] = {pg_param(entry->job->name), pg_param(entry->cron_text), pg_param(zone_name),
			pg_param(timeout), pg_param(next_write(&entry->cron, zone, now_ms, next)), pg_param(now)};
		if (!pg_query(conn, sql_schedule_sync, params, 6, NULL, error))
			return false;
	}
	return others_forget(conn, plan, error);
}

bool board_due(PgConn *conn, const Plan *plan, int64_t now_ms, bool is_due[PLAN_JOBS_MAX], Error *error)
{
	char now[TIME_SIZE];
	PgResult *result = NULL;
	time_write(now_ms, now);
	for (size_t i = 0; i < PLAN_JOBS_MAX; i++)
		is_due[i] = false;
	if (!pg_query(conn, sql_schedule_due, (PgParam[]){pg_param(now)}, 1, &result, error))
		return false;
	for (int row = 0; row < pg_rows(result); row++)
	{
		const PlanEntry *entry = plan_find(plan, pg_text(result, row, 0));
		if (entry != NULL)
			is_due[entry - plan->entries] = true;
	}
	pg_result_free(result);
	return true;
}

// ── A run ──

static bool lock_take(PgConn *conn, const PlanEntry *entry, bool *is_taken, Error *error)
{
	PgResult *result = NULL;
	if (!pg_query(conn, sql_schedule_lock, (PgParam[]){pg_param(entry->job->name)}, 1, &result, error))
		return false;
	*is_taken = pg_bool(result, 0, 0);
	pg_result_free(result);
	return true;
}

void board_leave(PgConn *conn, const PlanEntry *entry)
{
	Error ignored; // a session that cannot give it back is one that is gone
	(void) !pg_query(conn, sql_schedule_unlock, (PgParam[]){pg_param(entry->job->name)}, 1, NULL, &ignored);
}

static bool run_end(PgConn *conn, const PlanEntry *entry, const Zone *zone, const Uuid *run, BoardOutcome outcome,
	const char *reason, int64_t now_ms, Error *error)
{
	static const char *const outcomes[] = {"done", "failed", "timed out", "stopped", "lost"};
	char now[TIME_SIZE];
	char next[TIME_SIZE];
	PgResult *result = NULL;
	time_write(now_ms, now);
	const PgParam end[] = {pg_param_uuid(run), pg_param(outcomes[outcome]), pg_param(reason), pg_param(now)};
	const PgParam then[] = {pg_param_uuid(run), pg_param(next_write(&entry->cron, zone, now_ms, next)), pg_param(now)};
	const PgParam prune[] = {pg_param(entry->job->name), pg_param(RUNS_KEPT)};
	if (!pg_query(conn, sql_schedule_end, end, 4, &result, error))
		return false;
	bool is_ended = pg_rows(result) > 0;
	pg_result_free(result);
	return !is_ended
		|| (pg_query(conn, sql_schedule_result, then, 3, NULL, error)
			&& (outcome < BOARD_STOPPED || pg_query(conn, sql_schedule_reopen, then, 1, NULL, error))
			&& pg_query(conn, sql_schedule_prune, prune, 2, NULL, error));
}

// Of earlier runs whose process is gone.
static bool lost_end(PgConn *conn, const PlanEntry *entry, int64_t now_ms, Error *error)
{
	PgResult *result = NULL;
	bool is_ok = pg_query(conn, sql_schedule_lost, (PgParam[]){pg_param(entry->job->name)}, 1, &result, error);
	for (int row = 0; is_ok && row < pg_rows(result); row++)
	{
		Uuid run;
		bool is_read = pg_uuid(result, row, 0, &run);
		assert(is_read);
		// When it runs next is for the run that comes now to say.
		is_ok = run_end(conn, entry, &zone_utc, &run, BOARD_LOST, "its process ended without a word", now_ms, error);
	}
	pg_result_free(result);
	return is_ok;
}

static bool begin(PgConn *conn, const PlanEntry *entry, const Uuid *run, int64_t now_ms, bool *is_begun,
	char zone_name[ZONE_NAME_SIZE_MAX], Error *error)
{
	char machine[MACHINE_SIZE] = "";
	char now[TIME_SIZE];
	PgResult *result = NULL;
	(void) gethostname(machine, sizeof machine - 1);
	time_write(now_ms, now);
	const PgParam params[] = {pg_param(entry->job->name), pg_param_uuid(run), pg_param(now), pg_param(machine)};
	if (!lost_end(conn, entry, now_ms, error) || !pg_query(conn, sql_schedule_begin, params, 4, &result, error))
		return false;
	*is_begun = pg_rows(result) > 0;
	if (*is_begun)
		(void) snprintf(zone_name, ZONE_NAME_SIZE_MAX, "%s", pg_text(result, 0, 0).data);
	pg_result_free(result);
	return !*is_begun || pg_query(conn, sql_schedule_take, params, 2, NULL, error);
}

bool board_begin(PgConn *conn, const PlanEntry *entry, const Uuid *run, int64_t now_ms, bool *is_begun,
	char zone_name[ZONE_NAME_SIZE_MAX], Error *error)
{
	bool is_taken = false;
	*is_begun = false;
	if (!lock_take(conn, entry, &is_taken, error))
		return false;
	if (!is_taken)
		return true;
	bool is_ok =
		pg_begin(conn, error) && begin(conn, entry, run, now_ms, is_begun, zone_name, error) && pg_commit(conn, error);
	if (is_ok && *is_begun)
		return true;
	*is_begun = false;
	pg_rollback(conn);
	board_leave(conn, entry);
	return is_ok;
}

bool board_end(PgConn *conn, const PlanEntry *entry, const char *zone_name, const Uuid *run, BoardOutcome outcome,
	const char *reason, int64_t now_ms, Error *error)
{
	Zone zone = zone_utc;
	pg_rollback(conn); // what the job may have left open
	if (entry->cron.kind == CRON_CALENDAR && !zone_load(conn, zone_name, now_ms, &zone, error))
		return false;
	bool is_ok = pg_begin(conn, error) && run_end(conn, entry, &zone, run, outcome, reason, now_ms, error)
		&& pg_commit(conn, error);
	if (!is_ok)
		pg_rollback(conn);
	return is_ok;
}

bool board_terminate(PgConn *conn, const Uuid *run, Error *error)
{
	return pg_query(conn, sql_schedule_terminate, (PgParam[]){pg_param_uuid(run)}, 1, NULL, error);
}
