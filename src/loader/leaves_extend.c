// Leaves of sessions whose activity has to be known to the last: those that are too far behind it, those of sessions that leaves
// are kept of, and of sessions that the loader made.
#include "loader/leaves.h"

#include "sql/sql.h"

typedef struct Session {
	Uuid id;
	int64_t last_ms; // as it stands in user_sessions
	bool is_made;    // by the loader; or it has no row
} Session;

typedef struct Extension {
	Session *sessions;
	size_t session_count;
	SessionLeaves leaves; // theirs, those that are kept from before among them
	bool *far;            // scratch
	UuidSet keep_views;
	UuidSet keep_sessions;
	int64_t *keep_ms;
	Slice *keep_made;
	UuidSet forget_views;
	int64_t *forget_ms;
} Extension;

static bool extension_init(Load *load, Extension *extension, size_t sessions, size_t leaves, Error *error)
{
	*extension = (Extension){.sessions = ARENA_ARRAY(load->arena, Session, sessions + 1),
		.leaves = {.rows = ARENA_ARRAY(load->arena, SessionLeave, leaves + 1)},
		.far = ARENA_ARRAY(load->arena, bool, leaves + 1),
		.keep_ms = ARENA_ARRAY(load->arena, int64_t, leaves + 1),
		.keep_made = ARENA_ARRAY(load->arena, Slice, leaves + 1),
		.forget_ms = ARENA_ARRAY(load->arena, int64_t, leaves + 1)};
	return (extension->sessions != NULL && extension->leaves.rows != NULL && extension->far != NULL
			   && extension->keep_ms != NULL && extension->keep_made != NULL && extension->forget_ms != NULL)
		|| load_no_memory(error);
}

static void session_read(Extension *extension, const PgResult *result, int row)
{
	Session session = {.last_ms = pg_int64(result, row, 1), .is_made = pg_bool(result, row, 2)};
	size_t count = extension->session_count;
	(void) pg_uuid(result, row, 0, &session.id);
	if (count == 0 || uuid_compare(extension->sessions[count - 1].id, session.id) != 0)
		extension->sessions[extension->session_count++] = session;
	if (pg_is_null(result, row, 3))
		return;
	SessionLeave *leave = &extension->leaves.rows[extension->leaves.count++];
	*leave = (SessionLeave){.session_id = session.id, .left_ms = pg_int64(result, row, 4), .is_kept = true};
	(void) pg_uuid(result, row, 3, &leave->view_id);
}

static bool sessions_read(Load *load, const UuidSet *sessions, const SessionLeaves *leaves, Extension *extension,
	Error *error)
{
	PgResult *result = NULL;
	PgParam params[2] = {pg_param_uuid_array(load->arena, sessions->ids, sessions->count)};
	if (!load_read(load, sql_loader_leaves_sessions, params, 1, &result, error))
		return false;
	int rows = pg_rows(result);
	bool is_ok = extension_init(load, extension, sessions->count, leaves->count + (size_t) rows, error);
	for (int row = 0; is_ok && row < rows; row++)
		session_read(extension, result, row);
	pg_result_free(result);
	for (size_t at = 0; is_ok && at < leaves->count; at++)
	{
		if (uuid_set_find_sorted(sessions, leaves->rows[at].session_id) < sessions->count)
			extension->leaves.rows[extension->leaves.count++] = leaves->rows[at];
	}
	if (is_ok)
		session_leaves_sort(&extension->leaves);
	return is_ok;
}

static bool leave_keep(Load *load, Extension *extension, const SessionLeave *leave, bool is_made, Error *error)
{
	if (leave->is_kept)
		return true;
	extension->keep_ms[extension->keep_views.count] = leave->left_ms;
	extension->keep_made[extension->keep_views.count] = slice_from(is_made ? "true" : "false");
	return uuid_set_add(&extension->keep_views, load->arena, leave->view_id, error)
		&& uuid_set_add(&extension->keep_sessions, load->arena, leave->session_id, error);
}

static bool leave_forget(Load *load, Extension *extension, const SessionLeave *leave, Error *error)
{
	if (!leave->is_kept)
		return true;
	extension->forget_ms[extension->forget_views.count] = leave->left_ms;
	return uuid_set_add(&extension->forget_views, load->arena, leave->view_id, error);
}

// The leaves of one client's session: those that are near enough carry it on, the others are kept.
static bool client_extend(Load *load, Extension *extension, const Session *session, const SessionLeave *leaves,
	size_t count, Error *error)
{
	const RecentSession *known = recall_session_read(load, session->id);
	int64_t last_ms = session->last_ms;
	if (known != NULL && recent_last_ms(known) > last_ms)
		last_ms = recent_last_ms(known);
	int64_t touch = session_leaves_reach(leaves, count, last_ms, &load->rules, extension->far);
	unsigned flags = RECENT_ALL;
	for (size_t at = 0; at < count; at++)
	{
		flags |= extension->far[at] ? RECENT_KEPT : 0;
		if (extension->far[at] ? !leave_keep(load, extension, &leaves[at], false, error)
							   : !leave_forget(load, extension, &leaves[at], error))
			return false;
	}
	last_ms = touch == 0 ? last_ms : touch_time_ms(touch);
	return session_touch(load, session->id, known, touch, recent_last(last_ms, flags), error);
}

static bool session_extend(Load *load, Extension *extension, const Session *session, const SessionLeave *leaves,
	size_t count, Error *error)
{
	if (!uuid_set_add(&load->changed, load->arena, session->id, error))
		return false;
	if (!session->is_made)
		return client_extend(load, extension, session, leaves, count, error);
	for (size_t at = 0; at < count; at++)
	{
		if (!leave_keep(load, extension, &leaves[at], true, error))
			return false;
	}
	return uuid_set_add(&load->remake, load->arena, session->id, error);
}

static bool changes_write(Load *load, const Extension *extension, Error *error)
{
	Arena *arena = load->arena;
	size_t kept = extension->keep_views.count;
	size_t forgotten = extension->forget_views.count;
	PgParam keep[] = {pg_param_uuid_array(arena, extension->keep_views.ids, kept),
		pg_param_int64_array(arena, extension->keep_ms, kept),
		pg_param_uuid_array(arena, extension->keep_sessions.ids, kept),
		pg_param_text_array(arena, extension->keep_made, kept)};
	if (kept > 0 && !pg_query(load->conn, sql_loader_leaves_keep, keep, 4, NULL, error))
		return false;
	PgParam forget[] = {pg_param_uuid_array(arena, extension->forget_views.ids, forgotten),
		pg_param_int64_array(arena, extension->forget_ms, forgotten)};
	return forgotten == 0 || pg_query(load->conn, sql_loader_leaves_forget, forget, 2, NULL, error);
}

bool leaves_extend(Load *load, const UuidSet *sessions, const SessionLeaves *leaves, Error *error)
{
	Extension extension;
	if (!sessions_read(load, sessions, leaves, &extension, error))
		return false;
	size_t from = 0;
	for (size_t at = 0; at < extension.session_count; at++)
	{
		const Session *session = &extension.sessions[at];
		size_t to = from;
		while (to < extension.leaves.count && uuid_compare(extension.leaves.rows[to].session_id, session->id) == 0)
			to++;
		if (to > from && !session_extend(load, &extension, session, extension.leaves.rows + from, to - from, error))
			return false;
		from = to;
	}
	return changes_write(load, &extension, error);
}
