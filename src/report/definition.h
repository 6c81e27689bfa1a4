// What a report is: a name, the parameters it takes, one query, and its columns. The API and its description, the tables of
// the command line, the CSV header and the reference pages all read this one definition.
//
// The query's columns are `is_total`, then `cursor` where the report takes one, then the report's own in the same order and
// under the same names. Its parameters are the range's beginning and end (instants, the end not included) and the time zone,
// where it takes a range; then its arguments, in their order, but for dimensions; then, where it has keys, those of the rows that
// are asked for, whatever their place: a JSON array of arrays, NULL for all. It is text in each case: the query casts it.
// Marks in the query stand for what is known at run time only; each is a comment, so that the query is a whole one without it:
//   /*where s*/          what the filter says of session_summaries s: AND …
//   /*if where*/ … /*if*/   what stands between is left out where there is no filter
//   s.is_first /*first s*/  where it asks for persons: OR …, so that of a session's rows that pass the first one counts
// Where the filter names values of one dimension:
//   /*value b*/          what it says of breakdown_daily b: AND …
//   /*values*/ … /*values*/   the values' numbers, an array; what stands between is an example
//   /*dimension*/ … /*dimension*/   the dimension's name as breakdown_daily has it, in quotes; likewise
//   /*by s*/ … /*by*/    the column of session_summaries s that the argument `by` names; what stands between is an example
//   /*name by*/ … /*by*/ that column's name without its _id, as breakdown_daily has it, in quotes
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ReportType {
	REPORT_TEXT,
	REPORT_ID,      // a string that stands for a person, a session, a view …
	REPORT_DATE,    // YYYY-MM-DD in the report's time zone
	REPORT_INSTANT, // ISO 8601 in UTC
	REPORT_INTEGER, // a JSON number
	REPORT_DECIMAL, // a JSON number
	REPORT_BOOLEAN, // true or false
	REPORT_JSON,    // an array or an object, as the meaning says
	REPORT_TYPE_COUNT
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
	X(REPORT_RANGE, "range",                                                                                           \
		"The range by name, instead of from and to: today, yesterday, month and last-month (of the calendar), or so "  \
		"many days up to today (7d).")                                                                                 \
	X(REPORT_TZ, "tz",                                                                                                 \
		"The IANA name of the time zone whose days are shown (Europe/Berlin). Without it that of the settings.")       \
	X(REPORT_FILTER, "filter",                                                                                         \
		"Which sessions count: conditions NAME:VALUE with ; between them, all of which must hold. A condition may "    \
		"give several values with , between them, one of which must hold; * stands for any text; ! before the first "  \
		"value turns the condition round; no value at all means the sessions that have none. \\ before one of "        \
		"; , * ! \\ takes its meaning away.")                                                                          \
	X(REPORT_COMPARE, "compare", "previous: the same figures for the time before, as long as the range, too.")         \
	X(REPORT_BY, "by", "What the rows are.")                                                                           \
	X(REPORT_INTERVAL, "interval", "What time the rows stand for.")                                                    \
	X(REPORT_SORT, "sort", "Which figure the rows are ordered by, the greatest first.")                                \
	X(REPORT_LIMIT, "limit", "How many rows at the most.")                                                             \
	X(REPORT_CURSOR, "cursor", "Where to go on: the next of the answer before, with the same other parameters.")       \
	X(REPORT_PAGE, "page", "A page: its path, in which * stands for any text.")                                        \
	X(REPORT_GOAL, "goal", "What counts as reached: page:PATH or event:ACTION, in which * stands for any text.")       \
	X(REPORT_PERIOD, "period", "How long a period of a cohort is.")                                                    \
	X(REPORT_STEPS, "steps", "How many pages a path has at the most.")                                                 \
	X(REPORT_MODEL, "model", "Which touch of a person counts.")                                                        \
	X(REPORT_SESSION, "session", "A session's id.")                                                                    \
	X(REPORT_PERSON, "person", "A person's id.")                                                                       \
	X(REPORT_FUNNEL, "funnel", "The funnel's definition, a JSON object.")                                              \
	X(REPORT_STEP, "step", "Which step of the funnel they left at, 1 for the first.")                                  \
	X(REPORT_PROPERTY, "property", "A property of events or a trait of persons, by its key.")                          \
	X(REPORT_EVENT, "event", "Only events whose action or category is like this; * stands for any text.")              \
	X(REPORT_DEVICE, "device", "Only on this type of device.")                                                         \
	X(REPORT_HOST, "host", "Only pages of this host.")

typedef enum ReportParameter {
#define X(constant, name, meaning) constant,
	REPORT_PARAMETERS(X)
#undef X
		REPORT_PARAMETER_COUNT
} ReportParameter;

#define REPORT_TAKES(parameter) (1U << (unsigned) (parameter))
#define REPORT_TAKES_RANGE                                                                                             \
	(REPORT_TAKES(REPORT_FROM) | REPORT_TAKES(REPORT_TO) | REPORT_TAKES(REPORT_RANGE) | REPORT_TAKES(REPORT_TZ))
// What most take.
#define REPORT_TAKES_MOST (REPORT_TAKES_RANGE | REPORT_TAKES(REPORT_FILTER) | REPORT_TAKES(REPORT_COMPARE))

typedef enum ReportArgumentKind {
	REPORT_CHOICE,    // one of `choices`
	REPORT_DIMENSION, // one of `choices`, each a dimension (dimension.h)
	REPORT_NUMBER,    // from `least` to `most`
	REPORT_WORDS,     // text of 1 to `most` bytes
	REPORT_UUID,
	REPORT_TARGET,          // page:PATTERN or event:PATTERN
	REPORT_STEPS_OF_FUNNEL, // JSON, as funnel_steps.h has it
} ReportArgumentKind;

// A parameter that is the report's own.
typedef struct ReportArgument {
	ReportParameter parameter;
	ReportArgumentKind kind;
	const char *fallback;       // where it is not given; NULL: the query gets NULL
	const char *const *choices; // ends with NULL
	int64_t least;
	int64_t most;
	bool is_required;
} ReportArgument;

typedef struct Report Report;
struct Report {
	const char *name; // as in the path of the API: pages, journeys/paths
	const char
		*collection; // of one thing: sessions, so that the API gives it at sessions/ID; the id is the first argument
	const char *heading;
	const char *meaning;
	const char *sql;
	// The same for whole days of the reporting time zone without a filter, from figures that are counted by the day; NULL: there
	// is none.
	const char *sql_rolled;
	// The same with a filter that names values of one dimension; NULL: there is none. It is asked where sql_known, which takes the
	// same parameters, gives true.
	const char *sql_valued;
	const char *sql_known;
	bool is_open;        // sessions after the range count, too
	unsigned parameters; // REPORT_TAKES(…) | …, those that are no arguments
	const ReportArgument *arguments;
	size_t argument_count;
	const ReportColumn *columns;
	size_t column_count;
	// Of a list of the greatest: the columns that tell one row from all others, so that the time before can be asked for the rows
	// that are shown; ends with NULL. NULL: the time before is shown as it is.
	const char *const *keys;
	bool is_shared; // told to who has a share link: no row of it is a single session, a person, or the installation's
};

#define REPORT_COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

bool report_takes(const Report *report, ReportParameter parameter);
// NULL where it is none of the report's own.
const ReportArgument *report_argument(const Report *report, ReportParameter parameter);
const char *report_parameter_name(ReportParameter parameter);
const char *report_parameter_meaning(ReportParameter parameter);
const char *report_type_name(ReportType type);
bool report_type_is_number(ReportType type);
