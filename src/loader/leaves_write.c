// What leaves measured of their views: running totals, the greatest wins.
#include "loader/leaves.h"

#include "sql/sql.h"

#include <stdlib.h>

#define TOTALS 9
#define NOT_MEASURED (-1)

typedef struct Leave {
	Uuid view_id;
	int64_t left_ms;
	int64_t totals[TOTALS]; // 0 and up, or NOT_MEASURED
	bool is_end;
	bool is_applied;
} Leave;

typedef struct Leaves {
	Leave *rows; // by view, time
	size_t count;
} Leaves;

static int leave_compare(const void *left, const void *right)
{
	const Leave *a = left;
	const Leave *b = right;
	int by_view = uuid_compare(a->view_id, b->view_id);
	return by_view != 0 ? by_view : (a->left_ms > b->left_ms) - (a->left_ms < b->left_ms);
}

static int64_t total_make(int64_t value, int64_t most)
{
	if (value == HIT_NONE)
		return NOT_MEASURED;
	return value > most ? most : value < 0 ? 0 : value;
}

static Leave leave_make(const Hit *hit)
{
	return (Leave){.view_id = hit->page_view_id,
		.left_ms = hit_time_ms(hit),
		.totals = {total_make(hit->visible_ms, INT64_MAX), total_make(hit->scroll_percent, INT32_MAX),
			total_make(hit->clicks, INT32_MAX), total_make(hit->interactions, INT32_MAX),
			total_make(hit->load_ms, INT32_MAX), total_make(hit->interactive_ms, INT32_MAX),
			total_make(hit->largest_paint_ms, INT32_MAX), total_make(hit->next_paint_ms, INT32_MAX),
			total_make(hit->layout_shift, INT32_MAX)},
		.is_end = hit->is_session_end == 1};
}

static bool views_find(Load *load, UuidSet *views, Error *error)
{
	for (size_t at = 0; at < load->batch->count; at++)
	{
		const BatchHit *hit = &load->batch->hits[at];
		if (batch_hit_is_view(hit) && !uuid_set_add(views, load->arena, hit->hit.id, error))
			return false;
	}
	uuid_set_sort_unique(views);
	return true;
}

// Takes the leaves that waited for views of the batch; *result is NULL where there are none.
static bool waiting_take(Load *load, PgResult **result, Error *error)
{
	UuidSet views = {0};
	*result = NULL;
	if (!load->has_waiting_leaves)
		return true;
	if (!views_find(load, &views, error))
		return false;
	PgParam params[] = {pg_param_uuid_array(load->arena, views.ids, views.count)};
	return views.count == 0 || pg_query(load->conn, sql_loader_leaves_waiting, params, 1, result, error);
}

static void waiting_read(const PgResult *result, int row, Leave *leave)
{
	*leave = (Leave){.left_ms = pg_int64(result, row, 1), .is_end = pg_bool(result, row, 2)};
	(void) pg_uuid(result, row, 0, &leave->view_id);
	for (int total = 0; total < TOTALS; total++)
		leave->totals[total] = pg_is_null(result, row, 3 + total) ? NOT_MEASURED : pg_int64(result, row, 3 + total);
}

static bool leaves_collect(Load *load, Leaves *leaves, Error *error)
{
	PgResult *waiting = NULL;
	if (!waiting_take(load, &waiting, error))
		return false;
	size_t waited = waiting == NULL ? 0 : (size_t) pg_rows(waiting);
	size_t own = 0;
	for (size_t at = 0; at < load->batch->count; at++)
		own += load->batch->hits[at].hit.type == HIT_LEAVE;
	*leaves = (Leaves){.rows = ARENA_ARRAY(load->arena, Leave, waited + own + 1)};
	for (size_t row = 0; leaves->rows != NULL && row < waited; row++)
		waiting_read(waiting, (int) row, &leaves->rows[leaves->count++]);
	pg_result_free(waiting);
	if (leaves->rows == NULL)
		return load_no_memory(error);
	for (size_t at = 0; at < load->batch->count; at++)
	{
		const BatchHit *row = &load->batch->hits[at];
		if (batch_hit_is_live(row) && row->hit.type == HIT_LEAVE)
			leaves->rows[leaves->count++] = leave_make(&row->hit);
	}
	qsort(leaves->rows, leaves->count, sizeof *leaves->rows, leave_compare);
	return true;
}

