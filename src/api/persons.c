#include "api/persons.h"

#include "api/audit_log.h"
#include "api/internal.h"
#include "api/route.h"
#include "base/utf8.h"
#include "privacy/export.h"
#include "privacy/person.h"
#include "privacy/request.h"

#include <inttypes.h>
#include <stdio.h>

#define ID_SIZE_MAX 250 // as the limit of external_id

typedef struct Asked {
	Slice id;             // as it was asked for, NUL-terminated
	const char *audited;  // the action in the audit log; NULL: it is only looked at
	PrivacyAction action; // of the request that it is about
	int64_t person;       // found
} Asked;

// ── Whom, and who asks ──

static Asked *asked_make(ApiCall *call, const char *audited, Error *error)
{
	Slice id = api_route_placeholder(call->route, http_path(call->request));
	Asked *asked = ARENA_NEW(&call->arena, Asked);
	if (id.size > ID_SIZE_MAX || !utf8_is_text(id))
	{
		(void) error_set(error, ERROR_NOT_FOUND,
			"there is no person of an id that is no text in UTF-8 or has more than %d bytes", ID_SIZE_MAX);
		return NULL;
	}
	if (asked != NULL)
		*asked = (Asked){.id = arena_copy(&call->arena, id), .audited = audited};
	if (asked != NULL && asked->id.data != NULL)
		return asked;
	(void) error_set(error, ERROR_MEMORY, "out of memory for a request");
	return NULL;
}

static bool is_audited(const ApiCall *call, const Asked *asked, PgConn *conn, Error *error)
{
	char subject[24];
	(void) snprintf(subject, sizeof subject, "%" PRId64, asked->person);
	return asked->audited == NULL || api_audit_add(conn, asked->audited, "done", call->use.id, subject, error);
}

static bool person_work(ApiCall *call, PgConn *conn, Error *error)
{
	Asked *asked = call->data;
	return privacy_person_find(conn, asked->id.data, &asked->person, error) && is_audited(call, asked, conn, error);
}

static void person_run(ApiCall *call, const char *audited, bool (*work)(ApiCall *, PgConn *, Error *),
	void (*then)(ApiCall *call))
{
	Error error;
	call->data = asked_make(call, audited, &error);
	call->work = work;
	call->then = then;
	if (call->data != NULL)
		api_call_run(call, call->api->access);
	else
		api_call_fail(call, &error, NULL);
}

// ── Export ──

static bool lines_keep(void *context, Slice text, Error *error)
{
	ApiCall *call = context;
	buf_append_slice(&call->body, text);
	return buf_is_ok(&call->body)
		|| error_set(error, ERROR_TOO_LARGE,
			"more is held about this person than one answer may hold; `sojourn person export` gives all of it");
}

static bool export_work(ApiCall *call, PgConn *conn, Error *error)
{
	const Asked *asked = call->data;
	int64_t rows = 0;
	const PrivacyExport wanted = {.conn = conn,
		.person = asked->person,
		.buffer_folder = call->api->options.buffer_folder,
		.sink = lines_keep,
		.context = call};
	buf_reset(&call->body);
	return privacy_export(&wanted, &rows, error);
}

static void export_answer(ApiCall *call)
{
	const Asked *asked = call->data;
	char disposition[80];
	(void) snprintf(disposition, sizeof disposition, "attachment; filename=\"person%" PRId64 ".jsonl\"", asked->person);
	http_set_header(call->request, "Cache-Control", "no-store");
	http_set_header(call->request, "Content-Disposition", disposition);
	http_respond(call->request, 200, "application/x-ndjson", buf_slice(&call->body));
	api_call_end(call);
}

// Reads for as long as it takes, so on a connection for reports.
static void export_run(ApiCall *call)
{
	call->work = export_work;
	call->then = export_answer;
	api_call_run(call, call->api->reports.pool);
}

void api_person_export_serve(ApiCall *call)
{
	person_run(call, "person.export", person_work, export_run);
}

// ── Erase ──

static bool state_find(ApiCall *call, PgConn *conn, Error *error)
{
	const Asked *asked = call->data;
	Slice state = SLICE_NONE;
	if (!privacy_state(conn, asked->person, privacy_action_is_erase(asked->action), &call->arena, &state, error))
		return false;
	call->answer = arena_format(&call->arena, "%.*s\n", SLICE_PRINT(state));
	return call->answer.data != NULL || error_set(error, ERROR_MEMORY, "out of memory for a request");
}

static bool state_work(ApiCall *call, PgConn *conn, Error *error)
{
	return person_work(call, conn, error) && state_find(call, conn, error);
}

static bool ask_work(ApiCall *call, PgConn *conn, Error *error)
{
	const Asked *asked = call->data;
	bool is_ok = pg_begin(conn, error) && person_work(call, conn, error)
		&& privacy_ask(conn, asked->person, asked->action, call->use.name, error) && state_find(call, conn, error)
		&& pg_commit(conn, error);
	if (!is_ok)
		pg_rollback(conn);
	return is_ok;
}

static void accepted_answer(ApiCall *call)
{
	http_set_header(call->request, "Cache-Control", "no-store");
	http_respond(call->request, 202, "application/json", call->answer);
	api_call_end(call);
}

void api_person_erase_serve(ApiCall *call)
{
	person_run(call, "person.erase", ask_work, accepted_answer);
}

void api_person_erase_state_serve(ApiCall *call)
{
	person_run(call, NULL, state_work, api_call_answer);
}
