#include "loader/aliases.h"

#include "sql/sql.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

typedef struct Alias {
	int64_t anonymous_id;
	Uuid identify_id;
	int64_t person_id;
	bool is_new;
} Alias;

typedef struct AliasTable {
	Alias *rows; // sorted by browser, time; of the stored ones those around the hits of the batch
	size_t count;
} AliasTable;

typedef struct Move {
	int64_t browser;
	Uuid from; // ids of rows, from inclusive, to exclusive
	Uuid to;
	int64_t *old_persons;
	size_t old_count;
} Move;

static const Uuid uuid_first;
static const Uuid uuid_last = {
	{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}};

static int alias_compare(const void *left, const void *right)
{
	const Alias *a = left;
	const Alias *b = right;
	if (a->anonymous_id != b->anonymous_id)
		return a->anonymous_id < b->anonymous_id ? -1 : 1;
	int by_id = uuid_compare(a->identify_id, b->identify_id);
	if (by_id != 0)
		return by_id;
	return (int) a->is_new - (int) b->is_new;
}

static bool is_sign_in(const BatchHit *hit)
{
	return batch_hit_is_live(hit) && hit->hit.type == HIT_IDENTIFY && hit->hit.user_id != HIT_NONE;
}

// The browser a sign-in is about: that of an alias where one is named.
static int64_t sign_in_browser(const BatchHit *hit)
{
	return hit->hit.previous_id != HIT_NONE ? hit->hit.previous_id : hit->hit.anonymous_id;
}

// The browsers whose sign-ins matter to the batch, each with the hit it matters to.
typedef struct Asked {
	int64_t *browsers;
	Uuid *hits;
	size_t count;
} Asked;

static bool asked_collect(Load *load, Asked *asked, Error *error)
{
	*asked = (Asked){.browsers = ARENA_ARRAY(load->arena, int64_t, load->batch->count + 1),
		.hits = ARENA_ARRAY(load->arena, Uuid, load->batch->count + 1)};
	if (asked->browsers == NULL || asked->hits == NULL)
		return load_no_memory(error);
	for (size_t at = 0; at < load->batch->count; at++)
	{
		const BatchHit *hit = &load->batch->hits[at];
		int64_t browser = HIT_NONE;
		if (is_sign_in(hit))
			browser = sign_in_browser(hit);
		else if (batch_hit_is_row(hit) && hit->hit.user_id == HIT_NONE)
			browser = hit->hit.anonymous_id;
		if (browser == HIT_NONE)
			continue;
		asked->browsers[asked->count] = browser;
		asked->hits[asked->count++] = hit->hit.id;
	}
	return true;
}

static bool table_read(Load *load, const Asked *asked, AliasTable *table, Error *error)
{
	PgResult *result = NULL;
	PgParam params[] = {pg_param_int64_array(load->arena, asked->browsers, asked->count),
		pg_param_uuid_array(load->arena, asked->hits, asked->count)};
	if (!pg_query(load->conn, sql_loader_aliases_read, params, 2, &result, error))
		return false;
	table->rows = ARENA_ARRAY(load->arena, Alias, (size_t) pg_rows(result) + load->batch->count + 1);
	if (table->rows == NULL)
	{
		pg_result_free(result);
		return load_no_memory(error);
	}
	for (int row = 0; row < pg_rows(result); row++)
	{
		Alias *alias = &table->rows[table->count++];
		alias->anonymous_id = pg_int64(result, row, 0);
		(void) pg_uuid(result, row, 1, &alias->identify_id);
		alias->person_id = pg_int64(result, row, 2);
	}
	pg_result_free(result);
	return true;
}

// Puts the batch's sign-ins into the table; those that are stored already stay as they are.
static void table_add_batch(Load *load, AliasTable *table)
{
	for (size_t at = 0; at < load->batch->count; at++)
	{
		const BatchHit *hit = &load->batch->hits[at];
		if (is_sign_in(hit) && sign_in_browser(hit) != HIT_NONE)
			table->rows[table->count++] = (Alias){sign_in_browser(hit), hit->hit.id, hit->hit.user_id, true};
	}
	qsort(table->rows, table->count, sizeof *table->rows, alias_compare);
	size_t kept = 0;
	for (size_t at = 0; at < table->count; at++)
	{
		const Alias *last = kept == 0 ? NULL : &table->rows[kept - 1];
		bool is_same = last != NULL && last->anonymous_id == table->rows[at].anonymous_id
			&& uuid_compare(last->identify_id, table->rows[at].identify_id) == 0;
		if (!is_same)
			table->rows[kept++] = table->rows[at];
	}
	table->count = kept;
}

