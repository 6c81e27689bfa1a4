#include "report/table.h"

#include <assert.h>

#define GAP 2
#define COLUMNS_MAX 64

static bool is_continuation(char byte)
{
	return ((unsigned char) byte & 0xC0U) == 0x80U;
}

// Characters, as a terminal shows most of them: one place each.
static size_t text_width(Slice text)
{
	size_t width = 0;
	for (size_t i = 0; i < text.size; i++)
		width += is_continuation(text.data[i]) ? 0 : 1;
	return width;
}

static Slice cell_text(const ReportRow *row, size_t column, ReportType type)
{
	if (column == 0 && row->is_total)
		return slice_from("total");
	Slice cell = row->cells[column];
	if (type == REPORT_BOOLEAN && cell.data != NULL)
		return slice_from(slice_equal_text(cell, "t") ? "yes" : "no");
	return cell.data == NULL ? slice_from("-") : cell;
}

static size_t column_width(const ReportTable *table, size_t column)
{
	size_t width = text_width(slice_from(table->report->columns[column].heading));
	for (size_t i = 0; i < table->row_count; i++)
	{
		size_t cell = text_width(cell_text(&table->rows[i], column, table->report->columns[column].type));
		width = cell > width ? cell : width;
	}
	return width;
}

static void pad(Buf *buf, char byte, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_append_byte(buf, byte);
}

// A terminal obeys control bytes, and a page's title may hold any.
static void clean_append(Buf *buf, Slice text)
{
	for (size_t i = 0; i < text.size; i++)
	{
		unsigned char byte = (unsigned char) text.data[i];
		bool is_c1 = byte == 0xC2 && i + 1 < text.size && (unsigned char) text.data[i + 1] < 0xA0;
		if (is_c1)
			i++;
		buf_append_byte(buf, is_c1 || byte < ' ' || byte == 0x7F ? '?' : (char) byte);
	}
}

static void cell_write(const ReportColumn *column, Slice text, size_t width, bool is_last, Buf *buf)
{
	bool is_left = !report_type_is_number(column->type);
	size_t padding = width - text_width(text);
	if (!is_left)
		pad(buf, ' ', padding);
	clean_append(buf, text);
	if (!is_last)
		pad(buf, ' ', (is_left ? padding : 0) + GAP);
}

static void heading_write(const ReportTable *table, Buf *buf)
{
	buf_append_text(buf, table->report->heading);
	if (report_takes(table->report, REPORT_FROM))
		buf_append_format(buf, ", %.*s to %.*s, %.*s", SLICE_PRINT(table->range.from_date),
			SLICE_PRINT(table->range.to_date), SLICE_PRINT(table->range.zone));
	buf_append_text(buf, "\n\n");
}

static void table_write(const ReportTable *table, Buf *buf)
{
	const Report *report = table->report;
	size_t widths[COLUMNS_MAX];
	size_t width_sum = 0;
	assert(report->column_count <= COLUMNS_MAX);
	heading_write(table, buf);
	for (size_t i = 0; i < report->column_count; i++)
	{
		widths[i] = column_width(table, i);
		cell_write(&report->columns[i], slice_from(report->columns[i].heading), widths[i],
			i + 1 == report->column_count, buf);
		width_sum += widths[i] + (i == 0 ? 0 : GAP);
	}
	buf_append_byte(buf, '\n');
	for (size_t row = 0; row < table->row_count; row++)
	{
		if (table->rows[row].is_total)
		{
			pad(buf, '-', width_sum);
			buf_append_byte(buf, '\n');
		}
		for (size_t i = 0; i < report->column_count; i++)
			cell_write(&report->columns[i], cell_text(&table->rows[row], i, report->columns[i].type), widths[i],
				i + 1 == report->column_count, buf);
		buf_append_byte(buf, '\n');
	}
	if (table->next.data != NULL)
		buf_append_format(buf, "\nThere is more: --cursor %.*s\n", SLICE_PRINT(table->next));
}

void report_write_text(const ReportTable *table, Buf *buf)
{
	table_write(table, buf);
	if (table->previous == NULL)
		return;
	buf_append_text(buf, "\nThe time before\n");
	table_write(table->previous, buf);
}
