#include "loader/load.h"

#include "sql/sql.h"

#include <stdlib.h>
#include <string.h>

bool load_no_memory(Error *error)
{
	return error_set(error, ERROR_MEMORY,
		"A batch of hits needs more memory than it may have; smaller ones will be tried.");
}

bool uuid_set_add(UuidSet *set, Arena *arena, Uuid id, Error *error)
{
	if (set->count == set->capacity)
	{
		size_t capacity = set->capacity == 0 ? 64 : set->capacity * 2;
		Uuid *ids = ARENA_ARRAY(arena, Uuid, capacity);
		if (ids == NULL)
			return load_no_memory(error);
		if (set->count > 0)
			memcpy(ids, set->ids, set->count * sizeof *ids);
		set->ids = ids;
		set->capacity = capacity;
	}
	set->ids[set->count++] = id;
	return true;
}

bool uuid_set_add_all(UuidSet *set, Arena *arena, const UuidSet *others, Error *error)
{
	for (size_t at = 0; at < others->count; at++)
	{
		if (!uuid_set_add(set, arena, others->ids[at], error))
			return false;
	}
	return true;
}

static int uuid_compare_qsort(const void *left, const void *right)
{
	return uuid_compare(*(const Uuid *) left, *(const Uuid *) right);
}

void uuid_set_sort_unique(UuidSet *set)
{
	if (set->count < 2)
		return;
	qsort(set->ids, set->count, sizeof *set->ids, uuid_compare_qsort);
	size_t kept = 1;
	for (size_t at = 1; at < set->count; at++)
	{
		if (uuid_compare(set->ids[at], set->ids[kept - 1]) != 0)
			set->ids[kept++] = set->ids[at];
	}
	set->count = kept;
}

size_t uuid_set_find_sorted(const UuidSet *set, Uuid id)
{
	size_t low = 0;
	size_t high = set->count;
	while (low < high)
	{
		size_t middle = low + (high - low) / 2;
		int order = uuid_compare(set->ids[middle], id);
		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return set->count;
}

PgParam param_text(Slice text)
{
	return (PgParam){.value = text.data, .is_missing = text.data == NULL};
}

PgParam param_int64(Load *load, int64_t value)
{
	return param_text(arena_format(load->arena, "%lld", (long long) value));
}

PgParam param_uuid(Load *load, Uuid value)
{
	char text[UUID_TEXT_SIZE];
	uuid_format(value, text);
	return param_text(arena_copy(load->arena, slice_from(text)));
}

bool load_read(Load *load, const char *sql, PgParam *params, int param_count, PgResult **result, Error *error)
{
	params[param_count] = param_int64(load, (int64_t) load->read_rows_max + 1);
	if (!pg_query(load->conn, sql, params, param_count + 1, result, error))
		return false;
	if ((size_t) pg_rows(*result) <= load->read_rows_max)
		return true;
	pg_result_free(*result);
	*result = NULL;
	return error_set(error, ERROR_MEMORY,
		"A batch of hits has to read back more than %zu rows of their sessions; smaller ones will be tried.",
		load->read_rows_max);
}

bool load_copy(Load *load, const char *sql, Error *error)
{
	int64_t rows = 0;
	return load->copy->rows == 0 || pg_copy_send(load->conn, sql, load->copy, &rows, error);
}

bool load_add_made(Load *load, const ChainPart *part, int64_t person_id, int64_t browser, Uuid context_id, Error *error)
{
	if (load->made_count == load->made_capacity)
	{
		size_t capacity = load->made_capacity == 0 ? 64 : load->made_capacity * 2;
		MadeSession *made = ARENA_ARRAY(load->arena, MadeSession, capacity);
		if (made == NULL)
			return load_no_memory(error);
		if (load->made_count > 0)
			memcpy(made, load->made, load->made_count * sizeof *made);
		load->made = made;
		load->made_capacity = capacity;
	}
	load->made[load->made_count++] = (MadeSession){*part, person_id, browser, context_id};
	return true;
}

static Slice bytea_text(Arena *arena, Slice bytes)
{
	static const char digits[] = "0123456789abcdef";
	char *text = arena_allocate(arena, 2 * bytes.size + 3);
	if (text == NULL)
		return SLICE_NONE;
	text[0] = '\\';
	text[1] = 'x';
	for (size_t at = 0; at < bytes.size; at++)
	{
		unsigned char byte = (unsigned char) bytes.data[at];
		text[2 + 2 * at] = digits[byte >> 4U];
		text[3 + 2 * at] = digits[byte & 0x0FU];
	}
	text[2 + 2 * bytes.size] = '\0';
	return (Slice){text, 2 + 2 * bytes.size};
}

bool quarantine_put(Load *load, BatchHit *hit, const char *reason, const char *sqlstate, Error *error)
{
	hit->is_refused = true;
	Slice payload = bytea_text(load->arena, hit->payload);
	if (payload.data == NULL)
		return load_no_memory(error);
	PgParam params[] = {
		uuid_is_nil(hit->hit.id) ? (PgParam){NULL} : param_uuid(load, hit->hit.id),
		param_text(slice_from(reason)),
		{.value = sqlstate},
		hit->hit.user_id == HIT_NONE ? (PgParam){NULL} : param_int64(load, hit->hit.user_id),
		hit->hit.anonymous_id == HIT_NONE ? (PgParam){NULL} : param_int64(load, hit->hit.anonymous_id),
		param_text(payload),
	};
	return pg_query(load->conn, sql_loader_quarantine, params, 6, NULL, error);
}

bool changed_write(Load *load, Error *error)
{
	if (load->changed.count == 0)
		return true;
	PgParam params[] = {pg_param_uuid_array(load->arena, load->changed.ids, load->changed.count)};
	return pg_query(load->conn, sql_loader_changed_sessions, params, 1, NULL, error);
}

bool load_count(Load *load, const char *reason, int64_t hits, Error *error)
{
	if (hits == 0)
		return true;
	PgParam params[] = {param_text(slice_from(reason)), param_int64(load, hits)};
	return pg_query(load->conn, sql_loader_count, params, 2, NULL, error);
}
