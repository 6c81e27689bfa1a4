#include "api/access.h"

#include "base/log.h"

typedef struct Check {
	Slice token;
	ApiTokenUse *use;
} Check;

static bool check_work(PgConn *conn, void *context, Error *error)
{
	const Check *check = context;
	return api_token_check(conn, check->token, check->use, error);
}

bool api_access_check(ApiDatabase *reader, const HttpRequest *request, ApiTokenUse *use, Error *error)
{
	Check check = {.token = http_bearer_token(request), .use = use};
	if (check.token.data == NULL)
		return error_set(error, ERROR_UNAUTHORIZED,
			"a token is needed, as \"Authorization: Bearer TOKEN\"; `sojourn token create` makes one");
	return api_database_call(reader, check_work, &check, error);
}

static bool touch_work(PgConn *conn, void *context, Error *error)
{
	const ApiTokenUse *use = context;
	return api_token_touch(conn, use->id, error);
}

void api_access_note(ApiDatabase *writer, const ApiTokenUse *use)
{
	if (!use->is_use_stale || writer->options.dsn == NULL)
		return;
	ApiTokenUse copy = *use;
	Error error;
	if (!api_database_call(writer, touch_work, &copy, &error) && !pg_is_away(&error))
		log_error("api.token_use_not_noted", &error);
}
