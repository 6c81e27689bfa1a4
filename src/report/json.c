#include "base/json.h"
#include "report/table.h"

static void text_write(Buf *buf, const char *key, Slice text)
{
	json_write_key(buf, key);
	json_write_string(buf, text);
}

static void range_write(const ReportRange *range, Buf *buf)
{
	json_write_key(buf, "range");
	buf_append_byte(buf, '{');
	text_write(buf, "from", range->from_at);
	text_write(buf, "to", range->to_at);
	text_write(buf, "from_date", range->from_date);
	text_write(buf, "to_date", range->to_date);
	text_write(buf, "tz", range->zone);
	buf_append_byte(buf, '}');
}

static void columns_write(const Report *report, Buf *buf)
{
	json_write_key(buf, "columns");
	buf_append_byte(buf, '[');
	for (size_t i = 0; i < report->column_count; i++)
	{
		const ReportColumn *column = &report->columns[i];
		buf_append_text(buf, i == 0 ? "{" : ",{");
		text_write(buf, "name", slice_from(column->name));
		text_write(buf, "heading", slice_from(column->heading));
		text_write(buf, "type", slice_from(report_type_name(column->type)));
		text_write(buf, "unit", slice_from(column->unit));
		text_write(buf, "meaning", slice_from(column->meaning));
		buf_append_byte(buf, '}');
	}
	buf_append_byte(buf, ']');
}

void report_write_cell(ReportType type, Slice cell, Buf *buf)
{
	if (cell.data != NULL && (report_type_is_number(type) || type == REPORT_JSON))
		buf_append_slice(buf, cell);
	else if (cell.data != NULL && type == REPORT_BOOLEAN)
		buf_append_text(buf, slice_equal_text(cell, "t") ? "true" : "false");
	else
		json_write_string(buf, cell);
}

static void row_write(const Report *report, const ReportRow *row, Buf *buf)
{
	buf_append_byte(buf, '{');
	for (size_t i = 0; i < report->column_count; i++)
	{
		const ReportColumn *column = &report->columns[i];
		json_write_key(buf, column->name);
		report_write_cell(column->type, row->cells[i], buf);
	}
	buf_append_byte(buf, '}');
}

// "rows" and "total".
static void rows_write(const ReportTable *table, Buf *buf)
{
	const ReportRow *total = NULL;
	json_write_key(buf, "rows");
	buf_append_byte(buf, '[');
	bool is_first = true;
	for (size_t i = 0; i < table->row_count; i++)
	{
		if (table->rows[i].is_total)
		{
			total = &table->rows[i];
			continue;
		}
		if (!is_first)
			buf_append_byte(buf, ',');
		is_first = false;
		row_write(table->report, &table->rows[i], buf);
	}
	buf_append_byte(buf, ']');
	json_write_key(buf, "total");
	if (total == NULL)
		buf_append_text(buf, "null");
	else
		row_write(table->report, total, buf);
}

static void previous_write(const ReportTable *table, Buf *buf)
{
	json_write_key(buf, "previous");
	buf_append_byte(buf, '{');
	range_write(&table->range, buf);
	rows_write(table, buf);
	buf_append_byte(buf, '}');
}

void report_write_json(const ReportTable *table, Buf *buf)
{
	buf_append_byte(buf, '{');
	text_write(buf, "report", slice_from(table->report->name));
	if (report_takes(table->report, REPORT_FROM))
		range_write(&table->range, buf);
	columns_write(table->report, buf);
	rows_write(table, buf);
	if (report_takes(table->report, REPORT_CURSOR))
		text_write(buf, "next", table->next);
	if (table->previous != NULL)
		previous_write(table->previous, buf);
	buf_append_text(buf, "}\n");
}
