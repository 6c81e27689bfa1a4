#include "report/catalog.h"
#include "report/lists.h"
#include "sql/sql.h"

static const char *const periods[] = {"month", "week", NULL};

static const ReportArgument arguments[] = {
	{.parameter = REPORT_PERIOD, .kind = REPORT_CHOICE, .choices = periods, .fallback = "month"},
};

static const ReportColumn columns[] = {
	{"cohort", "Cohort", REPORT_DATE, NULL, "The first day of the week or month in which these persons signed up."},
	{"persons", "Persons", REPORT_INTEGER, "persons", "Those who signed up then, and within the range."},
	{"period", "Period", REPORT_INTEGER, "weeks or months", "How many later; 0 is the cohort's own."},
	{"active_persons", "Active", REPORT_INTEGER, "persons",
		"Of the cohort, those with a session in that period, one that the filter takes."},
	{"retention_percent", "Retention %", REPORT_DECIMAL, "percent",
		"These as a share of the cohort. Period 0 need not be 100: not everybody comes when they sign up."},
};

const Report report_retention = {
	.name = "retention",
	.heading = "Retention",
	.meaning = "Of those who signed up together in the range, how many came back, by weeks or months, until now.",
	.sql = sql_report_retention,
	.sql_rolled = sql_report_retention_rolled,
	.is_open = true,
	.parameters = REPORT_TAKES_MOST,
	.arguments = arguments,
	.argument_count = REPORT_COUNT_OF(arguments),
	.columns = columns,
	.column_count = REPORT_COUNT_OF(columns),
	.is_shared = true,
};
