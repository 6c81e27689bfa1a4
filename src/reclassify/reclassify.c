#include "reclassify/reclassify.h"

#include "base/progress.h"
#include "reclassify/batch.h"

#include <stdio.h>

#define BATCH_BYTES_MAX ((size_t) 256 << 20U)

typedef struct Run {
	PgConn *conn;
	const ReclassifyPass *pass;
	const ReclassifyOptions *options;
	ReclassifyCounts *counts;
	Progress progress;
	uint64_t expected; // rows, about
	Arena arena;       // of a batch
} Run;

static void progress_show(Run *run)
{
	char changed[PROGRESS_NUMBER_SIZE];
	char note[PROGRESS_NUMBER_SIZE + 16];
	if (!progress_is_due(&run->progress))
		return;
	progress_format_number((uint64_t) run->counts->changed, changed);
	(void) snprintf(note, sizeof note, "%s changed", changed);
	uint64_t done = (uint64_t) run->counts->rows;
	progress_update(&run->progress, done, done > run->expected ? done : run->expected, note);
}

static bool range_run(Run *run, BatchRange *range, Error *error)
{
	int count = 1;
	while (count > 0)
	{
		if (!batch_run(run->conn, run->pass, run->options, range, &run->arena, run->counts, &count, error))
			return false;
		progress_show(run);
	}
	return true;
}

static bool months_run(Run *run, const PgResult *months, Error *error)
{
	for (int row = 0; row < pg_rows(months); row++)
		run->expected += (uint64_t) pg_int64(months, row, 3);
	for (int row = 0; row < pg_rows(months); row++)
	{
		BatchRange range = {.from = pg_text(months, row, 0).data, .to = pg_text(months, row, 1).data};
		if (!range_run(run, &range, error))
			return error_prefix(error, "in %.*s (what is changed so far stays; run it again to go on): ",
				SLICE_PRINT(pg_text(months, row, 2)));
	}
	return true;
}

static bool pass_run(Run *run, Error *error)
{
	const ReclassifyOptions *options = run->options;
	const PgParam params[] = {pg_param(options->from), pg_param(options->to), pg_param(options->is_to_day ? "t" : "f")};
	bool has_months = run->pass->months != NULL;
	BatchRange all = {0};
	PgResult *result = NULL;
	if (!pg_query(run->conn, has_months ? run->pass->months : run->pass->count, params, has_months ? 3 : 0, &result,
			error))
		return false;
	if (!has_months)
		run->expected = (uint64_t) pg_int64(result, 0, 0);
	bool is_ok = has_months ? months_run(run, result, error) : range_run(run, &all, error);
	pg_result_free(result);
	return is_ok;
}

bool reclassify_run(PgConn *conn, const ReclassifyPass *pass, const ReclassifyOptions *options,
	ReclassifyCounts *counts, Error *error)
{
	Run run = {.conn = conn, .pass = pass, .options = options, .counts = counts};
	*counts = (ReclassifyCounts){0};
	arena_init(&run.arena, BATCH_BYTES_MAX);
	progress_begin(&run.progress, pass->table, options->is_quiet);
	bool is_ok = pass_run(&run, error);
	progress_end(&run.progress);
	arena_free(&run.arena);
	return is_ok || error_prefix(error, "looking at %s again: ", pass->table);
}
