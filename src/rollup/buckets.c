#include "base/arena.h"
#include "base/log.h"
#include "rollup/internal.h"
#include "sql/sql.h"

#include <stdio.h>
#include <string.h>

#define ARENA_BYTES_MAX ((size_t) 65536)

// What is counted of a kind of bucket; ends with NULL.
static const struct {
	char kind;
	const char *queries[7];
} kinds[] = {
	{'o', {sql_rollup_overview_hourly}},
	{'d', {sql_rollup_session_durations_daily, sql_rollup_overview_daily}},
	{'p', {sql_rollup_page_metrics_hourly}},
	{'s',
		{sql_rollup_session_metrics_daily, sql_rollup_breakdown_daily, sql_rollup_page_transitions_daily,
			sql_rollup_page_paths_daily, sql_rollup_user_journey_paths, sql_rollup_value_pages_forget}},
	{'v', {sql_rollup_page_metrics_daily, sql_rollup_event_metrics_daily}},
	{'w', {sql_rollup_value_pages_daily}},
};

static bool bucket_next(Refresh *refresh, bool only_today, Bucket *bucket, bool *is_there, Error *error)
{
	Arena arena;
	Slice failed[ROLLUP_FAILED_BUCKETS_MAX + 1];
	PgResult *result = NULL;
	arena_init(&arena, ARENA_BYTES_MAX);
	for (size_t at = 0; at < refresh->failed_count; at++)
		failed[at] = arena_format(&arena, "%s%s", refresh->failed[at].kind, refresh->failed[at].begins_at);
	const PgParam params[] = {pg_param_text_array(&arena, failed, refresh->failed_count),
		pg_param(only_today ? "t" : "f")};
	bool is_ok = pg_query(refresh->conn, sql_rollup_bucket_next, params, 2, &result, error);
	*is_there = is_ok && pg_rows(result) == 1;
	if (*is_there)
	{
		(void) snprintf(bucket->kind, sizeof bucket->kind, "%.*s", SLICE_PRINT(pg_text(result, 0, 0)));
		(void) snprintf(bucket->begins_at, sizeof bucket->begins_at, "%.*s", SLICE_PRINT(pg_text(result, 0, 1)));
		(void) snprintf(bucket->ends_at, sizeof bucket->ends_at, "%.*s", SLICE_PRINT(pg_text(result, 0, 2)));
	}
	pg_result_free(result);
	arena_free(&arena);
	return is_ok;
}

static bool bucket_count(PgConn *conn, const Bucket *bucket, Error *error)
{
	const PgParam params[] = {pg_param(bucket->kind), pg_param(bucket->begins_at), pg_param(bucket->ends_at)};
	if (!pg_query(conn, sql_rollup_bucket_take, params, 2, NULL, error)
		|| !pg_query(conn, sql_rollup_gather, NULL, 0, NULL, error))
		return false;
	for (size_t at = 0; at < sizeof kinds / sizeof *kinds; at++)
	{
		for (const char *const *query = kinds[at].queries; kinds[at].kind == bucket->kind[0] && *query != NULL; query++)
		{
			if (!pg_query(conn, *query, params + 1, 2, NULL, error))
				return false;
		}
	}
	return true;
}

bool buckets_step(Refresh *refresh, bool only_today, bool *has_more, Error *error)
{
	Bucket bucket;
	Error reason = {0};
	if (!bucket_next(refresh, only_today, &bucket, has_more, error))
		return false;
	if (!*has_more)
		return true;
	if (pg_begin(refresh->conn, &reason) && bucket_count(refresh->conn, &bucket, &reason)
		&& pg_commit(refresh->conn, &reason))
	{
		refresh->counts->buckets++;
		return true;
	}
	pg_rollback(refresh->conn);
	if (!pg_is_data_error(&reason) || refresh->failed_count == ROLLUP_FAILED_BUCKETS_MAX)
	{
		if (error != NULL)
			*error = reason;
		return false;
	}
	refresh->failed[refresh->failed_count++] = bucket;
	refresh->counts->failed_buckets++;
	log_event(LOG_WARNING, "rollup.bucket_failed", "kind=%s begins_at=%s sqlstate=%s", bucket.kind, bucket.begins_at,
		reason.sqlstate);
	return true;
}
