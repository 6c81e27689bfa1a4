// Activity of clients' sessions that stand in user_sessions already, or are copied there by this transaction: collected while
// it goes on and written once. While more hits are waiting it is put off, so that a session is written once for many of its hits.
#include "loader/load.h"

#include "sql/sql.h"

#include <string.h>

#define TOUCHES_FIRST 256

int64_t touch_make(int64_t time_ms, bool is_end)
{
	return 2 * time_ms + is_end;
}

int64_t touch_time_ms(int64_t touch)
{
	return touch >> 1;
}

bool touch_add(Load *load, Uuid session_id, int64_t touch, Error *error)
{
	Touches *touches = &load->touches;
	if (touches->count == touches->capacity)
	{
		size_t capacity = touches->capacity == 0 ? TOUCHES_FIRST : 2 * touches->capacity;
		Uuid *ids = ARENA_ARRAY(load->arena, Uuid, capacity);
		int64_t *values = ARENA_ARRAY(load->arena, int64_t, capacity);
		if (ids == NULL || values == NULL)
			return load_no_memory(error);
		if (touches->count > 0)
		{
			memcpy(ids, touches->ids, touches->count * sizeof *ids);
			memcpy(values, touches->values, touches->count * sizeof *values);
		}
		*touches = (Touches){ids, values, touches->count, capacity};
	}
	touches->ids[touches->count] = session_id;
	touches->values[touches->count++] = touch;
	return true;
}

bool session_touch(Load *load, Uuid session_id, const RecentSession *known, int64_t touch, int64_t last, Error *error)
{
	if (touch != 0 && !touch_add(load, session_id, touch, error))
		return false;
	if (known == NULL || known->person_id == RECENT_NOBODY)
		return true;
	if (load->touched_count == load->touched_capacity)
	{
		size_t capacity = load->touched_capacity == 0 ? TOUCHES_FIRST : 2 * load->touched_capacity;
		RecentSession *touched = ARENA_ARRAY(load->arena, RecentSession, capacity);
		if (touched == NULL)
			return load_no_memory(error);
		if (load->touched_count > 0)
			memcpy(touched, load->touched, load->touched_count * sizeof *touched);
		load->touched = touched;
		load->touched_capacity = capacity;
	}
	load->touched[load->touched_count] = *known;
	load->touched[load->touched_count++].last = last;
	return true;
}

bool touches_write(Load *load, Error *error)
{
	size_t count = load->touches.count;
	PgParam params[] = {pg_param_uuid_array(load->arena, load->touches.ids, count),
		pg_param_int64_array(load->arena, load->touches.values, count),
		param_int64(load, load->rules.now_ms - load->rules.timeout_ms), {NULL}};
	load->touches.count = 0;
	if (load->is_putting_off)
	{
		load->has_touches = load->has_touches || count > 0;
		return count == 0 || pg_query(load->conn, sql_loader_sessions_put_off, params, 2, NULL, error);
	}
	bool is_needed = count > 0 || load->has_touches;
	load->has_touches = false;
	return !is_needed || pg_query(load->conn, sql_loader_sessions_touch, params, 4, NULL, error);
}

bool sessions_settle(Load *load, Error *error)
{
	load->is_putting_off = false;
	return touches_write(load, error);
}

bool sessions_settle_one(Load *load, Error *error)
{
	PgParam params[] = {{"{}"}, {"{}"}, param_int64(load, load->rules.now_ms - load->rules.timeout_ms), {"1"}};
	return pg_query(load->conn, sql_loader_sessions_touch, params, 4, NULL, error);
}
