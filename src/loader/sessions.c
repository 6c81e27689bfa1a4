// Sessions that clients name: one row a session and person, from whatever hits of it come in whatever order. Its start is
// the time in its id, its last activity the greatest, its description that of its earliest hit.
//
// Most of them are either new, and copied with their attribution, or known with a first hit that stays the first: then only
// their last activity changes. While more hits are waiting even that is put off, so that a session is written once for many of
// its hits. All else (an earlier hit, a second person) goes through staging, and is leveled between the persons.
#include "loader/load.h"

#include "loader/chain.h"
#include "loader/context.h"
#include "sql/sql.h"

#include <stdlib.h>

typedef struct SessionHit {
	Uuid session_id;
	const BatchHit *hit;
} SessionHit;

typedef enum SessionState { SESSION_NEW, SESSION_KNOWN, SESSION_ASKED, SESSION_OTHER } SessionState;

// What the batch says of a session and person.
typedef struct SessionGroup {
	Uuid id;
	const BatchHit *first; // describes
	int64_t last_ms;
	int64_t end_ms; // the client ended it there, or HIT_NONE
	SessionState state;
	RecentSession known; // its person RECENT_NOBODY: nothing is, or it has rows of several
} SessionGroup;

typedef struct Groups {
	SessionGroup *rows; // by session, person
	size_t count;
	size_t counts[SESSION_OTHER + 1];
} Groups;

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
static SessionGroup group_make(const SessionHit *hits, size_t count)
{
	int64_t started_ms = uuid7_time_ms(hits[0].session_id);
	int64_t last_ms = hit_time_ms(&hits[count - 1].hit->hit);
	SessionGroup group = {.id = hits[0].session_id,
		.first = hits[0].hit,
		.last_ms = last_ms > started_ms ? last_ms : started_ms,
		.end_ms = HIT_NONE};
	for (size_t at = 0; at < count; at++)
	{
		if (hits[at].hit->hit.is_session_end == 1)
			group.end_ms = hit_time_ms(&hits[at].hit->hit);
	}
	return group;
}

static bool groups_collect(Load *load, Groups *groups, Error *error)
{
	size_t count = 0;
	SessionHit *hits = ARENA_ARRAY(load->arena, SessionHit, load->batch->count + 1);
	*groups = (Groups){.rows = ARENA_ARRAY(load->arena, SessionGroup, load->batch->count + 1)};
	if (hits == NULL || groups->rows == NULL)
		return load_no_memory(error);
	for (size_t at = 0; at < load->batch->count; at++)
	{
		const BatchHit *hit = &load->batch->hits[at];
		if (batch_hit_is_row(hit) && batch_hit_has_session(hit))
			hits[count++] = (SessionHit){hit->session_id, hit};
	}
	qsort(hits, count, sizeof *hits, session_hit_compare);
	for (size_t from = 0; from < count;)
	{
		size_t to = from + 1;
		while (to < count && uuid_compare(hits[to].session_id, hits[from].session_id) == 0
			&& hits[to].hit->person_id == hits[from].hit->person_id)
			to++;
		groups->rows[groups->count++] = group_make(hits + from, to - from);
		from = to;
	}
	return true;
}

// ── What is known of them ──

static bool is_same_session(const Groups *groups, size_t at, size_t other)
{
	return other < groups->count && uuid_compare(groups->rows[at].id, groups->rows[other].id) == 0;
}

static void group_know(SessionGroup *group, const RecentSession *known)
{
	bool is_plain =
		known->person_id == group->first->person_id && known->first_hit < recent_first_hit(group->first->hit.id);
	group->known = *known;
	group->state = is_plain ? SESSION_KNOWN : SESSION_OTHER;
}

static void groups_remember(const Load *load, Groups *groups)
{
	const RecentTable *sessions = &load->recent->sessions;
	for (size_t at = 0; at < groups->count; at++)
	{
		SessionGroup *group = &groups->rows[at];
		if (at + RECENT_AHEAD < groups->count)
			recent_table_prefetch(sessions, group[RECENT_AHEAD].id);
		const RecentSession *known = recent_session(load->recent, group->id);
		if (load->is_careful || is_same_session(groups, at, at - 1) || is_same_session(groups, at, at + 1))
			group->state = SESSION_OTHER;
		else if (known != NULL && known->person_id != RECENT_NOBODY)
			group_know(group, known);
		else
			group->state = recent_table_is_new(sessions, group->id) ? SESSION_NEW : SESSION_ASKED;
	}
}

