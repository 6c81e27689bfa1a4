#include "intake/internal.h"

#include "base/clock.h"

// Numbers below are seconds since 1970 (until the year 5138), others milliseconds.
#define SECONDS_MAX INT64_C(100000000000)

// When the person signed up: ISO 8601, or a number of seconds or milliseconds. NULL where it cannot be told.
static const JsonValue *created_read(Reading *reading)
{
	static const char *const keys[] = {"createdAt", "created_at"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
	{
		const JsonValue *value = reading_get(reading->properties, keys[i]);
		int64_t time_ms = 0;
		if (value == NULL)
			continue;
		bool is_number = json_int64(value, &time_ms);
		if (is_number && time_ms > -SECONDS_MAX && time_ms < SECONDS_MAX)
			time_ms *= CLOCK_SECOND_MS;
		if (!is_number && !clock_parse_iso8601(slice_trim(json_string(value)), &time_ms))
			continue;
		if (time_ms < 0 || time_ms > reading->sender->now_ms + reading->rules->future_ms_max)
			continue;
		reading->message->hit.created_ms = time_ms;
		return value;
	}
	return NULL;
}

static void traits_write(Buf *json, const JsonValue *traits, const JsonValue *without)
{
	for (const JsonValue *value = json_is_object(traits) ? traits->first : NULL; value != NULL; value = value->next)
	{
		if (value == without)
			continue;
		if (json->size > 0 && json->data[json->size - 1] != '{')
			buf_append_byte(json, ',');
		json_write_string(json, value->key);
		buf_append_byte(json, ':');
		json_write_value(json, value);
	}
}

static Refusal traits_set(Reading *reading, size_t size_of_nothing)
{
	if (!buf_is_ok(reading->json))
		return REFUSAL_TOO_LARGE;
	if (reading->json->size > size_of_nothing)
		reading->message->hit.traits = buf_slice(reading->json);
	return REFUSAL_NONE;
}

Refusal reading_identify(Reading *reading)
{
	const JsonValue *created = created_read(reading);
	buf_append_byte(reading->json, '{');
	traits_write(reading->json, reading->properties, created);
	buf_append_byte(reading->json, '}');
	return traits_set(reading, 2);
}

// A group is one more trait of the person: {"group":{"id":GROUP,…its traits}}.
Refusal reading_group(Reading *reading)
{
	Slice group = reading_text(reading_get(reading->value, "groupId"));
	buf_append_text(reading->json, "{\"group\":{");
	if (group.data != NULL)
	{
		buf_append_text(reading->json, "\"id\":");
		json_write_string(reading->json, group);
	}
	traits_write(reading->json, reading->properties,
		group.data == NULL ? NULL : reading_get(reading->properties, "id"));
	buf_append_text(reading->json, "}}");
	return traits_set(reading, sizeof "{\"group\":{}}" - 1);
}
