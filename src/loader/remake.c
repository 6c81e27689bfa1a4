// Sessions made anew: what late hits, rows that moved to another person, and leaves have changed. The rows of the sessions in
// question are read back, those of the sessions around them too as far as the change may reach, and laid out again.
#include "loader/load.h"

#include "sql/sql.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

typedef struct RemakeRow {
	ChainPoint point;
	int64_t person_id;
	int64_t browser;
	Uuid session_id;
	int32_t sequence;
	Uuid context_id;
} RemakeRow;

typedef struct RowList {
	RemakeRow *rows;
	size_t count;
	size_t capacity;
} RowList;

// A session near a stream's rows, not among those that are made anew.
typedef struct Neighbour {
	Uuid id;
	int64_t started_ms;
	int64_t last_ms;
	bool is_later_part;
	int64_t run_started_ms;
	bool has_leaves; // of its run up to it, that may matter at its start or later
} Neighbour;

// Two people on one browser may have a session of one id, where a view and an event have one. Of the sessions in question
// everybody's rows are laid out again, of those around them only the stream's own.
typedef struct Remake {
	Load *load;
	UuidSet dissolved; // sorted; whoever they are of
} Remake;

static bool row_add(Load *load, RowList *list, const RemakeRow *row, Error *error)
{
	if (list->count == list->capacity)
	{
		size_t capacity = list->capacity == 0 ? 256 : list->capacity * 2;
		RemakeRow *rows = ARENA_ARRAY(load->arena, RemakeRow, capacity);
		if (rows == NULL)
			return load_no_memory(error);
		if (list->count > 0)
			memcpy(rows, list->rows, list->count * sizeof *rows);
		list->rows = rows;
		list->capacity = capacity;
	}
	list->rows[list->count++] = *row;
	return true;
}

static bool rows_read(Remake *remake, const Uuid *sessions, size_t count, RowList *list, Error *error)
{
	Load *load = remake->load;
	PgResult *result = NULL;
	PgParam params[2] = {pg_param_uuid_array(load->arena, sessions, count)};
	if (!load_read(load, sql_loader_session_rows, params, 1, &result, error))
		return false;
	bool is_ok = true;
	for (int at = 0; is_ok && at < pg_rows(result); at++)
	{
		char kind = pg_text(result, at, 0).data[0];
		RemakeRow row = {.point = {.is_leave = kind == 'l', .is_view = kind == 'v', .time_ms = pg_int64(result, at, 7)},
			.person_id = pg_int64(result, at, 2),
			.browser = pg_int64(result, at, 3),
			.sequence = (int32_t) pg_int64(result, at, 5)};
		(void) pg_uuid(result, at, 1, &row.point.id);
		(void) pg_uuid(result, at, 4, &row.session_id);
		if (!pg_is_null(result, at, 6))
			(void) pg_uuid(result, at, 6, &row.context_id);
		is_ok = row_add(load, list, &row, error);
	}
	pg_result_free(result);
	return is_ok;
}

static int stream_compare(const RemakeRow *a, const RemakeRow *b)
{
	if (a->person_id != b->person_id)
		return a->person_id < b->person_id ? -1 : 1;
	return a->browser < b->browser ? -1 : a->browser > b->browser ? 1 : 0;
}

static int row_compare(const void *left, const void *right)
{
	const RemakeRow *a = left;
	const RemakeRow *b = right;
	int by_stream = stream_compare(a, b);
	return by_stream != 0 ? by_stream : chain_point_compare(&a->point, &b->point);
}

static bool neighbours_read(Remake *remake, const RowList *list, Neighbour **neighbours, size_t *count, Error *error)
{
	Load *load = remake->load;
	const RemakeRow *first = &list->rows[0];
	PgParam params[5] = {param_int64(load, first->person_id), param_int64(load, first->browser),
		param_int64(load, first->point.time_ms - load->rules.timeout_ms),
		param_int64(load, list->rows[list->count - 1].point.time_ms)};
	PgResult *result = NULL;
	if (!load_read(load, sql_loader_stream_sessions, params, 4, &result, error))
		return false;
	*count = 0;
	*neighbours = ARENA_ARRAY(load->arena, Neighbour, (size_t) pg_rows(result) + 1);
	for (int row = 0; *neighbours != NULL && row < pg_rows(result); row++)
	{
		Neighbour neighbour = {.started_ms = pg_int64(result, row, 1),
			.last_ms = pg_int64(result, row, 2),
			.is_later_part = !pg_is_null(result, row, 3),
			.has_leaves = pg_bool(result, row, 4)};
		(void) pg_uuid(result, row, 0, &neighbour.id);
		neighbour.run_started_ms = neighbour.is_later_part ? pg_int64(result, row, 3) : neighbour.started_ms;
		if (uuid_set_find_sorted(&remake->dissolved, neighbour.id) == remake->dissolved.count)
			(*neighbours)[(*count)++] = neighbour;
	}
	pg_result_free(result);
	return *neighbours != NULL || load_no_memory(error);
}

