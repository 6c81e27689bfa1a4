#include "api/api.h"

#include "api/access.h"
#include "api/page.h"
#include "api/problem.h"
#include "api/reports.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/metric.h"
#include "report/catalog.h"
#include "sql/sql.h"

#define REPORT_ROOT SLICE_LITERAL("/api/v1/")
#define METHODS "GET, HEAD, OPTIONS"
#define METRICS_SIZE_MAX ((size_t) 1 << 20U)
#define SYSTEM_SIZE_MAX 8192

static Metric requests_total = METRIC_COUNTER_INIT("sojourn_api_requests_total", "Requests to the private port.", NULL);

struct Api {
	ApiDatabase reader;
	ApiDatabase writer;
	ApiReports reports;
	ApiOptions options;
};

bool api_open(const ApiOptions *options, Api **result, Error *error)
{
	Api *api = memory_allocate_zeroed(1, sizeof *api);
	if (api == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for the API");
	api_database_init(&api->reader, &options->reader);
	api_database_init(&api->writer, &options->writer);
	api_reports_init(&api->reports, &api->reader, options->zone_default);
	api->options = *options;
	*result = api;
	return true;
}

void api_close(Api *api)
{
	if (api == NULL)
		return;
	api_reports_free(&api->reports);
	api_database_free(&api->reader);
	api_database_free(&api->writer);
	memory_free(api);
}

static void fail(Api *api, HttpRequest *request, const Error *error)
{
	const ApiProblem problem = {.retry_after_seconds = api_database_retry_after_seconds(&api->reader)};
	api_problem_respond(request, error, &problem);
}

// ── Open to everybody who reaches the port ──

static void live_serve(Api *api, HttpRequest *request)
{
	(void) api;
	http_respond(request, 200, "text/plain; charset=utf-8", SLICE_LITERAL("ok\n"));
}

static bool ping_work(PgConn *conn, void *context, Error *error)
{
	(void) context;
	return pg_query(conn, sql_pg_ping, NULL, 0, NULL, error);
}

static void ready_serve(Api *api, HttpRequest *request)
{
	Error error;
	if (api_database_call(&api->reader, ping_work, NULL, &error))
		http_respond(request, 200, "text/plain; charset=utf-8", SLICE_LITERAL("ready\n"));
	else
		fail(api, request, &error);
}

static void metrics_serve(Api *api, HttpRequest *request)
{
	(void) api;
	Buf body;
	buf_init(&body, METRICS_SIZE_MAX);
	metric_write_all(&body);
	http_respond(request, 200, "text/plain; version=0.0.4; charset=utf-8", buf_slice(&body));
	buf_free(&body);
}

// ── With a token ──

static void system_serve(Api *api, HttpRequest *request)
{
	const ApiOptions *options = &api->options;
	Buf body;
	buf_init(&body, SYSTEM_SIZE_MAX);
	buf_append_byte(&body, '{');
	json_write_key(&body, "version");
	json_write_string(&body, SLICE_LITERAL(SOJOURN_VERSION));
	json_write_key(&body, "tz");
	json_write_string(&body, slice_from(options->zone_default));
	json_write_key(&body, "collect_url");
	json_write_string(&body, slice_from(options->collect_url == NULL ? NULL : options->collect_url(options->context)));
	buf_append_text(&body, "}\n");
	http_set_header(request, "Cache-Control", "no-store");
	http_respond(request, 200, "application/json", buf_slice(&body));
	buf_free(&body);
}

typedef void (*Serve)(Api *api, HttpRequest *request);

typedef struct Route {
	const char *path;
	Serve serve;
	bool needs_token;
} Route;

static const Route routes[] = {
	{"/healthz", live_serve, false},
	{"/readyz", ready_serve, false},
	{"/metrics", metrics_serve, false},
	{"/api/v1/system", system_serve, true},
};

static const Route *route_find(Slice path)
{
	for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++)
		if (slice_equal_text(path, routes[i].path))
			return &routes[i];
	return NULL;
}

static const Report *report_of(Slice path)
{
	return slice_starts_with(path, REPORT_ROOT) ? report_find(slice_sub(path, REPORT_ROOT.size, path.size)) : NULL;
}

static void with_token(Api *api, HttpRequest *request, const Route *route, const Report *report)
{
	Error error;
	ApiTokenUse use;
	if (!api_access_check(&api->reader, request, &use, &error))
	{
		fail(api, request, &error);
		return;
	}
	if (report != NULL)
		api_reports_serve(&api->reports, request, report);
	else
		route->serve(api, request);
	api_access_note(&api->writer, &use);
}

static void get_serve(Api *api, HttpRequest *request)
{
	Slice path = http_path(request);
	const Route *route = route_find(path);
	const Report *report = report_of(path);
	if (report != NULL || (route != NULL && route->needs_token))
		with_token(api, request, route, report);
	else if (route != NULL)
		route->serve(api, request);
	else if (!api_page_serve(request, path))
	{
		Error error;
		(void) error_set(&error, ERROR_NOT_FOUND, "there is nothing at this path");
		fail(api, request, &error);
	}
}

void api_handle(HttpRequest *request, void *context)
{
	Api *api = context;
	metric_add(&requests_total, 1);
	http_set_header(request, "X-Content-Type-Options", "nosniff");
	switch (http_method(request))
	{
	case HTTP_GET:
	case HTTP_HEAD:
		get_serve(api, request);
		return;
	case HTTP_OPTIONS:
		http_set_header(request, "Allow", METHODS);
		http_respond(request, 204, NULL, SLICE_NONE);
		return;
	case HTTP_POST:
	case HTTP_PUT:
	case HTTP_DELETE:
	case HTTP_OTHER:
		api_problem_method(request, METHODS);
		return;
	}
}
