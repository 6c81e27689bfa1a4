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
	// A report that can be filtered by all there is.
	static const Report any = {
		.name = "segment",
		.parameters = REPORT_TAKES_RANGE | REPORT_TAKES(REPORT_FILTER),
	};
	ReportRequest request;
	ReportFilter parsed;
	Error error;
	report_request_init(&request, &any);
	if (!report_request_set(&request, SLICE_LITERAL("filter"), filter, &error)
		|| !report_filter_parse(&request, arena, &parsed, &error))
		return arena_copy(arena, slice_from(error.message)).data;
	for (size_t i = 0; i < parsed.count; i++)
		if (parsed.conditions[i].kind == REPORT_CONDITION_SEGMENT)
			return "a segment is not made of other segments";
	return NULL;
}

static const char *funnel_problem(const JsonValue *definition, Arena *arena)
{
	Buf text;
	buf_init(&text, (size_t) 64 << 10U);
	json_write_value(&text, definition);
	const char *problem = report_funnel_problem(buf_slice(&text));
	buf_free(&text);
	return problem == NULL ? NULL : arena_format(arena, "the funnel %s", problem).data;
}

const char *report_saved_problem(Slice kind, Slice name, const JsonValue *definition, Arena *arena)
{
	if (name.size == 0 || name.size > REPORT_SAVED_NAME_MAX || !utf8_is_valid(name)
		|| slice_find(name, '\0', 0) != name.size)
		return "name must be a text of 1 to 100 bytes";
	if (slice_equal_text(kind, "funnel"))
		return funnel_problem(definition, arena);
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
	if (slice_equal_text(kind, "view"))
		return text_of(definition, "url").data != NULL ? NULL : "the definition of a view is {\"url\": TEXT}";
	return "kind must be segment, goal, funnel or view";
}
