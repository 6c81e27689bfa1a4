#include "report/funnel_steps.h"

#include "base/json.h"

#include <string.h>

#define DEFINITION_SIZE_MAX 16384
#define PATTERN_SIZE_MAX 2048
#define WINDOW_SECONDS_MAX 31536000

static bool refuse(ReportRequest *request, Error *error, const char *reason)
{
	return report_request_refuse(request, REPORT_FUNNEL, error, "%s", reason);
}

static bool step_check(ReportRequest *request, const JsonValue *step, Error *error)
{
	const JsonValue *pattern = json_is_object(step) && step->count == 1 ? step->first : NULL;
	bool is_kind = pattern != NULL
		&& (slice_equal_text(pattern->key, "page") || slice_equal_text(pattern->key, "category")
			|| slice_equal_text(pattern->key, "event"));
	if (!is_kind)
		return refuse(request, error, "has a step that is not {\"page\": …}, {\"category\": …} or {\"event\": …}");
	Slice text = json_string(pattern);
	return (text.size > 0 && text.size <= PATTERN_SIZE_MAX)
		|| refuse(request, error, "has a step whose pattern is not a text of 1 to 2048 bytes");
}

static bool steps_check(ReportRequest *request, const JsonValue *steps, Error *error)
{
	if (!json_is_array(steps) || steps->count < REPORT_FUNNEL_STEPS_MIN || steps->count > REPORT_FUNNEL_STEPS_MAX)
		return refuse(request, error, "must have \"steps\", an array of 2 to 20 steps");
	for (const JsonValue *step = steps->first; step != NULL; step = step->next)
		if (!step_check(request, step, error))
			return false;
	return true;
}

static bool definition_check(ReportRequest *request, const JsonValue *definition, Error *error)
{
	int64_t window = 1;
	const JsonValue *window_value = json_get(definition, "window_seconds");
	const JsonValue *per = json_get(definition, "per");
	if (!json_is_object(definition))
		return refuse(request, error, "must be a JSON object");
	for (const JsonValue *field = definition->first; field != NULL; field = field->next)
		if (!slice_equal_text(field->key, "steps") && !slice_equal_text(field->key, "window_seconds")
			&& !slice_equal_text(field->key, "per"))
			return refuse(request, error, "has a field other than \"steps\", \"window_seconds\" and \"per\"");
	if (window_value != NULL
		&& (window_value->type != JSON_NUMBER || !slice_to_int64(window_value->text, &window) || window < 1
			|| window > WINDOW_SECONDS_MAX))
		return refuse(request, error, "has a \"window_seconds\" that is not a whole number from 1 to 31536000");
	if (per != NULL && !slice_equal_text(json_string(per), "person") && !slice_equal_text(json_string(per), "session"))
		return refuse(request, error, "has a \"per\" that is neither \"person\" nor \"session\"");
	return steps_check(request, json_get(definition, "steps"), error);
}

bool report_funnel_check(ReportRequest *request, Slice definition, Error *error)
{
	Arena arena;
	JsonValue *value = NULL;
	Error reason = {0};
	static const char nul[] = "\\u0000"; // which PostgreSQL does not take
	bool has_nul = definition.size > 0 && memmem(definition.data, definition.size, nul, sizeof nul - 1) != NULL;
	if (has_nul)
		return refuse(request, error, "holds a NUL");
	if (definition.size > DEFINITION_SIZE_MAX)
		return refuse(request, error, "is longer than 16384 bytes");
	arena_init(&arena, 64 * DEFINITION_SIZE_MAX);
	bool is_ok = json_parse(definition, &arena, &value, &reason)
		? definition_check(request, value, error)
		: report_request_refuse(request, REPORT_FUNNEL, error, "is no JSON: %s", reason.message);
	arena_free(&arena);
	return is_ok;
}
