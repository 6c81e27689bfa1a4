#include "api/report_run.h"

#include "base/clock.h"
#include "base/compress.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/metric.h"
#include "report/run.h"

#include <inttypes.h>
#include <stdio.h>

#define ASKED_SIZE_MAX ((size_t) 256 << 10U)
#define TABLE_SIZE_MAX ((size_t) 64 << 20U)
#define BODY_SIZE_MAX ((size_t) 64 << 20U)
// Smaller ones fit a packet or two as they are; larger ones cost more time to pack than a near client saves.
#define PACKED_FROM ((size_t) 1400)
#define PACKED_TO ((size_t) 4 << 20U)

static Metric reports_total = METRIC_COUNTER_INIT("sojourn_reports_total", "Reports that were run.", NULL);
static Metric reports_microseconds =
	METRIC_COUNTER_INIT("sojourn_reports_microseconds_total", "Time spent on reports, in microseconds.", NULL);

ApiReportRun *api_report_run_new(const Report *report)
{
	ApiReportRun *run = memory_allocate_zeroed(1, sizeof *run);
	if (run == NULL)
		return NULL;
	report_request_init(&run->asked, report);
	arena_init(&run->arena, ASKED_SIZE_MAX);
	buf_init(&run->body, BODY_SIZE_MAX);
	buf_init(&run->packed, BODY_SIZE_MAX);
	return run;
}

void api_report_run_free(ApiReportRun *run)
{
	arena_free(&run->arena);
	buf_free(&run->body);
	buf_free(&run->packed);
	memory_free(run);
}

// ── On a thread of the pool ──

typedef struct Work {
	ApiReportRun *run;
	ApiWorker *worker;
	const char *zone_default;
	Arena arena;
	ReportTable table;
} Work;

static bool report_work(PgConn *conn, void *context, Error *error)
{
	Work *work = context;
	ApiWorker *worker = work->worker;
	arena_reset(&work->arena);
	if (worker->zones_from != worker->database.connections && !report_zones_load(&worker->zones, conn, error))
		return false;
	worker->zones_from = worker->database.connections;
	const ReportSource source = {.conn = conn, .zones = &worker->zones, .zone_default = work->zone_default};
	return report_run(&source, &work->run->asked, &work->arena, &work->table, error);
}

static void body_pack(ApiReportRun *run)
{
	Error error;
	if (!run->is_packing || run->body.size < PACKED_FROM || run->body.size > PACKED_TO)
		return;
	if (!compress_gzip(buf_slice(&run->body), &run->packed, &error))
		buf_reset(&run->packed); // it goes as it is
}

static void file_name_write(ApiReportRun *run, const ReportTable *table)
{
	const ReportRange *range = &table->range;
	bool has_range = report_takes(table->report, REPORT_FROM);
	(void) snprintf(run->file_name, sizeof run->file_name, "%s%s%.*s%s%.*s.csv", table->report->name,
		has_range ? "_" : "", SLICE_PRINT(range->from_date), has_range ? "_" : "", SLICE_PRINT(range->to_date));
	for (char *at = run->file_name; *at != '\0'; at++)
		*at = *at == '/' ? '_' : *at;
}

static bool table_write(ApiReportRun *run, const ReportTable *table, Error *error)
{
	if (run->format == API_FORMAT_CSV)
		report_write_csv(table, &run->body);
	else
		report_write_json(table, &run->body);
	if (!buf_is_ok(&run->body))
		return error_set(error, ERROR_TOO_LARGE, "the report's answer is too large; ask for a shorter range");
	(void) snprintf(run->etag, sizeof run->etag, "W/\"%016" PRIx64 "\"", hash_checksum(buf_slice(&run->body), 0));
	file_name_write(run, table);
	body_pack(run);
	return true;
}

void api_report_run_work(ApiReportRun *run, ApiWorker *worker, const char *zone_default)
{
	Work work = {.run = run, .worker = worker, .zone_default = zone_default};
	int64_t started_us = clock_monotonic_us();
	arena_init(&work.arena, TABLE_SIZE_MAX);
	run->is_ok = api_database_call(&worker->database, report_work, &work, &run->error)
		&& table_write(run, &work.table, &run->error);
	run->retry_after_seconds = api_database_retry_after_seconds(&worker->database);
	arena_free(&work.arena);
	metric_add(&reports_total, 1);
	metric_add(&reports_microseconds, clock_monotonic_us() - started_us);
}