// One for each view, or for each view and time: the greatest of everything.
static bool leaves_merge(Load *load, const Leaves *leaves, bool is_each_time, Leaves *merged, Error *error)
{
	*merged = (Leaves){.rows = ARENA_ARRAY(load->arena, Leave, leaves->count + 1)};
	if (merged->rows == NULL)
		return load_no_memory(error);
	for (size_t at = 0; at < leaves->count; at++)
	{
		const Leave *leave = &leaves->rows[at];
		Leave *last = merged->count == 0 ? NULL : &merged->rows[merged->count - 1];
		if (leave->is_applied)
			continue;
		if (last == NULL || uuid_compare(last->view_id, leave->view_id) != 0
			|| (is_each_time && last->left_ms != leave->left_ms))
		{
			merged->rows[merged->count++] = *leave;
			continue;
		}
		last->left_ms = leave->left_ms;
		last->is_end = last->is_end || leave->is_end;
		for (size_t total = 0; total < TOTALS; total++)
		{
			if (leave->totals[total] > last->totals[total])
				last->totals[total] = leave->totals[total];
		}
	}
	return true;
}

#define PARAMS (3 + TOTALS)

// Ids of views, when they were left, whether that ended the session, totals.
static bool params_make(Load *load, const Leaves *leaves, PgParam *params, Error *error)
{
	Uuid *views = ARENA_ARRAY(load->arena, Uuid, leaves->count + 1);
	int64_t *values = ARENA_ARRAY(load->arena, int64_t, leaves->count + 1);
	if (views == NULL || values == NULL)
		return load_no_memory(error);
	for (size_t at = 0; at < leaves->count; at++)
		views[at] = leaves->rows[at].view_id;
	params[0] = pg_param_uuid_array(load->arena, views, leaves->count);
	for (size_t at = 0; at < leaves->count; at++)
		values[at] = leaves->rows[at].left_ms;
	params[1] = pg_param_int64_array(load->arena, values, leaves->count);
	for (size_t total = 0; total < TOTALS; total++)
	{
		for (size_t at = 0; at < leaves->count; at++)
			values[at] = leaves->rows[at].totals[total];
		params[2 + total] = pg_param_int64_array(load->arena, values, leaves->count);
	}
	for (size_t at = 0; at < leaves->count; at++)
		values[at] = leaves->rows[at].is_end;
	params[2 + TOTALS] = pg_param_int64_array(load->arena, values, leaves->count);
	return true;
}

// The first leave of a view, or of one behind it.
static size_t view_find(const Leaves *leaves, Uuid view_id)
{
	size_t low = 0;
	size_t high = leaves->count;
	while (low < high)
	{
		size_t middle = low + (high - low) / 2;
		if (uuid_compare(leaves->rows[middle].view_id, view_id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

// Goes through what was written: each row is a view and its session. Two people may have a view of one id.
static size_t applied_read(const PgResult *result, Leaves *leaves, SessionLeaves *applied)
{
	size_t count = 0;
	for (int row = 0; row < pg_rows(result); row++)
	{
		SessionLeave found = {.is_kept = false};
		(void) pg_uuid(result, row, 0, &found.view_id);
		(void) pg_uuid(result, row, 1, &found.session_id);
		for (size_t at = view_find(leaves, found.view_id);
			 at < leaves->count && uuid_compare(leaves->rows[at].view_id, found.view_id) == 0; at++)
		{
			Leave *leave = &leaves->rows[at];
			leave->is_applied = true;
			found.left_ms = leave->left_ms;
			found.is_end = leave->is_end;
			if (applied != NULL)
				applied->rows[count] = found;
			count++;
		}
	}
	return count;
}

static bool leaves_apply(Load *load, Leaves *leaves, SessionLeaves *applied, Error *error)
{
	Leaves views;
	PgParam params[PARAMS];
	PgResult *result = NULL;
	if (!leaves_merge(load, leaves, false, &views, error) || !params_make(load, &views, params, error)
		|| !pg_query(load->conn, sql_loader_leaves_apply, params, PARAMS - 1, &result, error))
		return false;
	applied->count = applied_read(result, leaves, NULL);
	applied->rows = ARENA_ARRAY(load->arena, SessionLeave, applied->count + 1);
	if (applied->rows != NULL)
		(void) applied_read(result, leaves, applied);
	pg_result_free(result);
	if (applied->rows == NULL)
		return load_no_memory(error);
	session_leaves_sort(applied);
	return true;
}

// Those whose view has not come yet.
static bool leaves_wait(Load *load, const Leaves *leaves, Error *error)
{
	Leaves waiting;
	PgParam params[PARAMS];
	if (!leaves_merge(load, leaves, true, &waiting, error))
		return false;
	return waiting.count == 0
		|| (params_make(load, &waiting, params, error)
			&& pg_query(load->conn, sql_loader_leaves_wait, params, PARAMS, NULL, error));
}

bool leaves_write(Load *load, SessionLeaves *leaves, Error *error)
{
	Leaves collected;
	*leaves = (SessionLeaves){0};
	if (!leaves_collect(load, &collected, error))
		return false;
	return collected.count == 0
		|| (leaves_apply(load, &collected, leaves, error) && leaves_wait(load, &collected, error));
}
