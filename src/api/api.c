#include "api/api.h"

#include "api/access.h"
#include "api/internal.h"
#include "api/page.h"
#include "api/problem.h"
#include "api/route.h"
#include "base/memory.h"
#include "base/metric.h"

// Who asks is a look at an index; these are never waited for long.
#define ACCESS_THREADS 2
#define ACCESS_WAITING_MAX 1000
#define STREAM_TICK_MS 1000

static Metric requests_total = METRIC_COUNTER_INIT("sojourn_api_requests_total", "Requests to the private port.", NULL);

static Metric reports_waiting =
	METRIC_GAUGE_INIT("sojourn_reports_waiting", "Reports that wait for a free connection.", NULL);

bool api_open(const ApiOptions *options, HttpLoop *loop, Api **result, Error *error)
{
	const ApiPoolOptions access = {.database = options->writer,
		.threads = ACCESS_THREADS,
		.waiting_max = ACCESS_WAITING_MAX};
	const ApiPoolOptions reports = {.database = options->reader,
		.threads = options->report_threads,
		.waiting_max = options->report_waiting_max,
		.waiting = &reports_waiting};
	Api *api = memory_allocate_zeroed(1, sizeof *api);
	if (api == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for the API");
	api->options = *options;
	api->reports.zone_default = options->zone_default;
	api_streams_init(&api->streams, api);
	if (!api_attempts_open(&api->attempts, error) || !api_pool_open(&access, loop, &api->access, error)
		|| !api_pool_open(&reports, loop, &api->reports.pool, error)
		|| !http_loop_add_timer(loop, STREAM_TICK_MS, api_streams_tick, &api->streams, error))
	{
		api_close(api);
		return false;
	}
	*result = api;
	return true;
}

void api_close(Api *api)
{
	if (api == NULL)
		return;
	api_pool_close(api->access);
	api_pool_close(api->reports.pool);
	api_streams_free(&api->streams);
	api_attempts_close(&api->attempts);
	memory_free(api);
}

static void known_serve(ApiCall *call)
{
	Error error;
	if (api_need_is_met(call->route->need, call->use.role))
	{
		call->route->serve(call);
		return;
	}
	(void) error_set(&error, ERROR_FORBIDDEN, "this needs a token of the role %s; yours is of the role %s",
		api_need_name(call->route->need), api_role_name(call->use.role));
	api_call_fail(call, &error, NULL);
}

static void route_serve(Api *api, HttpRequest *request, const ApiRoute *route, const Report *report)
{
	ApiCall *call = api_call_begin(api, route, request);
	if (call == NULL)
		return;
	call->report = report;
	if (route->need == API_NEEDS_NOTHING)
		route->serve(call);
	else
		api_access_check(call, api->access, known_serve);
}

void api_handle(HttpRequest *request, void *context)
{
	Api *api = context;
	char allowed[API_ALLOWED_SIZE];
	const Report *report = NULL;
	HttpMethod method = http_method(request);
	Slice path = http_path(request);
	const ApiRoute *route = api_route_find(path, method, &report, allowed);
	bool is_page = *allowed == '\0' && api_page_exists(path);
	metric_add(&requests_total, 1);
	http_set_header(request, "X-Content-Type-Options", "nosniff");
	if (route != NULL)
		route_serve(api, request, route, report);
	else if (is_page && (method == HTTP_GET || method == HTTP_HEAD))
		api_page_serve(request, path);
	else if (*allowed == '\0' && !is_page)
		api_problem_not_found(request);
	else
		api_problem_method(request, is_page ? "GET, HEAD, OPTIONS" : allowed);
}
