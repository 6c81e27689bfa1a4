#include "reclassify/batch.h"

#include "sql/sql.h"

#include <assert.h>
#include <inttypes.h>

// Little enough that loaders wait for a fraction of a second.
#define BATCH_ROWS_MAX 5000
#define KEY_COLUMNS 3 // id, person, version

// Rows that change, column by column.
typedef struct Changes {
	Uuid *ids;
	int64_t *persons;
	Uuid *versions;
	Slice *columns[RECLASSIFY_COLUMNS_MAX];
	size_t count;
} Changes;

static bool no_memory(Error *error)
{
	return error_set(error, ERROR_MEMORY, "no memory for a batch of rows to look at again");
}

static bool changes_init(Changes *changes, const ReclassifyPass *pass, size_t rows, Arena *arena)
{
	*changes = (Changes){.ids = ARENA_ARRAY(arena, Uuid, rows),
		.persons = ARENA_ARRAY(arena, int64_t, rows),
		.versions = ARENA_ARRAY(arena, Uuid, rows)};
	bool has_memory = changes->ids != NULL && changes->persons != NULL && changes->versions != NULL;
	for (int i = 0; i < pass->set; i++)
	{
		changes->columns[i] = ARENA_ARRAY(arena, Slice, rows);
		has_memory = has_memory && changes->columns[i] != NULL;
	}
	return has_memory;
}

static bool is_same(Slice before, Slice after)
{
	return slice_equal(before, after) && (before.data == NULL) == (after.data == NULL);
}

static void row_classify(const ReclassifyPass *pass, const ReclassifyOptions *options, const PgResult *result, int row,
	Changes *changes, Arena *arena)
{
	Slice columns[RECLASSIFY_COLUMNS_MAX];
	bool is_changed = false;
	for (int i = 0; i < pass->looked_at + pass->set; i++)
		columns[i] = pg_text(result, row, KEY_COLUMNS + i);
	pass->classify(options->context, columns, arena);
	for (int i = 0; i < pass->set; i++)
	{
		Slice after = columns[pass->looked_at + i];
		is_changed = is_changed || !is_same(pg_text(result, row, KEY_COLUMNS + pass->looked_at + i), after);
		changes->columns[i][changes->count] = after;
	}
	if (!is_changed)
		return;
	(void) pg_uuid(result, row, 0, &changes->ids[changes->count]);
	changes->persons[changes->count] = pg_int64(result, row, 1);
	(void) pg_uuid(result, row, 2, &changes->versions[changes->count]);
	changes->count++;
}

static bool changes_write(PgConn *conn, const ReclassifyPass *pass, const BatchRange *range, const Changes *changes,
	Arena *arena, int64_t *written, Error *error)
{
	PgParam params[RECLASSIFY_COLUMNS_MAX + 5];
	int count = 0;
	params[count++] = pg_param_uuid_array(arena, changes->ids, changes->count);
	for (int i = 0; i < pass->set; i++)
		params[count++] = pg_param_text_array(arena, changes->columns[i], changes->count);
	if (range->from != NULL)
	{
		params[count++] = pg_param_int64_array(arena, changes->persons, changes->count);
		params[count++] = pg_param_uuid_array(arena, changes->versions, changes->count);
		params[count++] = pg_param(range->from);
		params[count++] = pg_param(range->to);
	}
	for (int i = 0; i < count; i++)
		if (params[i].value == NULL)
			return no_memory(error);
	PgResult *result = NULL;
	bool is_ok = pg_begin(conn, error) && pg_query(conn, sql_reclassify_lock, NULL, 0, NULL, error)
		&& pg_query(conn, pass->write, params, count, &result, error) && pg_commit(conn, error);
	if (is_ok)
		*written = pg_affected(result);
	else
		pg_rollback(conn);
	pg_result_free(result);
	return is_ok;
}

static bool rows_read(PgConn *conn, const ReclassifyPass *pass, const BatchRange *range, Arena *arena,
	PgResult **result, Error *error)
{
	Slice limit = arena_format(arena, "%d", BATCH_ROWS_MAX);
	Slice person = arena_format(arena, "%" PRId64, range->last_person);
	if (limit.data == NULL || person.data == NULL)
		return no_memory(error);
	const PgParam params[] = {pg_param_uuid(&range->last_id), pg_param(limit.data), pg_param(person.data),
		pg_param(range->from), pg_param(range->to)};
	return pg_query(conn, pass->read, params, range->from == NULL ? 2 : 5, result, error);
}

bool batch_run(PgConn *conn, const ReclassifyPass *pass, const ReclassifyOptions *options, BatchRange *range,
	Arena *arena, ReclassifyCounts *counts, int *count, Error *error)
{
	PgResult *result = NULL;
	Changes changes;
	int64_t written = 0;
	assert(pass->looked_at + pass->set <= RECLASSIFY_COLUMNS_MAX);
	arena_reset(arena);
	if (!rows_read(conn, pass, range, arena, &result, error))
		return false;
	*count = pg_rows(result);
	bool is_ok = changes_init(&changes, pass, (size_t) *count + 1, arena) || no_memory(error);
	for (int row = 0; is_ok && row < *count; row++)
		row_classify(pass, options, result, row, &changes, arena);
	if (is_ok && changes.count > 0 && !options->is_dry)
		is_ok = changes_write(conn, pass, range, &changes, arena, &written, error);
	if (is_ok && *count > 0)
	{
		(void) pg_uuid(result, *count - 1, 0, &range->last_id);
		range->last_person = pg_int64(result, *count - 1, 1);
		counts->rows += *count;
		counts->changed += options->is_dry ? (int64_t) changes.count : written;
	}
	pg_result_free(result);
	return is_ok;
}
