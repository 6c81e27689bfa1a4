#include "migrate/migrate.h"

#include "base/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ARENA_SIZE_MAX ((size_t) 1 << 20U)

// ── What is there ──

static bool has_table(PgConn *conn, const char *schema, bool *result_has, Error *error)
{
	PgResult *result = NULL;
	if (!pg_query(conn, sql_migrate_has_table, (PgParam[]){pg_param(schema)}, 1, &result, error))
		return false;
	*result_has = pg_bool(result, 0, 0);
	pg_result_free(result);
	return true;
}

// Puts one applied migration into the rows, which hold ours in order.
static bool row_add_applied(Arena *arena, MigrateRow *rows, size_t *count, const PgResult *result, int at, Error *error)
{
	int number = (int) pg_int64(result, at, 0);
	Slice name = arena_copy(arena, pg_text(result, at, 1));
	Slice applied_at = arena_copy(arena, pg_text(result, at, 3));
	if (name.data == NULL || applied_at.data == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for the list of migrations");
	size_t place = 0;
	while (place < *count && rows[place].number < number)
		place++;
	if (place == *count || rows[place].number != number)
	{
		memmove(&rows[place + 1], &rows[place], (*count - place) * sizeof *rows);
		rows[place] = (MigrateRow){.number = number, .name = name.data, .state = MIGRATE_UNKNOWN};
		(*count)++;
	}
	else
		rows[place].state =
			rows[place].migration != NULL && slice_equal_text(pg_text(result, at, 2), rows[place].migration->sha256)
			? MIGRATE_APPLIED
			: MIGRATE_CHANGED;
	rows[place].applied_at = applied_at.data;
	return true;
}

bool migrate_status(PgConn *conn, const char *schema, const SqlMigration *migrations, Arena *arena, MigrateRow **rows,
	size_t *count, Error *error)
{
	bool is_ok = false;
	PgResult *result = NULL;
	bool has = false;
	size_t ours = 0;
	while (migrations[ours].name != NULL)
		ours++;
	if (!has_table(conn, schema, &has, error))
		return false;
	if (has && !pg_query(conn, sql_migrate_applied, NULL, 0, &result, error))
		return false;
	size_t applied = has ? (size_t) pg_rows(result) : 0;
	*rows = ARENA_ARRAY(arena, MigrateRow, ours + applied);
	*count = ours;
	if (*rows == NULL)
	{
		error_set(error, ERROR_MEMORY, "out of memory for the list of migrations");
		goto done;
	}
	for (size_t i = 0; i < ours; i++)
		(*rows)[i] = (MigrateRow){.number = migrations[i].number,
			.name = migrations[i].name,
			.state = MIGRATE_PENDING,
			.migration = &migrations[i]};
	for (size_t i = 0; i < applied; i++)
		if (!row_add_applied(arena, *rows, count, result, (int) i, error))
			goto done;
	is_ok = true;
done:
	pg_result_free(result);
	return is_ok;
}

// Whether going forward from here is safe.
static bool rows_check(const MigrateRow *rows, size_t count, const char *schema, Error *error)
{
	const MigrateRow *pending = NULL;
	for (size_t i = 0; i < count; i++)
	{
		const MigrateRow *row = &rows[i];
		if (row->state == MIGRATE_UNKNOWN)
			return error_set(error, ERROR_DATABASE,
				"the schema \"%s\" is newer than this program: it holds migration %s; use the newer program", schema,
				row->name);
		if (row->state == MIGRATE_CHANGED)
			return error_set(error, ERROR_DATABASE,
				"migration %s was applied to the schema \"%s\" with another content than this program has; use the "
				"program that applied it",
				row->name, schema);
		if (row->state == MIGRATE_PENDING && pending == NULL)
			pending = row;
		if (row->state == MIGRATE_APPLIED && pending != NULL)
			return error_set(error, ERROR_DATABASE,
				"migration %s is not applied to the schema \"%s\" although the later %s is", pending->name, schema,
				row->name);
	}
	return true;
}

bool migrate_check(PgConn *conn, const char *schema, const SqlMigration *migrations, Error *error)
{
	Arena arena;
	arena_init(&arena, ARENA_SIZE_MAX);
	MigrateRow *rows = NULL;
	size_t count = 0;
	bool is_ok = migrate_status(conn, schema, migrations, &arena, &rows, &count, error)
		&& rows_check(rows, count, schema, error);
	if (is_ok && count > 0 && rows[count - 1].state == MIGRATE_PENDING)
		is_ok = error_set(error, ERROR_DATABASE,
			"the schema \"%s\" is older than this program: migration %s is not applied; run `sojourn migrate`", schema,
			rows[count - 1].name);
	arena_free(&arena);
	return is_ok;
}

// ── Going forward ──

static bool schema_make(PgConn *conn, const char *schema, Error *error)
{
	PgResult *result = NULL;
	bool has = false;
	if (!pg_query(conn, sql_migrate_schema, (PgParam[]){pg_param(schema)}, 1, &result, error))
		return false;
	bool is_ok = pg_rows(result) == 0 || pg_script(conn, pg_text(result, 0, 0).data, error);
	pg_result_free(result);
	return is_ok && has_table(conn, schema, &has, error) && (has || pg_script(conn, sql_migrate_table, error));
}

static bool migration_apply(PgConn *conn, const SqlMigration *migration, Error *error)
{
	char number[16];
	(void) snprintf(number, sizeof number, "%d", migration->number);
	const PgParam params[] = {pg_param(number), pg_param(migration->name), pg_param(migration->sha256)};
	if (!pg_begin(conn, error) || !pg_script(conn, migration->text, error)
		|| !pg_query(conn, sql_migrate_record, params, 3, NULL, error) || !pg_commit(conn, error))
	{
		pg_rollback(conn);
		return error_prefix(error, "migration %s: ", migration->name);
	}
	log_event(LOG_INFO, "migrate.applied", "migration=%s", migration->name);
	return true;
}

static bool locked_apply(PgConn *conn, const char *schema, const SqlMigration *migrations, int *applied, Error *error)
{
	bool is_ok = false;
	Arena arena;
	arena_init(&arena, ARENA_SIZE_MAX);
	MigrateRow *rows = NULL;
	size_t count = 0;
	if (!schema_make(conn, schema, error) || !migrate_status(conn, schema, migrations, &arena, &rows, &count, error)
		|| !rows_check(rows, count, schema, error))
		goto done;
	for (size_t i = 0; i < count; i++)
	{
		if (rows[i].state != MIGRATE_PENDING)
			continue;
		if (!migration_apply(conn, rows[i].migration, error))
			goto done;
		(*applied)++;
	}
	is_ok = true;
done:
	arena_free(&arena);
	return is_ok;
}

bool migrate_apply(PgConn *conn, const char *schema, const SqlMigration *migrations, int *applied, Error *error)
{
	*applied = 0;
	const PgParam params[] = {pg_param(schema)};
	if (!pg_query(conn, sql_migrate_lock, params, 1, NULL, error))
		return false;
	bool is_ok = locked_apply(conn, schema, migrations, applied, error);
	Error later; // a connection that is gone has no lock
	bool is_unlocked = pg_query(conn, sql_migrate_unlock, params, 1, NULL, is_ok ? error : &later);
	return is_ok && is_unlocked;
}

bool migrate_months(PgConn *conn, int64_t now_ms, int64_t months_ahead, Error *error)
{
	char now[24];
	char months[24];
	(void) snprintf(now, sizeof now, "%" PRId64, now_ms);
	(void) snprintf(months, sizeof months, "%" PRId64, months_ahead);
	return pg_query(conn, sql_migrate_months, (PgParam[]){pg_param(now), pg_param(months)}, 2, NULL, error);
}

bool migrate_month(PgConn *conn, int64_t year, unsigned month, int64_t *made, Error *error)
{
	char year_text[24];
	char month_text[24];
	PgResult *result = NULL;
	(void) snprintf(year_text, sizeof year_text, "%" PRId64, year);
	(void) snprintf(month_text, sizeof month_text, "%u", month);
	const PgParam params[] = {pg_param(year_text), pg_param(month_text)};
	if (!pg_query(conn, sql_migrate_month, params, 2, &result, error))
		return false;
	*made = pg_int64(result, 0, 0);
	pg_result_free(result);
	return true;
}
