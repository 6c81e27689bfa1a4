// What a report is: a name, the parameters it takes, one query, and its columns. The API, the tables of the command line,
// the CSV header and the reference pages all read this one definition.
//
// The query's columns are `is_total`, then the report's own in the same order and under the same names. Its parameters are
// the range's beginning and end (instants, the end not included) and the time zone.
#pragma once
#include <stdbool.h>
#include <stddef.h>

typedef enum ReportType {
	REPORT_TEXT,
	REPORT_DATE,    // YYYY-MM-DD in the report's time zone
	REPORT_INTEGER, // a JSON number
	REPORT_DECIMAL, // a JSON number
} ReportType;

typedef struct ReportColumn {
	const char *name;    // in JSON, in the CSV header, in the query
	const char *heading; // for people
	ReportType type;
	const char *unit;    // seconds, percent, sessions …; NULL where there is none
	const char *meaning; // what is counted, over what, and when there is no figure
} ReportColumn;

// X(constant, name, meaning)
#define REPORT_PARAMETERS(X)                                                                                           \
	X(REPORT_FROM, "from",                                                                                             \
		"Where the range begins: a date (2026-01-31, from its first instant in tz), a local time in tz "               \
		"(2026-01-31T09:00:00), or an instant (2026-01-31T09:00:00Z, …+02:00). Without it the range is the 30 days " \
		"up to its end.")                                                                                              \
	X(REPORT_TO, "to",                                                                                                 \
		"Where the range ends: a date, which is meant with its whole day, or a time as in from, which is itself no "   \
		"longer in the range. Without it the range ends with today.")                                                  \
	X(REPORT_TZ, "tz",                                                                                                 \
		"The IANA name of the time zone whose days are shown (Europe/Berlin). Without it that of the settings.")

typedef enum ReportParameter {
#define X(constant, name, meaning) constant,
	REPORT_PARAMETERS(X)
#undef X
		REPORT_PARAMETER_COUNT
} ReportParameter;

#define REPORT_TAKES(parameter) (1U << (unsigned) (parameter))
#define REPORT_TAKES_RANGE (REPORT_TAKES(REPORT_FROM) | REPORT_TAKES(REPORT_TO) | REPORT_TAKES(REPORT_TZ))

typedef struct Report Report;
struct Report {
	const char *name;
	const char *heading;
	const char *meaning;
	const char *sql;
	unsigned parameters; // REPORT_TAKES(…) | …
	const ReportColumn *columns;
	size_t column_count;
};

const char *report_parameter_name(ReportParameter parameter);
const char *report_parameter_meaning(ReportParameter parameter);
const char *report_type_name(ReportType type);
