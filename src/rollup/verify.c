#include "rollup/verify.h"

#include "base/clock.h"
#include "base/progress.h"
#include "sql/sql.h"

#include <inttypes.h>
#include <stdio.h>

// For another worker's refresh.
#define REFRESH_WAIT_MS (30 * CLOCK_SECOND_MS)
#define VIEWS_USUAL ((int64_t) 1000000)
#define NUMBER_SIZE 24

// Raw rows of some days, copied for what counts them; in this order, as each stands on those before.
static const char *const raw[] = {sql_rollup_verify_views, sql_rollup_verify_ways, sql_rollup_verify_events,
	sql_rollup_verify_sessions};

// Each gives how many rows it compared, and writes down those that differ.
static const char *const of_days[] = {
	sql_rollup_verify_session_summaries,
	sql_rollup_verify_session_metrics_daily,
	sql_rollup_verify_session_durations_daily,
	sql_rollup_verify_overview_daily,
	sql_rollup_verify_overview_hourly,
	sql_rollup_verify_breakdown_daily,
	sql_rollup_verify_page_metrics_hourly,
	sql_rollup_verify_page_metrics_daily,
	sql_rollup_verify_page_transitions_daily,
	sql_rollup_verify_page_paths_daily,
	sql_rollup_verify_value_pages_daily,
	sql_rollup_verify_user_journey_paths,
	sql_rollup_verify_event_metrics_daily,
};

// What looks back over all of a person's days.
static const char *const of_persons[] = {sql_rollup_verify_person_days, sql_rollup_verify_person_periods,
	sql_rollup_verify_visitor_returns};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

typedef struct Run {
	PgConn *conn;
	const VerifyOptions *options;
	VerifyCounts *counts;
	Progress progress;
	uint64_t steps;
	uint64_t done;
} Run;

static void step_end(Run *run)
{
	char rows[PROGRESS_NUMBER_SIZE];
	char note[PROGRESS_NUMBER_SIZE + 8];
	run->done++;
	progress_format_number((uint64_t) run->counts->rows, rows);
	(void) snprintf(note, sizeof note, "%s rows", rows);
	progress_update(&run->progress, run->done, run->steps, note);
}

// params: the first day, and the day behind the last.
static bool compare(Run *run, const char *sql, const PgParam *params, Error *error)
{
	PgResult *result = NULL;
	if (!pg_query(run->conn, sql, params, 2, &result, error))
		return false;
	run->counts->rows += pg_int64(result, 0, 0);
	pg_result_free(result);
	step_end(run);
	return true;
}

static bool days_verify(Run *run, const PgParam *params, Error *error)
{
	if (!pg_script(run->conn, sql_rollup_verify_clear, error))
		return false;
	for (size_t at = 0; at < COUNT_OF(raw); at++)
	{
		if (!pg_query(run->conn, raw[at], params, raw[at] == sql_rollup_verify_ways ? 0 : 2, NULL, error))
			return false;
		step_end(run);
	}
	if (!pg_script(run->conn, sql_rollup_verify_analyze, error))
		return false;
	for (size_t at = 0; at < COUNT_OF(of_days); at++)
		if (!compare(run, of_days[at], params, error))
			return false;
	return true;
}

// `spans`: from, to; the last is the whole of the others.
static bool spans_verify(Run *run, const PgResult *spans, Error *error)
{
	int last = pg_rows(spans) - 1;
	run->steps = (uint64_t) last * (COUNT_OF(raw) + COUNT_OF(of_days)) + COUNT_OF(of_persons);
	for (int row = 0; row <= last; row++)
	{
		const PgParam params[] = {pg_param(pg_text(spans, row, 0).data), pg_param(pg_text(spans, row, 1).data)};
		if (row < last && !days_verify(run, params, error))
			return false;
		for (size_t at = 0; row == last && at < COUNT_OF(of_persons); at++)
			if (!compare(run, of_persons[at], params, error))
				return false;
	}
	return true;
}

