#include "report/table.h"

#include <string.h>

static bool needs_quotes(Slice field)
{
	for (size_t i = 0; i < field.size; i++)
		if (strchr("\",\r\n", field.data[i]) != NULL)
			return true;
	return false;
}

// -5, +43.50
static bool is_number(Slice text)
{
	size_t digits = 0;
	size_t points = 0;
	for (size_t i = text.size > 0 && (text.data[0] == '-' || text.data[0] == '+') ? 1 : 0; i < text.size; i++)
	{
		bool is_digit = text.data[i] >= '0' && text.data[i] <= '9';
		if (!is_digit && text.data[i] != '.')
			return false;
		digits += is_digit ? 1 : 0;
		points += is_digit ? 0 : 1;
	}
	return digits > 0 && points <= 1;
}

// Whether a spreadsheet might compute it rather than show it: it begins as formulas do, in full width too. What begins with the
// apostrophe that makes a text of it needs another one, so that it can be told what stood there.
static bool is_formula(Slice text)
{
	static const Slice begins[] = {SLICE_LITERAL("="), SLICE_LITERAL("+"), SLICE_LITERAL("-"), SLICE_LITERAL("@"),
		SLICE_LITERAL("\t"), SLICE_LITERAL("\r"), SLICE_LITERAL("\n"), SLICE_LITERAL("\uFF1D"), SLICE_LITERAL("\uFF0B"),
		SLICE_LITERAL("\uFF0D"), SLICE_LITERAL("\uFF20"), SLICE_LITERAL("'")};
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		if (slice_starts_with(text, begins[i]))
			return !is_number(text);
	return false;
}

static void field_write(Slice field, bool is_text, Buf *buf)
{
	const char *before = is_text && is_formula(field) ? "'" : "";
	if (!needs_quotes(field))
	{
		buf_append_text(buf, before);
		buf_append_slice(buf, field);
		return;
	}
	buf_append_byte(buf, '"');
	buf_append_text(buf, before);
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
			field_write(cell_text(table, &table->rows[row], i), table->report->columns[i].type == REPORT_TEXT, buf);
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
		field_write(slice_from(report->columns[i].name), false, buf);
	}
	buf_append_text(buf, "\r\n");
	rows_write(table, table->previous == NULL ? "" : "current,", buf);
	if (table->previous != NULL)
		rows_write(table->previous, "previous,", buf);
}
