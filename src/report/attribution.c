#include "report/catalog.h"
#include "report/lists.h"
#include "sql/sql.h"

static const char *const dimensions[] = {"channel", "channel_type", "referrer_domain", "utm_source", "utm_medium",
	"utm_campaign", "utm_term", "utm_content", "entry_page", NULL};
static const char *const models[] = {"last", "first", NULL};
static const char *const sorts[] = {"sessions", "visitors", "conversions", "value", NULL};

static const ReportArgument arguments[] = {
	{.parameter = REPORT_BY, .kind = REPORT_DIMENSION, .choices = dimensions, .fallback = "channel"},
	{.parameter = REPORT_MODEL, .kind = REPORT_CHOICE, .choices = models, .fallback = "last"},
	REPORT_ARGUMENT_SORT(sorts, "sessions"),
	REPORT_ARGUMENT_LIMIT(10),
	REPORT_ARGUMENT_PLACE,
};

static const ReportColumn columns[] = {
	{"value", "Value", REPORT_TEXT, NULL,
		"What brought the sessions; empty where there is no such thing. With the model last it is the session's own, "
		"with "
		"first that of the person's first session of all. The total has none."},
	{"visitors", "Visitors", REPORT_INTEGER, "persons", "Distinct persons with such a session."},
	{"sessions", "Sessions", REPORT_INTEGER, "sessions", "Sessions that started in the range."},
	{"views", "Views", REPORT_INTEGER, "page views", "All page views of these sessions."},
	REPORT_COLUMN_BOUNCE_RATE,
	{"converted_visitors", "Converted", REPORT_INTEGER, "persons",
		"Of the visitors, those with a conversion in such a session."},
	{"conversions", "Conversions", REPORT_INTEGER, "events", "In these sessions the " REPORT_CONVERSIONS},
	{"conversion_value", "Value", REPORT_DECIMAL, "as sent", "Sum of the values of these events."},
	REPORT_COLUMN_CONVERSION_RATE,
};

static const char *const keys[] = {"value", NULL};

const Report report_attribution = {
	.name = "attribution",
	.heading = "Attribution",
	.meaning =
		"What brought the sessions and their conversions: channel, source, medium, campaign, referrer, landing page.",
	.sql = sql_report_attribution,
	.parameters = REPORT_TAKES_MOST,
	.arguments = arguments,
	.argument_count = REPORT_COUNT_OF(arguments),
	.columns = columns,
	.column_count = REPORT_COUNT_OF(columns),
	.keys = keys,
	.is_shared = true,
};
