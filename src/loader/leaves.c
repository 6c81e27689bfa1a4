// Leaves: what a view's visit came to (running totals, the greatest wins), and how long its session went on. A leave is
// activity only within the timeout of the activity before it. One that is too far behind is kept, since a hit that comes
// late may close the gap; in sessions made by the loader every one is kept, since they may be made anew.
//
// Most are near what is known of their session's activity: then a leave is just later activity, as a hit is. Of the others all
// activity there is has to be known; where memory cannot tell, what was put off is written first.
#include "loader/leaves.h"

#include "sql/sql.h"

#include <stdlib.h>

static int leave_compare(const void *left, const void *right)
{
	const SessionLeave *a = left;
	const SessionLeave *b = right;
	int by_session = uuid_compare(a->session_id, b->session_id);
	if (by_session != 0)
		return by_session;
	return a->left_ms != b->left_ms ? (a->left_ms < b->left_ms ? -1 : 1) : uuid_compare(a->view_id, b->view_id);
}

void session_leaves_sort(SessionLeaves *leaves)
{
	if (leaves->count > 1)
		qsort(leaves->rows, leaves->count, sizeof *leaves->rows, leave_compare);
}

int64_t session_leaves_reach(const SessionLeave *leaves, size_t count, int64_t last_ms, const LoaderRules *rules,
	bool *far)
{
	int64_t end_ms = uuid7_time_ms(leaves[0].session_id) + rules->session_max_ms;
	int64_t touch = 0;
	for (size_t at = 0; at < count; at++)
	{
		int64_t left_ms = leaves[at].left_ms < end_ms ? leaves[at].left_ms : end_ms;
		far[at] = left_ms - last_ms > rules->timeout_ms;
		if (far[at] || left_ms < last_ms)
			continue;
		bool is_later = left_ms > last_ms;
		last_ms = left_ms;
		if (is_later || leaves[at].is_end)
			touch = touch_make(left_ms, leaves[at].is_end);
	}
	return touch;
}

static bool may_be_kept(const RecentSession *known)
{
	return known == NULL || known->person_id == RECENT_NOBODY || (recent_flags(known) & RECENT_KEPT) != 0;
}

// The sessions of the batch's hits and leaves that leaves may be kept of.
static bool sessions_collect(Load *load, const SessionLeaves *leaves, UuidSet *sessions, Error *error)
{
	for (size_t at = 0; at < load->sessions.count; at++)
	{
		const RecentSession *session = &load->sessions.rows[at];
		if (may_be_kept(session) && !uuid_set_add(sessions, load->arena, session->id, error))
			return false;
	}
	for (size_t at = 0; at < leaves->count; at++)
	{
		Uuid id = leaves->rows[at].session_id;
		if (may_be_kept(recall_session(load, id)) && !uuid_set_add(sessions, load->arena, id, error))
			return false;
	}
	uuid_set_sort_unique(sessions);
	return true;
}

// Those of them that leaves are kept of.
static bool kept_find(Load *load, const SessionLeaves *leaves, UuidSet *kept, Error *error)
{
	UuidSet asked = {0};
	PgResult *result = NULL;
	if (!load->has_kept_leaves)
		return true;
	if (!sessions_collect(load, leaves, &asked, error))
		return false;
	PgParam params[] = {pg_param_uuid_array(load->arena, asked.ids, asked.count)};
	if (asked.count == 0)
		return true;
	if (!pg_query(load->conn, sql_loader_leaves_kept, params, 1, &result, error))
		return false;
	bool is_ok = true;
	for (int row = 0; is_ok && row < pg_rows(result); row++)
	{
		Uuid id;
		is_ok = pg_uuid(result, row, 0, &id) && uuid_set_add(kept, load->arena, id, error);
	}
	uuid_set_sort_unique(kept);
	pg_result_free(result);
	return is_ok;
}

// Asks for the sessions of leaves, and those that leaves are kept of, that memory does not know.
static bool unknown_read(Load *load, const SessionLeaves *leaves, const UuidSet *kept, Error *error)
{
	UuidSet asked = {0};
	for (size_t at = 0; at < leaves->count + kept->count; at++)
	{
		Uuid id = at < leaves->count ? leaves->rows[at].session_id : kept->ids[at - leaves->count];
		if (recall_session(load, id) == NULL && !uuid_set_add(&asked, load->arena, id, error))
			return false;
	}
	uuid_set_sort_unique(&asked);
	return recall_read(load, &asked, &load->read, error);
}

// Whether all leaves of a session are near what is known of it; *touch is what they add. There may be later activity than is
// known of: then they are near that, or behind it, all the same. `far` is scratch, one for each leave.
static bool is_near(const Load *load, const RecentSession *known, const SessionLeave *leaves, size_t count, bool *far,
	int64_t *touch)
{
	if (known == NULL)
		return false;
	*touch = session_leaves_reach(leaves, count, recent_last_ms(known), &load->rules, far);
	for (size_t at = 0; at < count; at++)
	{
		if (far[at])
			return false;
	}
	return true;
}

// Leaves that are near become touches; sessions of others join those that leaves are kept of, which are `sessions`.
static bool near_touch(Load *load, const SessionLeaves *leaves, UuidSet *sessions, Error *error)
{
	UuidSet others = {0};
	bool *far = ARENA_ARRAY(load->arena, bool, leaves->count + 1);
	if (far == NULL)
		return load_no_memory(error);
	for (size_t from = 0, to = 0; from < leaves->count; from = to)
	{
		Uuid id = leaves->rows[from].session_id;
		const RecentSession *known = recall_session_read(load, id);
		int64_t touch = 0;
		while (to < leaves->count && uuid_compare(leaves->rows[to].session_id, id) == 0)
			to++;
		if (!uuid_set_add(&load->changed, load->arena, id, error))
			return false;
		if (uuid_set_find_sorted(sessions, id) < sessions->count)
			continue;
		bool is_done = true;
		if (!is_near(load, known, leaves->rows + from, to - from, far, &touch))
			is_done = uuid_set_add(&others, load->arena, id, error);
		else if (touch != 0)
			is_done =
				session_touch(load, id, known, touch, recent_last(touch_time_ms(touch), recent_flags(known)), error);
		if (!is_done)
			return false;
	}
	if (!uuid_set_add_all(sessions, load->arena, &others, error))
		return false;
	uuid_set_sort_unique(sessions);
	return true;
}

// Whether all activity there is of them is known. Of sessions that the loader made, or that have no row, none is ever put off.
static bool is_all_known(const Load *load, const UuidSet *sessions)
{
	for (size_t at = 0; at < sessions->count; at++)
	{
		const RecentSession *known = recall_session_read(load, sessions->ids[at]);
		if (known != NULL && (recent_flags(known) & RECENT_ALL) == 0)
			return false;
	}
	return true;
}

bool leaves_store(Load *load, Error *error)
{
	SessionLeaves leaves;
	UuidSet sessions = {0};
	if (!leaves_write(load, &leaves, error) || !kept_find(load, &leaves, &sessions, error)
		|| !unknown_read(load, &leaves, &sessions, error) || !near_touch(load, &leaves, &sessions, error))
		return false;
	return sessions.count == 0
		|| ((is_all_known(load, &sessions) || sessions_settle(load, error))
			&& leaves_extend(load, &sessions, &leaves, error));
}
