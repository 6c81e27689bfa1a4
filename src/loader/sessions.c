// Sessions that clients name: one row a session and person, from whatever hits of it come in whatever order. Its start is
// the time in its id, its last activity the greatest, its description that of its earliest hit.
#include "loader/load.h"

#include "loader/chain.h"
#include "loader/context.h"
#include "sql/sql.h"

#include <stdlib.h>

#define SESSION_COLUMNS (7 + CONTEXT_COLUMN_COUNT)

typedef struct SessionHit {
	Uuid session_id;
	const BatchHit *hit;
} SessionHit;

static int session_hit_compare(const void *left, const void *right)
{
	const SessionHit *a = left;
	const SessionHit *b = right;
	int by_session = uuid_compare(a->session_id, b->session_id);
	if (by_session != 0)
		return by_session;
	if (a->hit->person_id != b->hit->person_id)
		return a->hit->person_id < b->hit->person_id ? -1 : 1;
	return uuid_compare(a->hit->hit.id, b->hit->hit.id);
}

// One row for the hits of a session and person, sorted by id: the first describes, the last is the latest.
static void session_copy(Load *load, const SessionHit *hits, size_t count)
{
	const BatchHit *first = hits[0].hit;
	int64_t started_ms = uuid7_time_ms(hits[0].session_id);
	int64_t last_ms = hit_time_ms(&hits[count - 1].hit->hit);
	int64_t end_ms = HIT_NONE;
	for (size_t at = 0; at < count; at++)
	{
		if (hits[at].hit->hit.is_session_end == 1)
			end_ms = hit_time_ms(&hits[at].hit->hit);
	}
	PgCopy *copy = load->copy;
	pg_copy_row(copy, SESSION_COLUMNS);
	pg_copy_time_ms(copy, started_ms);
	pg_copy_int64(copy, first->person_id);
	pg_copy_time_ms(copy, last_ms > started_ms ? last_ms : started_ms);
	if (end_ms == HIT_NONE)
		pg_copy_null(copy);
	else
		pg_copy_time_ms(copy, end_ms);
	pg_copy_uuid(copy, first->hit.id);
	if (first->hit.anonymous_id == HIT_NONE)
		pg_copy_null(copy);
	else
		pg_copy_int64(copy, first->hit.anonymous_id);
	pg_copy_uuid(copy, hits[0].session_id);
	context_copy(copy, &first->hit, true);
}

static bool hits_collect(Load *load, SessionHit **hits, size_t *count, Error *error)
{
	*count = 0;
	*hits = ARENA_ARRAY(load->arena, SessionHit, load->batch->count + 1);
	if (*hits == NULL)
		return load_no_memory(error);
	for (size_t at = 0; at < load->batch->count; at++)
	{
		const BatchHit *hit = &load->batch->hits[at];
		if (batch_hit_is_row(hit) && batch_hit_has_session(hit))
			(*hits)[(*count)++] = (SessionHit){hit->session_id, hit};
	}
	qsort(*hits, *count, sizeof **hits, session_hit_compare);
	return true;
}

bool sessions_store(Load *load, Error *error)
{
	SessionHit *hits = NULL;
	size_t count = 0;
	if (!hits_collect(load, &hits, &count, error))
		return false;
	if (count == 0)
		return true;
	pg_copy_reset(load->copy);
	for (size_t from = 0; from < count;)
	{
		size_t to = from + 1;
		while (to < count && uuid_compare(hits[to].session_id, hits[from].session_id) == 0
			&& hits[to].hit->person_id == hits[from].hit->person_id)
			to++;
		session_copy(load, hits + from, to - from);
		from = to;
	}
	PgParam params[] = {param_int64(load, load->rules.now_ms - load->rules.timeout_ms)};
	return load_copy(load, sql_loader_stage_sessions, error)
		&& pg_query(load->conn, sql_loader_sessions_upsert, params, 1, NULL, error)
		&& pg_query(load->conn, sql_loader_attribution_upsert, NULL, 0, NULL, error)
		&& pg_query(load->conn, sql_loader_sessions_level, NULL, 0, NULL, error)
		&& pg_query(load->conn, sql_loader_attribution_level, NULL, 0, NULL, error);
}
