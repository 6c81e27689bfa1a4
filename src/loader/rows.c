#include "loader/load.h"

#include "loader/context.h"
#include "sql/sql.h"

#include <stdlib.h>

#define VIEW_COLUMNS 19
#define EVENT_COLUMNS 21
#define ROBOT_COLUMNS 8

static void copy_optional_int32(PgCopy *copy, int64_t value)
{
	if (value == HIT_NONE || value < INT32_MIN || value > INT32_MAX)
		pg_copy_null(copy);
	else
		pg_copy_int32(copy, (int32_t) value);
}

static void copy_optional_uuid(PgCopy *copy, Uuid value)
{
	if (uuid_is_nil(value))
		pg_copy_null(copy);
	else
		pg_copy_uuid(copy, value);
}

// Kept only where the row may have to find its way again.
static void copy_browser(PgCopy *copy, const BatchHit *hit)
{
	if (hit->hit.anonymous_id == HIT_NONE || (batch_hit_has_session(hit) && !hit->is_by_alias))
		pg_copy_null(copy);
	else
		pg_copy_int64(copy, hit->hit.anonymous_id);
}

static void copy_by_alias(PgCopy *copy, const BatchHit *hit)
{
	if (hit->is_by_alias)
		pg_copy_bool(copy, true);
	else
		pg_copy_null(copy);
}

static void view_copy(PgCopy *copy, const BatchHit *row, int64_t now_ms)
{
	const Hit *hit = &row->hit;
	pg_copy_row(copy, VIEW_COLUMNS);
	pg_copy_uuid(copy, hit->id);
	pg_copy_uuid(copy, row->session_id);
	pg_copy_time_ms(copy, hit_time_ms(hit));
	pg_copy_int64(copy, row->person_id);
	pg_copy_time_ms(copy, now_ms);
	pg_copy_int32(copy, row->sequence);
	copy_optional_int32(copy, hit->load_ms);
	copy_optional_int32(copy, hit->interactive_ms);
	copy_browser(copy, row);
	copy_optional_uuid(copy, row->context_id);
	copy_by_alias(copy, row);
	pg_copy_text(copy, hit->source);
	pg_copy_text(copy, hit->page_host);
	pg_copy_text(copy, hit->page_url);
	pg_copy_text(copy, hit->page_title);
	pg_copy_text(copy, hit->page_category);
	pg_copy_text(copy, hit->referrer);
	pg_copy_text(copy, hit->external_referrer);
	pg_copy_jsonb(copy, hit->query_params);
}

static void event_copy(PgCopy *copy, const BatchHit *row, int64_t now_ms)
{
	(void) now_ms;
	const Hit *hit = &row->hit;
	pg_copy_row(copy, EVENT_COLUMNS);
	pg_copy_uuid(copy, hit->id);
	pg_copy_uuid(copy, row->session_id);
	pg_copy_time_ms(copy, hit_time_ms(hit));
	pg_copy_int64(copy, row->person_id);
	copy_optional_uuid(copy, hit->page_view_id);
	copy_browser(copy, row);
	copy_optional_uuid(copy, row->context_id);
	copy_optional_int32(copy, hit->scroll_position);
	copy_by_alias(copy, row);
	pg_copy_text(copy, hit->event_type);
	pg_copy_text(copy, hit->event_category);
	pg_copy_text(copy, hit->event_action);
	pg_copy_text(copy, hit->event_label);
	pg_copy_numeric(copy, hit->event_value);
	pg_copy_text(copy, hit->element_id);
	pg_copy_text(copy, hit->element_class);
	pg_copy_text(copy, hit->element_text);
	pg_copy_text(copy, hit->element_selector);
	pg_copy_text(copy, hit->source);
	pg_copy_jsonb(copy, hit->viewport_position);
	pg_copy_jsonb(copy, hit->metadata);
}

static void robot_copy(PgCopy *copy, const BatchHit *row, int64_t now_ms)
{
	(void) now_ms;
	const Hit *hit = &row->hit;
	pg_copy_row(copy, ROBOT_COLUMNS);
	pg_copy_uuid(copy, hit->id);
	pg_copy_time_ms(copy, hit_time_ms(hit));
	pg_copy_text(copy, hit->robot_kind);
	pg_copy_text(copy, slice_from(hit_type_name(hit->type)));
	pg_copy_text(copy, hit->source);
	pg_copy_text(copy, hit->page_host);
	pg_copy_text(copy, hit->page_url);
	pg_copy_text(copy, hit->user_agent);
}

typedef struct RowTable {
	bool (*is_row)(const BatchHit *hit);
	void (*copy)(PgCopy *copy, const BatchHit *row, int64_t now_ms);
	const char *sql_copy;  // straight into the table
	const char *sql_stage; // into staging
	const char *sql_take;  // from there, leaving out what is there already
} RowTable;

