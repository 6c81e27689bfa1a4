#include "report/catalog.h"
#include "report/lists.h"
#include "sql/sql.h"

static const char *const kinds[] = {"action", "category", "type", "property", NULL};
static const char *const sorts[] = {"events", "persons", "value", NULL};

static const ReportArgument arguments[] = {
	{.parameter = REPORT_BY, .kind = REPORT_CHOICE, .choices = kinds, .fallback = "action"},
	{.parameter = REPORT_PROPERTY, .kind = REPORT_WORDS, .most = 255},
	{.parameter = REPORT_EVENT, .kind = REPORT_WORDS, .most = 255},
	REPORT_ARGUMENT_SORT(sorts, "events"),
	REPORT_ARGUMENT_LIMIT(10),
	REPORT_ARGUMENT_PLACE,
};

static const ReportColumn columns[] = {
	{"value", "Value", REPORT_TEXT, NULL,
		"The events' action, category or type, or the value of the property; empty where they have none. The total has "
		"none."},
	{"events", "Events", REPORT_INTEGER, "events", "Events that happened in the range."},
	{"persons", "Persons", REPORT_INTEGER, "persons", "Distinct persons they happened to."},
	{"sessions", "Sessions", REPORT_INTEGER, "sessions", "Distinct sessions they happened in."},
	{"valued_events", "With value", REPORT_INTEGER, "events", "Of the events, those with a value."},
	{"value_sum", "Sum", REPORT_DECIMAL, "as sent", "Sum of these values. Null where there is none."},
};

static const char *const keys[] = {"value", NULL};

const Report report_events = {
	.name = "events",
	.heading = "Events",
	.meaning = "What people did, by action, category, type, or any property.",
	.sql = sql_report_events,
	.parameters = REPORT_TAKES_MOST,
	.arguments = arguments,
	.argument_count = REPORT_COUNT_OF(arguments),
	.columns = columns,
	.column_count = REPORT_COUNT_OF(columns),
	.keys = keys,
	.is_shared = true,
};
