#include "intake/internal.h"

#include "intake/decimal.h"

#define PIXELS_MAX 100000000.0

// Which properties went whole into columns, and so are not said again in the metadata.
typedef struct Taken {
	const JsonValue *values[8];
	size_t count;
} Taken;

static void take(Taken *taken, const JsonValue *value)
{
	if (value != NULL)
		taken->values[taken->count++] = value;
}

static bool is_taken(const Taken *taken, const JsonValue *value)
{
	for (size_t at = 0; at < taken->count; at++)
	{
		if (taken->values[at] == value)
			return true;
	}
	return false;
}

static Slice text_take(const Reading *reading, const char *key, Taken *taken)
{
	const JsonValue *value = reading_get(reading->properties, key);
	Slice text = reading_text(value);
	if (text.data != NULL)
		take(taken, value);
	return text;
}

static void value_take(Reading *reading, Taken *taken)
{
	const JsonValue *value = reading_get(reading->properties, "value");
	char text[DECIMAL_SIZE];
	if (!decimal_format(slice_trim(reading_text(value)), text))
		return;
	reading->message->hit.event_value = arena_copy(reading->arena, slice_from(text));
	take(taken, value);
}

static bool is_pixels(const JsonValue *value, double *pixels)
{
	return json_double(value, pixels) && *pixels >= -PIXELS_MAX && *pixels <= PIXELS_MAX;
}

static void position_take(Reading *reading, Taken *taken)
{
	const JsonValue *position = reading_get(reading->properties, "position");
	double x = 0;
	double y = 0;
	if (!is_pixels(reading_get(position, "x"), &x) || !is_pixels(reading_get(position, "y"), &y))
		return;
	reading->message->hit.viewport_position = arena_format(reading->arena, "{\"x\":%lld,\"y\":%lld}",
		(long long) reading_round(x), (long long) reading_round(y));
	if (position->count == 2)
		take(taken, position);
}

static void scroll_take(Reading *reading, Taken *taken)
{
	const JsonValue *scroll = reading_get(reading->properties, "scroll");
	double pixels = 0;
	if (!is_pixels(scroll, &pixels))
		return;
	reading->message->hit.scroll_position = pixels < 0 ? 0 : reading_round(pixels);
	take(taken, scroll);
}

static void element_take(Reading *reading, Taken *taken)
{
	Hit *hit = &reading->message->hit;
	const JsonValue *element = reading_get(reading->properties, "element");
	const struct {
		const char *key;
		Slice *text;
	} rows[] = {{"id", &hit->element_id}, {"class", &hit->element_class}, {"text", &hit->element_text},
		{"selector", &hit->element_selector}};
	unsigned count = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		*rows[i].text = reading_text(reading_get(element, rows[i].key));
		count += json_get(element, rows[i].key) != NULL && json_get(element, rows[i].key)->type != JSON_OBJECT
			&& json_get(element, rows[i].key)->type != JSON_ARRAY;
	}
	if (json_is_object(element) && element->count == count)
		take(taken, element);
}

static Refusal metadata_write(Reading *reading, const Taken *taken)
{
	Buf *json = reading->json;
	if (!json_is_object(reading->properties))
		return REFUSAL_NONE;
	buf_append_byte(json, '{');
	for (const JsonValue *value = reading->properties->first; value != NULL; value = value->next)
	{
		if (is_taken(taken, value))
			continue;
		if (json->size > 1)
			buf_append_byte(json, ',');
		json_write_string(json, value->key);
		buf_append_byte(json, ':');
		json_write_value(json, value);
	}
	buf_append_byte(json, '}');
	if (!buf_is_ok(json))
		return REFUSAL_TOO_LARGE;
	if (json->size > 2)
		reading->message->hit.metadata = buf_slice(json);
	return REFUSAL_NONE;
}

Refusal reading_track(Reading *reading)
{
	Hit *hit = &reading->message->hit;
	hit->event_action = slice_trim(json_string(reading_get(reading->value, "event")));
	if (hit->event_action.size == 0)
		return REFUSAL_MISSING_EVENT;
	Taken taken = {.count = 0};
	hit->event_type = text_take(reading, "type", &taken);
	if (hit->event_type.data == NULL)
		hit->event_type = SLICE_LITERAL("custom");
	hit->event_category = text_take(reading, "category", &taken);
	hit->event_label = text_take(reading, "label", &taken);
	value_take(reading, &taken);
	position_take(reading, &taken);
	scroll_take(reading, &taken);
	element_take(reading, &taken);
	return metadata_write(reading, &taken);
}