static bool table_write_new(Load *load, const AliasTable *table, Error *error)
{
	int64_t *browsers = ARENA_ARRAY(load->arena, int64_t, table->count + 1);
	int64_t *persons = ARENA_ARRAY(load->arena, int64_t, table->count + 1);
	Uuid *ids = ARENA_ARRAY(load->arena, Uuid, table->count + 1);
	if (browsers == NULL || persons == NULL || ids == NULL)
		return load_no_memory(error);
	size_t count = 0;
	for (size_t at = 0; at < table->count; at++)
	{
		if (!table->rows[at].is_new)
			continue;
		browsers[count] = table->rows[at].anonymous_id;
		ids[count] = table->rows[at].identify_id;
		persons[count++] = table->rows[at].person_id;
	}
	if (count == 0)
		return true;
	PgParam params[] = {pg_param_int64_array(load->arena, browsers, count),
		pg_param_uuid_array(load->arena, ids, count), pg_param_int64_array(load->arena, persons, count)};
	return pg_query(load->conn, sql_loader_aliases_write, params, 3, NULL, error);
}

// The aliases of one browser: [from, to) of the table.
static void browser_range(const AliasTable *table, int64_t browser, size_t *from, size_t *to)
{
	size_t low = 0;
	size_t high = table->count;
	while (low < high)
	{
		size_t middle = low + (high - low) / 2;
		if (table->rows[middle].anonymous_id < browser)
			low = middle + 1;
		else
			high = middle;
	}
	*from = low;
	while (low < table->count && table->rows[low].anonymous_id == browser)
		low++;
	*to = low;
}

static int64_t person_at(const AliasTable *table, int64_t browser, Uuid hit_id)
{
	size_t from = 0;
	size_t to = 0;
	browser_range(table, browser, &from, &to);
	if (from == to)
		return browser;
	assert(table->rows != NULL);
	int64_t person = table->rows[from].person_id;
	for (size_t at = from; at < to && uuid_compare(table->rows[at].identify_id, hit_id) <= 0; at++)
		person = table->rows[at].person_id;
	return person;
}

static void move_add_old(Move *move, int64_t person)
{
	for (size_t at = 0; at < move->old_count; at++)
	{
		if (move->old_persons[at] == person)
			return;
	}
	move->old_persons[move->old_count++] = person;
}

// Walks the intervals between sign-ins and compares whom they led to before with whom they lead to now. Consecutive sign-ins
// of the same person change nothing, so the cost of the usual sign-in does not grow with the person's history.
static bool move_find(Load *load, const AliasTable *table, size_t from, size_t to, Move *move, Error *error)
{
	*move = (Move){.browser = table->rows[from].anonymous_id, .from = uuid_last, .to = uuid_first};
	move->old_persons = ARENA_ARRAY(load->arena, int64_t, to - from + 1);
	if (move->old_persons == NULL)
		return load_no_memory(error);
	int64_t old = move->browser; // before the first sign-in ever
	for (size_t at = to; at > from; at--)
	{
		if (!table->rows[at - 1].is_new)
			old = table->rows[at - 1].person_id;
	}
	for (size_t at = from; at <= to; at++)
	{
		// the interval before sign-in `at`: from the one before it (or for ever) until it (or for ever)
		if (at > from && !table->rows[at - 1].is_new)
			old = table->rows[at - 1].person_id;
		int64_t now = table->rows[at > from ? at - 1 : from].person_id;
		if (old == now)
			continue;
		Uuid begin = at > from ? table->rows[at - 1].identify_id : uuid_first;
		Uuid end = at < to ? table->rows[at].identify_id : uuid_last;
		if (uuid_compare(begin, move->from) < 0)
			move->from = begin;
		if (uuid_compare(end, move->to) > 0)
			move->to = end;
		move_add_old(move, old);
	}
	return true;
}

// What rows_move collects: clients' sessions that rows left, with whom they left and for whom.
typedef struct Followers {
	Uuid *sessions;
	int64_t *old_persons;
	int64_t *new_persons;
	size_t count;
} Followers;

