#include "rollup/rollup.h"

#include "base/clock.h"
#include "base/log.h"
#include "rollup/internal.h"
#include "sql/sql.h"

#include <poll.h>
#include <stdio.h>

// Today's figures are brought up to date this often, however much else waits.
#define TODAY_MS 5000
// Behind so many sessions the tables are others than the planner thinks.
#define ANALYZE_SESSIONS 100000
#define LOCK_POLL_MS 100
#define REST_MS_MAX 5000

static bool waiting_read(Refresh *refresh, Error *error)
{
	PgResult *result = NULL;
	if (!pg_query(refresh->conn, sql_rollup_waiting, NULL, 0, &result, error))
		return false;
	refresh->waiting_sessions = pg_int64(result, 0, 0);
	refresh->waiting_buckets = pg_int64(result, 0, 1);
	pg_result_free(result);
	return true;
}

static bool progress_show(Refresh *refresh, Error *error)
{
	char number[PROGRESS_NUMBER_SIZE];
	char note[PROGRESS_NUMBER_SIZE + 16];
	if (!progress_is_due(&refresh->progress))
		return true;
	if (!waiting_read(refresh, error))
		return false;
	const RollupCounts *counts = refresh->counts;
	progress_format_number((uint64_t) counts->sessions, number);
	(void) snprintf(note, sizeof note, "%s sessions", number);
	// A session costs about as much as a hundredth of a bucket.
	uint64_t done = (uint64_t) counts->sessions + 100 * (uint64_t) counts->buckets;
	progress_update(&refresh->progress, done,
		done + (uint64_t) refresh->waiting_sessions + 100 * (uint64_t) refresh->waiting_buckets, note);
	return true;
}

static bool is_out_of_time(const Refresh *refresh)
{
	int64_t most_us = refresh->options->time_max_ms * 1000;
	return most_us > 0 && !refresh->is_rebuilding && clock_monotonic_us() - refresh->begun_us > most_us;
}

// Steps take what others could use, the loader above all: while hits are waiting for it, it has two thirds of the time, else
// others have a fifth.
static bool rest_behind(const Refresh *refresh, int64_t since_us, Error *error)
{
	PgResult *result = NULL;
	int64_t step_ms = (clock_monotonic_us() - since_us) / 1000;
	if (!refresh->options->is_paced)
		return true;
	if (!pg_query(refresh->conn, sql_rollup_hits_wait, NULL, 0, &result, error))
		return false;
	int64_t rest_ms = pg_bool(result, 0, 0) ? 2 * step_ms : step_ms / 4;
	pg_result_free(result);
	(void) poll(NULL, 0, (int) (rest_ms < REST_MS_MAX ? rest_ms : REST_MS_MAX));
	return true;
}

typedef enum Work { WORK_SESSIONS, WORK_TODAY, WORK_BUCKETS } Work;

// Steps of one kind, for a while at the most; *has_more: some are left.
static bool work_on(Refresh *refresh, Work work, bool *has_more, Error *error)
{
	int64_t until_us = clock_monotonic_us() + (int64_t) TODAY_MS * 1000;
	*has_more = true;
	while (*has_more && clock_monotonic_us() < until_us && !is_out_of_time(refresh))
	{
		int64_t since_us = clock_monotonic_us();
		if (!(work == WORK_SESSIONS ? sessions_step(refresh, has_more, error)
									: buckets_step(refresh, work == WORK_TODAY, has_more, error))
			|| !progress_show(refresh, error))
			return false;
		if (*has_more && !rest_behind(refresh, since_us, error))
			return false;
	}
	return true;
}

// Old buckets come last: while sessions wait they would only change again.
bool refresh_drain(Refresh *refresh, Error *error)
{
	bool has_sessions = true;
	bool has_buckets = true;
	while ((has_sessions || has_buckets) && !is_out_of_time(refresh))
	{
		bool has_today = true;
		if ((!refresh->is_careful && refresh->waiting_sessions > ROLLUP_SESSIONS && !notes_merge(refresh->conn, error))
			|| !work_on(refresh, WORK_SESSIONS, &has_sessions, error)
			|| !work_on(refresh, WORK_TODAY, &has_today, error)
			|| (!has_sessions && !work_on(refresh, WORK_BUCKETS, &has_buckets, error)) || !waiting_read(refresh, error))
			return false;
	}
	return true;
}

static bool goals_follow(Refresh *refresh, Error *error)
{
	if (!pg_query(refresh->conn, sql_rollup_goals_follow, NULL, 0, NULL, error))
		return error_prefix(error, "looking for the events that goals name now: ");
	log_event(LOG_INFO, "rollup.goals_changed", NULL);
	return true;
}

