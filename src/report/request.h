// What somebody asked of a report, as text, before the database has seen any of it: parameters by name, each once, each of
// the form it must have.
#pragma once
#include "base/error.h"
#include "base/slice.h"
#include "report/definition.h"
#include "report/moment.h"

// More days than this are refused, so that no request makes an answer of any size.
#define REPORT_DAYS_MAX 3660
// At most 60 bytes of a foreign text, only printable ASCII, to be quoted in a sentence.
#define REPORT_QUOTE_SIZE 64

typedef struct ReportRequest {
	const Report *report;
	bool is_given[REPORT_PARAMETER_COUNT];
	Slice values[REPORT_PARAMETER_COUNT]; // as given; SLICE_NONE: not. Their text belongs to the caller
	ReportMoment from;
	ReportMoment to;
	const char *bad_parameter;       // after ERROR_BAD_INPUT: which one; NULL: none by itself
	char unknown[REPORT_QUOTE_SIZE]; // its name, where the report has none of it, fit to be quoted
} ReportRequest;

void report_request_init(ReportRequest *request, const Report *report);
// ERROR_BAD_INPUT where the report takes no such parameter, where it came before, or where its value has not its form.
bool report_request_set(ReportRequest *request, Slice name, Slice value, Error *error) MUST_USE;
// When all is set: ERROR_BAD_INPUT where one is missing that must be given, or two are given of which one says what the other does.
bool report_request_end(ReportRequest *request, Error *error) MUST_USE;
// What counts: the value given, or the argument's fallback; SLICE_NONE where there is neither.
Slice report_request_value(const ReportRequest *request, ReportParameter parameter);
// Sets ERROR_BAD_INPUT and remembers the parameter it is about; returns false.
bool report_request_refuse(ReportRequest *request, ReportParameter parameter, Error *error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

const char *report_quote(Slice text, char quote[REPORT_QUOTE_SIZE]);
