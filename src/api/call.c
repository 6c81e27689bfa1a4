#include "api/call.h"

#include "api/problem.h"
#include "base/memory.h"
#include "report/request.h"

#define ARENA_SIZE_MAX ((size_t) 4 << 20U)
#define BODY_SIZE_MAX ((size_t) 64 << 20U)
// Nobody reads it: the client has left.
#define STATUS_CLIENT_LEFT 499

static void on_gone(HttpRequest *request, void *context)
{
	ApiCall *call = context;
	call->request = NULL;
	http_respond(request, STATUS_CLIENT_LEFT, NULL, SLICE_NONE);
	if (call->leave == NULL)
		return; // a job has it, and frees it when it is done
	call->leave(call);
	api_call_end(call);
}

ApiCall *api_call_begin(struct Api *api, const struct ApiRoute *route, HttpRequest *request)
{
	ApiCall *call = memory_allocate_zeroed(1, sizeof *call);
	if (call == NULL)
	{
		Error error;
		(void) error_set(&error, ERROR_MEMORY, "out of memory for a request");
		api_problem_respond(request, &error, NULL);
		return NULL;
	}
	call->api = api;
	call->route = route;
	call->request = request;
	call->retry_after_seconds = 1;
	arena_init(&call->arena, ARENA_SIZE_MAX);
	buf_init(&call->body, BODY_SIZE_MAX);
	http_on_gone(request, on_gone, call);
	return call;
}

void api_call_end(ApiCall *call)
{
	arena_free(&call->arena);
	buf_free(&call->body);
	memory_free(call);
}

void api_call_answer(ApiCall *call)
{
	http_set_header(call->request, "Cache-Control", "no-store");
	http_respond(call->request, 200, "application/json", call->answer);
	api_call_end(call);
}

void api_call_fail(ApiCall *call, const Error *error, const char *parameter)
{
	const ApiProblem problem = {.parameter = parameter, .retry_after_seconds = call->retry_after_seconds};
	api_problem_respond(call->request, error, &problem);
	api_call_end(call);
}

bool api_call_unknown(ApiCall *call, Slice name, const char *known, const char **bad, Error *error)
{
	char quote[REPORT_QUOTE_SIZE];
	*bad = arena_copy(&call->arena, slice_from(report_quote(name, quote))).data;
	return error_set(error, ERROR_BAD_INPUT, "there is no parameter \"%s\" here; there is %s", quote, known);
}

bool api_call_is_bare(ApiCall *call)
{
	Error error;
	Slice name = SLICE_NONE;
	Slice value = SLICE_NONE;
	const char *bad = NULL;
	if (!http_query_at(call->request, 0, &name, &value))
		return true;
	(void) api_call_unknown(call, name, "none", &bad, &error);
	api_call_fail(call, &error, bad);
	return false;
}

static bool call_work(PgConn *conn, void *context, Error *error)
{
	ApiCall *call = context;
	return call->work(call, conn, error);
}

static void call_run(ApiJob *job, ApiWorker *worker)
{
	ApiCall *call = (ApiCall *) job; // its first member
	call->is_ok = api_database_call(&worker->database, call_work, call, &call->error);
	call->retry_after_seconds = api_database_retry_after_seconds(&worker->database);
}

static void call_done(ApiJob *job, bool is_closed)
{
	ApiCall *call = (ApiCall *) job;
	if (is_closed || call->request == NULL)
		api_call_end(call);
	else if (call->is_ok)
		call->then(call);
	else
		api_call_fail(call, &call->error, NULL);
}

void api_call_run(ApiCall *call, ApiPool *pool)
{
	Error error;
	call->job.run = call_run;
	call->job.done = call_done;
	if (!api_pool_submit(pool, &call->job, &error))
		api_call_fail(call, &error, NULL);
}