static bool rows_move(Load *load, const Move *move, const char *sql, Followers *followers, Error *error)
{
	PgResult *result = NULL;
	PgParam params[5] = {param_int64(load, move->browser),
		pg_param_int64_array(load->arena, move->old_persons, move->old_count), param_uuid(load, move->from),
		param_uuid(load, move->to)};
	if (!load_read(load, sql, params, 4, &result, error))
		return false;
	size_t rows = (size_t) pg_rows(result);
	Followers grown = {.sessions = ARENA_ARRAY(load->arena, Uuid, followers->count + rows + 1),
		.old_persons = ARENA_ARRAY(load->arena, int64_t, followers->count + rows + 1),
		.new_persons = ARENA_ARRAY(load->arena, int64_t, followers->count + rows + 1),
		.count = followers->count};
	bool is_ok = grown.sessions != NULL && grown.old_persons != NULL && grown.new_persons != NULL;
	if (!is_ok)
		(void) load_no_memory(error);
	if (is_ok && followers->count > 0)
	{
		memcpy(grown.sessions, followers->sessions, followers->count * sizeof *grown.sessions);
		memcpy(grown.old_persons, followers->old_persons, followers->count * sizeof *grown.old_persons);
		memcpy(grown.new_persons, followers->new_persons, followers->count * sizeof *grown.new_persons);
	}
	for (int row = 0; is_ok && row < (int) rows; row++)
	{
		Uuid session;
		(void) pg_uuid(result, row, 0, &session);
		recall_session_ask(load, session);
		is_ok = uuid_set_add(&load->changed, load->arena, session, error);
		if (pg_bool(result, row, 3))
		{
			is_ok = is_ok && uuid_set_add(&load->remake, load->arena, session, error);
			continue;
		}
		grown.sessions[grown.count] = session;
		grown.old_persons[grown.count] = pg_int64(result, row, 1);
		grown.new_persons[grown.count++] = pg_int64(result, row, 2);
	}
	pg_result_free(result);
	*followers = grown;
	return is_ok;
}

static bool sessions_follow(Load *load, const Followers *followers, Error *error)
{
	if (followers->count == 0)
		return true;
	PgParam params[] = {pg_param_uuid_array(load->arena, followers->sessions, followers->count),
		pg_param_int64_array(load->arena, followers->old_persons, followers->count),
		pg_param_int64_array(load->arena, followers->new_persons, followers->count)};
	return pg_query(load->conn, sql_loader_sessions_copy, params, 3, NULL, error)
		&& pg_query(load->conn, sql_loader_attribution_copy, params, 3, NULL, error)
		&& pg_query(load->conn, sql_loader_sessions_prune, params, 2, NULL, error);
}

static bool moves_make(Load *load, const AliasTable *table, Error *error)
{
	for (size_t from = 0; from < table->count;)
	{
		size_t to = from;
		bool has_new = false;
		for (; to < table->count && table->rows[to].anonymous_id == table->rows[from].anonymous_id; to++)
			has_new = has_new || table->rows[to].is_new;
		Move move = {0};
		if (has_new && !move_find(load, table, from, to, &move, error))
			return false;
		Followers followers = {0};
		if (move.old_count > 0
			&& !(rows_move(load, &move, sql_loader_move_views, &followers, error)
				&& rows_move(load, &move, sql_loader_move_events, &followers, error)
				&& sessions_follow(load, &followers, error)))
			return false;
		from = to;
	}
	return true;
}

static void hits_resolve(Load *load, const AliasTable *table)
{
	for (size_t at = 0; at < load->batch->count; at++)
	{
		BatchHit *hit = &load->batch->hits[at];
		if (hit->hit.user_id != HIT_NONE)
		{
			hit->person_id = hit->hit.user_id;
			continue;
		}
		if (hit->hit.anonymous_id == HIT_NONE)
			continue;
		hit->person_id = person_at(table, hit->hit.anonymous_id, hit->hit.id);
		hit->is_by_alias = hit->person_id != hit->hit.anonymous_id;
	}
}

bool aliases_store(Load *load, Error *error)
{
	Asked asked;
	AliasTable table = {0};
	if (!asked_collect(load, &asked, error))
		return false;
	if (asked.count > 0)
	{
		if (!table_read(load, &asked, &table, error))
			return false;
		table_add_batch(load, &table);
		if (!table_write_new(load, &table, error) || !moves_make(load, &table, error))
			return false;
	}
	hits_resolve(load, &table);
	return true;
}
