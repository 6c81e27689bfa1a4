#include "api/session.h"

#include "api/internal.h"
#include "api/origin.h"
#include "base/hash.h"
#include "base/json.h"

#include <inttypes.h>
#include <string.h>

// Browsers take a cookie whose name begins like this over https only, and from nobody but the host itself.
#define COOKIE_SECURE "__Host-sojourn_session"
#define COOKIE_PLAIN "sojourn_session"
#define CSRF_HEADER "X-CSRF-Token"
#define BODY_SIZE_MAX 4096
#define SECRET_SIZE_MAX 1000

// ── The cookie ──

static const char *cookie_name(const ApiCall *call)
{
	return api_origin_is_secure(call->api->options.public_url) ? COOKIE_SECURE : COOKIE_PLAIN;
}

Slice api_session_cookie(const ApiCall *call)
{
	Slice wanted = slice_from(cookie_name(call));
	Slice rest = http_header(call->request, "Cookie");
	while (rest.data != NULL)
	{
		Slice value = SLICE_NONE;
		Slice name = slice_split(slice_trim(slice_split(rest, ';', &rest)), '=', &value);
		if (slice_equal(name, wanted) && value.size > 0)
			return value;
	}
	return SLICE_NONE;
}

void api_session_cookie_set(ApiCall *call, const char *cookie, int64_t seconds)
{
	Slice value = arena_format(&call->arena, "%s=%s; Path=/; Max-Age=%" PRId64 "; HttpOnly; SameSite=Strict%s",
		cookie_name(call), cookie, seconds, api_origin_is_secure(call->api->options.public_url) ? "; Secure" : "");
	if (value.data != NULL)
		http_set_header(call->request, "Set-Cookie", value.data);
}

bool api_session_change_check(const ApiCall *call, Error *error)
{
	HttpMethod method = http_method(call->request);
	if (call->sign_in.id == 0 || method == HTTP_GET || method == HTTP_HEAD)
		return true;
	return api_origin_check(call->request, call->api->options.public_url, error)
		&& (hash_equal_constant_time(http_header(call->request, CSRF_HEADER), slice_from(call->sign_in.csrf))
			|| error_set(error, ERROR_FORBIDDEN,
				"a change by a sign-in needs the header " CSRF_HEADER " with what GET /api/v1/sign-in gives as csrf"));
}

// ── Who one is ──

static void session_answer(ApiCall *call)
{
	bool is_signed_in = call->sign_in.id != 0 || *call->sign_in.csrf != '\0';
	Buf body;
	buf_init(&body, BODY_SIZE_MAX);
	buf_append_byte(&body, '{');
	json_write_key(&body, "name");
	json_write_string(&body, slice_from(call->use.name));
	json_write_key(&body, "role");
	json_write_string(&body, slice_from(api_role_name(call->use.role)));
	json_write_key(&body, "csrf");
	json_write_string(&body, is_signed_in ? slice_from(call->sign_in.csrf) : SLICE_NONE);
	json_write_key(&body, "expires_at");
	json_write_string(&body, is_signed_in ? slice_from(call->sign_in.expires_at) : SLICE_NONE);
	buf_append_text(&body, "}\n");
	http_set_header(call->request, "Cache-Control", "no-store");
	http_respond(call->request, 200, "application/json", buf_slice(&body));
	buf_free(&body);
	api_call_end(call);
}

void api_session_show_serve(ApiCall *call)
{
	session_answer(call);
}

// ── Signing in ──

static bool begin_work(ApiCall *call, PgConn *conn, Error *error)
{
	return api_sign_in_begin(conn, call->data, call->api->options.sign_in_hours, &call->use, &call->sign_in, error);
}

static void begin_answer(ApiCall *call)
{
	const ApiSecret *secret = call->data;
	api_attempts_give_back(&call->api->attempts, http_peer_address(call->request), secret->name);
	api_session_cookie_set(call, call->sign_in.cookie, call->sign_in.seconds);
	session_answer(call);
}

static bool refuse(const char **bad, const char *parameter, Error *error, const char *reason)
{
	*bad = parameter;
	return error_set(error, ERROR_BAD_INPUT, "%s %s", parameter, reason);
}

static bool member_read(const JsonValue *member, ApiSecret *secret, const char **bad, Error *error)
{
	struct {
		const char *name;
		Slice *target;
	} known[] = {{"token", &secret->token}, {"name", &secret->name}, {"password", &secret->password}};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
	{
		if (!slice_equal_text(member->key, known[i].name))
			continue;
		*known[i].target = json_string(member);
		Slice value = *known[i].target;
		return (value.data != NULL && value.size > 0 && value.size <= SECRET_SIZE_MAX)
			|| refuse(bad, known[i].name, error, "must be a text of 1 to 1000 bytes");
	}
	return error_set(error, ERROR_BAD_INPUT, "signing in takes token, or name and password, and nothing else");
}

static bool secret_read(ApiCall *call, ApiSecret *secret, const char **bad, Error *error)
{
	JsonValue *body = NULL;
	*bad = "body";
	if (!json_parse(http_body(call->request), &call->arena, &body, error))
		return false;
	if (!json_is_object(body))
		return error_set(error, ERROR_BAD_INPUT,
			"the body must be a JSON object with token, or with name and password");
	for (const JsonValue *member = body->first; member != NULL; member = member->next)
		if (!member_read(member, secret, bad, error))
			return false;
	if (secret->token.data != NULL)
		return secret->name.data == NULL && secret->password.data == NULL
			? true
			: refuse(bad, "token", error, "stands beside a name or password; one of both is enough");
	if (secret->name.data == NULL)
		return refuse(bad, "name", error, "is missing; signing in takes token, or name and password");
	return secret->password.data != NULL || refuse(bad, "password", error, "is missing");
}

void api_session_begin_serve(ApiCall *call)
{
	Error error;
	const char *bad = NULL;
	ApiSecret *secret = ARENA_NEW(&call->arena, ApiSecret);
	if (secret == NULL)
		(void) error_set(&error, ERROR_MEMORY, "out of memory for a request");
	else if (api_origin_check(call->request, call->api->options.public_url, &error)
		&& secret_read(call, secret, &bad, &error)
		&& api_attempts_take(&call->api->attempts, http_peer_address(call->request), secret->name,
			&call->retry_after_seconds, &error))
	{
		call->data = secret;
		call->work = begin_work;
		call->then = begin_answer;
		api_call_run(call, call->api->access);
		return;
	}
	api_call_fail(call, &error, error.code == ERROR_BAD_INPUT ? bad : NULL);
}

// ── Signing out ──

static bool end_work(ApiCall *call, PgConn *conn, Error *error)
{
	return api_sign_in_end(conn, call->sign_in.id, error);
}

static void end_answer(ApiCall *call)
{
	api_session_cookie_set(call, "", 0);
	http_set_header(call->request, "Clear-Site-Data", "\"cache\"");
	http_respond(call->request, 204, NULL, SLICE_NONE);
	api_call_end(call);
}

void api_session_end_serve(ApiCall *call)
{
	Error error;
	if (call->sign_in.id == 0)
	{
		(void) error_set(&error, ERROR_BAD_INPUT, "a token does not sign out; `sojourn token revoke` ends it");
		api_call_fail(call, &error, NULL);
		return;
	}
	call->work = end_work;
	call->then = end_answer;
	api_call_run(call, call->api->access);
}
