// What is kept of a query is text, is no secret, is the same as JSON, and put together again means the same.
#include "tests/fuzz/fuzz.h"

#include "base/json.h"
#include "enrich/click_id.h"
#include "enrich/query.h"

static const Deny *default_deny(void)
{
	static Arena arena = {.size_max = (size_t) 1 << 20U};
	static Deny deny;
	Error error;
	SettingList list = fuzz_settings()->query_deny;
	if (deny.slots == NULL)
	{
		bool is_open = deny_open(list.items, list.count, &arena, &deny, &error);
		assert(is_open);
	}
	return &deny;
}

static void parameters_check(const Query *query)
{
	assert(query->count <= QUERY_PARAMETERS_MAX);
	for (size_t i = 0; i < query->count; i++)
	{
		const QueryParameter *parameter = &query->parameters[i];
		assert(parameter->name.size > 0 && parameter->value.size <= QUERY_VALUE_SIZE_MAX);
		assert(fuzz_is_text(parameter->name) && fuzz_is_text(parameter->value));
		assert(!fuzz_is_secret_name(parameter->name));
		assert(!fuzz_has_mail_address(parameter->name) && !fuzz_has_mail_address(parameter->value));
		for (size_t other = 0; other < i; other++)
			assert(!slice_equal(query->parameters[other].name, parameter->name));
	}
}

static void json_check(const Query *query, Arena *arena)
{
	Slice json;
	Error error;
	JsonValue *object = NULL;
	bool is_written = query_to_json(query, arena, &json, &error);
	assert(is_written && (json.data == NULL) == (query->count == 0) && json.size <= QUERY_JSON_SIZE_MAX + 1);
	if (json.data == NULL)
		return;
	bool is_parsed = json_parse(json, arena, &object, &error);
	assert(is_parsed && json_is_object(object));
	size_t count = 0;
	for (const JsonValue *value = object->first; value != NULL; value = value->next, count++)
		assert(slice_equal(value->key, query->parameters[count].name)
			&& slice_equal(value->text, query->parameters[count].value));
	assert(count == query->count || json.size > QUERY_JSON_SIZE_MAX / 4);
}

static void text_escape(Buf *buf, Slice text)
{
	for (size_t i = 0; i < text.size; i++)
		buf_append_format(buf, "%%%02x", (unsigned char) text.data[i]);
}

static void round_trip_check(const Query *query, Arena *arena)
{
	Buf buf;
	Query again;
	Error error;
	buf_init(&buf, (size_t) 16 << 20U);
	for (size_t i = 0; i < query->count; i++)
	{
		text_escape(&buf, query->parameters[i].name);
		buf_append_byte(&buf, '=');
		text_escape(&buf, query->parameters[i].value);
		buf_append_byte(&buf, '&');
	}
	assert(buf_is_ok(&buf));
	bool is_parsed = query_parse(buf_slice(&buf), default_deny(), NULL, arena, &again, &error);
	assert(is_parsed && again.count == query->count);
	for (size_t i = 0; i < query->count; i++)
		assert(slice_equal(query->parameters[i].name, again.parameters[i].name)
			&& slice_equal(query->parameters[i].value, again.parameters[i].value));
	buf_free(&buf);
}

void fuzz_one(Slice input, Arena *arena)
{
	Query query;
	Error error;
	Slice type = SLICE_NONE;
	Slice id = SLICE_NONE;
	bool is_parsed = query_parse(input, default_deny(), NULL, arena, &query, &error);
	assert(is_parsed);
	parameters_check(&query);
	json_check(&query, arena);
	round_trip_check(&query, arena);
	if (click_id_of(&query, &type, &id))
		assert(id.size > 0 && slice_equal(id, query_get(&query, type.data)));
}
