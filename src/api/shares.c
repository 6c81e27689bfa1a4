#include "api/shares.h"

#include "api/internal.h"
#include "api/listed.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/utf8.h"
#include "report/filter.h"
#include "sql/sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME_SIZE_MAX (API_TOKEN_NAME_SIZE - 1)
#define URL_SIZE_MAX 2048
#define DAYS_MAX 366
#define NUMBER_SIZE 24

// Texts NUL-terminated, in the call's arena.
typedef struct Share {
	Slice name;
	Slice url;
	Slice filter;
	int64_t days;
	char token[API_TOKEN_SIZE];
} Share;

void api_shares_list_serve(ApiCall *call)
{
	api_listed_serve(call, sql_api_share_list);
}

// ── Making one ──

// *bad: the member that is looked at.
static bool text_read(ApiCall *call, const JsonValue *body, size_t least, size_t most, Slice *kept, const char **bad,
	Error *error)
{
	Slice text = json_string(json_get(body, *bad));
	if (text.data == NULL || text.size < least || text.size > most || !utf8_is_text(text))
		return error_set(error, ERROR_BAD_INPUT, "%s must be a text of %zu to %zu bytes", *bad, least, most);
	*kept = arena_copy(&call->arena, text);
	return kept->data != NULL || error_set(error, ERROR_MEMORY, "out of memory for a request");
}

static bool share_read(ApiCall *call, Share *share, const char **bad, Error *error)
{
	JsonValue *body = NULL;
	ReportFilter filter;
	*bad = "body";
	if (!json_parse(http_body(call->request), &call->arena, &body, error))
		return false;
	if (!json_is_object(body) || body->count != 4)
		return error_set(error, ERROR_BAD_INPUT, "the body must be {\"name\", \"url\", \"filter\", \"days\"}");
	*bad = "name";
	if (!text_read(call, body, 1, NAME_SIZE_MAX, &share->name, bad, error))
		return false;
	*bad = "url";
	if (!text_read(call, body, 1, URL_SIZE_MAX, &share->url, bad, error))
		return false;
	if (share->url.data[0] != '/' || (share->url.size > 1 && strchr("/\\", share->url.data[1]) != NULL))
		return error_set(error, ERROR_BAD_INPUT, "url must be a view of this dashboard, such as /?view=pages");
	*bad = "days";
	if (!json_int64(json_get(body, "days"), &share->days) || share->days < 1 || share->days > DAYS_MAX)
		return error_set(error, ERROR_BAD_INPUT, "days must be a whole number from 1 to %d", DAYS_MAX);
	*bad = "filter";
	return text_read(call, body, 0, API_SHARE_FILTER_SIZE - 1, &share->filter, bad, error)
		&& report_filter_parse_text(share->filter, &call->arena, &filter, error);
}

static bool make_work(ApiCall *call, PgConn *conn, Error *error)
{
	Share *share = call->data;
	char days[NUMBER_SIZE];
	char maker[NUMBER_SIZE];
	char hash[HASH_HEX_SIZE];
	PgResult *result = NULL;
	api_token_draw(share->token, hash);
	(void) snprintf(days, sizeof days, "%" PRId64, share->days);
	(void) snprintf(maker, sizeof maker, "%" PRId64, call->use.id);
	const PgParam params[] = {pg_param(share->name.data), pg_param(share->url.data), pg_param(share->filter.data),
		pg_param(days), pg_param(hash), pg_param(maker)};
	if (!pg_query(conn, sql_api_share_make, params, 6, &result, error))
		return false;
	bool is_made = pg_rows(result) == 1;
	if (is_made)
		call->answer = arena_format(&call->arena, "{\"id\":\"%" PRId64 "\",\"token\":\"%s\"}\n", pg_int64(result, 0, 0),
			share->token);
	pg_result_free(result);
	if (!is_made)
		return error_set(error, ERROR_BAD_INPUT, "a thousand shares are in force already; withdraw one first");
	return call->answer.data != NULL || error_set(error, ERROR_MEMORY, "out of memory for a request");
}

void api_shares_make_serve(ApiCall *call)
{
	Error error;
	const char *bad = NULL;
	Share *share = ARENA_NEW(&call->arena, Share);
	call->data = share;
	call->work = make_work;
	call->then = api_call_answer;
	if (share == NULL)
		(void) error_set(&error, ERROR_MEMORY, "out of memory for a request");
	else if (share_read(call, share, &bad, &error))
	{
		api_call_run(call, call->api->access);
		return;
	}
	api_call_fail(call, &error, bad);
}

void api_shares_withdraw_serve(ApiCall *call)
{
	api_listed_forget(call, sql_api_share_withdraw, "share in force");
}

// ── What one may ask ──

// The conditions that a request adds to the share's own; false where the share's do not come first.
static bool rest_find(Slice bound, Slice asked, Slice *rest)
{
	*rest = SLICE_NONE;
	if (!slice_starts_with(asked, bound))
		return false;
	*rest = slice_sub(asked, bound.size, asked.size);
	if (bound.size == 0 || rest->size == 0)
		return true;
	if (rest->data[0] != ';')
		return false;
	*rest = slice_sub(*rest, 1, rest->size);
	return true;
}

bool api_share_check(const ApiTokenUse *use, ReportRequest *asked, Arena *arena, Error *error)
{
	Slice bound = slice_from(use->share_filter);
	Slice rest = SLICE_NONE;
	ReportFilter filter;
	if (use->role != API_ROLE_SHARE)
		return true;
	asked->bad_parameter = report_parameter_name(REPORT_FILTER);
	if (!rest_find(bound, asked->values[REPORT_FILTER], &rest))
		return error_set(error, ERROR_FORBIDDEN, "this share shows only what its own filter lets through");
	if (!report_filter_parse_text(rest, arena, &filter, error))
		return false;
	for (size_t i = 0; i < filter.count; i++)
	{
		ReportConditionKind kind = filter.conditions[i].kind;
		if (kind == REPORT_CONDITION_PERSON || kind == REPORT_CONDITION_TRAIT || kind == REPORT_CONDITION_SEGMENT)
			return error_set(error, ERROR_FORBIDDEN, "a share does not filter by persons, their traits or segments");
	}
	asked->bad_parameter = NULL;
	return true;
}
