#include "report/catalog.h"
#include "report/lists.h"
#include "sql/sql.h"

static const ReportArgument arguments[] = {
	REPORT_ARGUMENT_LIMIT(20),
	REPORT_ARGUMENT_PLACE,
};

static const ReportColumn columns[] = {
	{"page", "Page", REPORT_TEXT, NULL, "The page they saw last. The total has none."},
	{"host", "Host", REPORT_TEXT, NULL, "Host of this page, where known."},
	{"visitors", "Visitors", REPORT_INTEGER, "persons", "Distinct persons there now."},
	{"sessions", "Sessions", REPORT_INTEGER, "sessions",
		"Their sessions: not ended, with activity in the last five minutes. A filter finds a session some seconds "
		"after it began."},
};

const Report report_live = {
	.name = "live",
	.heading = "Live",
	.meaning = "Who is there now, and where.",
	.sql = sql_report_live,
	.parameters = REPORT_TAKES(REPORT_FILTER),
	.arguments = arguments,
	.argument_count = REPORT_COUNT_OF(arguments),
	.columns = columns,
	.column_count = REPORT_COUNT_OF(columns),
};