static bool groups_ask(Load *load, Groups *groups, Error *error)
{
	UuidSet ids = {0};
	RecentSessions stored = {0};
	for (size_t at = 0; at < groups->count; at++)
	{
		if (groups->rows[at].state == SESSION_ASKED && !uuid_set_add(&ids, load->arena, groups->rows[at].id, error))
			return false;
	}
	if (!recall_read(load, &ids, &stored, error))
		return false;
	for (size_t at = 0; at < groups->count; at++)
	{
		SessionGroup *group = &groups->rows[at];
		if (group->state != SESSION_ASKED)
			continue;
		const RecentSession *known = recent_sessions_find(&stored, group->id);
		if (known == NULL)
			group->state = SESSION_NEW;
		else
			group_know(group, known);
	}
	return true;
}

// What will be remembered of it behind the commit: where only this person has a row of it, that.
static RecentSession group_keep(const SessionGroup *group)
{
	const RecentSession *known = &group->known;
	RecentSession kept = {.id = group->id,
		.person_id = group->first->person_id,
		.first_hit = recent_first_hit(group->first->hit.id),
		.last = recent_last(group->last_ms, RECENT_ALL)};
	if (known->person_id == kept.person_id)
	{
		int64_t last_ms = recent_last_ms(known) > group->last_ms ? recent_last_ms(known) : group->last_ms;
		kept.first_hit = known->first_hit < kept.first_hit ? known->first_hit : kept.first_hit;
		kept.last = recent_last(last_ms, recent_flags(known));
	}
	else if (group->state == SESSION_OTHER)
		kept.person_id = RECENT_NOBODY;
	return kept;
}

static bool groups_keep(Load *load, Groups *groups, Error *error)
{
	load->sessions.rows = ARENA_ARRAY(load->arena, RecentSession, groups->count + 1);
	if (load->sessions.rows == NULL)
		return load_no_memory(error);
	for (size_t at = 0; at < groups->count; at++)
	{
		const SessionGroup *group = &groups->rows[at];
		groups->counts[group->state]++;
		load->sessions.rows[load->sessions.count++] = group_keep(group);
		if (!uuid_set_add(&load->changed, load->arena, group->id, error))
			return false;
	}
	return true;
}

// ── Writing ──

static void copy_optional_time(PgCopy *copy, int64_t time_ms)
{
	if (time_ms == HIT_NONE)
		pg_copy_null(copy);
	else
		pg_copy_time_ms(copy, time_ms);
}

static void copy_optional_int64(PgCopy *copy, int64_t value)
{
	if (value == HIT_NONE)
		pg_copy_null(copy);
	else
		pg_copy_int64(copy, value);
}

static void session_copy(PgCopy *copy, const SessionGroup *group, const LoaderRules *rules)
{
	const Hit *hit = &group->first->hit;
	bool is_over = group->last_ms < rules->now_ms - rules->timeout_ms;
	bool is_ended = group->end_ms != HIT_NONE && group->end_ms >= group->last_ms;
	pg_copy_row(copy, 9 + SESSION_COLUMN_COUNT);
	pg_copy_uuid(copy, group->id);
	pg_copy_time_ms(copy, uuid7_time_ms(group->id));
	pg_copy_int64(copy, group->first->person_id);
	pg_copy_time_ms(copy, group->last_ms);
	copy_optional_time(copy, is_over || is_ended ? group->last_ms : HIT_NONE);
	pg_copy_uuid(copy, hit->id);
	copy_optional_int64(copy, hit->anonymous_id);
	pg_copy_bool(copy, group->first->person_id > 0);
	pg_copy_bool(copy, false);
	context_copy_session(copy, hit);
}

