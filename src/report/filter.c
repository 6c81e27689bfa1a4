#include "report/filter.h"

#include "base/buf.h"
#include "sql/sql.h"

#include <stdio.h>
#include <string.h>

typedef struct Reading {
	ReportRequest *request;
	Arena *arena;
	Slice text;
	size_t at;
	Buf exact;   // the value as it is
	Buf pattern; // as LIKE has it
	Error *error;
} Reading;

static bool refuse(Reading *reading, const char *reason)
{
	return report_request_refuse(reading->request, REPORT_FILTER, reading->error, "%s", reason);
}

static bool no_memory(Reading *reading)
{
	return error_set(reading->error, ERROR_MEMORY, "out of memory for a filter");
}

// ── A value ──

typedef struct Value {
	Slice exact;
	Slice pattern;
	bool is_pattern;
} Value;

static void byte_append(Reading *reading, char byte, bool is_any)
{
	if (is_any)
	{
		buf_append_byte(&reading->pattern, '%');
		return;
	}
	buf_append_byte(&reading->exact, byte);
	if (strchr("%_\\", byte) != NULL)
		buf_append_byte(&reading->pattern, '\\');
	buf_append_byte(&reading->pattern, byte);
}

// Up to the next ',' or ';' that stands for itself.
static bool value_read(Reading *reading, Value *value)
{
	buf_reset(&reading->exact);
	buf_reset(&reading->pattern);
	*value = (Value){0};
	for (; reading->at < reading->text.size; reading->at++)
	{
		char byte = reading->text.data[reading->at];
		if (byte == ',' || byte == ';')
			break;
		bool is_escaped = byte == '\\';
		if (is_escaped && ++reading->at == reading->text.size)
			return refuse(reading, "ends in a \\ with nothing behind it");
		byte = reading->text.data[reading->at];
		value->is_pattern = value->is_pattern || (byte == '*' && !is_escaped);
		byte_append(reading, byte, byte == '*' && !is_escaped);
	}
	value->exact = arena_copy(reading->arena, buf_slice(&reading->exact));
	value->pattern = arena_copy(reading->arena, buf_slice(&reading->pattern));
	return (value->exact.data != NULL && value->pattern.data != NULL) || no_memory(reading);
}

// ── A condition ──

static bool trait_find(Reading *reading, Slice name, ReportCondition *condition, bool *is_trait)
{
	static const Slice prefix = SLICE_LITERAL("trait.");
	*is_trait = slice_starts_with(name, prefix) && name.size > prefix.size;
	if (!*is_trait)
		return true;
	condition->kind = REPORT_CONDITION_TRAIT;
	condition->trait = arena_copy(reading->arena, slice_sub(name, prefix.size, name.size));
	return condition->trait.data != NULL || no_memory(reading);
}

static bool other_find(Slice name, ReportCondition *condition)
{
	static const struct {
		const char *name;
		ReportConditionKind kind;
	} others[] = {
		{"page", REPORT_CONDITION_PAGE},
		{"person", REPORT_CONDITION_PERSON},
		{"authenticated", REPORT_CONDITION_AUTHENTICATED},
		{"event", REPORT_CONDITION_EVENT},
		{"segment", REPORT_CONDITION_SEGMENT},
	};
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
	{
		condition->kind = others[i].kind;
		if (slice_equal_text(name, others[i].name))
			return true;
	}
	return false;
}

static bool name_find(Reading *reading, Slice name, ReportCondition *condition)
{
	bool is_trait = false;
	*condition = (ReportCondition){.dimension = report_dimension_find(name)};
	if (condition->dimension != NULL)
		return true;
	if (!trait_find(reading, name, condition, &is_trait))
		return false;
	if (is_trait || other_find(name, condition))
		return true;
	char quote[REPORT_QUOTE_SIZE];
	return report_request_refuse(reading->request, REPORT_FILTER, reading->error,
		"has a condition on \"%s\", which is nothing to filter by; it may be page, event, person, authenticated, "
		"trait.KEY, or "
		"a dimension such as device_type, browser, country, channel, utm_campaign, referrer_domain, entry_page, source "
		"or host",
		report_quote(name, quote));
}

