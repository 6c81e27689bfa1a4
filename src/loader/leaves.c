// Leaves: what a view's visit came to (running totals, the greatest wins), and how long its session went on. A leave is
// activity only within the timeout of the activity before it. One that is too far behind is kept, since a hit that comes
// late may close the gap; in sessions made by the loader every one is kept, since they may be made anew.
//
// Most are near what is known of their session's activity: then a leave is just later activity, as a hit is. Of the others all
// there is has to be read.
#include "loader/load.h"

#include "sql/sql.h"

#include <stdlib.h>

#define LEAVE_COLUMNS 13

static void copy_total(PgCopy *copy, int64_t value)
{
	if (value == HIT_NONE)
		pg_copy_null(copy);
	else
		pg_copy_int32(copy, value > INT32_MAX ? INT32_MAX : value < 0 ? 0 : (int32_t) value);
}

static size_t leaves_stage(Load *load)
{
	pg_copy_reset(load->copy);
	for (size_t at = 0; at < load->batch->count; at++)
	{
		const BatchHit *row = &load->batch->hits[at];
		const Hit *hit = &row->hit;
		if (!batch_hit_is_live(row) || hit->type != HIT_LEAVE)
			continue;
		PgCopy *copy = load->copy;
		pg_copy_row(copy, LEAVE_COLUMNS);
		pg_copy_uuid(copy, hit->page_view_id);
		pg_copy_time_ms(copy, uuid7_time_ms(hit->page_view_id));
		pg_copy_time_ms(copy, hit_time_ms(hit));
		if (hit->visible_ms == HIT_NONE)
			pg_copy_null(copy);
		else
			pg_copy_int64(copy, hit->visible_ms);
		copy_total(copy, hit->scroll_percent);
		copy_total(copy, hit->clicks);
		copy_total(copy, hit->interactions);
		copy_total(copy, hit->load_ms);
		copy_total(copy, hit->interactive_ms);
		copy_total(copy, hit->largest_paint_ms);
		copy_total(copy, hit->next_paint_ms);
		copy_total(copy, hit->layout_shift);
		pg_copy_bool(copy, hit->is_session_end == 1);
	}
	return load->copy->rows;
}

// Ids of the batch's views, or of its clients' sessions.
static bool batch_ids(Load *load, bool is_sessions, UuidSet *ids, Error *error)
{
	for (size_t at = 0; at < load->batch->count; at++)
	{
		const BatchHit *hit = &load->batch->hits[at];
		bool is_wanted = is_sessions ? batch_hit_is_row(hit) && batch_hit_has_session(hit) : batch_hit_is_view(hit);
		if (is_wanted && !uuid_set_add(ids, load->arena, is_sessions ? hit->session_id : hit->hit.id, error))
			return false;
	}
	uuid_set_sort_unique(ids);
	return true;
}

// Leaves that waited for views of the batch join its own; *joined is how many.
static bool waiting_join(Load *load, int64_t *joined, Error *error)
{
	UuidSet views = {0};
	PgResult *result = NULL;
	*joined = 0;
	if (!load->has_waiting_leaves)
		return true;
	if (!batch_ids(load, false, &views, error))
		return false;
	PgParam params[] = {pg_param_uuid_array(load->arena, views.ids, views.count)};
	if (views.count == 0)
		return true;
	if (!pg_query(load->conn, sql_loader_leaves_waiting, params, 1, &result, error))
		return false;
	*joined = pg_affected(result);
	pg_result_free(result);
	return true;
}

// The latest leave of a view, as activity of its session.
typedef struct LeaveTouch {
	Uuid session_id;
	int64_t touch;
} LeaveTouch;

typedef struct LeaveTouches {
	LeaveTouch *rows; // by session, time
	size_t count;
} LeaveTouches;

static int touch_compare(const void *left, const void *right)
{
	const LeaveTouch *a = left;
	const LeaveTouch *b = right;
	int by_session = uuid_compare(a->session_id, b->session_id);
	return by_session != 0 ? by_session : (a->touch > b->touch) - (a->touch < b->touch);
}

// The views that the batch's own leaves are of.
static bool views_collect(Load *load, UuidSet *views, Error *error)
{
	for (size_t at = 0; at < load->batch->count; at++)
	{
		const BatchHit *row = &load->batch->hits[at];
		if (batch_hit_is_live(row) && row->hit.type == HIT_LEAVE
			&& !uuid_set_add(views, load->arena, row->hit.page_view_id, error))
			return false;
	}
	uuid_set_sort_unique(views);
	return true;
}

// Reads what was applied; the views it was applied to become `found`.
static bool touches_read(Load *load, const PgResult *result, LeaveTouches *touches, UuidSet *found, Error *error)
{
	touches->rows = ARENA_ARRAY(load->arena, LeaveTouch, (size_t) pg_rows(result) + 1);
	if (touches->rows == NULL)
		return load_no_memory(error);
	for (int row = 0; row < pg_rows(result); row++)
	{
		Uuid view;
		LeaveTouch *touch = &touches->rows[touches->count++];
		(void) pg_uuid(result, row, 0, &view);
		(void) pg_uuid(result, row, 1, &touch->session_id);
		touch->touch = pg_int64(result, row, 2);
		if (!uuid_set_add(found, load->arena, view, error)
			|| !uuid_set_add(&load->changed, load->arena, touch->session_id, error))
			return false;
	}
	qsort(touches->rows, touches->count, sizeof *touches->rows, touch_compare);
	uuid_set_sort_unique(found);
	return true;
}