static bool is_event(const BatchHit *hit)
{
	return batch_hit_is_row(hit) && hit->hit.type == HIT_EVENT;
}

typedef struct Rows {
	const BatchHit **hits;
	size_t count;
} Rows;

static int id_compare(const void *left, const void *right)
{
	const BatchHit *const *a = left;
	const BatchHit *const *b = right;
	return uuid_compare((*a)->hit.id, (*b)->hit.id);
}

// In the order of their ids, which is that of the key: hits that overtook each other on their way would split its pages in
// the middle, and leave them half empty.
static bool rows_collect(Load *load, const RowTable *table, Rows *rows, Error *error)
{
	*rows = (Rows){.hits = ARENA_ARRAY(load->arena, const BatchHit *, load->batch->count + 1)};
	if (rows->hits == NULL)
		return load_no_memory(error);
	bool is_sorted = true;
	for (size_t at = 0; at < load->batch->count; at++)
	{
		const BatchHit *hit = &load->batch->hits[at];
		if (!table->is_row(hit))
			continue;
		is_sorted = is_sorted && (rows->count == 0 || id_compare(&rows->hits[rows->count - 1], &hit) <= 0);
		rows->hits[rows->count++] = hit;
	}
	if (!is_sorted)
		qsort(rows->hits, rows->count, sizeof *rows->hits, id_compare);
	return true;
}

// Sends rows while they are built. Straight in, or through staging where a repeat that memory did not know of has failed the
// batch before.
static bool table_store(Load *load, const RowTable *table, Error *error)
{
	const char *sql = load->is_careful ? table->sql_stage : table->sql_copy;
	Rows rows;
	if (!rows_collect(load, table, &rows, error))
		return false;
	if (rows.count == 0)
		return true;
	if (!pg_copy_begin(load->conn, sql, load->copy, error))
		return false;
	for (size_t at = 0; at < rows.count; at++)
	{
		table->copy(load->copy, rows.hits[at], load->rules.now_ms);
		pg_copy_push(load->conn, load->copy);
		recall_keep_row(load, rows.hits[at], at + RECENT_AHEAD < rows.count ? rows.hits[at + RECENT_AHEAD] : NULL);
	}
	return pg_copy_end(load->conn, sql, load->copy, error)
		&& (!load->is_careful || pg_query(load->conn, table->sql_take, NULL, 0, NULL, error));
}

static bool contexts_store(Load *load, Error *error)
{
	UuidSet stored = {0};
	pg_copy_reset(load->copy);
	for (size_t at = 0; at < load->batch->count; at++)
	{
		const BatchHit *row = &load->batch->hits[at];
		if (batch_hit_is_row(row) && !uuid_is_nil(row->context_id)
			&& !uuid_set_add(&stored, load->arena, row->context_id, error))
			return false;
	}
	if (stored.count == 0)
		return true;
	uuid_set_sort_unique(&stored);
	size_t left = stored.count;
	bool *is_written = ARENA_ARRAY(load->arena, bool, stored.count);
	if (is_written == NULL)
		return load_no_memory(error);
	for (size_t at = 0; at < load->batch->count && left > 0; at++)
	{
		const BatchHit *row = &load->batch->hits[at];
		if (!batch_hit_is_row(row) || uuid_is_nil(row->context_id))
			continue;
		size_t place = uuid_set_find_sorted(&stored, row->context_id);
		if (is_written[place])
			continue;
		is_written[place] = true;
		left--;
		pg_copy_row(load->copy, 1 + CONTEXT_COLUMN_COUNT);
		pg_copy_uuid(load->copy, row->context_id);
		context_copy(load->copy, &row->hit, row->hit.type != HIT_PAGE);
	}
	return load_copy(load, sql_loader_stage_contexts, error)
		&& pg_query(load->conn, sql_loader_contexts, NULL, 0, NULL, error);
}

bool rows_store(Load *load, Error *error)
{
	static const RowTable tables[] = {
		{batch_hit_is_view, view_copy, sql_loader_copy_page_views, sql_loader_stage_page_views,
			sql_loader_take_page_views},
		{is_event, event_copy, sql_loader_copy_user_events, sql_loader_stage_user_events, sql_loader_take_user_events},
		{batch_hit_is_robot, robot_copy, sql_loader_copy_robots, sql_loader_stage_robots, sql_loader_take_robots},
	};
	for (size_t at = 0; at < sizeof tables / sizeof tables[0]; at++)
	{
		if (!table_store(load, &tables[at], error))
			return false;
	}
	return contexts_store(load, error);
}
