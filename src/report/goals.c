#include "report/catalog.h"
#include "sql/sql.h"

static const ReportColumn columns[] = {
	{"goal", "Goal", REPORT_TEXT, NULL, "The name that the goal was saved under."},
	{"kind", "Kind", REPORT_TEXT, NULL, "What reaches it: page for a view, event for an event."},
	{"target", "Target", REPORT_TEXT, NULL, "The page's path or the event's action, in which * stands for any text."},
	{"sessions", "Sessions", REPORT_INTEGER, "sessions", "Sessions that started in the range and reached it."},
	{"visitors", "Visitors", REPORT_INTEGER, "persons", "Distinct persons of these sessions."},
	{"conversion_rate_percent", "Conversion %", REPORT_DECIMAL, "percent",
		"These sessions as a share of all that started in the range and pass the filter. Null where there is none."},
	{"events", "Events", REPORT_INTEGER, "events", "How often the event happened in them; 0 for a page."},
	{"value_sum", "Value", REPORT_DECIMAL, "as sent", "Sum of the events' values. Null where none has one."},
};

const Report report_goals = {
	.name = "goals",
	.heading = "Goals",
	.meaning = "How many sessions reached each goal that is saved.",
	.sql = sql_report_goals,
	.parameters = REPORT_TAKES_MOST,
	.columns = columns,
	.column_count = REPORT_COUNT_OF(columns),
	.is_shared = true,
};