static bool value_add(Reading *reading, ReportCondition *condition, const Value *value)
{
	int64_t number = 0;
	bool is_true = slice_equal_text(value->exact, "true");
	if (condition->text_count + condition->pattern_count == REPORT_VALUES_MAX)
		return refuse(reading, "has a condition with more than 64 values");
	switch (condition->kind)
	{
	case REPORT_CONDITION_PERSON:
		if (value->is_pattern || !slice_to_int64(value->exact, &number))
			return refuse(reading, "has a person that is no id; ids of persons are whole numbers");
		break;
	case REPORT_CONDITION_AUTHENTICATED:
		if (value->is_pattern || (!is_true && !slice_equal_text(value->exact, "false")))
			return refuse(reading, "has authenticated, which must be true or false");
		condition->truth = is_true;
		return true;
	case REPORT_CONDITION_EVENT:
		if (!report_takes(reading->request->report, REPORT_FROM))
			return refuse(reading, "has event, which this report cannot be filtered by");
		if (value->exact.size == 0 && !value->is_pattern)
			return refuse(reading, "has event without an action; !* takes sessions without events");
		break;
	case REPORT_CONDITION_SEGMENT:
		if (value->is_pattern || value->exact.size == 0 || condition->is_negated || condition->text_count > 0)
			return refuse(reading, "has a segment that is no single name");
		break;
	case REPORT_CONDITION_DIMENSION:
	case REPORT_CONDITION_PAGE:
	case REPORT_CONDITION_TRAIT:
		break;
	}
	if (condition->kind == REPORT_CONDITION_PAGE && value->exact.size == 0 && !value->is_pattern)
		condition->has_none = true;
	else if (value->is_pattern)
		condition->patterns[condition->pattern_count++] = value->pattern;
	else
		condition->texts[condition->text_count++] = value->exact;
	return true;
}

static bool condition_read(Reading *reading, ReportCondition *condition)
{
	size_t colon = slice_find(reading->text, ':', reading->at);
	if (slice_find(reading->text, ';', reading->at) < colon || colon == reading->text.size)
		return refuse(reading, "has a condition without a ':'; conditions are NAME:VALUE with ; between them");
	if (!name_find(reading, slice_sub(reading->text, reading->at, colon), condition))
		return false;
	condition->texts = ARENA_ARRAY(reading->arena, Slice, REPORT_VALUES_MAX);
	condition->patterns = ARENA_ARRAY(reading->arena, Slice, REPORT_VALUES_MAX);
	if (condition->texts == NULL || condition->patterns == NULL)
		return no_memory(reading);
	reading->at = colon + 1;
	condition->is_negated = reading->at < reading->text.size && reading->text.data[reading->at] == '!';
	reading->at += condition->is_negated ? 1 : 0;
	for (;; reading->at++)
	{
		Value value;
		if (!value_read(reading, &value) || !value_add(reading, condition, &value))
			return false;
		if (reading->at >= reading->text.size || reading->text.data[reading->at] == ';')
			break;
	}
	reading->at++;
	return true;
}

static bool conditions_read(ReportRequest *request, Slice text, Arena *arena, ReportFilter *filter, Error *error)
{
	Reading reading = {.request = request, .arena = arena, .text = text, .error = error};
	if (reading.text.size > REPORT_FILTER_SIZE_MAX)
		return refuse(&reading, "is longer than 4096 bytes");
	buf_init(&reading.exact, REPORT_FILTER_SIZE_MAX + 1);
	buf_init(&reading.pattern, 2 * (REPORT_FILTER_SIZE_MAX + 1));
	bool is_ok = true;
	while (is_ok && reading.at < reading.text.size)
	{
		is_ok = filter->count < REPORT_CONDITIONS_MAX ? condition_read(&reading, &filter->conditions[filter->count])
													  : refuse(&reading, "has more than 16 conditions");
		filter->count += is_ok ? 1 : 0;
	}
	buf_free(&reading.exact);
	buf_free(&reading.pattern);
	return is_ok;
}

bool report_filter_parse(ReportRequest *request, Arena *arena, ReportFilter *filter, Error *error)
{
	*filter = (ReportFilter){0};
	return conditions_read(request, request->values[REPORT_FILTER], arena, filter, error);
}

