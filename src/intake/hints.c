#include "intake/internal.h"

#include <string.h>

#define BRANDS_MAX 16U

static void append(char *text, size_t *size, Slice part)
{
	for (size_t i = 0; i < part.size; i++)
		if (part.data[i] != '"' && part.data[i] != '\\')
			text[(*size)++] = part.data[i];
}

// [{"brand": …, "version": …}, …] in the syntax of the header; quotes in a brand are left out.
static Slice brands_read(const Reading *reading, const JsonValue *brands)
{
	size_t size_max = 1;
	if (!json_is_array(brands) || brands->count > BRANDS_MAX)
		return SLICE_NONE;
	for (const JsonValue *one = brands->first; one != NULL; one = one->next)
		size_max += json_string(json_get(one, "brand")).size + reading_text(json_get(one, "version")).size
			+ sizeof ", \"\";v=\"\"";
	char *text = arena_allocate(reading->arena, size_max);
	if (text == NULL)
		return SLICE_NONE;
	size_t size = 0;
	for (const JsonValue *one = brands->first; one != NULL; one = one->next)
	{
		text[size++] = '"';
		append(text, &size, json_string(json_get(one, "brand")));
		memcpy(text + size, "\";v=\"", 5);
		size += 5;
		append(text, &size, reading_text(json_get(one, "version")));
		memcpy(text + size, "\", ", 3);
		size += 3;
	}
	return (Slice){text, size};
}

static Slice truth_read(const JsonValue *value)
{
	bool is_true = false;
	if (!json_bool(value, &is_true))
		return SLICE_NONE;
	return is_true ? SLICE_LITERAL("?1") : SLICE_LITERAL("?0");
}

// Headers speak of the browser that sent the request, and not of another that the message names.
static bool has_headers(const Reading *reading)
{
	Slice named = reading->message->user_agent;
	return reading_is_browser(reading)
		&& (named.data == NULL || slice_equal(named, slice_trim(reading->sender->user_agent)));
}

ClientHints reading_hints(const Reading *reading)
{
	const JsonValue *data = reading_context(reading, "userAgentData");
	ClientHints hints = {
		.brands = brands_read(reading, reading_get(data, "brands")),
		.full_versions = brands_read(reading, reading_get(data, "fullVersionList")),
		.mobile = truth_read(reading_get(data, "mobile")),
		.platform = reading_text(reading_get(data, "platform")),
		.platform_version = reading_text(reading_get(data, "platformVersion")),
		.model = reading_text(reading_get(data, "model")),
	};
	if (!has_headers(reading))
		return hints;
#define X(name, header)                                                                                                \
	if (hints.name.data == NULL)                                                                                       \
		hints.name = reading->sender->hints.name;
	CLIENT_HINTS(X)
#undef X
	return hints;
}
