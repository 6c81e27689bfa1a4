#include "report/table.h"

#include <string.h>

static bool needs_quotes(Slice field)
{
	for (size_t i = 0; i < field.size; i++)
		if (strchr("\",\r\n", field.data[i]) != NULL)
			return true;
	return false;
}

static void field_write(Slice field, Buf *buf)
{
	if (!needs_quotes(field))
	{
		buf_append_slice(buf, field);
		return;
	}
	buf_append_byte(buf, '"');
	for (size_t i = 0; i < field.size; i++)
	{
		if (field.data[i] == '"')
			buf_append_byte(buf, '"');
		buf_append_byte(buf, field.data[i]);
	}
	buf_append_byte(buf, '"');
}

static Slice cell_text(const ReportTable *table, const ReportRow *row, size_t column)
{
	Slice cell = row->cells[column];
	if (column == 0 && row->is_total)
		return slice_from("total");
	if (table->report->columns[column].type == REPORT_BOOLEAN && cell.data != NULL)
		return slice_from(slice_equal_text(cell, "t") ? "true" : "false");
	return cell;
}

static void rows_write(const ReportTable *table, const char *period, Buf *buf)
{
	for (size_t row = 0; row < table->row_count; row++)
	{
		buf_append_text(buf, period);
		for (size_t i = 0; i < table->report->column_count; i++)
		{
			buf_append_text(buf, i == 0 ? "" : ",");
			field_write(cell_text(table, &table->rows[row], i), buf);
		}
		buf_append_text(buf, "\r\n");
	}
}

void report_write_csv(const ReportTable *table, Buf *buf)
{
	const Report *report = table->report;
	buf_append_text(buf, table->previous == NULL ? "" : "period,");
	for (size_t i = 0; i < report->column_count; i++)
	{
		buf_append_text(buf, i == 0 ? "" : ",");
		field_write(slice_from(report->columns[i].name), buf);
	}
	buf_append_text(buf, "\r\n");
	rows_write(table, table->previous == NULL ? "" : "current,", buf);
	if (table->previous != NULL)
		rows_write(table->previous, "previous,", buf);
}