bool report_filter_parse_text(Slice text, Arena *arena, ReportFilter *filter, Error *error)
{
	static const Report any = {.name = "any", .parameters = REPORT_TAKES_RANGE | REPORT_TAKES(REPORT_FILTER)};
	ReportRequest request;
	report_request_init(&request, &any);
	return report_request_set(&request, SLICE_LITERAL("filter"), text, error)
		&& report_filter_parse(&request, arena, filter, error);
}

// ── What the database knows of it ──

static bool segment_read(ReportRequest *request, PgConn *conn, Slice name, Arena *arena, ReportFilter *filter,
	Error *error)
{
	char quote[REPORT_QUOTE_SIZE];
	PgResult *result = NULL;
	const PgParam params[] = {pg_param(name.data)};
	if (!pg_query(conn, sql_report_segment, params, 1, &result, error))
		return false;
	Slice text = pg_rows(result) == 1 ? arena_copy(arena, pg_text(result, 0, 0)) : SLICE_NONE;
	pg_result_free(result);
	return text.data == NULL ? report_request_refuse(request, REPORT_FILTER, error,
			   "names the segment \"%s\", which is not saved", report_quote(name, quote))
							 : conditions_read(request, text, arena, filter, error);
}

bool report_filter_expand(ReportRequest *request, PgConn *conn, Arena *arena, ReportFilter *filter, Error *error)
{
	size_t given = filter->count;
	size_t kept = 0;
	for (size_t i = 0; i < given; i++)
		if (filter->conditions[i].kind == REPORT_CONDITION_SEGMENT
			&& !segment_read(request, conn, filter->conditions[i].texts[0], arena, filter, error))
			return false;
	for (size_t i = 0; i < filter->count; i++)
		if (filter->conditions[i].kind != REPORT_CONDITION_SEGMENT)
			filter->conditions[kept++] = filter->conditions[i];
	filter->count = kept;
	return true;
}

static bool operand_add(ReportOperands *operands, Slice operand, Error *error)
{
	operands->params[operands->count++] = operand;
	return operand.data != NULL || error_set(error, ERROR_MEMORY, "out of memory for a filter");
}

// Its texts and patterns.
static bool values_add(const ReportCondition *condition, Arena *arena, ReportOperands *operands, Error *error)
{
	return operand_add(operands, pg_array_text(arena, condition->texts, condition->text_count), error)
		&& operand_add(operands, pg_array_text(arena, condition->patterns, condition->pattern_count), error);
}

// The numbers of its values.
static bool numbers_add(const ReportCondition *condition, PgConn *conn, Arena *arena, ReportOperands *operands,
	Error *error)
{
	PgResult *result = NULL;
	ReportOperands values = {0};
	bool is_page = condition->kind == REPORT_CONDITION_PAGE || condition->dimension->is_page;
	if (!values_add(condition, arena, &values, error))
		return false;
	const PgParam params[] = {pg_param(values.params[0].data), pg_param(values.params[1].data)};
	if (!pg_query(conn, is_page ? sql_report_page_values : sql_report_values, params, 2, &result, error))
		return false;
	bool is_ok = operand_add(operands, arena_copy(arena, pg_text(result, 0, 0)), error);
	pg_result_free(result);
	return is_ok;
}

bool report_filter_resolve(const ReportCondition *condition, PgConn *conn, Arena *arena, ReportOperands *operands,
	Error *error)
{
	*operands = (ReportOperands){0};
	switch (condition->kind)
	{
	case REPORT_CONDITION_DIMENSION:
	case REPORT_CONDITION_PAGE:
		return numbers_add(condition, conn, arena, operands, error);
	case REPORT_CONDITION_PERSON:
		return operand_add(operands, pg_array_text(arena, condition->texts, condition->text_count), error);
	case REPORT_CONDITION_TRAIT:
		return values_add(condition, arena, operands, error) && operand_add(operands, condition->trait, error);
	case REPORT_CONDITION_EVENT:
		return values_add(condition, arena, operands, error);
	case REPORT_CONDITION_AUTHENTICATED:
	case REPORT_CONDITION_SEGMENT:
		break;
	}
	return true;
}
