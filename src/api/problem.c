#include "api/problem.h"

#include "base/json.h"
#include "base/log.h"
#include "pg/conn.h"

#include <stdio.h>
#include <string.h>

#define BODY_SIZE_MAX 8192
#define SQLSTATE_NO_TABLE "42P01"

static const char *title_of(int status)
{
	switch (status)
	{
	case 400:
		return "Bad Request";
	case 401:
		return "Unauthorized";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 413:
		return "Content Too Large";
	case 429:
		return "Too Many Requests";
	case 503:
		return "Service Unavailable";
	default:
		return "Internal Server Error";
	}
}

static void problem_write(Buf *buf, int status, const char *code, const char *detail, const char *parameter)
{
	buf_append_text(buf, "{\"type\":\"about:blank\"");
	json_write_key(buf, "title");
	json_write_string(buf, slice_from(title_of(status)));
	json_write_key(buf, "status");
	buf_append_format(buf, "%d", status);
	json_write_key(buf, "code");
	json_write_string(buf, slice_from(code));
	json_write_key(buf, "detail");
	json_write_string(buf, slice_from(detail));
	if (parameter != NULL)
	{
		json_write_key(buf, "parameter");
		json_write_string(buf, slice_from(parameter));
	}
	buf_append_text(buf, "}\n");
}

static void respond(HttpRequest *request, int status, const char *code, const char *detail, const char *parameter)
{
	Buf body;
	buf_init(&body, BODY_SIZE_MAX);
	problem_write(&body, status, code, detail, parameter);
	http_set_header(request, "Cache-Control", "no-store");
	http_respond(request, status, "application/problem+json", buf_slice(&body));
	buf_free(&body);
}

// What the client can do something about, in words for the client; NULL where the error's own sentence is right, or where
// it is nobody's business.
static const char *detail_of(const Error *error)
{
	if (error->code == ERROR_DATABASE_AWAY)
		return "the database cannot be reached at the moment; try again a little later";
	if (pg_is_cancelled(error))
		return "the report took longer than the statement time-out allows; ask for a shorter range";
	if (strcmp(error->sqlstate, SQLSTATE_NO_TABLE) == 0)
		return "the database has no tables of Sojourn yet; run `sojourn migrate`";
	return NULL;
}

void api_problem_respond(HttpRequest *request, const Error *error, const ApiProblem *problem)
{
	const char *detail = detail_of(error);
	int status = detail == NULL ? error_http_status(error->code) : 503;
	const char *code = pg_is_cancelled(error) ? "timeout" : error_name(error->code);
	if (status >= 500 && error->code != ERROR_DATABASE_AWAY) // that the database is away was logged where it was met
		log_error("api.request_failed", error);
	if (status == 401)
		http_set_header(request, "WWW-Authenticate", "Bearer realm=\"sojourn\"");
	if (status == 503 || status == 429)
	{
		char seconds[16];
		(void) snprintf(seconds, sizeof seconds, "%d", problem == NULL ? 1 : problem->retry_after_seconds);
		http_set_header(request, "Retry-After", seconds);
	}
	if (detail == NULL)
		detail = status < 500 || error->code == ERROR_BUSY ? error->message : "the server failed; its log says why";
	respond(request, status, code, detail, problem == NULL ? NULL : problem->parameter);
}

void api_problem_not_found(HttpRequest *request)
{
	respond(request, 404, "not_found", "there is nothing at this path", NULL);
}

void api_problem_method(HttpRequest *request, const char *allowed)
{
	char detail[128];
	http_set_header(request, "Allow", allowed);
	if (http_method(request) == HTTP_OPTIONS)
	{
		http_respond(request, 204, NULL, SLICE_NONE);
		return;
	}
	(void) snprintf(detail, sizeof detail, "this path answers %s only", allowed);
	respond(request, 405, "method_not_allowed", detail, NULL);
}
