#include "report/catalog.h"
#include "report/lists.h"
#include "sql/sql.h"

static const ReportArgument arguments[] = {
	{.parameter = REPORT_FUNNEL, .kind = REPORT_STEPS_OF_FUNNEL, .is_required = true},
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
};

const Report report_funnel = {
	.name = "funnels",
	.heading = "Funnel",
	.meaning = "How many pass the steps of a way, one after the other.",
	.sql = sql_report_funnel,
	.parameters = REPORT_TAKES_RANGE | REPORT_TAKES(REPORT_FILTER),
	.arguments = arguments,
	.argument_count = REPORT_COUNT_OF(arguments),
	.columns = columns,
	.column_count = REPORT_COUNT_OF(columns),
	.is_shared = true,
};
