#include "report/catalog.h"
#include "report/lists.h"
#include "sql/sql.h"

// ── The list ──

static const ReportArgument list_arguments[] = {
	REPORT_ARGUMENT_LIMIT(50),
	REPORT_ARGUMENT_AFTER,
};

static const ReportColumn list_columns[] = {
	REPORT_COLUMN_SESSION,
	{"person", "Person", REPORT_ID, NULL, "The person's id; negative where nobody signed in."},
	REPORT_COLUMN_STARTED_AT,
	REPORT_COLUMN_IS_ACTIVE,
	{"is_authenticated", "Signed in", REPORT_BOOLEAN, NULL, "Whether somebody was signed in."},
	REPORT_COLUMNS_OF_SESSION,
	{"os", "System", REPORT_TEXT, NULL, "Name of the operating system."},
	{"country", "Country", REPORT_TEXT, NULL, "The country, where known."},
	{"channel", "Channel", REPORT_TEXT, NULL, "Channel that brought the session."},
	{"referrer_domain", "Referrer", REPORT_TEXT, NULL, "The domain the person came from, where known."},
	{"utm_campaign", "Campaign", REPORT_TEXT, NULL, "The campaign, where there is one."},
};

const Report report_sessions = {
	.name = "sessions",
	.heading = "Sessions",
	.meaning = "Sessions, the latest first.",
	.sql = sql_report_sessions,
	.parameters = REPORT_TAKES_RANGE | REPORT_TAKES(REPORT_FILTER),
	.arguments = list_arguments,
	.argument_count = REPORT_COUNT_OF(list_arguments),
	.columns = list_columns,
	.column_count = REPORT_COUNT_OF(list_columns),
};

// ── One session ──

static const ReportArgument one_arguments[] = {
	{.parameter = REPORT_SESSION, .kind = REPORT_UUID, .is_required = true},
	REPORT_ARGUMENT_LIMIT(10000),
	REPORT_ARGUMENT_AFTER,
};

static const ReportColumn one_columns[] = {
	{"at", "At", REPORT_INSTANT, NULL, "When it happened, by the event time."},
	{"id", "Id", REPORT_ID, NULL, "Id of the view or of the event."},
	{"kind", "Kind", REPORT_TEXT, NULL, "page for a view, else the event's type."},
	{"page_view", "View", REPORT_ID, NULL, "The view it is or belongs to."},
	{"host", "Host", REPORT_TEXT, NULL, "Host of the page that was seen."},
	{"page", "Page", REPORT_TEXT, NULL, "Path of the page that was seen."},
	{"title", "What", REPORT_TEXT, NULL, "The page's title, or the event's action."},
	{"category", "Category", REPORT_TEXT, NULL, "Category of the event, where it has one."},
	{"label", "Label", REPORT_TEXT, NULL, "Label of the event, where it has one."},
	{"value", "Value", REPORT_DECIMAL, "as sent", "Value that the event brought along."},
	{"time_on_page_seconds", "Time s", REPORT_INTEGER, "seconds", "How long the page was visible."},
	{"scroll_depth_percent", "Scroll %", REPORT_INTEGER, "percent", "How far down the page was scrolled."},
	{"properties", "Properties", REPORT_JSON, NULL, "The event's other properties, an object."},
};

const Report report_session = {
	.name = "session",
	.collection = "sessions",
	.heading = "Session",
	.meaning = "What happened in a session, in its order.",
	.sql = sql_report_session,
	.arguments = one_arguments,
	.argument_count = REPORT_COUNT_OF(one_arguments),
	.columns = one_columns,
	.column_count = REPORT_COUNT_OF(one_columns),
};

// ── A person's ──

static const ReportArgument person_arguments[] = {
	{.parameter = REPORT_PERSON, .kind = REPORT_NUMBER, .least = INT64_MIN, .most = INT64_MAX, .is_required = true},
	REPORT_ARGUMENT_LIMIT(50),
	REPORT_ARGUMENT_AFTER,
};

static const ReportColumn person_columns[] = {
	REPORT_COLUMN_SESSION,
	REPORT_COLUMN_STARTED_AT,
	REPORT_COLUMN_IS_ACTIVE,
	REPORT_COLUMNS_OF_SESSION,
	{"channel", "Channel", REPORT_TEXT, NULL, "Channel that brought the session."},
};

const Report report_person = {
	.name = "person",
	.collection = "persons",
	.heading = "Person",
	.meaning = "The sessions of a person, the latest first.",
	.sql = sql_report_person,
	.parameters = REPORT_TAKES(REPORT_FILTER),
	.arguments = person_arguments,
	.argument_count = REPORT_COUNT_OF(person_arguments),
	.columns = person_columns,
	.column_count = REPORT_COUNT_OF(person_columns),
};
