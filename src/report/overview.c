#include "report/catalog.h"
#include "report/lists.h"
#include "sql/sql.h"

static const ReportColumn columns[] = {
	{"date", "Date", REPORT_DATE, NULL,
		"A day in the report's time zone, of 23 to 25 hours where clocks change. Every day of the range has a row, "
		"also one "
		"on which nothing happened; the total has none. The first and the last day are cut where the range begins or "
		"ends "
		"within them."},
	{"visitors", "Visitors", REPORT_INTEGER, "persons",
		"Distinct persons, signed-up or anonymous, with a session that started on the day. In the total each person "
		"counts "
		"once over the whole range, so it is not the sum of the days. People anonymised without a pseudonym count as "
		"one."},
	{"new_visitors", "New", REPORT_INTEGER, "persons",
		"Of the visitors, those whose first day this is, in the reporting time zone."},
	{"sessions", "Sessions", REPORT_INTEGER, "sessions",
		"Sessions that started on the day, ended or still active. One that several people used counts once."},
	{"ended_sessions", "Ended", REPORT_INTEGER, "sessions",
		"Of these, the ones that have ended: durations, pages per session and bounces are figures of them alone, since "
		"a "
		"session that goes on has none of these yet."},
	{"views", "Views", REPORT_INTEGER, "page views",
		"Page views made on the day, in whatever session, so a session over midnight has views on two days."},
	{"events", "Events", REPORT_INTEGER, "events", "Events that happened on the day, in whatever session."},
	{"conversions", "Conversions", REPORT_INTEGER, "events", "Of these, the " REPORT_CONVERSIONS},
	{"mean_duration_seconds", "Mean s", REPORT_DECIMAL, "seconds",
		"Mean duration of the ended sessions: last activity minus start, in whole seconds for each. Null where no "
		"session "
		"has ended."},
	{"median_duration_seconds", "Median s", REPORT_DECIMAL, "seconds",
		"Median duration of the ended sessions, exact; halfway between the two in the middle where their number is "
		"even. Null where no session has ended."},
	{"p90_duration_seconds", "P90 s", REPORT_DECIMAL, "seconds",
		"90th percentile of the durations of the ended sessions, exact, interpolated between neighbours. Null where no "
		"session has ended."},
	{"pages_per_session", "Pages/session", REPORT_DECIMAL, "page views a session",
		"All page views of the ended sessions, whenever they were made, divided by these sessions. Null where no "
		"session has "
		"ended."},
	{"bounce_sessions", "Bounces", REPORT_INTEGER, "sessions", "Ended sessions shorter than 30 seconds."},
	{"bounce_rate_percent", "Bounce %", REPORT_DECIMAL, "percent",
		"Bounces as a share of the ended sessions. Null where no session has ended."},
	{"engaged_sessions", "Engaged", REPORT_INTEGER, "sessions", "Ended sessions of 600 seconds or more."},
	{"engagement_rate_percent", "Engagement %", REPORT_DECIMAL, "percent",
		"Ended sessions longer than 10 seconds, or with two views or more, or with a conversion, as a share of the "
		"ended "
		"sessions. Null where no session has ended."},
};

static const char *const intervals[] = {"day", "week", "month", NULL};

static const ReportArgument arguments[] = {
	{.parameter = REPORT_INTERVAL, .kind = REPORT_CHOICE, .choices = intervals, .fallback = "day"},
};

const Report report_overview = {
	.name = "overview",
	.heading = "Overview",
	.meaning = "How many came, how often, how long they stayed and how much they saw, by day and over the whole range.",
	.sql = sql_report_overview,
	.sql_rolled = sql_report_overview_rolled,
	.sql_valued = sql_report_overview_valued,
	.sql_known = sql_report_overview_known,
	.parameters = REPORT_TAKES_MOST,
	.arguments = arguments,
	.argument_count = REPORT_COUNT_OF(arguments),
	.columns = columns,
	.column_count = REPORT_COUNT_OF(columns),
	.is_shared = true,
};
