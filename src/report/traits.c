#include "report/catalog.h"
#include "report/lists.h"
#include "sql/sql.h"

static const ReportArgument arguments[] = {
	{.parameter = REPORT_PROPERTY, .kind = REPORT_WORDS, .most = 255, .is_required = true},
	REPORT_ARGUMENT_LIMIT(10),
	REPORT_ARGUMENT_PLACE,
};

static const ReportColumn columns[] = {
	{"value", "Value", REPORT_TEXT, NULL, "The persons' trait, as they have it now. The total has none."},
	{"visitors", "Visitors", REPORT_INTEGER, "persons", "Distinct persons with this trait and a session in the range."},
	{"sessions", "Sessions", REPORT_INTEGER, "sessions", "Their sessions that started in the range."},
	{"views", "Views", REPORT_INTEGER, "page views", "All page views of these sessions."},
	{"conversions", "Conversions", REPORT_INTEGER, "events", "In these sessions the " REPORT_CONVERSIONS},
};

static const char *const keys[] = {"value", NULL};

const Report report_traits = {
	.name = "traits",
	.heading = "Traits",
	.meaning = "Who came, by a trait of theirs, which `property` names; those who do not have it are left out.",
	.sql = sql_report_traits,
	.parameters = REPORT_TAKES_MOST,
	.arguments = arguments,
	.argument_count = REPORT_COUNT_OF(arguments),
	.columns = columns,
	.column_count = REPORT_COUNT_OF(columns),
	.keys = keys,
};