// What the settings and the goals say against what the roll-ups were made with.
static bool settings_follow(Refresh *refresh, bool *is_rebuild, Error *error)
{
	char pages_max[24];
	PgResult *result = NULL;
	const RollupOptions *options = refresh->options;
	(void) snprintf(pages_max, sizeof pages_max, "%lld", (long long) options->pages_max);
	const PgParam params[] = {pg_param(options->timezone), pg_param(pages_max)};
	if (!pg_query(refresh->conn, sql_rollup_state_read, params, 2, &result, error))
		return slice_equal_text(slice_from(error->sqlstate), "22023") ? error_set(error, ERROR_BAD_INPUT,
				   "the setting timezone names \"%s\", which PostgreSQL does not know; set it to a name such as "
				   "Europe/Vienna",
				   options->timezone)
																	  : false;
	bool is_other_zone = pg_bool(result, 0, 0);
	bool is_other_cap = pg_bool(result, 0, 1);
	bool is_empty = pg_bool(result, 0, 2);
	bool has_other_goals = pg_bool(result, 0, 3);
	pg_result_free(result);
	*is_rebuild = is_other_zone && !is_empty;
	if (has_other_goals && !goals_follow(refresh, error))
		return false;
	if (*is_rebuild || (!is_other_zone && !is_other_cap))
		return true;
	if (pg_begin(refresh->conn, error) && pg_query(refresh->conn, sql_rollup_state_write, params, 2, NULL, error)
		&& pg_query(refresh->conn, sql_rollup_note_buckets, NULL, 0, NULL, error) && pg_commit(refresh->conn, error))
		return true;
	pg_rollback(refresh->conn);
	return false;
}

static bool refresh_run(Refresh *refresh, Error *error)
{
	bool is_rebuild = false;
	if (!settings_follow(refresh, &is_rebuild, error) || !waiting_read(refresh, error))
		return false;
	int64_t begun_ms = clock_now_ms();
	if (is_rebuild || refresh->waiting_sessions > 0 || refresh->waiting_buckets > 0)
	{
		if (!pg_script(refresh->conn, sql_rollup_session, error) || (is_rebuild && !rebuild_run(refresh, error))
			|| !refresh_drain(refresh, error))
			return false;
		refresh->counts->waiting = refresh->waiting_sessions + refresh->waiting_buckets;
		if (refresh->counts->sessions >= ANALYZE_SESSIONS
			&& !pg_query(refresh->conn, sql_rollup_analyze, NULL, 0, NULL, error))
			return false;
	}
	if (refresh->counts->waiting > 0)
		return true;
	char at[24];
	(void) snprintf(at, sizeof at, "%lld", (long long) begun_ms);
	const PgParam params[] = {pg_param(at)};
	return pg_query(refresh->conn, sql_rollup_done, params, 1, NULL, error);
}

static bool lock_take(PgConn *conn, const char *schema, bool *is_ours, Error *error)
{
	const PgParam params[] = {pg_param(schema)};
	PgResult *result = NULL;
	if (!pg_query(conn, sql_rollup_lock, params, 1, &result, error))
		return false;
	*is_ours = pg_bool(result, 0, 0);
	pg_result_free(result);
	return true;
}

static bool lock_wait(PgConn *conn, const RollupOptions *options, bool *is_ours, Error *error)
{
	int64_t until_us = clock_monotonic_us() + options->wait_ms * 1000;
	while (lock_take(conn, options->schema, is_ours, error))
	{
		if (*is_ours || clock_monotonic_us() >= until_us)
			return true;
		(void) poll(NULL, 0, LOCK_POLL_MS);
	}
	return false;
}

// The first failure is the one that is told.
static bool lock_give_back(PgConn *conn, const char *schema, bool is_ok, Error *error)
{
	const PgParam params[] = {pg_param(schema)};
	Error ignored;
	return pg_query(conn, sql_rollup_unlock, params, 1, NULL, is_ok ? error : &ignored) && is_ok;
}

bool rollup_refresh(PgConn *conn, const RollupOptions *options, RollupCounts *counts, Error *error)
{
	Refresh refresh = {.conn = conn, .options = options, .counts = counts};
	bool is_ours = false;
	*counts = (RollupCounts){0};
	if (!lock_wait(conn, options, &is_ours, error))
		return false;
	counts->is_elsewhere = !is_ours;
	if (!is_ours)
		return true;
	refresh.begun_us = clock_monotonic_us();
	progress_begin(&refresh.progress, "roll-ups", options->is_quiet);
	bool is_ok = refresh_run(&refresh, error);
	progress_end(&refresh.progress);
	return lock_give_back(conn, options->schema, is_ok, error);
}

bool rollup_sweep(PgConn *conn, const char *schema, bool *is_done, Error *error)
{
	if (!lock_take(conn, schema, is_done, error))
		return false;
	if (!*is_done)
		return true;
	return lock_give_back(conn, schema, pg_query(conn, sql_rollup_sweep, NULL, 0, NULL, error), error);
}
