#include "report/catalog.h"
#include "report/dimension.h"
#include "report/lists.h"
#include "sql/sql.h"

static const char *const sorts[] = {"sessions", "visitors", "views", "conversions", NULL};

static const ReportArgument arguments[] = {
	{.parameter = REPORT_BY, .kind = REPORT_DIMENSION, .choices = report_dimension_names, .is_required = true},
	REPORT_ARGUMENT_SORT(sorts, "sessions"),
	REPORT_ARGUMENT_LIMIT(10),
	REPORT_ARGUMENT_PLACE,
};

static const ReportColumn columns[] = {
	{"value", "Value", REPORT_TEXT, NULL,
		"What the sessions have in common; empty where they have no such thing. The total has none."},
	{"visitors", "Visitors", REPORT_INTEGER, "persons",
		"Distinct persons with such a session. One with sessions of several kinds counts in each of them, and once in "
		"the "
		"total."},
	{"sessions", "Sessions", REPORT_INTEGER, "sessions", "Sessions that started in the range, ended or still active."},
	{"views", "Views", REPORT_INTEGER, "page views", "All page views of these sessions, whenever they were made."},
	{"pages_per_session", "Pages/session", REPORT_DECIMAL, "page views a session",
		"All page views of the ended sessions, divided by these sessions. Null where no session has ended."},
	{"mean_duration_seconds", "Mean s", REPORT_DECIMAL, "seconds",
		"Mean duration of the ended sessions. Null where no session has ended."},
	{"bounce_sessions", "Bounces", REPORT_INTEGER, "sessions", "Ended sessions shorter than 30 seconds."},
	REPORT_COLUMN_BOUNCE_RATE,
	{"conversions", "Conversions", REPORT_INTEGER, "events", "In these sessions the " REPORT_CONVERSIONS},
	{"conversion_value", "Value", REPORT_DECIMAL, "as sent", "Sum of the values of these events."},
	REPORT_COLUMN_CONVERSION_RATE,
};

static const char *const keys[] = {"value", NULL};

const Report report_breakdown = {
	.name = "breakdown",
	.heading = "Breakdown",
	.meaning = "Sessions by what they have in common: device, browser, country, channel, campaign, page of entry …",
	.sql = sql_report_breakdown,
	.sql_rolled = sql_report_breakdown_rolled,
	.parameters = REPORT_TAKES_MOST,
	.arguments = arguments,
	.argument_count = REPORT_COUNT_OF(arguments),
	.columns = columns,
	.column_count = REPORT_COUNT_OF(columns),
	.keys = keys,
	.is_shared = true,
};
