#include "report/funnel_steps.h"

#include "base/json.h"

#include <string.h>

#define DEFINITION_SIZE_MAX 16384
#define PATTERN_SIZE_MAX 2048
#define STEPS_MIN 2
#define STEPS_MAX 20
#define WINDOW_SECONDS_MAX 31536000

static const char *step_problem(const JsonValue *step)
{
	const JsonValue *pattern = json_is_object(step) && step->count == 1 ? step->first : NULL;
	bool is_kind = pattern != NULL
		&& (slice_equal_text(pattern->key, "page") || slice_equal_text(pattern->key, "category")
			|| slice_equal_text(pattern->key, "event"));
	if (!is_kind)
		return "has a step that is not {\"page\": …}, {\"category\": …} or {\"event\": …}";
	Slice text = json_string(pattern);
	bool is_pattern = text.size > 0 && text.size <= PATTERN_SIZE_MAX;
	return is_pattern ? NULL : "has a step whose pattern is not a text of 1 to 2048 bytes";
}

static const char *steps_problem(const JsonValue *steps)
{
	const char *problem = NULL;
	if (!json_is_array(steps) || steps->count < STEPS_MIN || steps->count > STEPS_MAX)
		return "must have \"steps\", an array of 2 to 20 steps";
	for (const JsonValue *step = steps->first; step != NULL && problem == NULL; step = step->next)
		problem = step_problem(step);
	return problem;
}

static const char *definition_problem(const JsonValue *definition)
{
	int64_t window = 1;
	const JsonValue *window_value = json_get(definition, "window_seconds");
	const JsonValue *per = json_get(definition, "per");
	if (!json_is_object(definition))
		return "must be a JSON object";
	for (const JsonValue *field = definition->first; field != NULL; field = field->next)
		if (!slice_equal_text(field->key, "steps") && !slice_equal_text(field->key, "window_seconds")
			&& !slice_equal_text(field->key, "per"))
			return "has a field other than \"steps\", \"window_seconds\" and \"per\"";
	if (window_value != NULL
		&& (window_value->type != JSON_NUMBER || !slice_to_int64(window_value->text, &window) || window < 1
			|| window > WINDOW_SECONDS_MAX))
		return "has a \"window_seconds\" that is not a whole number from 1 to 31536000";
	if (per != NULL && !slice_equal_text(json_string(per), "person") && !slice_equal_text(json_string(per), "session"))
		return "has a \"per\" that is neither \"person\" nor \"session\"";
	return steps_problem(json_get(definition, "steps"));
}

const char *report_funnel_problem(Slice definition)
{
	static const char nul[] = "\\u0000"; // which PostgreSQL does not take
	Arena arena;
	JsonValue *value = NULL;
	Error error;
	if (definition.size > DEFINITION_SIZE_MAX)
		return "is longer than 16384 bytes";
	if (definition.size > 0 && memmem(definition.data, definition.size, nul, sizeof nul - 1) != NULL)
		return "holds a NUL";
	arena_init(&arena, (size_t) 64 * DEFINITION_SIZE_MAX);
	const char *problem = json_parse(definition, &arena, &value, &error) ? definition_problem(value) : "is no JSON";
	arena_free(&arena);
	return problem;
}
