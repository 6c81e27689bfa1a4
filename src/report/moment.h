// A point in time as people write it: a date, a local time whose zone stands elsewhere, or an instant.
#pragma once
#include "base/error.h"
#include "base/slice.h"

typedef enum ReportMomentKind {
	REPORT_MOMENT_NONE,
	REPORT_MOMENT_DATE,
	REPORT_MOMENT_LOCAL,
	REPORT_MOMENT_INSTANT
} ReportMomentKind;

typedef struct ReportMoment {
	ReportMomentKind kind;
	char text[32]; // normalised, as PostgreSQL reads a date, a timestamp or a timestamptz
} ReportMoment;

// 2026-01-31 · 2026-01-31T23:59:59[.fraction] · the same with Z, +hh:mm or +hhmm. Years 1970 to 9999. False on anything
// else.
bool report_moment_parse(Slice text, ReportMoment *moment) MUST_USE;
