#include "api/saved.h"

#include "api/internal.h"
#include "api/listed.h"
#include "base/json.h"
#include "base/utf8.h"
#include "report/request.h"
#include "report/saved.h"
#include "sql/sql.h"

#include <inttypes.h>
#include <stdio.h>

#define BODY_SIZE_MAX ((size_t) 3 << 20U) // the call's arena holds it, too
#define DEFINITION_SIZE_MAX 65536
#define NUMBER_SIZE 24

// Of a call; all NUL-terminated, in its arena.
typedef struct Item {
	Slice kind; // SLICE_NONE: every kind
	Slice name;
	Slice definition;
} Item;

// ── What is asked ──

static bool text_keep(ApiCall *call, Slice text, Slice *kept, Error *error)
{
	*kept = arena_copy(&call->arena, text);
	return kept->data != NULL || error_set(error, ERROR_MEMORY, "out of memory for a request");
}

static bool kind_check(Slice kind, Error *error)
{
	char quote[REPORT_QUOTE_SIZE];
	return report_saved_is_kind(kind)
		|| error_set(error, ERROR_BAD_INPUT, "kind is \"%s\"; it must be segment, goal, funnel or view",
			report_quote(kind, quote));
}

static bool query_read(ApiCall *call, bool takes_name, Item *item, const char **bad, Error *error)
{
	Slice name = SLICE_NONE;
	Slice value = SLICE_NONE;
	for (size_t i = 0; http_query_at(call->request, i, &name, &value); i++)
	{
		bool is_kind = slice_equal_text(name, "kind");
		if (!is_kind && !(takes_name && slice_equal_text(name, "name")))
			return api_call_unknown(call, name, takes_name ? "kind, name" : "kind", bad, error);
		*bad = is_kind ? "kind" : "name";
		Slice *target = is_kind ? &item->kind : &item->name;
		if (target->data != NULL)
			return error_set(error, ERROR_BAD_INPUT, "%s is given more than once", *bad);
		if (is_kind && !kind_check(value, error))
			return false;
		if (!is_kind && !utf8_is_text(value))
			return error_set(error, ERROR_BAD_INPUT, "name is no text in UTF-8");
		if (!text_keep(call, value, target, error))
			return false;
	}
	return true;
}

static bool item_check(ApiCall *call, const JsonValue *body, Item *item, const char **bad, Error *error)
{
	Slice kind = json_string(json_get(body, "kind"));
	Slice name = json_string(json_get(body, "name"));
	const JsonValue *definition = json_get(body, "definition");
	*bad = "body";
	if (!json_is_object(body) || body->count != 3 || definition == NULL)
		return error_set(error, ERROR_BAD_INPUT, "the body must be {\"kind\", \"name\", \"definition\"}");
	*bad = "definition";
	Buf text;
	buf_init(&text, DEFINITION_SIZE_MAX);
	json_write_value(&text, definition);
	const char *problem = buf_is_ok(&text)
		? report_saved_problem(kind, name, definition, buf_slice(&text), &call->arena, bad)
		: "the definition is longer than 65536 bytes";
	bool is_ok = problem == NULL ? text_keep(call, kind, &item->kind, error)
			&& text_keep(call, name, &item->name, error) && text_keep(call, buf_slice(&text), &item->definition, error)
								 : error_set(error, ERROR_BAD_INPUT, "%s", problem);
	buf_free(&text);
	return is_ok;
}

// ── What is done ──

static void list_write(const PgResult *result, Buf *body)
{
	buf_append_text(body, "{\"rows\":[");
	for (int row = 0; row < pg_rows(result); row++)
	{
		buf_append_text(body, row == 0 ? "{" : ",{");
		json_write_key(body, "kind");
		json_write_string(body, pg_text(result, row, 0));
		json_write_key(body, "name");
		json_write_string(body, pg_text(result, row, 1));
		json_write_key(body, "definition");
		buf_append_slice(body, pg_text(result, row, 2));
		json_write_key(body, "saved_at");
		json_write_string(body, pg_text(result, row, 3));
		buf_append_byte(body, '}');
	}
	buf_append_text(body, "]}\n");
}

static bool list_work(ApiCall *call, PgConn *conn, Error *error)
{
	const Item *item = call->data;
	const PgParam params[] = {pg_param(item->kind.data)};
	PgResult *result = NULL;
	Buf body;
	if (!pg_query(conn, sql_api_saved_list, params, 1, &result, error))
		return false;
	buf_init(&body, BODY_SIZE_MAX);
	list_write(result, &body);
	pg_result_free(result);
	call->answer = buf_is_ok(&body) ? arena_copy(&call->arena, buf_slice(&body)) : SLICE_NONE;
	buf_free(&body);
	return call->answer.data != NULL || error_set(error, ERROR_TOO_LARGE, "the answer is too large; ask for one kind");
}

static bool set_work(ApiCall *call, PgConn *conn, Error *error)
{
	const Item *item = call->data;
	PgParam params[4] = {pg_param(item->kind.data), pg_param(item->name.data), pg_param(item->definition.data)};
	bool is_saved = false;
	return api_listed_change(call, conn, sql_api_saved_set, params, 3, &is_saved, error)
		&& (is_saved
			|| error_set(error, ERROR_BAD_INPUT, "a thousand of the kind %s are saved already; delete one first",
				item->kind.data));
}

static bool delete_work(ApiCall *call, PgConn *conn, Error *error)
{
	const Item *item = call->data;
	PgParam params[3] = {pg_param(item->kind.data), pg_param(item->name.data)};
	bool is_gone = false;
	return api_listed_change(call, conn, sql_api_saved_delete, params, 2, &is_gone, error)
		&& (is_gone || error_set(error, ERROR_NOT_FOUND, "no %s of this name is saved", item->kind.data));
}

// ── Requests ──

static Item *item_new(ApiCall *call, Error *error)
{
	Item *item = ARENA_NEW(&call->arena, Item);
	if (item == NULL)
		(void) error_set(error, ERROR_MEMORY, "out of memory for a request");
	call->data = item;
	return item;
}

void api_saved_list_serve(ApiCall *call)
{
	Error error;
	const char *bad = NULL;
	Item *item = item_new(call, &error);
	call->work = list_work;
	call->then = api_call_answer;
	if (item != NULL && query_read(call, false, item, &bad, &error))
		api_call_run(call, call->api->access);
	else
		api_call_fail(call, &error, bad);
}

void api_saved_set_serve(ApiCall *call)
{
	Error error;
	const char *bad = "body";
	JsonValue *body = NULL;
	Item *item = item_new(call, &error);
	call->work = set_work;
	call->then = api_listed_done;
	if (item != NULL && json_parse(http_body(call->request), &call->arena, &body, &error)
		&& item_check(call, body, item, &bad, &error))
		api_call_run(call, call->api->access);
	else
		api_call_fail(call, &error, bad);
}

void api_saved_delete_serve(ApiCall *call)
{
	Error error;
	const char *bad = NULL;
	Item *item = item_new(call, &error);
	bool is_ok = item != NULL && query_read(call, true, item, &bad, &error);
	if (is_ok && (item->kind.data == NULL || item->name.data == NULL))
	{
		bad = item->kind.data == NULL ? "kind" : "name";
		is_ok = error_set(&error, ERROR_BAD_INPUT, "%s is missing", bad);
	}
	call->work = delete_work;
	call->then = api_listed_done;
	if (is_ok)
		api_call_run(call, call->api->access);
	else
		api_call_fail(call, &error, bad);
}
