#include "rollup/internal.h"

#include "base/log.h"
#include "sql/sql.h"

#include <stdio.h>

// What a step took from the notes.
typedef struct Taken {
	int64_t notes;
	int64_t sessions;
	int64_t note;       // its id, where it is one
	bool has_more;      // others wait
	char begins_at[48]; // no row of the sessions is older
	char ends_at[48];   // nor younger
} Taken;

// A query of a step, which is asked for the sessions that were taken; of those that look into the big tables, with the times
// between which their rows lie.
typedef struct Step {
	const char *sql;
	bool has_span;
} Step;

static bool run_all(PgConn *conn, const char *const *queries, size_t count, Error *error)
{
	for (size_t at = 0; at < count; at++)
	{
		if (!pg_query(conn, queries[at], NULL, 0, NULL, error))
			return false;
	}
	return true;
}

static bool notes_take(PgConn *conn, bool is_careful, Taken *taken, Error *error)
{
	char most[16];
	PgResult *result = NULL;
	(void) snprintf(most, sizeof most, "%d", is_careful ? 1 : ROLLUP_SESSIONS);
	const PgParam params[] = {pg_param(most)};
	if (!pg_query(conn, sql_rollup_take, params, 1, &result, error))
		return false;
	*taken = (Taken){.notes = pg_int64(result, 0, 0),
		.sessions = pg_int64(result, 0, 1),
		.note = pg_int64(result, 0, 2),
		.has_more = pg_bool(result, 0, 3)};
	(void) snprintf(taken->begins_at, sizeof taken->begins_at, "%.*s", SLICE_PRINT(pg_text(result, 0, 4)));
	(void) snprintf(taken->ends_at, sizeof taken->ends_at, "%.*s", SLICE_PRINT(pg_text(result, 0, 5)));
	pg_result_free(result);
	return true;
}

bool notes_merge(PgConn *conn, Error *error)
{
	char size[16];
	(void) snprintf(size, sizeof size, "%d", ROLLUP_SESSIONS);
	const PgParam params[] = {pg_param(size)};
	return pg_query(conn, sql_rollup_merge, params, 1, NULL, error);
}

// Days on which persons were there, and which day comes behind which; most steps change neither.
static bool days_keep(PgConn *conn, Error *error)
{
	static const char *const chain[] = {sql_rollup_days_delete, sql_rollup_followers, sql_rollup_days_insert,
		sql_rollup_days_chain, sql_rollup_visitor_returns, sql_rollup_visitor_returns_prune, sql_rollup_person_periods};
	PgResult *result = NULL;
	if (!pg_query(conn, sql_rollup_days_read, NULL, 0, &result, error))
		return false;
	bool is_chained = pg_int64(result, 0, 0) > 0;
	pg_result_free(result);
	return pg_query(conn, sql_rollup_days_update, NULL, 0, NULL, error)
		&& (!is_chained || run_all(conn, chain, sizeof chain / sizeof *chain, error));
}

// Partitions that grew much since they were analyzed, of those that the step reads.
static bool grown_analyze(PgConn *conn, const PgParam span[2], Error *error)
{
	PgResult *grown = NULL;
	if (!pg_query(conn, sql_rollup_analyze_grown, span, 2, &grown, error))
		return false;
	bool is_ok = true;
	for (int row = 0; is_ok && row < pg_rows(grown); row++)
	{
		PgResult *result = NULL;
		is_ok = pg_query_once(conn, pg_text(grown, row, 0).data, &result, error);
		pg_result_free(result);
	}
	pg_result_free(grown);
	return is_ok;
}

static bool step_run(PgConn *conn, const Taken *taken, Error *error)
{
	static const Step steps[] = {
		{sql_rollup_probe, false},
		{sql_rollup_step_old, true},
		{sql_rollup_gather, false},
		{sql_rollup_step_new, true},
		{sql_rollup_failures_forget, false},
		{sql_rollup_sort, false},
		{sql_rollup_buckets, false},
		{sql_rollup_summaries_write, false},
		{sql_rollup_days, false},
		{sql_rollup_probe, false},
		{sql_rollup_summaries_delete, true},
	};
	const PgParam span[] = {pg_param(taken->begins_at), pg_param(taken->ends_at)};
	if (!grown_analyze(conn, span, error))
		return false;
	for (size_t at = 0; at < sizeof steps / sizeof *steps; at++)
	{
		if (!pg_query(conn, steps[at].sql, span, steps[at].has_span ? 2 : 0, NULL, error))
			return false;
	}
	return days_keep(conn, error);
}

static bool notes_count(Refresh *refresh, Taken *taken, Error *error)
{
	const PgParam schema[] = {pg_param(refresh->options->schema)};
	return notes_take(refresh->conn, refresh->is_careful, taken, error)
		&& (taken->sessions == 0
			|| ((!refresh->is_rebuilding || pg_query(refresh->conn, sql_rollup_rebuild_months, schema, 1, NULL, error))
				&& step_run(refresh->conn, taken, error)));
}

// The note failed: halves of it are tried next, or its only session is put aside. By now it need not be the latest.
static bool note_narrow(Refresh *refresh, int64_t note, const Error *reason, Error *error)
{
	char id[24];
	PgResult *result = NULL;
	(void) snprintf(id, sizeof id, "%lld", (long long) note);
	const PgParam params[] = {pg_param(id), pg_param(reason->sqlstate), pg_param(reason->message)};
	if (!pg_query(refresh->conn, sql_rollup_split, params, 1, &result, error))
		return false;
	bool is_single = pg_rows(result) == 1 && pg_int64(result, 0, 0) <= 1;
	pg_result_free(result);
	if (!is_single)
		return true;
	refresh->counts->failed_sessions++;
	log_event(LOG_WARNING, "rollup.session_failed", "sqlstate=%s", reason->sqlstate);
	return pg_query(refresh->conn, sql_rollup_fail, params, 3, NULL, error);
}

bool sessions_step(Refresh *refresh, bool *has_more, Error *error)
{
	Taken taken = {0};
	Error reason = {0};
	bool is_done =
		pg_begin(refresh->conn, &reason) && notes_count(refresh, &taken, &reason) && pg_commit(refresh->conn, &reason);
	*has_more = taken.has_more;
	if (is_done)
	{
		refresh->counts->sessions += taken.sessions;
		return true;
	}
	pg_rollback(refresh->conn);
	*has_more = true;
	if (taken.notes == 0 || !pg_is_data_error(&reason))
	{
		if (error != NULL)
			*error = reason;
		return false;
	}
	if (refresh->is_careful)
		return note_narrow(refresh, taken.note, &reason, error);
	refresh->is_careful = true;
	return true;
}
