#include "report/saved.h"

#include "base/utf8.h"
#include "report/filter.h"
#include "report/funnel_steps.h"

#define PATTERN_SIZE_MAX 2048

// Its only member, a text of 1 to 2048 bytes; SLICE_NONE where it is anything else.
static Slice text_of(const JsonValue *definition, const char *key)
{
	Slice text = json_string(json_get(definition, key));
	bool is_good =
		json_is_object(definition) && definition->count == 1 && text.size > 0 && text.size <= PATTERN_SIZE_MAX;
	return is_good ? text : SLICE_NONE;
}

static const char *filter_problem(Slice filter, Arena *arena)
{
	ReportFilter parsed;
	Error error;
	if (!report_filter_parse_text(filter, arena, &parsed, &error))
		return arena_copy(arena, slice_from(error.message)).data;
	for (size_t i = 0; i < parsed.count; i++)
		if (parsed.conditions[i].kind == REPORT_CONDITION_SEGMENT)
			return "a segment is not made of other segments";
	return NULL;
}

bool report_saved_is_kind(Slice kind)
{
	static const char *const kinds[] = {"segment", "goal", "funnel", "view"};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (slice_equal_text(kind, kinds[i]))
			return true;
	return false;
}

const char *report_saved_problem(Slice kind, Slice name, const JsonValue *definition, Slice text, Arena *arena,
	const char **member)
{
	*member = "kind";
	if (!report_saved_is_kind(kind))
		return "kind must be segment, goal, funnel or view";
	*member = "name";
	if (name.size == 0 || name.size > REPORT_SAVED_NAME_MAX || !utf8_is_text(name))
		return "name must be a text of 1 to 100 bytes";
	*member = "definition";
	if (slice_equal_text(kind, "funnel"))
	{
		const char *problem = report_funnel_problem(text);
		return problem == NULL ? NULL : arena_format(arena, "the funnel %s", problem).data;
	}
	if (slice_equal_text(kind, "segment"))
	{
		Slice filter = text_of(definition, "filter");
		return filter.data == NULL ? "the definition of a segment is {\"filter\": TEXT}"
								   : filter_problem(filter, arena);
	}
	if (slice_equal_text(kind, "goal"))
		return text_of(definition, "page").data != NULL || text_of(definition, "event").data != NULL
			? NULL
			: "the definition of a goal is {\"page\": PATTERN} or {\"event\": PATTERN}";
	return text_of(definition, "url").data != NULL ? NULL : "the definition of a view is {\"url\": TEXT}";
}
