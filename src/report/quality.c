#include "report/catalog.h"
#include "sql/sql.h"

static const ReportColumn columns[] = {
	{"check", "Check", REPORT_TEXT, NULL, "The name of the check."},
	{"type", "Type", REPORT_TEXT, NULL,
		"completeness: is something missing; validity: can it be so; consistency: does it fit together."},
	{"table", "Table", REPORT_TEXT, NULL, "The table it is about."},
	{"status", "Status", REPORT_TEXT, NULL, "What it came to: pass, warn or fail."},
	{"message", "What", REPORT_TEXT, NULL, "What it found, in a sentence."},
	{"value", "Value", REPORT_DECIMAL, "as the message says", "The figure. Null where there was nothing to judge by."},
	{"threshold", "Warns at", REPORT_DECIMAL, "as the message says", "What makes it a warning."},
	{"checked_at", "Checked", REPORT_INSTANT, NULL, "When the check ran last."},
};

const Report report_quality = {
	.name = "quality",
	.heading = "Data quality",
	.meaning = "What the checks of the data found when they ran last, the worst first; they run every hour.",
	.sql = sql_report_quality,
	.columns = columns,
	.column_count = REPORT_COUNT_OF(columns),
};
