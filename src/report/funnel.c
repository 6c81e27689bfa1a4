#include "report/catalog.h"
#include "report/dimension.h"
#include "report/lists.h"
#include "sql/sql.h"

#define ARGUMENT_FUNNEL                                                                                                \
	{                                                                                                                  \
		.parameter = REPORT_FUNNEL, .kind = REPORT_STEPS_OF_FUNNEL, .is_required = true                                \
	}

// ── How many ──

static const ReportArgument arguments[] = {
	ARGUMENT_FUNNEL,
	{.parameter = REPORT_BY, .kind = REPORT_DIMENSION, .choices = report_dimension_names},
	REPORT_ARGUMENT_LIMIT(10),
};

static const ReportColumn columns[] = {
	{"step", "Step", REPORT_INTEGER, "step", "Which step it is, 1 for the first."},
	{"kind", "Kind", REPORT_TEXT, NULL, "What the step is: page, category or event."},
	{"name", "What", REPORT_TEXT, NULL, "The step's page, category or event, as it was given."},
	{"entered", "Entered", REPORT_INTEGER, "persons or sessions",
		"How many took this step after the one before, within the window from the first."},
	{"dropped", "Dropped", REPORT_INTEGER, "persons or sessions", "How many took the step before and not this one."},
	{"conversion_percent", "Of first %", REPORT_DECIMAL, "percent", "Of those who took the first step."},
	{"step_conversion_percent", "Of previous %", REPORT_DECIMAL, "percent", "Of those who took the step before."},
	{"median_seconds", "Median s", REPORT_DECIMAL, "seconds",
		"Median time from the first step to this one. Null for the first."},
	{"value", "Value", REPORT_TEXT, NULL,
		"With by: what the session has in which they took the first step first, so that everybody is of one value. At "
		"most limit values, those with most who took the first step. Null for everybody together, whose rows come "
		"first."},
};

static const char *const keys[] = {"value", NULL};

const Report report_funnel = {
	.name = "funnels",
	.heading = "Funnel",
	.meaning = "How many pass the steps of a way, one after the other.",
	.sql = sql_report_funnel,
	.parameters = REPORT_TAKES_MOST,
	.arguments = arguments,
	.argument_count = REPORT_COUNT_OF(arguments),
	.columns = columns,
	.column_count = REPORT_COUNT_OF(columns),
	.keys = keys,
	.is_shared = true,
};

// ── Who left ──

static const ReportArgument dropped_arguments[] = {
	ARGUMENT_FUNNEL,
	{.parameter = REPORT_STEP, .kind = REPORT_NUMBER, .fallback = "1", .least = 1, .most = 20},
	REPORT_ARGUMENT_LIMIT(50),
	REPORT_ARGUMENT_AFTER,
};

static const ReportColumn dropped_columns[] = {
	{"person", "Person", REPORT_ID, NULL, "Who took the step and not the next one; negative where nobody signed in."},
	{"session", "Session", REPORT_ID, NULL, "The session in which they took it, the first time."},
	{"reached_at", "Reached", REPORT_INSTANT, NULL, "When they reached that step."},
	{"after_seconds", "After s", REPORT_DECIMAL, "seconds", "Time from the first step to this one."},
	{"device_type", "Device", REPORT_TEXT, NULL, "desktop, mobile, tablet or unknown."},
	{"channel", "Channel", REPORT_TEXT, NULL, "Channel that brought the session."},
	{"next_page", "Next page", REPORT_TEXT, NULL,
		"The page that was seen next in the session, its host before it where known. Null where there is none."},
};

const Report report_funnel_dropped = {
	.name = "funnels/dropped",
	.heading = "Left the funnel",
	.meaning =
		"Who took a step of a funnel and not the next one, the latest first: persons, or sessions, as the funnel "
		"says.",
	.sql = sql_report_funnel_dropped,
	.parameters = REPORT_TAKES_RANGE | REPORT_TAKES(REPORT_FILTER),
	.arguments = dropped_arguments,
	.argument_count = REPORT_COUNT_OF(dropped_arguments),
	.columns = dropped_columns,
	.column_count = REPORT_COUNT_OF(dropped_columns),
};
