#include "report/catalog.h"
#include "report/lists.h"
#include "sql/sql.h"

static const ReportArgument arguments[] = {
	{.parameter = REPORT_PERSON, .kind = REPORT_NUMBER, .least = INT64_MIN, .most = INT64_MAX, .is_required = true},
};

static const ReportColumn columns[] = {
	{"person", "Person", REPORT_ID, NULL, "The person's id; negative where nobody signed in."},
	{"external_id", "User id", REPORT_TEXT, NULL, "The product's own id of them, where it is not a number."},
	{"created_at", "Signed up", REPORT_INSTANT, NULL, "When they signed up. Null where nobody did."},
	{"first_session_at", "First session", REPORT_INSTANT, NULL, "When the first of their sessions that is kept began."},
	{"last_activity_at", "Last seen", REPORT_INSTANT, NULL, "When they last did something in one."},
	{"sessions", "Sessions", REPORT_INTEGER, "sessions", "Their sessions that are kept."},
	{"views", "Views", REPORT_INTEGER, "page views", "Page views of these sessions."},
	{"events", "Events", REPORT_INTEGER, "events", "Events of these sessions."},
	{"conversions", "Conversions", REPORT_INTEGER, "events", "Of these, the " REPORT_CONVERSIONS},
	{"analytics_consent", "Consent to analytics", REPORT_BOOLEAN, NULL,
		"What they said last. Null where they never said anything."},
	{"analytics_consent_at", "Said at", REPORT_INSTANT, NULL, "When they last said so."},
	{"marketing_consent", "Consent to marketing", REPORT_BOOLEAN, NULL,
		"Whether they allow marketing; null where they never said."},
	{"marketing_consent_at", "Said at", REPORT_INSTANT, NULL, "When they last said so."},
	{"traits", "Traits", REPORT_JSON, NULL, "What the product told of them, an object. Null where nobody signed up."},
};

const Report report_profile = {
	.name = "persons/profile",
	.heading = "Profile",
	.meaning = "What is known of a person: since when, how often they came, what they consented to, their traits.",
	.sql = sql_report_profile,
	.arguments = arguments,
	.argument_count = REPORT_COUNT_OF(arguments),
	.columns = columns,
	.column_count = REPORT_COUNT_OF(columns),
};
