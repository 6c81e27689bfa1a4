#include "report/request.h"

#include "base/buf.h"

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

static bool zone_set(ReportRequest *request, Slice value, Error *error)
{
	char quote[REPORT_QUOTE_SIZE];
	request->zone = value;
	return zone_has_form(value)
		|| report_request_refuse(request, REPORT_TZ, error,
			"is \"%s\"; it must be the IANA name of a time zone such as Europe/Berlin", report_quote(value, quote));
}

// "from, to, tz" for a sentence.
static void names_write(const Report *report, Buf *buf)
{
	for (ReportParameter i = 0; i < REPORT_PARAMETER_COUNT; i++)
	{
		if ((report->parameters & REPORT_TAKES(i)) == 0)
			continue;
		buf_append_text(buf, buf->size == 0 ? "" : ", ");
		buf_append_text(buf, report_parameter_name(i));
	}
}

static bool name_refuse(const Report *report, Slice name, Error *error)
{
	char quote[REPORT_QUOTE_SIZE];
	Buf names;
	buf_init(&names, 256);
	names_write(report, &names);
	Slice list = buf_slice(&names);
	(void) error_set(error, ERROR_BAD_INPUT, "the report %s has no parameter \"%s\"; it takes %.*s", report->name,
		report_quote(name, quote), SLICE_PRINT(list));
	buf_free(&names);
	return false;
}

bool report_request_set(ReportRequest *request, Slice name, Slice value, Error *error)
{
	ReportParameter parameter = 0;
	while (parameter < REPORT_PARAMETER_COUNT && !slice_equal_text(name, report_parameter_name(parameter)))
		parameter++;
	if (parameter == REPORT_PARAMETER_COUNT || (request->report->parameters & REPORT_TAKES(parameter)) == 0)
		return name_refuse(request->report, name, error);
	if (request->is_given[parameter])
		return report_request_refuse(request, parameter, error, "is given more than once");
	request->is_given[parameter] = true;
	switch (parameter)
	{
	case REPORT_FROM:
	case REPORT_TO:
		return moment_set(request, parameter, value, error);
	case REPORT_TZ:
		return zone_set(request, value, error);
	case REPORT_PARAMETER_COUNT:
		break;
	}
	return true;
}
