#include "api/listed.h"

#include "api/internal.h"
#include "report/request.h"

#include <inttypes.h>
#include <stdio.h>

#define BODY_SIZE_MAX ((size_t) 3 << 20U) // the call's arena holds it, too
#define NUMBER_SIZE 24

// Of a call that forgets.
typedef struct Forgotten {
	const char *sql;
	const char *what;
	char id[NUMBER_SIZE];
} Forgotten;

static bool list_work(ApiCall *call, PgConn *conn, Error *error)
{
	PgResult *result = NULL;
	Buf body;
	if (!pg_query(conn, call->data, NULL, 0, &result, error))
		return false;
	buf_init(&body, BODY_SIZE_MAX);
	buf_append_text(&body, "{\"rows\":");
	buf_append_slice(&body, pg_text(result, 0, 0));
	buf_append_text(&body, "}\n");
	pg_result_free(result);
	call->answer = buf_is_ok(&body) ? arena_copy(&call->arena, buf_slice(&body)) : SLICE_NONE;
	buf_free(&body);
	return call->answer.data != NULL || error_set(error, ERROR_TOO_LARGE, "the answer is too large");
}

void api_listed_serve(ApiCall *call, const char *sql)
{
	if (!api_call_is_bare(call))
		return;
	call->data = (void *) (uintptr_t) sql;
	call->work = list_work;
	call->then = api_call_answer;
	api_call_run(call, call->api->access);
}

bool api_listed_change(ApiCall *call, PgConn *conn, const char *sql, PgParam *params, int count, bool *is_changed,
	Error *error)
{
	char token[NUMBER_SIZE];
	PgResult *result = NULL;
	(void) snprintf(token, sizeof token, "%" PRId64, call->use.id);
	params[count] = pg_param(token);
	if (!pg_query(conn, sql, params, count + 1, &result, error))
		return false;
	*is_changed = pg_affected(result) == 1;
	pg_result_free(result);
	return true;
}

void api_listed_done(ApiCall *call)
{
	http_respond(call->request, 204, NULL, SLICE_NONE);
	api_call_end(call);
}

static bool forget_work(ApiCall *call, PgConn *conn, Error *error)
{
	const Forgotten *forgotten = call->data;
	PgParam params[2] = {pg_param(forgotten->id)};
	bool is_gone = false;
	return api_listed_change(call, conn, forgotten->sql, params, 1, &is_gone, error)
		&& (is_gone
			|| error_set(error, ERROR_NOT_FOUND, "there is no %s of the id %s", forgotten->what, forgotten->id));
}

static bool id_read(ApiCall *call, Forgotten *forgotten, const char **bad, Error *error)
{
	Slice name = SLICE_NONE;
	Slice value = SLICE_NONE;
	int64_t id = 0;
	char quote[REPORT_QUOTE_SIZE];
	for (size_t i = 0; http_query_at(call->request, i, &name, &value); i++)
	{
		if (!slice_equal_text(name, "id"))
			return api_call_unknown(call, name, "id", bad, error);
		*bad = "id";
		if (id != 0)
			return error_set(error, ERROR_BAD_INPUT, "id is given more than once");
		if (!slice_to_int64(value, &id) || id < 1)
			return error_set(error, ERROR_BAD_INPUT, "id is \"%s\"; it must be a whole number above 0",
				report_quote(value, quote));
	}
	*bad = "id";
	(void) snprintf(forgotten->id, sizeof forgotten->id, "%" PRId64, id);
	return id != 0 || error_set(error, ERROR_BAD_INPUT, "id is missing");
}

void api_listed_forget(ApiCall *call, const char *sql, const char *what)
{
	Error error;
	const char *bad = NULL;
	Forgotten *forgotten = ARENA_NEW(&call->arena, Forgotten);
	if (forgotten == NULL)
		(void) error_set(&error, ERROR_MEMORY, "out of memory for a request");
	else if (id_read(call, forgotten, &bad, &error))
	{
		forgotten->sql = sql;
		forgotten->what = what;
		call->data = forgotten;
		call->work = forget_work;
		call->then = api_listed_done;
		api_call_run(call, call->api->access);
		return;
	}
	api_call_fail(call, &error, bad);
}