static bool dissolve(Remake *remake, const Neighbour *neighbour, RowList *list, Error *error)
{
	Load *load = remake->load;
	PgParam params[] = {param_uuid(load, neighbour->id), param_int64(load, list->rows[0].person_id)};
	RowList rows = {0};
	if (!uuid_set_add(&load->changed, load->arena, neighbour->id, error))
		return false;
	if (!pg_query(load->conn, sql_loader_made_session_delete, params, 2, NULL, error)
		|| !rows_read(remake, &neighbour->id, 1, &rows, error))
		return false;
	RemakeRow first = list->rows[0];
	for (size_t at = 0; at < rows.count; at++)
	{
		if (stream_compare(&rows.rows[at], &first) == 0 && !row_add(load, list, &rows.rows[at], error))
			return false;
	}
	return true;
}

static int64_t part_of(const Remake *remake, int64_t run_started_ms, int64_t time_ms)
{
	return (time_ms - run_started_ms) / remake->load->rules.session_max_ms;
}

// The session before the rows: does it have to be laid out again with them, or do they only go on from it?
static bool has_to_join(const Remake *remake, const Neighbour *before, int64_t first_ms)
{
	int64_t part = part_of(remake, before->run_started_ms, before->started_ms);
	int64_t part_end_ms = before->run_started_ms + (part + 1) * remake->load->rules.session_max_ms;
	return before->has_leaves || before->last_ms >= part_end_ms
		|| part_of(remake, before->run_started_ms, first_ms) == part;
}

// The session behind the rows, after they were laid out: would it have come out as it is?
static bool has_to_follow(const Remake *remake, const Neighbour *after, const ChainPart *last, int64_t run_last_ms)
{
	if (after->started_ms - run_last_ms > remake->load->rules.timeout_ms)
		return after->is_later_part;
	bool is_same_part = part_of(remake, last->run_started_ms, after->started_ms)
		== part_of(remake, last->run_started_ms, last->started_ms);
	return is_same_part || !after->is_later_part || after->run_started_ms != last->run_started_ms;
}

// One layout of the rows; *is_grown when a neighbour had to join them and it must be done again.
static bool stream_lay_out(Remake *remake, RowList *list, ChainPart **parts, size_t *part_count, bool *is_grown,
	Error *error)
{
	Load *load = remake->load;
	*is_grown = false;
	assert(list->count > 0 && list->rows != NULL);
	if (list->count > 1)
		qsort(list->rows, list->count, sizeof *list->rows, row_compare);
	int64_t first_ms = list->rows[0].point.time_ms;
	int64_t last_ms = list->rows[list->count - 1].point.time_ms;
	Neighbour *neighbours = NULL;
	size_t count = 0;
	if (!neighbours_read(remake, list, &neighbours, &count, error))
		return false;
	const Neighbour *after = NULL;
	ChainPrior prior = {.browser = list->rows[0].browser};
	for (size_t at = 0; at < count; at++)
	{
		const Neighbour *near = &neighbours[at];
		if (near->started_ms > last_ms)
		{
			after = near;
			continue;
		}
		if (near->last_ms >= first_ms || has_to_join(remake, near, first_ms))
		{
			*is_grown = true;
			return dissolve(remake, near, list, error);
		}
		prior.is_given = true;
		prior.run_started_ms = near->run_started_ms;
		prior.last_activity_ms = near->last_ms;
	}
	ChainPoint *points = ARENA_ARRAY(load->arena, ChainPoint, list->count);
	*parts = ARENA_ARRAY(load->arena, ChainPart, list->count + 1);
	if (points == NULL || *parts == NULL)
		return load_no_memory(error);
	for (size_t at = 0; at < list->count; at++)
		points[at] = list->rows[at].point;
	int64_t run_last_ms = 0;
	*part_count = chain_make(points, list->count, &prior, &load->rules, *parts, &run_last_ms);
	for (size_t at = 0; at < list->count; at++)
		list->rows[at].point = points[at];
	if (*part_count > 0 && after != NULL && has_to_follow(remake, after, &(*parts)[*part_count - 1], run_last_ms))
	{
		*is_grown = true;
		return dissolve(remake, after, list, error);
	}
	return true;
}

static void row_write(PgCopy *copy, const RemakeRow *row, Uuid session_id, int32_t sequence)
{
	pg_copy_row(copy, 6);
	pg_copy_bool(copy, row->point.is_view);
	pg_copy_uuid(copy, row->point.id);
	pg_copy_time_ms(copy, row->point.time_ms);
	pg_copy_int64(copy, row->person_id);
	pg_copy_uuid(copy, session_id);
	if (row->point.is_view)
		pg_copy_int32(copy, sequence);
	else
		pg_copy_null(copy);
}

