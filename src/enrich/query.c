#include "enrich/query.h"

#include "base/buf.h"
#include "base/json.h"

// A value is looked at a good way beyond what is kept of it, so that no half of an address or token stays.
#define VALUE_CHECKED_SIZE_MAX (4 * QUERY_VALUE_SIZE_MAX)

static QueryParameter *parameter_find(const Query *query, Slice name)
{
	for (size_t i = 0; i < query->count; i++)
		if (slice_equal(query->parameters[i].name, name))
			return &query->parameters[i];
	return NULL;
}

static void parameter_remove(Query *query, QueryParameter *parameter)
{
	QueryParameter *end = query->parameters + query->count;
	for (QueryParameter *next = parameter + 1; next < end; next++)
		next[-1] = *next;
	query->count--;
}

static Slice value_cut(Slice value, Arena *arena)
{
	static const char mark[] = "\xE2\x80\xA6"; // "…"
	if (value.size <= QUERY_VALUE_SIZE_MAX)
		return value;
	Slice kept = slice_cut_utf8(value, QUERY_VALUE_SIZE_MAX - (sizeof mark - 1));
	return arena_format(arena, "%.*s%s", SLICE_PRINT(kept), mark);
}

static bool parameter_add(Query *query, Slice pair, const Deny *deny, Trace *trace, Arena *arena, Error *error)
{
	Slice raw_value;
	Slice name = percent_decode(slice_split(pair, '=', &raw_value), true, arena);
	Slice value = percent_decode(raw_value, true, arena);
	if (name.data == NULL || (value.data == NULL && raw_value.data != NULL))
		return error_set(error, ERROR_MEMORY, "no memory for the query's parameters");
	if (name.size == 0)
		return true;
	QueryParameter *known = parameter_find(query, name);
	DenyReason reason = deny_parameter(deny, name, slice_sub(value, 0, VALUE_CHECKED_SIZE_MAX), arena);
	trace_change(trace, "query", name, value, reason == DENY_NOT ? value : SLICE_NONE, deny_reason_text(reason));
	bool is_denied = reason != DENY_NOT && reason != DENY_NOT_ALLOWED;
	if (is_denied && known != NULL)
		parameter_remove(query, known);
	if (is_denied)
		return true;
	if (known == NULL && query->count == QUERY_PARAMETERS_MAX)
		return true;
	if (known == NULL)
		known = &query->parameters[query->count++];
	if (value.data == NULL)
		value = SLICE_LITERAL("");
	*known = (QueryParameter){.name = name, .value = value_cut(value, arena), .is_kept = reason == DENY_NOT};
	return known->value.data != NULL || error_set(error, ERROR_MEMORY, "no memory for the query's parameters");
}

bool query_parse(Slice text, const Deny *deny, Trace *trace, Arena *arena, Query *query, Error *error)
{
	*query = (Query){0};
	if (text.size == 0)
		return true;
	query->parameters = ARENA_ARRAY(arena, QueryParameter, QUERY_PARAMETERS_MAX);
	if (query->parameters == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for the query's parameters");
	for (Slice rest = text; rest.size > 0;)
	{
		Slice pair = slice_split(rest, '&', &rest);
		if (pair.size > 0 && !parameter_add(query, pair, deny, trace, arena, error))
			return false;
	}
	return true;
}

Slice query_get(const Query *query, const char *name)
{
	for (size_t i = 0; i < query->count; i++)
		if (slice_equal_ignoring_case(query->parameters[i].name, slice_from(name))
			&& query->parameters[i].value.size > 0)
			return query->parameters[i].value;
	return SLICE_NONE;
}

bool query_to_json(const Query *query, Arena *arena, Slice *json, Error *error)
{
	*json = SLICE_NONE;
	size_t kept = 0;
	Buf buf;
	buf_init(&buf, 2 * QUERY_JSON_SIZE_MAX);
	buf_append_byte(&buf, '{');
	for (size_t i = 0; i < query->count; i++)
	{
		size_t before = buf.size;
		if (!query->parameters[i].is_kept)
			continue;
		if (kept++ > 0)
			buf_append_byte(&buf, ',');
		json_write_string(&buf, query->parameters[i].name);
		buf_append_byte(&buf, ':');
		json_write_string(&buf, query->parameters[i].value);
		if (buf.size < QUERY_JSON_SIZE_MAX)
			continue;
		buf.size = before;
		break;
	}
	buf_append_byte(&buf, '}');
	if (kept > 0 && buf_is_ok(&buf))
		*json = arena_copy(arena, buf_slice(&buf));
	buf_free(&buf);
	return kept == 0 || json->data != NULL || error_set(error, ERROR_MEMORY, "no memory for the query's parameters");
}
