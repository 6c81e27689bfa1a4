#include "api/persons.h"

#include "api/audit_log.h"
#include "api/internal.h"
#include "api/route.h"
#include "base/json.h"
#include "base/utf8.h"
#include "privacy/consent.h"
#include "privacy/export.h"
#include "privacy/person.h"
#include "privacy/request.h"

#include <inttypes.h>
#include <stdio.h>

#define ID_SIZE_MAX 250 // as the limit of external_id

typedef struct Asked {
	Slice id;              // as it was asked for, NUL-terminated
	const char *audited;   // the action in the audit log; NULL: it is only looked at
	PrivacyAction action;  // of the request that it is about
	PrivacyWord analytics; // of a word that is set
	PrivacyWord marketing;
	int64_t person; // found
} Asked;

// ── Whom, and who asks ──

static Asked *asked_make(ApiCall *call, const char *audited, PrivacyAction action, Error *error)
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
		*asked = (Asked){.id = arena_copy(&call->arena, id), .audited = audited, .action = action};
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

static void asked_run(ApiCall *call, Asked *asked, bool (*work)(ApiCall *, PgConn *, Error *),
	void (*then)(ApiCall *call))
{
	call->data = asked;
	call->work = work;
	call->then = then;
	api_call_run(call, call->api->access);
}

static void person_run(ApiCall *call, const char *audited, PrivacyAction action,
	bool (*work)(ApiCall *, PgConn *, Error *), void (*then)(ApiCall *call))
{
	Error error;
	Asked *asked = asked_make(call, audited, action, &error);
	if (asked != NULL)
		asked_run(call, asked, work, then);
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
	person_run(call, "person.export", PRIVACY_ERASE, person_work, export_run);
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
	person_run(call, "person.erase", PRIVACY_ERASE, ask_work, accepted_answer);
}

void api_person_erase_state_serve(ApiCall *call)
{
	person_run(call, NULL, PRIVACY_ERASE, state_work, api_call_answer);
}

// ── Making nobody ──

// The body may be left out.
static bool mode_read(ApiCall *call, PrivacyAction *action, const char **bad, Error *error)
{
	JsonValue *body = NULL;
	*bad = "body";
	*action = PRIVACY_PSEUDONYMOUS;
	if (http_body(call->request).size == 0)
		return true;
	if (!json_parse(http_body(call->request), &call->arena, &body, error))
		return false;
	const JsonValue *mode = json_get(body, "mode");
	if (!json_is_object(body) || body->count != (mode == NULL ? 0 : 1))
		return error_set(error, ERROR_BAD_INPUT, "the body must be {\"mode\"}, or empty");
	*bad = "mode";
	return mode == NULL || (privacy_action_parse(json_string(mode), action) && !privacy_action_is_erase(*action))
		|| error_set(error, ERROR_BAD_INPUT, "mode must be pseudonymous or anonymous");
}

void api_person_anonymize_serve(ApiCall *call)
{
	Error error;
	const char *bad = NULL;
	PrivacyAction action;
	if (mode_read(call, &action, &bad, &error))
		person_run(call, "person.anonymize", action, ask_work, accepted_answer);
	else
		api_call_fail(call, &error, bad);
}

void api_person_anonymize_state_serve(ApiCall *call)
{
	person_run(call, NULL, PRIVACY_PSEUDONYMOUS, state_work, api_call_answer);
}

// ── Consent ──

static bool consent_find(ApiCall *call, PgConn *conn, Error *error)
{
	const Asked *asked = call->data;
	Slice consent = SLICE_NONE;
	if (!privacy_consent(conn, asked->person, &call->arena, &consent, error))
		return false;
	call->answer = arena_format(&call->arena, "%.*s\n", SLICE_PRINT(consent));
	return call->answer.data != NULL || error_set(error, ERROR_MEMORY, "out of memory for a request");
}

static bool consent_work(ApiCall *call, PgConn *conn, Error *error)
{
	return person_work(call, conn, error) && consent_find(call, conn, error);
}

static bool consent_set_work(ApiCall *call, PgConn *conn, Error *error)
{
	const Asked *asked = call->data;
	bool is_ok = pg_begin(conn, error) && person_work(call, conn, error)
		&& privacy_consent_set(conn, asked->person, asked->analytics, asked->marketing, call->use.name, error)
		&& consent_find(call, conn, error) && pg_commit(conn, error);
	if (!is_ok)
		pg_rollback(conn);
	return is_ok;
}

// *count: of the words that were read.
static bool word_read(const JsonValue *body, const char *key, PrivacyWord *word, unsigned *count, const char **bad,
	Error *error)
{
	bool is_yes = false;
	const JsonValue *value = json_get(body, key);
	if (value == NULL)
		return true;
	*bad = key;
	if (!json_bool(value, &is_yes))
		return error_set(error, ERROR_BAD_INPUT, "%s must be true or false", key);
	*word = is_yes ? PRIVACY_SAYS_YES : PRIVACY_SAYS_NO;
	++*count;
	return true;
}

static bool words_read(ApiCall *call, PrivacyWord *analytics, PrivacyWord *marketing, const char **bad, Error *error)
{
	JsonValue *body = NULL;
	unsigned count = 0;
	*bad = "body";
	if (!json_parse(http_body(call->request), &call->arena, &body, error)
		|| !word_read(body, "analytics", analytics, &count, bad, error)
		|| !word_read(body, "marketing", marketing, &count, bad, error))
		return false;
	*bad = "body";
	return (json_is_object(body) && count > 0 && body->count == count)
		|| error_set(error, ERROR_BAD_INPUT, "the body must be {\"analytics\", \"marketing\"}, or one of them");
}

void api_person_consent_set_serve(ApiCall *call)
{
	Error error;
	PrivacyWord analytics = PRIVACY_SAYS_NOTHING;
	PrivacyWord marketing = PRIVACY_SAYS_NOTHING;
	const char *bad = NULL;
	Asked *asked = NULL;
	if (words_read(call, &analytics, &marketing, &bad, &error)
		&& (asked = asked_make(call, "person.consent", PRIVACY_ERASE, &error)) != NULL)
	{
		asked->analytics = analytics;
		asked->marketing = marketing;
		asked_run(call, asked, consent_set_work, api_call_answer);
		return;
	}
	api_call_fail(call, &error, error.code == ERROR_BAD_INPUT ? bad : NULL);
}

void api_person_consent_serve(ApiCall *call)
{
	person_run(call, NULL, PRIVACY_ERASE, consent_work, api_call_answer);
}