// Notes which rows change their session or number, and the sessions there are now.
static bool stream_write(Remake *remake, const RowList *list, const ChainPart *parts, size_t part_count, Error *error)
{
	Load *load = remake->load;
	int32_t *views = ARENA_ARRAY(load->arena, int32_t, part_count + 1);
	if (views == NULL)
		return load_no_memory(error);
	for (size_t at = 0; at < list->count; at++)
	{
		const RemakeRow *row = &list->rows[at];
		if (row->point.is_leave)
			continue;
		const ChainPart *part = &parts[row->point.part];
		int32_t sequence = row->point.is_view ? ++views[row->point.part] : 0;
		if (uuid_compare(part->id, row->session_id) != 0 || sequence != row->sequence)
			row_write(load->copy, row, part->id, sequence);
	}
	for (size_t at = 0; at < part_count; at++)
	{
		const RemakeRow *first = &list->rows[parts[at].first_point];
		if (!load_add_made(load, &parts[at], first->person_id, first->browser, first->context_id, error))
			return false;
	}
	return true;
}

static bool stream_remake(Remake *remake, const RemakeRow *rows, size_t count, Error *error)
{
	RowList list = {0};
	for (size_t at = 0; at < count; at++)
	{
		if (!row_add(remake->load, &list, &rows[at], error))
			return false;
	}
	ChainPart *parts = NULL;
	size_t part_count = 0;
	bool is_grown = true;
	while (is_grown)
	{
		if (!stream_lay_out(remake, &list, &parts, &part_count, &is_grown, error))
			return false;
	}
	return stream_write(remake, &list, parts, part_count, error);
}

static bool rows_follow(Load *load, Error *error)
{
	if (load->copy->rows == 0)
		return true;
	return load_copy(load, sql_loader_stage_row_sessions, error)
		&& pg_query(load->conn, sql_loader_row_sessions_views, NULL, 0, NULL, error)
		&& pg_query(load->conn, sql_loader_row_sessions_events, NULL, 0, NULL, error)
		&& pg_query(load->conn, sql_loader_row_sessions_leaves, NULL, 0, NULL, error);
}

static bool sessions_dissolve(Remake *remake, Error *error)
{
	Load *load = remake->load;
	remake->dissolved = load->remake;
	uuid_set_sort_unique(&remake->dissolved);
	RowList list = {0};
	if (!uuid_set_add_all(&load->changed, load->arena, &remake->dissolved, error))
		return false;
	if (!rows_read(remake, remake->dissolved.ids, remake->dissolved.count, &list, error))
		return false;
	if (list.count > 1)
		qsort(list.rows, list.count, sizeof *list.rows, row_compare);
	pg_copy_reset(load->copy);
	for (size_t from = 0; from < list.count;)
	{
		size_t to = from + 1;
		while (to < list.count && stream_compare(&list.rows[to], &list.rows[from]) == 0)
			to++;
		if (!stream_remake(remake, &list.rows[from], to - from, error))
			return false;
		from = to;
	}
	PgParam params[] = {pg_param_uuid_array(load->arena, remake->dissolved.ids, remake->dissolved.count)};
	return rows_follow(load, error) && pg_query(load->conn, sql_loader_made_sessions_delete, params, 1, NULL, error);
}

static void made_copy(PgCopy *copy, const MadeSession *made)
{
	const ChainPart *part = &made->part;
	pg_copy_row(copy, 8);
	pg_copy_uuid(copy, part->id);
	pg_copy_time_ms(copy, part->started_ms);
	pg_copy_int64(copy, made->person_id);
	pg_copy_time_ms(copy, part->last_activity_ms);
	if (part->run_started_ms == part->started_ms)
		pg_copy_null(copy);
	else
		pg_copy_time_ms(copy, part->run_started_ms);
	pg_copy_uuid(copy, part->first_hit_id);
	if (made->browser == 0)
		pg_copy_null(copy);
	else
		pg_copy_int64(copy, made->browser);
	if (uuid_is_nil(made->context_id))
		pg_copy_null(copy);
	else
		pg_copy_uuid(copy, made->context_id);
}

bool streams_write(Load *load, Error *error)
{
	if (load->made_count == 0)
		return true;
	pg_copy_reset(load->copy);
	for (size_t at = 0; at < load->made_count; at++)
	{
		made_copy(load->copy, &load->made[at]);
		if (!uuid_set_add(&load->changed, load->arena, load->made[at].part.id, error))
			return false;
	}
	PgParam params[] = {param_int64(load, load->rules.now_ms - load->rules.timeout_ms)};
	load->made_count = 0;
	return load_copy(load, sql_loader_stage_made_sessions, error)
		&& pg_query(load->conn, sql_loader_made_sessions_upsert, params, 1, NULL, error)
		&& pg_query(load->conn, sql_loader_made_attribution_upsert, NULL, 0, NULL, error)
		&& pg_query(load->conn, sql_loader_made_sessions_clear, NULL, 0, NULL, error);
}

bool streams_remake(Load *load, Error *error)
{
	Remake remake = {.load = load};
	if (load->remake.count == 0)
		return true;
	return sessions_dissolve(&remake, error) && streams_write(load, error);
}
