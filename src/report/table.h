// A report's answer: a range and rows of text, in an arena, free of the database; what the renderers read.
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"
#include "report/definition.h"

typedef struct ReportRange {
	Slice from_at;   // instant, ISO 8601 in UTC
	Slice to_at;     // instant, not included
	Slice from_date; // first and last day, in the zone
	Slice to_date;
	Slice zone;
	bool is_rolled; // whole days of the reporting time zone
} ReportRange;

typedef struct ReportRow {
	bool is_total; // over the whole range; at most one, and the last
	Slice *cells;  // one a column; SLICE_NONE: no figure
} ReportRow;

typedef struct ReportTable ReportTable;
struct ReportTable {
	const Report *report;
	ReportRange range; // empty texts where the report takes none
	ReportRow *rows;
	size_t row_count;
	Slice next;                  // the cursor to go on with; SLICE_NONE: this was all
	const ReportTable *previous; // the time before, where it was asked for; NULL otherwise
};

// {"report", "range", "columns" with their units and meanings, "rows", "total"}; "next" where the report is asked page by page,
// "previous" {"range", "rows", "total"} where that was asked for; no figure is null.
void report_write_json(const ReportTable *table, Buf *buf);
// A cell as JSON.
void report_write_cell(ReportType type, Slice cell, Buf *buf);
// RFC 4180: a header, rows, lines end in CR LF, no figure is an empty field, what is true or false is so called. The total is the
// last row, and its first field is "total". A text that a spreadsheet might take for a formula has an apostrophe before it, and one
// that begins with an apostrophe another one. With the time before, a column `period` (current, previous) goes before the others.
void report_write_csv(const ReportTable *table, Buf *buf);
// For a terminal: aligned, the total under a rule; no figure is "-", control bytes are shown as "?".
void report_write_text(const ReportTable *table, Buf *buf);
