#include "api/access.h"

#include "api/session.h"
#include "base/log.h"

typedef struct Given {
	Slice token; // SLICE_NONE: a cookie
	Slice cookie;
	void (*then)(ApiCall *call);
} Given;

static bool check_work(ApiCall *call, PgConn *conn, Error *error)
{
	const Given *given = call->data;
	bool is_good = given->token.data != NULL
		? api_token_check(conn, given->token, &call->use, error)
		: api_sign_in_check(conn, given->cookie, &call->use, &call->sign_in, error);
	if (!is_good)
		return false;
	// Whether the use can be noted is no matter of the request's.
	Error note_error;
	if (call->use.is_use_stale && !api_token_touch(conn, call->use.id, &note_error))
		log_error("api.token_use_not_noted", &note_error);
	return true;
}

static void check_then(ApiCall *call)
{
	Error error;
	const Given *given = call->data;
	if (*call->sign_in.cookie != '\0')
		api_session_cookie_set(call, call->sign_in.cookie, call->sign_in.seconds);
	if (call->use.role == API_ROLE_SHARE)
		http_set_header(call->request, "Sojourn-Role",
			api_role_name(call->use.role)); // so that the page shows what it may
	if (api_session_change_check(call, &error))
		given->then(call);
	else
		api_call_fail(call, &error, NULL);
}

void api_access_check(ApiCall *call, ApiPool *pool, void (*then)(ApiCall *call))
{
	Error error;
	Slice token = http_bearer_token(call->request);
	Slice cookie = api_session_cookie(call);
	Given *given = ARENA_NEW(&call->arena, Given);
	if (given != NULL && token.data != NULL)
		given->token = arena_copy(&call->arena, token);
	else if (given != NULL && cookie.data != NULL)
		given->cookie = arena_copy(&call->arena, cookie);
	if (token.data == NULL && cookie.data == NULL)
		(void) error_set(&error, ERROR_UNAUTHORIZED,
			"sign in, or send a token as \"Authorization: Bearer TOKEN\"; `sojourn token create` makes one");
	else if (given == NULL || (given->token.data == NULL && given->cookie.data == NULL))
		(void) error_set(&error, ERROR_MEMORY, "out of memory for a request");
	else
	{
		given->then = then;
		call->data = given;
		call->work = check_work;
		call->then = check_then;
		api_call_run(call, pool);
		return;
	}
	api_call_fail(call, &error, NULL);
}
