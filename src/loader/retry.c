// Hits in quarantine, tried again: each is stored like any other, then its row goes. A crash in between leaves the row, and
// the next try finds the hit stored.
#include "loader/retry.h"

#include "base/hex.h"
#include "loader/store.h"
#include "sql/sql.h"

#define ROWS_AT_A_TIME 100

static bool row_retry(Loader *loader, Slice hex, Slice id, int64_t now_ms, bool *is_stored, Error *error)
{
	arena_reset(&loader->retry_arena);
	Slice payload = hex_decode(&loader->retry_arena, hex);
	if (payload.data == NULL)
		return load_no_memory(error);
	int64_t quarantined = loader->quarantined;
	if (!store_hits(loader, &payload, 1, NULL, now_ms, error))
		return false;
	*is_stored = loader->quarantined == quarantined;
	PgParam params[] = {param_text(id)};
	return pg_query(loader->conn, sql_loader_quarantine_delete, params, 1, NULL, error);
}

bool retry_quarantine(Loader *loader, int64_t id, int64_t now_ms, int64_t *stored, int64_t *kept, Error *error)
{
	int64_t last_of_all = 0; // rows that come back to quarantine are behind it
	int64_t last = 0;
	*stored = 0;
	*kept = 0;
	for (bool is_first = true;; is_first = false)
	{
		Load load = state_load(loader, now_ms);
		PgParam params[] = {param_int64(&load, last), id == 0 ? (PgParam){NULL} : param_int64(&load, id),
			is_first ? (PgParam){NULL} : param_int64(&load, last_of_all), param_int64(&load, ROWS_AT_A_TIME)};
		PgResult *result = NULL;
		if (!pg_query(loader->conn, sql_loader_quarantine_read, params, 4, &result, error))
			return false;
		int rows = pg_rows(result);
		for (int row = 0; row < rows; row++)
		{
			bool is_stored = false;
			last = pg_int64(result, row, 0);
			last_of_all = pg_int64(result, row, 2);
			if (!row_retry(loader, pg_text(result, row, 1), pg_text(result, row, 0), now_ms, &is_stored, error))
			{
				pg_result_free(result);
				return false;
			}
			*stored += is_stored;
			*kept += !is_stored;
		}
		pg_result_free(result);
		if (rows < ROWS_AT_A_TIME)
			return true;
	}
}
