#include "report/catalog.h"
#include "report/lists.h"
#include "sql/sql.h"

static const char *const sorts[] = {"views", "visitors", "time", "scroll", "entries", "exits", "bounce", NULL};

static const ReportArgument arguments[] = {
	REPORT_ARGUMENT_SORT(sorts, "views"),
	REPORT_ARGUMENT_PAGE,
	REPORT_ARGUMENT_HOST,
	REPORT_ARGUMENT_LIMIT(10),
	REPORT_ARGUMENT_PLACE,
};

static const ReportColumn columns[] = {
	{"page", "Page", REPORT_TEXT, NULL,
		"The page's path. (other) stands for pages too rare to be counted apart (rollup_pages_max). The total has "
		"none."},
	{"host", "Host", REPORT_TEXT, NULL, "The page's host, where it is known."},
	{"views", "Views", REPORT_INTEGER, "page views", "Views made in the range."},
	{"visitors", "Visitors", REPORT_INTEGER, "persons",
		"Distinct persons who made them. One who saw several pages counts for each of them, and once in the total."},
	{"avg_time_on_page_seconds", "Time s", REPORT_DECIMAL, "seconds",
		"Mean visible time of the views that have one. Null where none has."},
	{"avg_scroll_depth_percent", "Scroll %", REPORT_DECIMAL, "percent",
		"Mean of how far down the page was scrolled, of the views that say so. Null where none does."},
	{"entries", "Entries", REPORT_INTEGER, "sessions", "Sessions that began with one of these views."},
	{"exits", "Exits", REPORT_INTEGER, "sessions", "Sessions whose last view so far is one of these."},
	{"bounce_rate_percent", "Bounce %", REPORT_DECIMAL, "percent",
		"Of the sessions that began here, those with no other view. Null where none began here."},
};

static const char *const keys[] = {"page", "host", NULL};

const Report report_pages = {
	.name = "pages",
	.heading = "Pages",
	.meaning = "Which pages were seen, by how many, for how long, and where sessions began and ended.",
	.sql = sql_report_pages,
	.sql_rolled = sql_report_pages_rolled,
	.sql_valued = sql_report_pages_valued,
	.sql_known = sql_report_pages_known,
	.parameters = REPORT_TAKES_MOST,
	.arguments = arguments,
	.argument_count = REPORT_COUNT_OF(arguments),
	.columns = columns,
	.column_count = REPORT_COUNT_OF(columns),
	.keys = keys,
	.is_shared = true,
};
