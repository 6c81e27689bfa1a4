#include "loader/settle.h"

#include "base/clock.h"
#include "sql/sql.h"

static bool begin(Loader *loader, Error *error)
{
	return pg_begin(loader->conn, error) && pg_query(loader->conn, sql_loader_lock, NULL, 0, NULL, error);
}

static bool turns_make(Loader *loader, int64_t *turns, Error *error)
{
	PgResult *result = NULL;
	bool is_done = begin(loader, error) && pg_query(loader->conn, sql_loader_touches_spread, NULL, 0, &result, error)
		&& pg_commit(loader->conn, error);
	*turns = is_done ? pg_affected(result) : 0;
	pg_result_free(result);
	return is_done;
}

static bool turn_write(Loader *loader, int64_t now_ms, bool is_last, Error *error)
{
	Load load = state_load(loader, now_ms);
	load.has_touches = true;
	return begin(loader, error) && (is_last ? sessions_settle(&load, error) : sessions_settle_one(&load, error))
		&& pg_commit(loader->conn, error);
}

bool settle(Loader *loader, int64_t now_ms, Error *error)
{
	int64_t turns = 0;
	bool is_done = turns_make(loader, &turns, error);
	for (int64_t turn = 1; is_done && turn <= turns; turn++)
		is_done = turn_write(loader, now_ms, turn == turns, error);
	if (!is_done)
	{
		pg_rollback(loader->conn);
		return false;
	}
	loader->put_off_us = 0;
	loader->is_settled = true;
	return true;
}

bool settle_is_due(const Loader *loader)
{
	return loader->put_off_us != 0 && clock_monotonic_us() - loader->put_off_us >= loader->options.put_off_ms * 1000;
}
