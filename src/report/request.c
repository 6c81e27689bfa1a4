#include "report/request.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "report/funnel_steps.h"

#include <stdarg.h>
#include <stdio.h>

#define ZONE_NAME_SIZE_MAX 64

void report_request_init(ReportRequest *request, const Report *report)
{
	*request = (ReportRequest){.report = report};
}

bool report_request_refuse(ReportRequest *request, ReportParameter parameter, Error *error, const char *format, ...)
{
	char reason[384];
	va_list arguments;
	va_start(arguments, format);
	(void) vsnprintf(reason, sizeof reason, format, arguments);
	va_end(arguments);
	request->bad_parameter = report_parameter_name(parameter);
	return error_set(error, ERROR_BAD_INPUT, "%s %s", request->bad_parameter, reason);
}

const char *report_quote(Slice text, char quote[REPORT_QUOTE_SIZE])
{
	const size_t size_max = REPORT_QUOTE_SIZE - 4;
	size_t size = text.size < size_max ? text.size : size_max;
	for (size_t i = 0; i < size; i++)
		quote[i] = text.data[i] >= ' ' && text.data[i] <= '~' ? text.data[i] : '?';
	(void) snprintf(quote + size, REPORT_QUOTE_SIZE - size, "%s", text.size > size ? "..." : "");
	return quote;
}

static bool moment_set(ReportRequest *request, ReportParameter parameter, Slice value, Error *error)
{
	ReportMoment *moment = parameter == REPORT_FROM ? &request->from : &request->to;
	if (report_moment_parse(value, moment))
		return true;
	char quote[REPORT_QUOTE_SIZE];
	return report_request_refuse(request, parameter, error,
		"is \"%s\"; it must be a date such as 2026-01-31, or a time such as 2026-01-31T09:00:00, with Z or an offset "
		"such "
		"as +02:00 (in a URL: %%2B02:00) where it is not local, from 1970 on",
		report_quote(value, quote));
}

// Which names there are is the server's to say; this only keeps out what is no name at all.
static bool zone_has_form(Slice zone)
{
	if (zone.size == 0 || zone.size > ZONE_NAME_SIZE_MAX)
		return false;
	for (size_t i = 0; i < zone.size; i++)
	{
		char byte = zone.data[i];
		bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
		bool is_other = (byte >= '0' && byte <= '9') || byte == '/' || byte == '_' || byte == '+' || byte == '-';
		if (!is_letter && !is_other)
			return false;
	}
	return true;
}

static bool zone_check(ReportRequest *request, Slice value, Error *error)
{
	char quote[REPORT_QUOTE_SIZE];
	return zone_has_form(value)
		|| report_request_refuse(request, REPORT_TZ, error,
			"is \"%s\"; it must be the IANA name of a time zone such as Europe/Berlin", report_quote(value, quote));
}

static bool range_is_known(Slice value)
{
	static const char *const names[] = {"today", "yesterday", "month", "last-month"};
	int64_t days = 0;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (slice_equal_text(value, names[i]))
			return true;
	return value.size > 1 && value.data[value.size - 1] == 'd'
		&& slice_to_int64(slice_sub(value, 0, value.size - 1), &days) && days >= 1 && days <= REPORT_DAYS_MAX;
}

static bool range_check(ReportRequest *request, Slice value, Error *error)
{
	char quote[REPORT_QUOTE_SIZE];
	return range_is_known(value)
		|| report_request_refuse(request, REPORT_RANGE, error,
			"is \"%s\"; it must be today, yesterday, month, last-month, or from 1d to %dd", report_quote(value, quote),
			REPORT_DAYS_MAX);
}

static bool compare_check(ReportRequest *request, Slice value, Error *error)
{
	char quote[REPORT_QUOTE_SIZE];
	return slice_equal_text(value, "previous")
		|| report_request_refuse(request, REPORT_COMPARE, error, "is \"%s\"; it must be previous",
			report_quote(value, quote));
}

// ── The report's own ──

static bool choice_check(ReportRequest *request, const ReportArgument *argument, Slice value, Error *error)
{
	char quote[REPORT_QUOTE_SIZE];
	Buf list;
	for (size_t i = 0; argument->choices[i] != NULL; i++)
		if (slice_equal_text(value, argument->choices[i]))
			return true;
	buf_init(&list, 320);
	for (size_t i = 0; argument->choices[i] != NULL; i++)
	{
		buf_append_text(&list, i == 0 ? "" : ", ");
		buf_append_text(&list, argument->choices[i]);
	}
	Slice choices = buf_slice(&list);
	(void) report_request_refuse(request, argument->parameter, error, "is \"%s\"; it must be one of %.*s",
		report_quote(value, quote), SLICE_PRINT(choices));
	buf_free(&list);
	return false;
}

static bool number_check(ReportRequest *request, const ReportArgument *argument, Slice value, Error *error)
{
	char quote[REPORT_QUOTE_SIZE];
	int64_t number = 0;
	bool is_good = slice_to_int64(value, &number) && number >= argument->least && number <= argument->most;
	return is_good
		|| report_request_refuse(request, argument->parameter, error,
			"is \"%s\"; it must be a whole number from %lld to %lld", report_quote(value, quote),
			(long long) argument->least, (long long) argument->most);
}