static void attribution_copy(PgCopy *copy, const SessionGroup *group)
{
	const Hit *hit = &group->first->hit;
	pg_copy_row(copy, 5 + ATTRIBUTION_COLUMN_COUNT);
	pg_copy_uuid(copy, group->id);
	pg_copy_time_ms(copy, uuid7_time_ms(group->id));
	pg_copy_int64(copy, group->first->person_id);
	pg_copy_time_ms(copy, hit_time_ms(hit));
	pg_copy_uuid(copy, hit->id);
	context_copy_attribution(copy, hit);
}

static void staged_copy(PgCopy *copy, const SessionGroup *group)
{
	const Hit *hit = &group->first->hit;
	pg_copy_row(copy, 7 + CONTEXT_COLUMN_COUNT);
	pg_copy_time_ms(copy, uuid7_time_ms(group->id));
	pg_copy_int64(copy, group->first->person_id);
	pg_copy_time_ms(copy, group->last_ms);
	copy_optional_time(copy, group->end_ms);
	pg_copy_uuid(copy, hit->id);
	copy_optional_int64(copy, hit->anonymous_id);
	pg_copy_uuid(copy, group->id);
	context_copy(copy, hit, true);
}

static bool new_store(Load *load, const Groups *groups, Error *error)
{
	if (groups->counts[SESSION_NEW] == 0)
		return true;
	if (!pg_copy_begin(load->conn, sql_loader_copy_sessions, load->copy, error))
		return false;
	for (size_t at = 0; at < groups->count; at++)
	{
		if (groups->rows[at].state == SESSION_NEW)
			session_copy(load->copy, &groups->rows[at], &load->rules);
		pg_copy_push(load->conn, load->copy);
	}
	if (!pg_copy_end(load->conn, sql_loader_copy_sessions, load->copy, error)
		|| !pg_copy_begin(load->conn, sql_loader_copy_attribution, load->copy, error))
		return false;
	for (size_t at = 0; at < groups->count; at++)
	{
		if (groups->rows[at].state == SESSION_NEW)
			attribution_copy(load->copy, &groups->rows[at]);
		pg_copy_push(load->conn, load->copy);
	}
	return pg_copy_end(load->conn, sql_loader_copy_attribution, load->copy, error);
}

static bool others_store(Load *load, const Groups *groups, Error *error)
{
	if (groups->counts[SESSION_OTHER] == 0)
		return true;
	pg_copy_reset(load->copy);
	for (size_t at = 0; at < groups->count; at++)
	{
		if (groups->rows[at].state == SESSION_OTHER)
			staged_copy(load->copy, &groups->rows[at]);
	}
	PgParam params[] = {param_int64(load, load->rules.now_ms - load->rules.timeout_ms)};
	return load_copy(load, sql_loader_stage_sessions, error)
		&& pg_query(load->conn, sql_loader_sessions_upsert, params, 1, NULL, error)
		&& pg_query(load->conn, sql_loader_attribution_upsert, NULL, 0, NULL, error)
		&& pg_query(load->conn, sql_loader_sessions_level, NULL, 0, NULL, error)
		&& pg_query(load->conn, sql_loader_attribution_level, NULL, 0, NULL, error);
}

static bool known_touch(Load *load, const Groups *groups, Error *error)
{
	for (size_t at = 0; at < groups->count; at++)
	{
		const SessionGroup *group = &groups->rows[at];
		bool is_end = group->end_ms != HIT_NONE && group->end_ms >= group->last_ms;
		int64_t known_ms = recent_last_ms(&group->known);
		bool is_later = group->last_ms > known_ms || (group->last_ms == known_ms && is_end);
		if (group->state == SESSION_KNOWN && is_later
			&& !touch_add(load, group->id, touch_make(group->last_ms, is_end), error))
			return false;
	}
	return true;
}

bool sessions_store(Load *load, Error *error)
{
	Groups groups;
	if (!groups_collect(load, &groups, error))
		return false;
	groups_remember(load, &groups);
	return groups_ask(load, &groups, error) && groups_keep(load, &groups, error) && new_store(load, &groups, error)
		&& others_store(load, &groups, error) && known_touch(load, &groups, error);
}