// Writes the totals into the views; leaves whose view has not come yet wait.
static bool leaves_apply(Load *load, bool has_joined, LeaveTouches *touches, Error *error)
{
	PgResult *result = NULL;
	UuidSet views = {0};
	UuidSet found = {0};
	if (!views_collect(load, &views, error) || !pg_query(load->conn, sql_loader_leaves_apply, NULL, 0, &result, error))
		return false;
	bool is_read = touches_read(load, result, touches, &found, error);
	pg_result_free(result);
	bool is_waiting = has_joined || found.count < views.count;
	return is_read && (!is_waiting || pg_query(load->conn, sql_loader_leaves_wait, NULL, 0, NULL, error));
}

// Those of the batch's sessions that leaves are kept for.
static bool kept_find(Load *load, const LeaveTouches *touches, UuidSet *sessions, Error *error)
{
	UuidSet asked = {0};
	PgResult *result = NULL;
	if (!load->has_kept_leaves)
		return true;
	if (!batch_ids(load, true, &asked, error))
		return false;
	for (size_t at = 0; at < touches->count; at++)
	{
		if (!uuid_set_add(&asked, load->arena, touches->rows[at].session_id, error))
			return false;
	}
	uuid_set_sort_unique(&asked);
	PgParam params[] = {pg_param_uuid_array(load->arena, asked.ids, asked.count)};
	if (asked.count == 0)
		return true;
	if (!pg_query(load->conn, sql_loader_leaves_kept, params, 1, &result, error))
		return false;
	bool is_ok = true;
	for (int row = 0; is_ok && row < pg_rows(result); row++)
	{
		Uuid id;
		is_ok = pg_uuid(result, row, 0, &id) && uuid_set_add(sessions, load->arena, id, error);
	}
	uuid_set_sort_unique(sessions);
	pg_result_free(result);
	return is_ok;
}

// Whether all leaves of a session are near what is known of its activity; *touch is the last of them, or 0 where they add nothing.
// There may be later activity than is known of: then they are near that, or behind it, all the same.
static bool is_near(const Load *load, const LeaveTouch *leaves, size_t count, int64_t *touch)
{
	const RecentSession *known = recall_session(load, leaves[0].session_id);
	*touch = 0;
	if (known == NULL)
		return false;
	int64_t end_ms = uuid7_time_ms(known->id) + load->rules.session_max_ms;
	int64_t last_ms = known->last_ms;
	for (size_t at = 0; at < count; at++)
	{
		int64_t left_ms = touch_time_ms(leaves[at].touch);
		bool is_end = touch_is_end(leaves[at].touch);
		left_ms = left_ms < end_ms ? left_ms : end_ms;
		if (left_ms - last_ms > load->rules.timeout_ms)
			return false;
		if (left_ms > last_ms || (left_ms == last_ms && is_end))
			*touch = touch_make(left_ms, is_end);
		last_ms = left_ms > last_ms ? left_ms : last_ms;
	}
	return true;
}

// Asks for the sessions of leaves that memory does not know.
static bool left_read(Load *load, const LeaveTouches *touches, const UuidSet *kept, Error *error)
{
	UuidSet asked = {0};
	for (size_t at = 0; at < touches->count; at++)
	{
		Uuid id = touches->rows[at].session_id;
		bool is_asked = asked.count > 0 && uuid_compare(asked.ids[asked.count - 1], id) == 0;
		if (!is_asked && uuid_set_find_sorted(kept, id) == kept->count && recall_session(load, id) == NULL
			&& !uuid_set_add(&asked, load->arena, id, error))
			return false;
	}
	return recall_read(load, &asked, &load->left, error);
}

// Leaves that are near become touches; sessions of others join those that leaves are kept for, which are `sessions`.
static bool touches_sort(Load *load, const LeaveTouches *touches, UuidSet *sessions, Error *error)
{
	UuidSet far = {0};
	for (size_t from = 0; from < touches->count;)
	{
		size_t to = from + 1;
		Uuid id = touches->rows[from].session_id;
		int64_t touch = 0;
		while (to < touches->count && uuid_compare(touches->rows[to].session_id, id) == 0)
			to++;
		bool is_kept = uuid_set_find_sorted(sessions, id) < sessions->count;
		if (!is_kept && !is_near(load, touches->rows + from, to - from, &touch)
			&& !uuid_set_add(&far, load->arena, id, error))
			return false;
		if (!is_kept && touch != 0 && !touch_add(load, id, touch, error))
			return false;
		from = to;
	}
	return uuid_set_add_all(sessions, load->arena, &far, error);
}

bool leaves_store(Load *load, Error *error)
{
	int64_t joined = 0;
	UuidSet sessions = {0};
	LeaveTouches touches = {0};
	bool has_leaves = leaves_stage(load) > 0;
	if (!load_copy(load, sql_loader_stage_leaves, error) || !waiting_join(load, &joined, error)
		|| ((has_leaves || joined > 0) && !leaves_apply(load, joined > 0, &touches, error))
		|| !kept_find(load, &touches, &sessions, error) || !left_read(load, &touches, &sessions, error)
		|| !touches_sort(load, &touches, &sessions, error))
		return false;
	return sessions.count == 0 || (sessions_settle(load, error) && leaves_extend(load, &sessions, error));
}
