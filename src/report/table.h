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
} ReportRange;

typedef struct ReportRow {
	bool is_total; // over the whole range; at most one, and the last
	Slice *cells;  // one a column; SLICE_NONE: no figure
} ReportRow;

typedef struct ReportTable {
	const Report *report;
	ReportRange range;
	ReportRow *rows;
	size_t row_count;
} ReportTable;

// {"report", "range", "columns" with their units and meanings, "total", "rows"}; no figure is null.
void report_write_json(const ReportTable *table, Buf *buf);
// RFC 4180: a header, rows, lines end in CR LF, no figure is an empty field. The total is the last row, and its first field
// is "total".
void report_write_csv(const ReportTable *table, Buf *buf);
// For a terminal: aligned, the total under a rule; no figure is "-", control bytes are shown as "?".
void report_write_text(const ReportTable *table, Buf *buf);
