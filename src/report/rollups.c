#include "report/catalog.h"
#include "report/lists.h"
#include "sql/sql.h"

// ── session_metrics_daily ──

static const ReportArgument daily_arguments[] = {
	REPORT_ARGUMENT_LIMIT(1000),
	REPORT_ARGUMENT_PLACE,
};

static const ReportColumn daily_columns[] = {
	{"date", "Date", REPORT_DATE, NULL, "A day of the reporting time zone, on which the sessions started."},
	{"device_type", "Device", REPORT_TEXT, NULL, "desktop, mobile, tablet or unknown."},
	{"browser", "Browser", REPORT_TEXT, NULL, "The browser's name, or unknown."},
	{"total_sessions", "Sessions", REPORT_INTEGER, "sessions", "Ended sessions; all figures are of these."},
	{"unique_users", "Persons", REPORT_INTEGER, "persons", "Distinct persons of the day; not to be summed over rows."},
	{"bounce_sessions", "Bounces", REPORT_INTEGER, "sessions", "Sessions shorter than 30 seconds."},
	{"engaged_sessions", "Engaged", REPORT_INTEGER, "sessions", "Sessions of 600 seconds or more."},
	{"avg_duration_seconds", "Mean s", REPORT_DECIMAL, "seconds", "Mean duration of these sessions."},
	{"median_duration_seconds", "Median s", REPORT_DECIMAL, "seconds", "Median duration of these sessions, exact."},
	{"p90_duration_seconds", "P90 s", REPORT_DECIMAL, "seconds", "90th percentile of the durations, exact."},
	{"min_duration_seconds", "Least s", REPORT_INTEGER, "seconds", "Duration of the shortest session."},
	{"max_duration_seconds", "Most s", REPORT_INTEGER, "seconds", "Duration of the longest session."},
	{"avg_pages_per_session", "Pages/session", REPORT_DECIMAL, "page views a session",
		"All their views divided by them."},
	{"avg_time_per_page_seconds", "Time/page s", REPORT_DECIMAL, "seconds",
		"Mean visible time of the views that have one."},
	{"multi_page_sessions", "3+ pages", REPORT_INTEGER, "sessions", "Sessions with 3 or more views."},
	{"avg_events_per_session", "Events/session", REPORT_DECIMAL, "events a session",
		"All their events divided by them."},
	REPORT_COLUMN_BOUNCE_RATE,
};

const Report report_sessions_daily = {
	.name = "sessions/daily",
	.heading = "Sessions by day",
	.meaning = "The roll-up session_metrics_daily as it is.",
	.sql = sql_report_sessions_daily,
	.parameters = REPORT_TAKES_RANGE | REPORT_TAKES(REPORT_COMPARE),
	.arguments = daily_arguments,
	.argument_count = REPORT_COUNT_OF(daily_arguments),
	.columns = daily_columns,
	.column_count = REPORT_COUNT_OF(daily_columns),
	.is_shared = true,
};

// ── page_metrics_hourly ──

static const ReportArgument hourly_arguments[] = {
	REPORT_ARGUMENT_PAGE,
	REPORT_ARGUMENT_HOST,
	REPORT_ARGUMENT_LIMIT(1000),
	REPORT_ARGUMENT_PLACE,
};

static const ReportColumn hourly_columns[] = {
	{"hour", "Hour", REPORT_INSTANT, NULL, "When the hour of the reporting time zone began."},
	{"page_host", "Host", REPORT_TEXT, NULL, "The page's host, where known."},
	{"page_category", "Category", REPORT_TEXT, NULL, "The page's category, empty where it has none."},
	{"page_url", "Page", REPORT_TEXT, NULL, "The page's path; (other) for those too rare to be counted apart."},
	{"total_views", "Views", REPORT_INTEGER, "page views", "Views made in the hour."},
	{"unique_viewers", "Persons", REPORT_INTEGER, "persons",
		"Distinct persons who made them; not to be summed over rows."},
	{"unique_sessions", "Sessions", REPORT_INTEGER, "sessions", "Distinct sessions they were made in."},
	{"avg_time_on_page_seconds", "Time s", REPORT_DECIMAL, "seconds", "Mean visible time of the views that have one."},
	{"avg_scroll_depth_percent", "Scroll %", REPORT_DECIMAL, "percent", "Mean of how far down they were scrolled."},
	{"avg_clicks_per_view", "Clicks/view", REPORT_DECIMAL, "clicks a view", "Clicks divided by views."},
	{"avg_load_time_ms", "Load ms", REPORT_DECIMAL, "ms", "Mean load time of the views that have one."},
	{"p90_load_time_ms", "P90 load ms", REPORT_DECIMAL, "ms", "90th percentile of these, exact."},
	{"entry_count", "Entries", REPORT_INTEGER, "sessions", "Sessions that began with one of these views."},
	{"exit_count", "Exits", REPORT_INTEGER, "sessions", "Sessions whose last view so far is one of these."},
	{"bounce_rate_percent", "Bounce %", REPORT_DECIMAL, "percent",
		"Of the sessions that began here, those with no other view. Null where none began here."},
};

const Report report_pages_hourly = {
	.name = "pages/hourly",
	.heading = "Pages by hour",
	.meaning = "The roll-up page_metrics_hourly as it is.",
	.sql = sql_report_pages_hourly,
	.parameters = REPORT_TAKES_RANGE | REPORT_TAKES(REPORT_COMPARE),
	.arguments = hourly_arguments,
	.argument_count = REPORT_COUNT_OF(hourly_arguments),
	.columns = hourly_columns,
	.column_count = REPORT_COUNT_OF(hourly_columns),
	.is_shared = true,
};
