#include "rollup/internal.h"

#include "base/log.h"
#include "sql/sql.h"

#include <stdio.h>
#include <string.h>

// Of what changes in persons' days, see sql/parts/step_days.sql; and of the days behind these, see rollup_followers.sql.
#define DAYS_PARAMS 5
#define FOLLOWERS_PARAMS 3

// What a step took from the notes.
typedef struct Taken {
	int64_t notes;
	int64_t sessions;
	int64_t note;      // its id, where it is one
	bool has_more;     // others wait
	PgParam params[3]; // of what is asked for these sessions: no row of them is older, nor younger; their ids
} Taken;

// One row of some texts, as what is told to a query; as long as the result is there.
static void params_set(PgParam *params, const PgResult *result, int column, int count)
{
	for (int at = 0; at < count; at++)
		params[at] = pg_param(pg_text(result, 0, column + at).data);
}

// *result has what the parameters name; the caller frees it behind them.
static bool notes_take(PgConn *conn, bool is_careful, Taken *taken, PgResult **result, Error *error)
{
	char most[16];
	(void) snprintf(most, sizeof most, "%d", ROLLUP_SESSIONS);
	const PgParam params[] = {pg_param(is_careful ? "1" : most), pg_param(most)};
	if (!pg_query(conn, sql_rollup_take, params, 2, result, error))
		return false;
	*taken = (Taken){.notes = pg_int64(*result, 0, 0),
		.sessions = pg_int64(*result, 0, 1),
		.note = pg_int64(*result, 0, 2),
		.has_more = pg_bool(*result, 0, 3)};
	params_set(taken->params, *result, 4, 3);
	return true;
}

bool notes_merge(PgConn *conn, Error *error)
{
	char size[16];
	(void) snprintf(size, sizeof size, "%d", ROLLUP_SESSIONS);
	const PgParam params[] = {pg_param(size)};
	return pg_query(conn, sql_rollup_merge, params, 1, NULL, error);
}

// What days of persons that come or go change behind them.
static bool days_chain(PgConn *conn, const PgParam days[DAYS_PARAMS], Error *error)
{
	PgParam params[DAYS_PARAMS + FOLLOWERS_PARAMS];
	PgParam *followers = params + DAYS_PARAMS;
	PgResult *result = NULL;
	memcpy(params, days, DAYS_PARAMS * sizeof *days);
	if (!pg_query(conn, sql_rollup_days_delete, params, DAYS_PARAMS, NULL, error)
		|| !pg_query(conn, sql_rollup_followers, params, DAYS_PARAMS, &result, error))
		return false;
	params_set(followers, result, 0, FOLLOWERS_PARAMS);
	bool is_ok = pg_query(conn, sql_rollup_days_insert, params, DAYS_PARAMS, NULL, error)
		&& pg_query(conn, sql_rollup_days_chain, followers, 2, NULL, error)
		&& pg_query(conn, sql_rollup_visitor_returns, params, DAYS_PARAMS + FOLLOWERS_PARAMS, NULL, error)
		&& pg_query(conn, sql_rollup_visitor_returns_prune, params, DAYS_PARAMS + FOLLOWERS_PARAMS, NULL, error)
		&& pg_query(conn, sql_rollup_person_periods, params, DAYS_PARAMS, NULL, error);
	pg_result_free(result);
	return is_ok;
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

// What a step found beside its sessions: summaries of what is gone, and days on which persons were there; most change none.
static bool step_end(PgConn *conn, const Taken *taken, const PgResult *found, Error *error)
{
	PgParam days[DAYS_PARAMS];
	bool has_gone = pg_int64(found, 0, 0) > 0;
	bool is_chained = pg_bool(found, 0, 1);
	params_set(days, found, 2, DAYS_PARAMS);
	bool has_days = days[0].value != NULL;
	if (!has_gone && !has_days)
		return true;
	return pg_query(conn, sql_rollup_probe, NULL, 0, NULL, error)
		&& (!has_gone || pg_query(conn, sql_rollup_summaries_delete, taken->params, 3, NULL, error))
		&& (!has_days || pg_query(conn, sql_rollup_days_update, days, DAYS_PARAMS, NULL, error))
		&& (!is_chained || days_chain(conn, days, error));
}

static bool step_run(PgConn *conn, const Taken *taken, Error *error)
{
	PgResult *found = NULL;
	bool is_ok = grown_analyze(conn, taken->params, error) && pg_query(conn, sql_rollup_gather, NULL, 0, NULL, error)
		&& pg_query(conn, sql_rollup_step, taken->params, 3, &found, error) && step_end(conn, taken, found, error);
	pg_result_free(found);
	return is_ok;
}

static bool notes_count(Refresh *refresh, Taken *taken, Error *error)
{
	const PgParam schema[] = {pg_param(refresh->options->schema)};
	PgResult *result = NULL;
	bool is_ok = notes_take(refresh->conn, refresh->is_careful, taken, &result, error)
		&& (taken->sessions == 0
			|| ((!refresh->is_rebuilding || pg_query(refresh->conn, sql_rollup_rebuild_months, schema, 1, NULL, error))
				&& step_run(refresh->conn, taken, error)));
	pg_result_free(result);
	return is_ok;
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
