#include "api/reports.h"

#include "api/internal.h"
#include "api/report_run.h"
#include "api/shares.h"
#include "base/metric.h"
#include "report/catalog.h"

#include <stdio.h>
#include <string.h>

#define KEY_SIZE_MAX ((size_t) 65536)

static Metric shared_total = METRIC_COUNTER_INIT("sojourn_reports_shared_total",
	"Requests for a report that shared the run of another one.", NULL);
static Metric cancelled_total = METRIC_COUNTER_INIT("sojourn_reports_cancelled_total",
	"Reports that were cancelled because all who asked had left.", NULL);

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

static bool parameter_set(ApiReportRun *run, Slice name, Slice value, Error *error)
{
	Slice kept = arena_copy(&run->arena, value); // it outlives the request that brought it
	if (kept.data == NULL)
		return error_set(error, ERROR_TOO_LARGE, "the parameters are too large");
	return report_request_set(&run->asked, name, kept, error);
}

const ReportArgument *api_report_body(const Report *report)
{
	for (size_t i = 0; i < report->argument_count; i++)
		if (report->arguments[i].kind == REPORT_STEPS_OF_FUNNEL)
			return &report->arguments[i];
	return NULL;
}

// What stands in the path, and the body.
static bool place_read(const HttpRequest *request, ApiReportRun *run, Error *error)
{
	const Report *report = run->asked.report;
	Slice id = SLICE_NONE;
	Slice path = http_path(request);
	(void) report_find_path(slice_sub(path, strlen(API_ROOT), path.size), &id);
	if (report->collection != NULL
		&& !parameter_set(run, slice_from(report_parameter_name(report->arguments[0].parameter)), id, error))
		return false;
	return http_method(request) != HTTP_POST
		|| parameter_set(run, slice_from(report_parameter_name(api_report_body(report)->parameter)), http_body(request),
			error);
}

static bool query_read(const HttpRequest *request, ApiReportRun *run, Error *error)
{
	Slice name = SLICE_NONE;
	Slice value = SLICE_NONE;
	bool is_format_given = false;
	run->format = api_format_accepted(http_header(request, "Accept"));
	for (size_t i = 0; http_query_at(request, i, &name, &value); i++)
	{
		if (!slice_equal_text(name, "format"))
		{
			if (!parameter_set(run, name, value, error))
				return false;
			continue;
		}
		if (format_set(value, &is_format_given, &run->format, error))
			continue;
		run->asked.bad_parameter = "format";
		return false;
	}
	return true;
}

// Report, format, role, and the parameters in the order of their table.
static bool key_make(const ApiCall *call, ApiReportRun *run, Error *error)
{
	Buf key;
	buf_init(&key, KEY_SIZE_MAX);
	buf_append_format(&key, "%s %d %d", run->asked.report->name, (int) run->format, (int) call->use.role);
	for (ReportParameter i = 0; i < REPORT_PARAMETER_COUNT; i++)
	{
		if (!run->asked.is_given[i])
			continue;
		Slice value = run->asked.values[i];
		buf_append_format(&key, " %d:%zu:", (int) i, value.size);
		buf_append_slice(&key, value);
	}
	if (buf_is_ok(&key))
		run->key = arena_copy(&run->arena, buf_slice(&key));
	buf_free(&key);
	return run->key.data != NULL || error_set(error, ERROR_TOO_LARGE, "the parameters are too large");
}

// ── The answer ──

static void answer(const ApiReportRun *run, HttpRequest *request)
{
	bool is_csv = run->format == API_FORMAT_CSV;
	http_set_header(request, "Cache-Control", "no-store");
	http_set_header(request, "Vary", "Accept, Accept-Encoding, Authorization, Cookie");
	if (http_respond_unchanged(request, run->etag))
		return;
	if (is_csv)
	{
		char disposition[sizeof run->file_name + 32];
		(void) snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", run->file_name);
		http_set_header(request, "Content-Disposition", disposition);
	}
	bool is_packed = run->packed.size > 0 && api_format_takes_gzip(http_header(request, "Accept-Encoding"));
	if (is_packed)
		http_set_header(request, "Content-Encoding", "gzip");
	http_respond(request, 200, is_csv ? "text/csv; charset=utf-8; header=present" : "application/json",
		buf_slice(is_packed ? &run->packed : &run->body));
}

static void run_unlist(ApiReportRun *run)
{
	ApiReportRun **at = &run->reports->runs;
	while (*at != NULL && *at != run)
		at = &(*at)->next;
	if (*at != NULL)
		*at = run->next;
}

static void run_done(ApiJob *job, bool is_closed)
{
	ApiReportRun *run = (ApiReportRun *) job; // its first member
	run_unlist(run);
	while (run->waiters != NULL)
	{
		ApiCall *call = run->waiters;
		run->waiters = call->next;
		call->retry_after_seconds = run->retry_after_seconds;
		if (!is_closed && !run->is_ok)
		{
			api_call_fail(call, &run->error, run->asked.bad_parameter);
			continue;
		}
		if (!is_closed)
			answer(run, call->request);
		api_call_end(call);
	}
	api_report_run_free(run);
}

static void run_work(ApiJob *job, ApiWorker *worker)
{
	ApiReportRun *run = (ApiReportRun *) job;
	api_report_run_work(run, worker, run->reports->zone_default);
}

// ── Waiting ──

// One who waited does not any more; the last one cancels it.
static void run_leave(ApiCall *call)
{
	ApiReportRun *run = call->run;
	ApiCall **at = &run->waiters;
	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	if (run->waiters != NULL)
		return;
	run_unlist(run); // whoever asks the same now gets a run of their own
	metric_add(&cancelled_total, 1);
	api_pool_cancel(run->reports->pool, &run->job);
}

static void run_wait(ApiReportRun *run, ApiCall *call)
{
	call->run = run;
	call->leave = run_leave;
	call->next = run->waiters;
	run->waiters = call;
}

static bool run_join(ApiReports *reports, ApiCall *call, Slice key)
{
	for (ApiReportRun *run = reports->runs; run != NULL; run = run->next)
	{
		if (!slice_equal(run->key, key))
			continue;
		run_wait(run, call);
		metric_add(&shared_total, 1);
		return true;
	}
	return false;
}

static bool run_begin(ApiReports *reports, ApiCall *call, ApiReportRun *run, Error *error)
{
	run->reports = reports;
	run->job.run = run_work;
	run->job.done = run_done;
	if (!api_pool_submit(reports->pool, &run->job, error))
		return false;
	run->next = reports->runs;
	reports->runs = run;
	run_wait(run, call);
	return true;
}

void api_report_serve(ApiCall *call)
{
	Error error;
	ApiReports *reports = &call->api->reports;
	ApiReportRun *run = api_report_run_new(call->report);
	if (run == NULL)
	{
		(void) error_set(&error, ERROR_MEMORY, "out of memory for a report");
		api_call_fail(call, &error, NULL);
		return;
	}
	run->is_packing = api_format_takes_gzip(http_header(call->request, "Accept-Encoding"));
	bool is_asked = place_read(call->request, run, &error) && query_read(call->request, run, &error)
		&& api_share_check(&call->use, &run->asked, &call->arena, &error) && key_make(call, run, &error);
	bool is_joined = is_asked && run_join(reports, call, run->key);
	if (is_asked && !is_joined && run_begin(reports, call, run, &error))
		return;
	if (!is_joined)
		api_call_fail(call, &error, run->asked.bad_parameter);
	api_report_run_free(run);
}
