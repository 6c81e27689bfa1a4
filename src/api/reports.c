#include "api/reports.h"

#include "api/format.h"
#include "api/problem.h"
#include "base/metric.h"
#include "base/clock.h"
#include "report/run.h"

#define TABLE_SIZE_MAX ((size_t) 64 << 20U)
#define BODY_SIZE_MAX ((size_t) 64 << 20U)

static Metric reports_total = METRIC_COUNTER_INIT("sojourn_reports_total", "Reports answered.", NULL);
static Metric reports_microseconds =
	METRIC_COUNTER_INIT("sojourn_reports_microseconds_total", "Time spent on reports, in microseconds.", NULL);

void api_reports_init(ApiReports *reports, ApiDatabase *database, const char *zone_default)
{
	*reports = (ApiReports){.database = database, .zone_default = zone_default};
	report_zones_init(&reports->zones);
}

void api_reports_free(ApiReports *reports)
{
	report_zones_free(&reports->zones);
}

// ── What is asked ──

static bool format_set(Slice value, bool *is_given, ApiFormat *format, Error *error)
{
	char quote[REPORT_QUOTE_SIZE];
	if (*is_given)
		return error_set(error, ERROR_BAD_INPUT, "format is given more than once");
	*is_given = true;
	return api_format_parse(value, format)
		|| error_set(error, ERROR_BAD_INPUT, "format is \"%s\"; it must be json or csv", report_quote(value, quote));
}

static bool parameters_read(const HttpRequest *request, ReportRequest *asked, ApiFormat *format, Error *error)
{
	Slice name = SLICE_NONE;
	Slice value = SLICE_NONE;
	bool is_format_given = false;
	*format = api_format_accepted(http_header(request, "Accept"));
	for (size_t i = 0; http_query_at(request, i, &name, &value); i++)
	{
		if (!slice_equal_text(name, "format"))
		{
			if (!report_request_set(asked, name, value, error))
				return false;
			continue;
		}
		if (format_set(value, &is_format_given, format, error))
			continue;
		asked->bad_parameter = "format";
		return false;
	}
	return true;
}

// ── The answer ──

typedef struct Work {
	ApiReports *reports;
	ReportRequest *asked;
	Arena arena;
	ReportTable table;
} Work;

static bool report_work(PgConn *conn, void *context, Error *error)
{
	Work *work = context;
	ApiReports *reports = work->reports;
	arena_reset(&work->arena);
	if (reports->zones_from != reports->database->connections && !report_zones_load(&reports->zones, conn, error))
		return false;
	reports->zones_from = reports->database->connections;
	const ReportSource source = {.conn = conn, .zones = &reports->zones, .zone_default = reports->zone_default};
	return report_run(&source, work->asked, &work->arena, &work->table, error);
}

static void csv_headers(HttpRequest *request, const ReportTable *table)
{
	Slice value = arena_format(http_arena(request), "attachment; filename=\"%s_%.*s_%.*s.csv\"", table->report->name,
		SLICE_PRINT(table->range.from_date), SLICE_PRINT(table->range.to_date));
	if (value.data != NULL)
		http_set_header(request, "Content-Disposition", value.data);
}

static bool table_respond(HttpRequest *request, const ReportTable *table, ApiFormat format, Error *error)
{
	Buf body;
	buf_init(&body, BODY_SIZE_MAX);
	if (format == API_FORMAT_CSV)
		report_write_csv(table, &body);
	else
		report_write_json(table, &body);
	bool is_ok = buf_is_ok(&body);
	if (is_ok)
	{
		http_set_header(request, "Cache-Control", "no-store");
		http_set_header(request, "Vary", "Accept, Authorization");
		if (format == API_FORMAT_CSV)
			csv_headers(request, table);
		http_respond(request, 200,
			format == API_FORMAT_CSV ? "text/csv; charset=utf-8; header=present" : "application/json",
			buf_slice(&body));
	}
	buf_free(&body);
	return is_ok || error_set(error, ERROR_TOO_LARGE, "the report's answer is too large; ask for a shorter range");
}

void api_reports_serve(ApiReports *reports, HttpRequest *request, const Report *report)
{
	Error error = {0};
	ReportRequest asked;
	ApiFormat format = API_FORMAT_JSON;
	Work work = {.reports = reports, .asked = &asked};
	int64_t started_us = clock_monotonic_us();
	arena_init(&work.arena, TABLE_SIZE_MAX);
	report_request_init(&asked, report);
	bool is_ok = parameters_read(request, &asked, &format, &error)
		&& api_database_call(reports->database, report_work, &work, &error)
		&& table_respond(request, &work.table, format, &error);
	if (!is_ok)
	{
		const ApiProblem problem = {.parameter = asked.bad_parameter,
			.retry_after_seconds = api_database_retry_after_seconds(reports->database)};
		api_problem_respond(request, &error, &problem);
	}
	arena_free(&work.arena);
	metric_add(&reports_total, 1);
	metric_add(&reports_microseconds, clock_monotonic_us() - started_us);
}