static bool snapshot_verify(Run *run, Error *error)
{
	char views[NUMBER_SIZE];
	int64_t views_max = run->options->views_max > 0 ? run->options->views_max : VIEWS_USUAL;
	(void) snprintf(views, sizeof views, "%" PRId64, views_max);
	const PgParam params[] = {pg_param(run->options->from), pg_param(run->options->to), pg_param(views)};
	PgResult *spans = NULL;
	if (!pg_script(run->conn, sql_rollup_verify_temp_tables, error)
		|| !pg_query(run->conn, sql_rollup_verify_spans, params, 3, &spans, error))
		return false;
	bool is_ok = spans_verify(run, spans, error);
	pg_result_free(spans);
	return is_ok;
}

static bool differences_tell(Run *run, VerifyTell tell, void *context, Error *error)
{
	char told[NUMBER_SIZE];
	(void) snprintf(told, sizeof told, "%" PRId64, run->options->told_max);
	const PgParam params[] = {pg_param(told)};
	PgResult *result = NULL;
	if (!pg_query(run->conn, sql_rollup_verify_differences, params, 1, &result, error))
		return false;
	bool is_ok = true;
	for (int row = 0; is_ok && row < pg_rows(result); row++)
	{
		const VerifyDifference difference = {.table = pg_text(result, row, 0),
			.key = pg_text(result, row, 1),
			.column = pg_text(result, row, 2),
			.stored = pg_text(result, row, 3),
			.recounted = pg_text(result, row, 4)};
		run->counts->differences = pg_int64(result, row, 5);
		is_ok = tell(context, &difference, error);
	}
	pg_result_free(result);
	return is_ok;
}

static bool counted_verify(Run *run, VerifyTell tell, void *context, Error *error)
{
	progress_begin(&run->progress, "recount", run->options->is_quiet);
	bool is_ok = snapshot_verify(run, error);
	progress_end(&run->progress);
	return is_ok && differences_tell(run, tell, context, error);
}

// The first query of the transaction is what its snapshot is taken by.
static bool snapshot_begin(Run *run, Error *error)
{
	PgResult *result = NULL;
	if (!pg_query(run->conn, sql_rollup_verify_begin, NULL, 0, NULL, error)
		|| !pg_query(run->conn, sql_rollup_waiting, NULL, 0, &result, error))
		return false;
	run->counts->waiting = pg_int64(result, 0, 0) + pg_int64(result, 0, 1);
	pg_result_free(result);
	return true;
}

static bool refresh_now(Run *run, Error *error)
{
	RollupCounts counts;
	RollupOptions options = *run->options->refresh;
	options.wait_ms = REFRESH_WAIT_MS;
	if (!rollup_refresh(run->conn, &options, &counts, error))
		return false;
	return !counts.is_elsewhere
		|| error_set(error, ERROR_BUSY,
			"another worker has refreshed the roll-ups for half a minute now; try again when it is done");
}

// Most is refreshed while the loaders work; they wait for what came meanwhile.
static bool quiet_snapshot_begin(Run *run, Error *error)
{
	Error ignored;
	if (!refresh_now(run, error) || !pg_query(run->conn, sql_rollup_verify_lock, NULL, 0, NULL, error))
		return false;
	bool is_ok = refresh_now(run, error) && snapshot_begin(run, error);
	if (!is_ok)
		pg_rollback(run->conn);
	return pg_query(run->conn, sql_rollup_verify_unlock, NULL, 0, NULL, is_ok ? error : &ignored) && is_ok;
}

bool verify_run(PgConn *conn, const VerifyOptions *options, VerifyTell tell, void *context, VerifyCounts *counts,
	Error *error)
{
	Run run = {.conn = conn, .options = options, .counts = counts};
	*counts = (VerifyCounts){0};
	bool is_ok = (options->refresh != NULL ? quiet_snapshot_begin(&run, error) : snapshot_begin(&run, error))
		&& counted_verify(&run, tell, context, error);
	pg_rollback(conn);
	return is_ok;
}
