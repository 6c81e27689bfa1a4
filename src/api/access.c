#include "api/access.h"

#include "base/log.h"

static bool check_work(ApiCall *call, PgConn *conn, Error *error)
{
	const Slice *token = call->data;
	if (!api_token_check(conn, *token, &call->use, error))
		return false;
	// Whether the use can be noted is no matter of the request's.
	Error note_error;
	if (call->use.is_use_stale && !api_token_touch(conn, call->use.id, &note_error))
		log_error("api.token_use_not_noted", &note_error);
	return true;
}

void api_access_check(ApiCall *call, ApiPool *pool, void (*then)(ApiCall *call))
{
	Error error;
	Slice given = http_bearer_token(call->request);
	Slice *token = ARENA_NEW(&call->arena, Slice);
	if (given.data == NULL)
		(void) error_set(&error, ERROR_UNAUTHORIZED,
			"a token is needed, as \"Authorization: Bearer TOKEN\"; `sojourn token create` makes one");
	else if (token == NULL || (*token = arena_copy(&call->arena, given)).data == NULL)
		(void) error_set(&error, ERROR_MEMORY, "out of memory for a request");
	else
	{
		call->data = token;
		call->work = check_work;
		call->then = then;
		api_call_run(call, pool);
		return;
	}
	api_call_fail(call, &error, NULL);
}
