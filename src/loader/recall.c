// What a transaction asks of memory, and what it leaves there.
#include "loader/load.h"

#include "sql/sql.h"

// Rows of the future that are read when memory begins; where there are more, all is asked for.
#define FUTURE_MAX 10000

// Nothing is near it.
#define NEVER_MS (INT64_MIN / 8)

// The id of a row, with the table it stands in where every version-7 id has the same four bits.
static Uuid row_key(Uuid id, char kind)
{
	id.bytes[6] = (unsigned char) ((id.bytes[6] & 0x0FU) | (kind == 'v' ? 0x10U : kind == 'e' ? 0x20U : 0x30U));
	return id;
}

static char hit_kind(const BatchHit *hit)
{
	if (batch_hit_is_robot(hit))
		return 'r';
	return hit->hit.type == HIT_PAGE ? 'v' : 'e';
}

static void session_put(Load *load, const RecentSession *session)
{
	RecentSession *entry = recent_table_put(&load->recent->sessions, session->id, load->rules.now_ms);
	if (entry != NULL)
		*entry = *session;
}

// ── Beginning ──

static bool future_read(Load *load, Error *error)
{
	Recent *recent = load->recent;
	PgResult *result = NULL;
	PgParam params[] = {param_int64(load, load->rules.now_ms), param_int64(load, FUTURE_MAX)};
	if (!pg_query(load->conn, sql_loader_recent_future, params, 2, &result, error))
		return false;
	for (int row = 0; row < pg_rows(result); row++)
	{
		Uuid id;
		char kind = pg_text(result, row, 0).data[0];
		if (!pg_uuid(result, row, 1, &id))
			continue;
		if (kind == 's')
			session_put(load, &(RecentSession){.id = id, .person_id = RECENT_NOBODY});
		else
			(void) recent_table_put(&recent->ids, row_key(id, kind), load->rules.now_ms);
	}
	if (pg_rows(result) == FUTURE_MAX)
	{
		recent->ids.horizon_ms = RECENT_TIME_NEVER;
		recent->sessions.horizon_ms = RECENT_TIME_NEVER;
	}
	pg_result_free(result);
	return true;
}

// From here on everything behind the latest of what is stored is remembered.
static bool memory_begin(Load *load, Error *error)
{
	Recent *recent = load->recent;
	PgResult *result = NULL;
	PgParam params[] = {param_int64(load, load->rules.now_ms)};
	recent_forget(recent);
	if (!pg_query(load->conn, sql_loader_recent_latest, params, 1, &result, error))
		return false;
	recent->ids.horizon_ms = pg_is_null(result, 0, 0) ? INT64_MIN : pg_int64(result, 0, 0);
	recent->sessions.horizon_ms = pg_is_null(result, 0, 1) ? INT64_MIN : pg_int64(result, 0, 1);
	pg_result_free(result);
	return future_read(load, error);
}

bool recall_begin(Load *load, Error *error)
{
	PgResult *result = NULL;
	Uuid turn = {{0}};
	if (!pg_query(load->conn, sql_loader_turn_read, NULL, 0, &result, error))
		return false;
	if (!pg_is_null(result, 0, 0))
		(void) pg_uuid(result, 0, 0, &turn);
	load->has_waiting_leaves = pg_bool(result, 0, 1);
	load->has_kept_leaves = pg_bool(result, 0, 2);
	load->has_touches = pg_bool(result, 0, 3);
	load->has_erased = pg_bool(result, 0, 4);
	load->has_denied = !load->is_consent_off && pg_bool(result, 0, 5);
	pg_result_free(result);
	bool is_ours = !uuid_is_nil(turn) && uuid_compare(turn, load->recent->turn) == 0;
	return is_ours || memory_begin(load, error);
}

// ── Ending ──

bool recall_end(Load *load, Error *error)
{
	load->turn = uuid7_make(load->rules.now_ms);
	PgParam params[] = {param_uuid(load, load->turn)};
	return pg_query(load->conn, sql_loader_turn_write, params, 1, NULL, error);
}

static void sessions_keep(Load *load, const RecentSessions *sessions)
{
	for (size_t at = 0; at < sessions->count; at++)
	{
		if (at + RECENT_AHEAD < sessions->count)
			recent_table_prefetch(&load->recent->sessions, sessions->rows[at + RECENT_AHEAD].id);
		session_put(load, &sessions->rows[at]);
	}
}

static void persons_keep(Load *load)
{
	for (size_t at = 0; at < load->person_count; at++)
	{
		const RecentPerson *person = &load->persons[at];
		if (at + RECENT_AHEAD < load->person_count)
			recent_table_prefetch(&load->recent->persons, person[RECENT_AHEAD].key);
		RecentPerson *entry = recent_table_put(&load->recent->persons, person->key, load->rules.now_ms);
		if (entry != NULL)
			*entry = *person;
	}
}

void recall_keep_row(Load *load, const BatchHit *hit, const BatchHit *soon)
{
	RecentTable *ids = &load->recent->ids;
	if (soon != NULL)
		recent_table_prefetch(ids, row_key(soon->hit.id, hit_kind(soon)));
	(void) recent_table_put(ids, row_key(hit->hit.id, hit_kind(hit)), load->rules.now_ms);
}

void recall_keep(Load *load)
{
	sessions_keep(load, &load->sessions);
	sessions_keep(load, &load->read);
	sessions_keep(load, &(RecentSessions){load->touched, load->touched_count});
	persons_keep(load);
	load->recent->turn = load->turn;
}

