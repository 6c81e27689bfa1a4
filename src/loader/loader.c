#include "loader/loader.h"

#include "base/clock.h"
#include "base/memory.h"
#include "loader/feed.h"
#include "loader/retry.h"
#include "loader/settle.h"
#include "loader/store.h"
#include "sql/sql.h"

// Longer than any hit may be old, so that a view that comes at all has come.
#define WAITING_MS_MAX (9 * CLOCK_DAY_MS)

bool loader_open(const LoaderOptions *options, Loader **loader, Error *error)
{
	Loader *made = memory_allocate_zeroed(1, sizeof *made);
	if (made == NULL)
		return error_set(error, ERROR_MEMORY, "No memory for a loader.");
	made->options = *options;
	arena_init(&made->arena, options->memory_bytes_max);
	arena_init(&made->retry_arena, feed_batch_bytes_max(options));
	recent_init(&made->recent, options->recent_bytes_max);
	pg_copy_init(&made->copy, options->memory_bytes_max);
	*loader = made;
	return true;
}

void loader_close(Loader *loader)
{
	if (loader == NULL)
		return;
	feeds_close(loader);
	recent_free(&loader->recent);
	pg_copy_free(&loader->copy);
	arena_free(&loader->retry_arena);
	arena_free(&loader->arena);
	memory_free(loader);
}

bool loader_attach(Loader *loader, PgConn *conn, Error *error)
{
	loader->conn = conn;
	loader->month_count = 0;
	loader->is_settled = false;
	recent_forget(&loader->recent);
	feeds_forget_positions(loader);
	return pg_script(conn, sql_loader_temp_tables, error);
}

bool loader_sweep(Loader *loader, int64_t now_ms, int64_t *ended, Error *error)
{
	*ended = 0;
	if (!settle(loader, now_ms, error))
		return false;
	Load load = state_load(loader, now_ms);
	PgParam params[] = {param_int64(&load, now_ms - loader->options.timeout_ms),
		param_int64(&load, now_ms - loader->options.session_max_ms), param_int64(&load, LOADER_SWEEP_MAX)};
	PgParam waiting[] = {param_int64(&load, WAITING_MS_MAX), param_int64(&load, now_ms)};
	PgResult *result = NULL;
	load.has_touches = true; // of another loader, perhaps
	bool is_done = pg_begin(loader->conn, error) && pg_query(loader->conn, sql_loader_lock, NULL, 0, NULL, error)
		&& sessions_settle(&load, error) && pg_query(loader->conn, sql_loader_sweep, params, 3, &result, error)
		&& pg_query(loader->conn, sql_loader_sweep_leaves, waiting, 2, NULL, error) && pg_commit(loader->conn, error);
	if (is_done)
		*ended = pg_int64(result, 0, 0);
	else
		pg_rollback(loader->conn);
	pg_result_free(result);
	return is_done;
}

bool loader_step(Loader *loader, size_t *hits, bool *has_more, Error *error)
{
	if (!feeds_load(loader, hits, has_more, error))
		return false;
	bool is_settled = loader->is_settled && loader->put_off_us == 0;
	bool is_waiting = *hits > 0 && !settle_is_due(loader);
	return is_waiting || is_settled || settle(loader, clock_now_ms(), error);
}

bool loader_store(Loader *loader, const Slice *payloads, size_t count, const LoaderSource *source, int64_t now_ms,
	Error *error)
{
	return store_hits(loader, payloads, count, source, now_ms, error);
}

bool loader_quarantine_retry(Loader *loader, int64_t id, int64_t now_ms, int64_t *stored, int64_t *kept, Error *error)
{
	return retry_quarantine(loader, id, now_ms, stored, kept, error);
}
