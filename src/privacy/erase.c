#include "base/clock.h"
#include "privacy/internal.h"
#include "privacy/turn.h"
#include "sql/sql.h"

// So few that loaders hardly notice the turn.
#define SESSIONS_AT_ONCE 100

static Slice counts_of(const Request *request, const PgResult *result, int column)
{
	return arena_copy(request->arena, pg_text(result, 0, column));
}

// Activity of sessions that loaders have put off is written, so that none is left for a session that goes.
static bool touches_settle(const Request *request, Error *error)
{
	const PgParam params[] = {{"{}"}, {"{}"},
		request_number(request, clock_now_ms() - request->work->session_timeout_ms), {NULL}};
	return pg_query(request->conn, sql_loader_sessions_touch, params, 4, NULL, error);
}

// Whose rows become somebody else's: who that is, is drawn once.
static bool pseudonym_draw(const Request *request, Error *error)
{
	return privacy_action_is_erase(request->action)
		|| pg_query(request->conn, sql_privacy_pseudonym, (PgParam[]){request_number(request, request->id)}, 1, NULL,
			error);
}

bool erase_begin(Request *request, bool *is_done, Error *error)
{
	PgResult *result = NULL;
	const PgParam params[] = {request_number(request, request->person),
		pg_param(privacy_action_is_erase(request->action) ? "false" : "true")};
	*is_done = privacy_turn_begin(request->conn, error) && touches_settle(request, error)
		&& pseudonym_draw(request, error) && pg_query(request->conn, sql_privacy_erase_begin, params, 2, &result, error)
		&& request_step(request, REQUEST_ROWS, counts_of(request, result, 0), error)
		&& privacy_turn_commit(request->conn, error);
	pg_result_free(result);
	if (!*is_done)
		privacy_turn_give_up(request->conn);
	return *is_done;
}

bool erase_rows(Request *request, bool *is_done, Error *error)
{
	PgResult *result = NULL;
	const PgParam params[] = {request_number(request, request->person), request_number(request, SESSIONS_AT_ONCE),
		request_number(request, request->id)};
	bool is_erase = privacy_action_is_erase(request->action);
	bool is_ok = privacy_turn_begin(request->conn, error)
		&& pg_query(request->conn, sql_privacy_shared_sessions, params, 2, NULL, error)
		&& pg_query(request->conn, is_erase ? sql_privacy_erase_sessions : sql_privacy_anonymize_sessions, params,
			is_erase ? 2 : 3, &result, error);
	*is_done = is_ok && pg_int64(result, 0, 0) < SESSIONS_AT_ONCE;
	is_ok = is_ok
		&& request_step(request, *is_done ? REQUEST_CONTEXTS : REQUEST_ROWS, counts_of(request, result, 1), error)
		&& privacy_turn_commit(request->conn, error);
	pg_result_free(result);
	if (!is_ok)
		privacy_turn_give_up(request->conn);
	return is_ok;
}

static bool contexts_drop(Request *request, Error *error)
{
	PgResult *result = NULL;
	bool is_ok = privacy_turn_begin(request->conn, error)
		&& pg_query(request->conn, sql_privacy_contexts_drop, NULL, 0, &result, error)
		&& request_step(request, REQUEST_FIGURES, counts_of(request, result, 0), error)
		&& privacy_turn_commit(request->conn, error);
	pg_result_free(result);
	if (!is_ok)
		privacy_turn_give_up(request->conn);
	return is_ok;
}

// Looking for rows that name a context reads whole tables, so it is done beside the loaders, which take back what they name anew.
bool erase_contexts(Request *request, bool *is_done, Error *error)
{
	PgResult *result = NULL;
	if (!pg_query(request->conn, sql_privacy_contexts_any, NULL, 0, &result, error))
		return false;
	bool is_any = pg_bool(result, 0, 0);
	pg_result_free(result);
	*is_done = true;
	if (!is_any)
		return request_step(request, REQUEST_FIGURES, SLICE_LITERAL("{}"), error);
	return pg_query(request->conn, sql_privacy_contexts_views, NULL, 0, NULL, error)
		&& pg_query(request->conn, sql_privacy_contexts_events, NULL, 0, NULL, error) && contexts_drop(request, error);
}

// Each table by itself, so that no lock is held for long; whoever is cut off begins again.
bool erase_statistics(Request *request, bool *is_done, Error *error)
{
	PgResult *tables = NULL;
	const PgParam params[] = {request_number(request, request->id)};
	if (!pg_query(request->conn, sql_privacy_statistics, params, 1, &tables, error))
		return false;
	bool is_ok = true;
	for (int at = 0; is_ok && at < pg_rows(tables); at++)
	{
		const PgParam table = pg_param_bytes(pg_text(tables, at, 0));
		is_ok = pg_query(request->conn, sql_privacy_statistics_renew, &table, 1, NULL, error);
	}
	pg_result_free(tables);
	*is_done = is_ok && request_step(request, REQUEST_BUFFER, SLICE_LITERAL("{}"), error);
	return *is_done;
}