// ── Asking ──

void recall_session_ask(Load *load, Uuid id)
{
	session_put(load, &(RecentSession){.id = id, .person_id = RECENT_NOBODY});
}

static bool is_known(const RecentSession *session)
{
	return session != NULL && session->person_id != RECENT_NOBODY;
}

const RecentSession *recall_session(const Load *load, Uuid id)
{
	const RecentSession *found = recent_sessions_find(&load->sessions, id);
	if (found == NULL)
		found = recent_session(load->recent, id);
	return is_known(found) ? found : NULL;
}

const RecentSession *recall_session_read(const Load *load, Uuid id)
{
	const RecentSession *found = recall_session(load, id);
	return found != NULL ? found : recent_sessions_find(&load->read, id);
}

// A row of a session, behind those of it that were read before.
static void session_read(const Load *load, RecentSessions *sessions, const PgResult *result, int row)
{
	bool is_made = pg_bool(result, row, 4);
	RecentSession read = {.person_id = pg_int64(result, row, 1),
		.last = recent_last(is_made ? NEVER_MS : pg_int64(result, row, 3),
			(is_made || !load->has_touches ? RECENT_ALL : 0) | (load->has_kept_leaves ? RECENT_KEPT : 0))};
	Uuid first_hit = {{0}};
	(void) pg_uuid(result, row, 0, &read.id);
	(void) pg_uuid(result, row, 2, &first_hit);
	read.first_hit = recent_first_hit(first_hit);
	RecentSession *last = sessions->count == 0 ? NULL : &sessions->rows[sessions->count - 1];
	bool is_another = last == NULL || uuid_compare(last->id, read.id) != 0;
	if (is_another)
		sessions->rows[sessions->count++] = read;
	if (!is_another || is_made)
		sessions->rows[sessions->count - 1].person_id = RECENT_NOBODY;
}

bool recall_read(Load *load, const UuidSet *ids, RecentSessions *sessions, Error *error)
{
	*sessions = (RecentSessions){0};
	if (ids->count == 0)
		return true;
	PgParam params[2] = {pg_param_uuid_array(load->arena, ids->ids, ids->count)};
	PgResult *result = NULL;
	if (!load_read(load, sql_loader_sessions_known, params, 1, &result, error))
		return false;
	sessions->rows = ARENA_ARRAY(load->arena, RecentSession, (size_t) pg_rows(result) + 1);
	for (int row = 0; sessions->rows != NULL && row < pg_rows(result); row++)
		session_read(load, sessions, result, row);
	pg_result_free(result);
	return sessions->rows != NULL || load_no_memory(error);
}

// Rows of one kind that may be stored already.
typedef struct Doubt {
	BatchHit **hits;
	Uuid *ids;
	int64_t *persons;
	size_t count;
} Doubt;

static bool doubts_collect(Load *load, Doubt doubts[3], Error *error)
{
	for (size_t at = 0; at < 3; at++)
	{
		doubts[at] = (Doubt){.hits = ARENA_ARRAY(load->arena, BatchHit *, load->batch->count + 1),
			.ids = ARENA_ARRAY(load->arena, Uuid, load->batch->count + 1),
			.persons = ARENA_ARRAY(load->arena, int64_t, load->batch->count + 1)};
		if (doubts[at].hits == NULL || doubts[at].ids == NULL || doubts[at].persons == NULL)
			return load_no_memory(error);
	}
	for (size_t at = 0; at < load->batch->count; at++)
	{
		BatchHit *hit = &load->batch->hits[at];
		if (at + RECENT_AHEAD < load->batch->count)
			recent_table_prefetch(&load->recent->ids, row_key(hit[RECENT_AHEAD].hit.id, hit_kind(&hit[RECENT_AHEAD])));
		if (!batch_hit_is_row(hit) && !batch_hit_is_robot(hit))
			continue;
		char kind = hit_kind(hit);
		if (recent_table_is_new(&load->recent->ids, row_key(hit->hit.id, kind)))
			continue;
		Doubt *doubt = &doubts[kind == 'v' ? 0 : kind == 'e' ? 1 : 2];
		doubt->hits[doubt->count] = hit;
		doubt->ids[doubt->count] = hit->hit.id;
		doubt->persons[doubt->count++] = hit->person_id;
	}
	return true;
}

bool recall_mark_repeats(Load *load, Error *error)
{
	Doubt doubts[3];
	if (!doubts_collect(load, doubts, error))
		return false;
	if (doubts[0].count + doubts[1].count + doubts[2].count == 0)
		return true;
	PgParam params[] = {pg_param_uuid_array(load->arena, doubts[0].ids, doubts[0].count),
		pg_param_int64_array(load->arena, doubts[0].persons, doubts[0].count),
		pg_param_uuid_array(load->arena, doubts[1].ids, doubts[1].count),
		pg_param_int64_array(load->arena, doubts[1].persons, doubts[1].count),
		pg_param_uuid_array(load->arena, doubts[2].ids, doubts[2].count)};
	PgResult *result = NULL;
	if (!pg_query(load->conn, sql_loader_rows_known, params, 5, &result, error))
		return false;
	for (int row = 0; row < pg_rows(result); row++)
	{
		char kind = pg_text(result, row, 0).data[0];
		const Doubt *doubt = &doubts[kind == 'v' ? 0 : kind == 'e' ? 1 : 2];
		doubt->hits[pg_int64(result, row, 1) - 1]->is_repeat = true;
	}
	pg_result_free(result);
	return true;
}
