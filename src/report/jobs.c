#include "report/catalog.h"
#include "sql/sql.h"

static const ReportColumn columns[] = {
	{"job", "Job", REPORT_TEXT, NULL, "The name of the scheduled job."},
	{"cron", "Cron", REPORT_TEXT, NULL, "When it runs: a cron expression, @every and a time, or off."},
	{"tz", "Zone", REPORT_TEXT, NULL, "The time zone that the expression is read by."},
	{"outcome", "Outcome", REPORT_TEXT, NULL,
		"How the last run ended: done, failed, timed out, stopped or lost. Null where none has ended yet."},
	{"last_run_at", "Last run", REPORT_INSTANT, NULL, "When the run that ended last had begun."},
	{"duration_ms", "Took ms", REPORT_INTEGER, "ms", "How long that run took."},
	{"next_run_at", "Next run", REPORT_INSTANT, NULL, "When it runs next; null where it is off, or given to pg_cron."},
	{"machine", "Machine", REPORT_TEXT, NULL, "The machine that the last run was on."},
	{"failures", "Failures", REPORT_INTEGER, "runs", "Runs in a row that went wrong, up to the last one."},
	{"error", "Error", REPORT_TEXT, NULL, "Why the last run went wrong, where it did."},
};

const Report report_jobs = {
	.name = "jobs",
	.heading = "Jobs",
	.meaning = "What runs when on the worker, and how it went the last time.",
	.sql = sql_report_jobs,
	.columns = columns,
	.column_count = REPORT_COUNT_OF(columns),
};
