#include "report/catalog.h"
#include "report/lists.h"
#include "sql/sql.h"

// ── Transitions ──

static const ReportArgument transition_arguments[] = {
	REPORT_ARGUMENT_PAGE,
	REPORT_ARGUMENT_LIMIT(50),
	REPORT_ARGUMENT_PLACE,
};

static const ReportColumn transition_columns[] = {
	{"from_page", "From", REPORT_TEXT, NULL, "The page, its host before it where known."},
	{"to_page", "To", REPORT_TEXT, NULL, "The next page of the same session; repeats of a page are left out."},
	{"transitions", "Transitions", REPORT_INTEGER, "transitions",
		"How often it came next, in the first 1,000 views of a session."},
	{"sessions", "Sessions", REPORT_INTEGER, "sessions", "Distinct sessions it came in."},
	{"share_percent", "Share %", REPORT_DECIMAL, "percent",
		"Of all transitions from the first page that are looked at."},
};

static const char *const transition_keys[] = {"from_page", "to_page", NULL};

const Report report_transitions = {
	.name = "journeys/transitions",
	.heading = "Transitions",
	.meaning = "From which page people went to which.",
	.sql = sql_report_transitions,
	.sql_rolled = sql_report_transitions_rolled,
	.parameters = REPORT_TAKES_MOST,
	.arguments = transition_arguments,
	.argument_count = REPORT_COUNT_OF(transition_arguments),
	.columns = transition_columns,
	.column_count = REPORT_COUNT_OF(transition_columns),
	.keys = transition_keys,
	.is_shared = true,
};

// ── Paths ──

static const ReportArgument path_arguments[] = {
	{.parameter = REPORT_STEPS, .kind = REPORT_NUMBER, .fallback = "5", .least = 1, .most = 10},
	{.parameter = REPORT_GOAL, .kind = REPORT_TARGET, .most = 2048},
	{.parameter = REPORT_DEVICE, .kind = REPORT_WORDS, .most = 20},
	REPORT_ARGUMENT_LIMIT(20),
	REPORT_ARGUMENT_PLACE,
};

static const ReportColumn path_columns[] = {
	{"path", "Path", REPORT_JSON, NULL, "The first pages of the session in their order, repeats of a page left out."},
	{"pages", "Pages", REPORT_INTEGER, "pages", "How many pages these are."},
	{"sessions", "Sessions", REPORT_INTEGER, "sessions", "Sessions that began in this way."},
	{"visitors", "Visitors", REPORT_INTEGER, "persons", "Distinct persons of these sessions."},
	{"mean_duration_seconds", "Mean s", REPORT_DECIMAL, "seconds", "Mean duration of the ended ones."},
	{"conversion_rate_percent", "Conversion %", REPORT_DECIMAL, "percent",
		"Sessions that reached the goal, or without a goal had a conversion, as a share of the sessions."},
};

static const char *const path_keys[] = {"path", NULL};

const Report report_paths = {
	.name = "journeys/paths",
	.heading = "Paths",
	.meaning = "Which ways people took through the site, and which of them reached a goal.",
	.sql = sql_report_paths,
	.sql_rolled = sql_report_paths_rolled,
	.parameters = REPORT_TAKES_MOST,
	.arguments = path_arguments,
	.argument_count = REPORT_COUNT_OF(path_arguments),
	.columns = path_columns,
	.column_count = REPORT_COUNT_OF(path_columns),
	.keys = path_keys,
	.is_shared = true,
};
