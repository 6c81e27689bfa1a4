#include "api/annotations.h"

#include "api/internal.h"
#include "api/listed.h"
#include "base/json.h"
#include "base/utf8.h"
#include "report/moment.h"
#include "sql/sql.h"

#define TEXT_SIZE_MAX 200

typedef struct Annotation {
	ReportMoment date;
	Slice text; // NUL-terminated, in the call's arena
} Annotation;

void api_annotations_list_serve(ApiCall *call)
{
	api_listed_serve(call, sql_api_annotation_list);
}

static bool annotation_read(ApiCall *call, Annotation *annotation, const char **bad, Error *error)
{
	JsonValue *body = NULL;
	*bad = "body";
	if (!json_parse(http_body(call->request), &call->arena, &body, error))
		return false;
	Slice text = json_string(json_get(body, "text"));
	if (!json_is_object(body) || body->count != 2)
		return error_set(error, ERROR_BAD_INPUT, "the body must be {\"date\", \"text\"}");
	*bad = "date";
	if (!report_moment_parse(json_string(json_get(body, "date")), &annotation->date)
		|| annotation->date.kind != REPORT_MOMENT_DATE)
		return error_set(error, ERROR_BAD_INPUT, "date must be a day such as 2026-01-31");
	*bad = "text";
	if (text.size == 0 || text.size > TEXT_SIZE_MAX || !utf8_is_text(text))
		return error_set(error, ERROR_BAD_INPUT, "text must be a text of 1 to %d bytes", TEXT_SIZE_MAX);
	annotation->text = arena_copy(&call->arena, text);
	return annotation->text.data != NULL || error_set(error, ERROR_MEMORY, "out of memory for a request");
}

static bool add_work(ApiCall *call, PgConn *conn, Error *error)
{
	const Annotation *annotation = call->data;
	PgParam params[3] = {pg_param(annotation->date.text), pg_param(annotation->text.data)};
	bool is_added = false;
	return api_listed_change(call, conn, sql_api_annotation_add, params, 2, &is_added, error)
		&& (is_added
			|| error_set(error, ERROR_BAD_INPUT, "there are a thousand annotations already; delete one first"));
}

void api_annotations_add_serve(ApiCall *call)
{
	Error error;
	const char *bad = NULL;
	Annotation *annotation = ARENA_NEW(&call->arena, Annotation);
	call->data = annotation;
	call->work = add_work;
	call->then = api_listed_done;
	if (annotation == NULL)
		(void) error_set(&error, ERROR_MEMORY, "out of memory for a request");
	else if (annotation_read(call, annotation, &bad, &error))
	{
		api_call_run(call, call->api->access);
		return;
	}
	api_call_fail(call, &error, bad);
}

void api_annotations_delete_serve(ApiCall *call)
{
	api_listed_forget(call, sql_api_annotation_delete, "annotation");
}