static bool target_check(ReportRequest *request, const ReportArgument *argument, Slice value, Error *error)
{
	char quote[REPORT_QUOTE_SIZE];
	Slice rest = SLICE_NONE;
	Slice kind = slice_split(value, ':', &rest);
	bool is_kind = slice_equal_text(kind, "page") || slice_equal_text(kind, "event");
	return (is_kind && rest.size > 0 && value.size <= (size_t) argument->most)
		|| report_request_refuse(request, argument->parameter, error,
			"is \"%s\"; it must be page:PATH or event:ACTION, of at most %lld bytes", report_quote(value, quote),
			(long long) argument->most);
}

static bool funnel_check(ReportRequest *request, Slice value, Error *error)
{
	const char *problem = report_funnel_problem(value);
	return problem == NULL || report_request_refuse(request, REPORT_FUNNEL, error, "%s", problem);
}

static bool argument_check(ReportRequest *request, const ReportArgument *argument, Slice value, Error *error)
{
	char quote[REPORT_QUOTE_SIZE];
	Uuid id;
	switch (argument->kind)
	{
	case REPORT_CHOICE:
	case REPORT_DIMENSION:
		return choice_check(request, argument, value, error);
	case REPORT_NUMBER:
		return number_check(request, argument, value, error);
	case REPORT_WORDS:
		return (value.size > 0 && value.size <= (size_t) argument->most)
			|| report_request_refuse(request, argument->parameter, error, "has %zu bytes; it must have from 1 to %lld",
				value.size, (long long) argument->most);
	case REPORT_UUID:
		return uuid_parse(value, &id)
			|| report_request_refuse(request, argument->parameter, error, "is \"%s\"; it must be a UUID",
				report_quote(value, quote));
	case REPORT_TARGET:
		return target_check(request, argument, value, error);
	case REPORT_STEPS_OF_FUNNEL:
		return funnel_check(request, value, error);
	}
	return true;
}

Slice report_request_value(const ReportRequest *request, ReportParameter parameter)
{
	const ReportArgument *argument = report_argument(request->report, parameter);
	if (request->is_given[parameter])
		return request->values[parameter];
	return slice_from(argument == NULL ? NULL : argument->fallback);
}

bool report_request_end(ReportRequest *request, Error *error)
{
	if (request->is_given[REPORT_RANGE] && (request->is_given[REPORT_FROM] || request->is_given[REPORT_TO]))
		return report_request_refuse(request, REPORT_RANGE, error, "is given beside from or to; it stands for both");
	for (size_t i = 0; i < request->report->argument_count; i++)
	{
		const ReportArgument *argument = &request->report->arguments[i];
		if (argument->is_required && !request->is_given[argument->parameter])
			return report_request_refuse(request, argument->parameter, error, "is missing; the report %s needs it",
				request->report->name);
	}
	return true;
}

// "from, to, tz" for a sentence.
static void names_write(const Report *report, Buf *buf)
{
	for (ReportParameter i = 0; i < REPORT_PARAMETER_COUNT; i++)
	{
		if (!report_takes(report, i))
			continue;
		buf_append_text(buf, buf->size == 0 ? "" : ", ");
		buf_append_text(buf, report_parameter_name(i));
	}
}

static bool name_refuse(ReportRequest *request, Slice name, Error *error)
{
	const Report *report = request->report;
	Buf names;
	request->bad_parameter = report_quote(name, request->unknown);
	buf_init(&names, 256);
	names_write(report, &names);
	Slice list = buf_slice(&names);
	(void) error_set(error, ERROR_BAD_INPUT, "the report %s has no parameter \"%s\"; it takes %.*s", report->name,
		request->unknown, SLICE_PRINT(list));
	buf_free(&names);
	return false;
}

// Text that PostgreSQL takes.
static bool text_check(ReportRequest *request, ReportParameter parameter, Slice value, Error *error)
{
	return utf8_is_text(value) || report_request_refuse(request, parameter, error, "is no text in UTF-8");
}

bool report_request_set(ReportRequest *request, Slice name, Slice value, Error *error)
{
	ReportParameter parameter = 0;
	while (parameter < REPORT_PARAMETER_COUNT && !slice_equal_text(name, report_parameter_name(parameter)))
		parameter++;
	if (parameter == REPORT_PARAMETER_COUNT || !report_takes(request->report, parameter))
		return name_refuse(request, name, error);
	if (request->is_given[parameter])
		return report_request_refuse(request, parameter, error, "is given more than once");
	request->is_given[parameter] = true;
	request->values[parameter] = value;
	const ReportArgument *argument = report_argument(request->report, parameter);
	if (argument != NULL)
		return argument_check(request, argument, value, error) && text_check(request, parameter, value, error);
	if (parameter == REPORT_FROM || parameter == REPORT_TO)
		return moment_set(request, parameter, value, error);
	if (parameter == REPORT_RANGE)
		return range_check(request, value, error);
	if (parameter == REPORT_TZ)
		return zone_check(request, value, error);
	if (parameter == REPORT_COMPARE)
		return compare_check(request, value, error);
	return text_check(request, parameter, value, error);
}
