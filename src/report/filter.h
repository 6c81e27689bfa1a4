// Which sessions a report is about: conditions, all of which must hold. Read from text here, and turned into SQL on
// session_summaries, where a value is known by its number.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "pg/conn.h"
#include "report/dimension.h"
#include "report/request.h"

#define REPORT_FILTER_SIZE_MAX 4096
#define REPORT_CONDITIONS_MAX 16
#define REPORT_VALUES_MAX 64

typedef enum ReportConditionKind {
	REPORT_CONDITION_DIMENSION,
	REPORT_CONDITION_PAGE,          // page: the session saw such a page
	REPORT_CONDITION_PERSON,        // person: that person's
	REPORT_CONDITION_AUTHENTICATED, // authenticated: true or false, whether somebody was signed in
	REPORT_CONDITION_TRAIT,         // trait.KEY: the person has this trait
	REPORT_CONDITION_EVENT,         // event: an event with this action happened in the session
	REPORT_CONDITION_SEGMENT,       // segment: what is saved under this name; gone once expanded
} ReportConditionKind;

typedef struct ReportCondition {
	ReportConditionKind kind;
	const ReportDimension *dimension;
	Slice trait; // its key, NUL-terminated
	bool is_negated;
	bool has_none; // one of the values is empty: sessions that have none
	Slice *texts;  // NUL-terminated
	size_t text_count;
	Slice *patterns; // as LIKE has them
	size_t pattern_count;
	bool truth; // of REPORT_CONDITION_AUTHENTICATED
} ReportCondition;

typedef struct ReportFilter {
	ReportCondition conditions[REPORT_CONDITIONS_MAX];
	size_t count;
} ReportFilter;

// Reads request->values[REPORT_FILTER]. ERROR_BAD_INPUT says what of it is not understood.
bool report_filter_parse(ReportRequest *request, Arena *arena, ReportFilter *filter, Error *error) MUST_USE;
// The same of a text that no report is asked for yet: what one that takes all conditions would read.
bool report_filter_parse_text(Slice text, Arena *arena, ReportFilter *filter, Error *error) MUST_USE;

// Puts the conditions of saved segments in the place of their names.
bool report_filter_expand(ReportRequest *request, PgConn *conn, Arena *arena, ReportFilter *filter, Error *error)
	MUST_USE;

// What a condition compares with, in the arena, as the parameters of its SQL.
#define REPORT_CONDITION_PARAMS_MAX 3
typedef struct ReportOperands {
	Slice params[REPORT_CONDITION_PARAMS_MAX]; // NUL-terminated
	int count;
} ReportOperands;

bool report_filter_resolve(const ReportCondition *condition, PgConn *conn, Arena *arena, ReportOperands *operands,
	Error *error) MUST_USE;
