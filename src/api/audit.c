#include "api/audit.h"

#include "api/internal.h"
#include "base/json.h"
#include "report/request.h"
#include "sql/sql.h"

#include <inttypes.h>
#include <stdio.h>

#define LIMIT_USUAL 100
#define LIMIT_MAX 1000
#define NUMBER_SIZE 24
#define BODY_SIZE_MAX ((size_t) 1 << 20U)
#define COLUMN_COUNT 8

typedef struct Page {
	int64_t limit;
	int64_t cursor; // 0: from the newest
	Buf body;
} Page;

static bool number_set(Slice name, Slice value, int64_t most, int64_t *number, Error *error)
{
	char quote[REPORT_QUOTE_SIZE];
	return (slice_to_int64(value, number) && *number >= 1 && *number <= most)
		|| error_set(error, ERROR_BAD_INPUT, "%.*s is \"%s\"; it must be a whole number from 1 to %" PRId64,
			SLICE_PRINT(name), report_quote(value, quote), most);
}

static bool page_asked(ApiCall *call, Page *page, const char **bad, Error *error)
{
	Slice name = SLICE_NONE;
	Slice value = SLICE_NONE;
	bool has_limit = false;
	for (size_t i = 0; http_query_at(call->request, i, &name, &value); i++)
	{
		bool is_limit = slice_equal_text(name, "limit");
		if (!is_limit && !slice_equal_text(name, "cursor"))
			return api_call_unknown(call, name, "limit, cursor", bad, error);
		*bad = is_limit ? "limit" : "cursor";
		if (is_limit ? has_limit : page->cursor != 0)
			return error_set(error, ERROR_BAD_INPUT, "%s is given more than once", *bad);
		has_limit = has_limit || is_limit;
		if (!number_set(name, value, is_limit ? LIMIT_MAX : INT64_MAX, is_limit ? &page->limit : &page->cursor, error))
			return false;
	}
	return true;
}

static void rows_write(const PgResult *result, Page *page)
{
	static const char *const names[COLUMN_COUNT] = {"id", "at", "action", "outcome", "token_id", "name", "role",
		"subject"};
	int count = pg_rows(result);
	buf_append_text(&page->body, "{\"rows\":[");
	for (int row = 0; row < count; row++)
	{
		buf_append_text(&page->body, row == 0 ? "{" : ",{");
		for (int column = 0; column < COLUMN_COUNT; column++)
		{
			json_write_key(&page->body, names[column]);
			json_write_string(&page->body, pg_text(result, row, column));
		}
		buf_append_byte(&page->body, '}');
	}
	buf_append_byte(&page->body, ']');
	json_write_key(&page->body, "next_cursor");
	json_write_string(&page->body, count == page->limit ? pg_text(result, count - 1, 0) : SLICE_NONE);
	buf_append_text(&page->body, "}\n");
}

static bool list_work(ApiCall *call, PgConn *conn, Error *error)
{
	Page *page = call->data;
	char limit[NUMBER_SIZE];
	char cursor[NUMBER_SIZE];
	(void) snprintf(limit, sizeof limit, "%" PRId64, page->limit);
	(void) snprintf(cursor, sizeof cursor, "%" PRId64, page->cursor);
	const PgParam params[] = {pg_param(page->cursor == 0 ? NULL : cursor), pg_param(limit)};
	PgResult *result = NULL;
	if (!pg_query(conn, sql_api_audit_list, params, 2, &result, error))
		return false;
	buf_reset(&page->body);
	rows_write(result, page);
	pg_result_free(result);
	// Freed with the call, whoever ends that.
	Slice body = buf_is_ok(&page->body) ? arena_copy(&call->arena, buf_slice(&page->body)) : SLICE_NONE;
	buf_free(&page->body);
	call->answer = body;
	return body.data != NULL || error_set(error, ERROR_TOO_LARGE, "the answer is too large; ask with a smaller limit");
}

void api_audit_serve(ApiCall *call)
{
	Error error;
	const char *bad = NULL;
	Page *page = ARENA_NEW(&call->arena, Page);
	if (page == NULL)
	{
		(void) error_set(&error, ERROR_MEMORY, "out of memory for a request");
		api_call_fail(call, &error, NULL);
		return;
	}
	page->limit = LIMIT_USUAL;
	buf_init(&page->body, BODY_SIZE_MAX);
	if (!page_asked(call, page, &bad, &error))
	{
		api_call_fail(call, &error, bad);
		return;
	}
	call->data = page;
	call->work = list_work;
	call->then = api_call_answer;
	api_call_run(call, call->api->access);
}
