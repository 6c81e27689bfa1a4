// Leaves of sessions whose activity has to be read: what memory does not know, what is too far behind, what the loader made.
#include "loader/load.h"

#include "sql/sql.h"

typedef struct Leave {
	Uuid session_id;
	Uuid view_id;
	int64_t left_ms;
	int64_t session_last_ms;
	bool is_end;
	bool is_kept; // stands in session_leaves
	bool is_session_made;
	bool is_session_ended;
} Leave;

static bool leaves_read(Load *load, const UuidSet *sessions, Leave **leaves, size_t *count, Error *error)
{
	PgResult *result = NULL;
	PgParam params[2] = {pg_param_uuid_array(load->arena, sessions->ids, sessions->count)};
	if (!load_read(load, sql_loader_leaves_sessions, params, 1, &result, error))
		return false;
	*count = (size_t) pg_rows(result);
	*leaves = ARENA_ARRAY(load->arena, Leave, *count + 1);
	if (*leaves == NULL)
	{
		pg_result_free(result);
		return load_no_memory(error);
	}
	for (int row = 0; row < (int) *count; row++)
	{
		Leave *leave = &(*leaves)[row];
		(void) pg_uuid(result, row, 0, &leave->session_id);
		leave->left_ms = pg_int64(result, row, 1);
		(void) pg_uuid(result, row, 2, &leave->view_id);
		leave->is_end = pg_bool(result, row, 3);
		leave->is_kept = pg_bool(result, row, 4);
		leave->session_last_ms = pg_int64(result, row, 5);
		leave->is_session_made = pg_bool(result, row, 6);
		leave->is_session_ended = pg_bool(result, row, 7);
	}
	pg_result_free(result);
	return true;
}

typedef struct LeaveChanges {
	UuidSet keep_views;
	UuidSet keep_sessions;
	int64_t *keep_ms;
	Slice *keep_made;
	UuidSet forget_views;
	int64_t *forget_ms;
	UuidSet extend_sessions;
	int64_t *extend_ms;
	Slice *extend_ended;
} LeaveChanges;

static bool leave_keep(Load *load, LeaveChanges *changes, const Leave *leave, Error *error)
{
	if (leave->is_kept)
		return true;
	changes->keep_ms[changes->keep_views.count] = leave->left_ms;
	changes->keep_made[changes->keep_views.count] = slice_from(leave->is_session_made ? "true" : "false");
	return uuid_set_add(&changes->keep_views, load->arena, leave->view_id, error)
		&& uuid_set_add(&changes->keep_sessions, load->arena, leave->session_id, error);
}

static bool leave_forget(Load *load, LeaveChanges *changes, const Leave *leave, Error *error)
{
	if (!leave->is_kept)
		return true;
	changes->forget_ms[changes->forget_views.count] = leave->left_ms;
	return uuid_set_add(&changes->forget_views, load->arena, leave->view_id, error);
}

// The leaves of one client's session, in time order: each that is near enough carries the session on to its time.
static bool session_extend(Load *load, LeaveChanges *changes, const Leave *leaves, size_t count, Error *error)
{
	int64_t end_ms = uuid7_time_ms(leaves[0].session_id) + load->rules.session_max_ms;
	int64_t last_ms = leaves[0].session_last_ms;
	bool is_ended = false;
	for (size_t at = 0; at < count; at++)
	{
		const Leave *leave = &leaves[at];
		int64_t left_ms = leave->left_ms < end_ms ? leave->left_ms : end_ms;
		if (left_ms - last_ms > load->rules.timeout_ms)
		{
			if (!leave_keep(load, changes, leave, error))
				return false;
			continue;
		}
		if (left_ms > last_ms)
		{
			last_ms = left_ms;
			is_ended = leave->is_end;
		}
		else if (left_ms == last_ms)
			is_ended = is_ended || leave->is_end;
		if (!leave_forget(load, changes, leave, error))
			return false;
	}
	if (last_ms == leaves[0].session_last_ms && (!is_ended || leaves[0].is_session_ended))
		return true;
	changes->extend_ms[changes->extend_sessions.count] = last_ms;
	changes->extend_ended[changes->extend_sessions.count] = slice_from(is_ended ? "true" : "false");
	return uuid_set_add(&changes->extend_sessions, load->arena, leaves[0].session_id, error);
}

static bool changes_find(Load *load, LeaveChanges *changes, const Leave *leaves, size_t count, Error *error)
{
	changes->keep_ms = ARENA_ARRAY(load->arena, int64_t, count + 1);
	changes->keep_made = ARENA_ARRAY(load->arena, Slice, count + 1);
	changes->forget_ms = ARENA_ARRAY(load->arena, int64_t, count + 1);
	changes->extend_ms = ARENA_ARRAY(load->arena, int64_t, count + 1);
	changes->extend_ended = ARENA_ARRAY(load->arena, Slice, count + 1);
	if (changes->keep_ms == NULL || changes->keep_made == NULL || changes->forget_ms == NULL
		|| changes->extend_ms == NULL || changes->extend_ended == NULL)
		return load_no_memory(error);
	for (size_t from = 0; from < count;)
	{
		size_t to = from + 1;
		while (to < count && uuid_compare(leaves[to].session_id, leaves[from].session_id) == 0)
			to++;
		if (!uuid_set_add(&load->changed, load->arena, leaves[from].session_id, error))
			return false;
		if (!leaves[from].is_session_made)
		{
			if (!session_extend(load, changes, leaves + from, to - from, error))
				return false;
		}
		else
		{
			if (!uuid_set_add(&load->remake, load->arena, leaves[from].session_id, error))
				return false;
			for (size_t at = from; at < to; at++)
			{
				if (!leave_keep(load, changes, &leaves[at], error))
					return false;
			}
		}
		from = to;
	}
	return true;
}

static bool changes_write(Load *load, const LeaveChanges *changes, Error *error)
{
	Arena *arena = load->arena;
	size_t kept = changes->keep_views.count;
	size_t forgotten = changes->forget_views.count;
	size_t extended = changes->extend_sessions.count;
	PgParam keep[] = {pg_param_uuid_array(arena, changes->keep_views.ids, kept),
		pg_param_int64_array(arena, changes->keep_ms, kept),
		pg_param_uuid_array(arena, changes->keep_sessions.ids, kept),
		pg_param_text_array(arena, changes->keep_made, kept)};
	if (kept > 0 && !pg_query(load->conn, sql_loader_leaves_keep, keep, 4, NULL, error))
		return false;
	PgParam forget[] = {pg_param_uuid_array(arena, changes->forget_views.ids, forgotten),
		pg_param_int64_array(arena, changes->forget_ms, forgotten)};
	if (forgotten > 0 && !pg_query(load->conn, sql_loader_leaves_forget, forget, 2, NULL, error))
		return false;
	PgParam extend[] = {pg_param_uuid_array(arena, changes->extend_sessions.ids, extended),
		pg_param_int64_array(arena, changes->extend_ms, extended),
		pg_param_text_array(arena, changes->extend_ended, extended),
		param_int64(load, load->rules.now_ms - load->rules.timeout_ms)};
	return extended == 0 || pg_query(load->conn, sql_loader_leaves_extend, extend, 4, NULL, error);
}

bool leaves_extend(Load *load, const UuidSet *sessions, Error *error)
{
	LeaveChanges changes = {0};
	Leave *leaves = NULL;
	size_t count = 0;
	return leaves_read(load, sessions, &leaves, &count, error) && changes_find(load, &changes, leaves, count, error)
		&& changes_write(load, &changes, error);
}
