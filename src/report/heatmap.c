#include "report/catalog.h"
#include "report/lists.h"
#include "sql/sql.h"

static const ReportArgument arguments[] = {
	{.parameter = REPORT_PAGE, .kind = REPORT_WORDS, .most = 2048, .is_required = true},
	REPORT_ARGUMENT_HOST,
	{.parameter = REPORT_DEVICE, .kind = REPORT_WORDS, .most = 20},
	REPORT_ARGUMENT_LIMIT(5000),
	REPORT_ARGUMENT_PLACE,
};

static const ReportColumn columns[] = {
	{"x", "X", REPORT_INTEGER, "percent of the page's width",
		"From the page's left edge, 0 to 100. The total has none."},
	{"y", "Y", REPORT_INTEGER, "percent of the page's width", "From the page's top. The total has none."},
	{"clicks", "Clicks", REPORT_INTEGER, "events", "Clicks that fell into this cell."},
	{"persons", "Persons", REPORT_INTEGER, "persons", "Distinct persons who clicked there."},
	{"density_percent", "Density %", REPORT_DECIMAL, "percent", "Clicks as a share of those of the cell with most."},
};

static const char *const keys[] = {"x", "y", NULL};

const Report report_heatmap = {
	.name = "heatmap",
	.heading = "Heatmap",
	.meaning = "Where on a page people clicked, in cells of a hundredth of its width.",
	.sql = sql_report_heatmap,
	.parameters = REPORT_TAKES_MOST,
	.arguments = arguments,
	.argument_count = REPORT_COUNT_OF(arguments),
	.columns = columns,
	.column_count = REPORT_COUNT_OF(columns),
	.keys = keys,
	.is_shared = true,
};
