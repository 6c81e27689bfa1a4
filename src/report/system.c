// What the installation holds and where its hits stand: reports about itself.
#include "report/catalog.h"
#include "sql/sql.h"

static const ReportColumn storage_columns[] = {
	{"table", "Table", REPORT_TEXT, NULL, "The name of the table."},
	{"partitions", "Partitions", REPORT_INTEGER, "partitions", "How many partitions it has; 0 where it has none."},
	{"rows_about", "Rows", REPORT_INTEGER, "rows",
		"Its rows, as many as there were when the database last counted them; not exact."},
	{"table_bytes", "Data", REPORT_INTEGER, "bytes", "What its rows take on the disk, without indexes."},
	{"index_bytes", "Indexes", REPORT_INTEGER, "bytes", "What its indexes take."},
	{"total_bytes", "Together", REPORT_INTEGER, "bytes", "What its rows and its indexes take together."},
};

const Report report_storage = {
	.name = "storage",
	.heading = "Storage",
	.meaning = "What each table takes on the disk, with all its partitions, the greatest first.",
	.sql = sql_report_storage,
	.columns = storage_columns,
	.column_count = REPORT_COUNT_OF(storage_columns),
};

static const ReportColumn archive_columns[] = {
	{"month", "Month", REPORT_TEXT, NULL, "The month, of UTC, as in 2026-01. Null where a row is a tier."},
	{"tier", "Tier", REPORT_TEXT, NULL,
		"hot: this month and those made for what comes; warm: a month that is over and still in PostgreSQL; cold: a "
		"month "
		"that is in the archive only."},
	{"table", "Table", REPORT_TEXT, NULL, "The table it is a part of. Null where a row is more than one partition."},
	{"partitions", "Partitions", REPORT_INTEGER, "partitions", "How many partitions of tables the row stands for."},
	{"rows_about", "Rows, about", REPORT_INTEGER, "rows",
		"Their rows. Of what is in PostgreSQL an estimate, as many as there were when the database last counted them; "
		"of "
		"what is cold the rows that were archived."},
	{"table_bytes", "Data", REPORT_INTEGER, "bytes",
		"What the rows take on the disk of PostgreSQL, without indexes. Null where none are there."},
	{"index_bytes", "Indexes", REPORT_INTEGER, "bytes", "What their indexes take. Null where there are none."},
	{"archive_bytes", "Archive", REPORT_INTEGER, "bytes",
		"What their files in the archive take. Null where nothing of them is archived. A month that is archived and "
		"not "
		"dropped yet takes both."},
	{"archived_at", "Archived", REPORT_INSTANT, NULL,
		"When, or when last, they were archived. Null where they never were."},
};

static const char *const archive_rows[] = {"partition", "month", "tier", NULL};

static const ReportArgument archive_arguments[] = {
	{.parameter = REPORT_BY, .kind = REPORT_CHOICE, .choices = archive_rows, .fallback = "partition"},
};

const Report report_archive = {
	.name = "archive",
	.heading = "Archive",
	.meaning =
		"Where each month of the tables that are kept by the month lies, and what it takes there, the newest first.",
	.sql = sql_report_archive,
	.arguments = archive_arguments,
	.argument_count = REPORT_COUNT_OF(archive_arguments),
	.columns = archive_columns,
	.column_count = REPORT_COUNT_OF(archive_columns),
};

static const ReportColumn ingest_columns[] = {
	{"stored_at", "Stored at", REPORT_INSTANT, NULL, "When hits were last stored; null where none ever were."},
	{"seconds_ago", "Since then s", REPORT_INTEGER, "seconds", "How long that is ago: without traffic it grows, too."},
	{"buckets_waiting", "Buckets waiting", REPORT_INTEGER, "buckets",
		"Hours and days whose figures are to be counted again."},
	{"sessions_waiting", "Changes waiting", REPORT_INTEGER, "changes",
		"Changes of sessions whose hours and days are still to be found."},
	{"quarantined", "Quarantined", REPORT_INTEGER, "hits",
		"Hits that could not be stored; `sojourn quarantine list` says why."},
	{"left_out", "Left out", REPORT_INTEGER, "hits",
		"Hits of the last 30 days that ended otherwise than as a row, such as those of erased persons."},
};

const Report report_ingest = {
	.name = "ingest",
	.heading = "Ingest",
	.meaning = "Where hits stand between the collector and the figures.",
	.sql = sql_report_ingest,
	.columns = ingest_columns,
	.column_count = REPORT_COUNT_OF(ingest_columns),
};
