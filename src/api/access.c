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

// So that the page shows what it may, and offers nothing that would be refused. The filter as in a URL, with all bytes but
// letters and digits as %XX.
static void share_tell(ApiCall *call)
{
	static const char digits[] = "0123456789ABCDEF";
	char filter[3 * API_SHARE_FILTER_SIZE];
	size_t size = 0;
	for (const char *at = call->use.share_filter; *at != '\0'; at++)
	{
		unsigned char byte = (unsigned char) *at;
		bool is_plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
		if (!is_plain)
		{
			filter[size++] = '%';
			filter[size++] = digits[byte >> 4U];
		}
		filter[size++] = is_plain ? *at : digits[byte & 15U];
	}
	filter[size] = '\0';
	http_set_header(call->request, "Sojourn-Role", api_role_name(call->use.role));
	http_set_header(call->request, "Sojourn-Filter", filter);
}

static void check_then(ApiCall *call)
{
	Error error;
	const Given *given = call->data;
	if (*call->sign_in.cookie != '\0')
		api_session_cookie_set(call, call->sign_in.cookie, call->sign_in.seconds);
	if (call->use.role == API_ROLE_SHARE)
		share_tell(call);
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
