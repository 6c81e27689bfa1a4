#include "command/table.h"

#include "base/json.h"

#include <stdio.h>
#include <string.h>

#define OUTPUT_SIZE_MAX ((size_t) 64 << 20U)
#define ROWS_FIRST ((size_t) 32)

void command_table_init(CommandTable *table, const char *const columns[])
{
	*table = (CommandTable){.columns = columns};
	while (columns[table->column_count] != NULL)
		table->column_count++;
}

Slice *command_table_row(CommandTable *table, Arena *arena)
{
	if (table->row_count == table->row_capacity)
	{
		size_t capacity = table->row_capacity == 0 ? ROWS_FIRST : table->row_capacity * 2;
		Slice *cells = ARENA_ARRAY(arena, Slice, capacity * table->column_count);
		if (cells == NULL)
			return NULL;
		if (table->row_count > 0)
			memcpy(cells, table->cells, table->row_count * table->column_count * sizeof *cells);
		table->cells = cells;
		table->row_capacity = capacity;
	}
	return &table->cells[table->row_count++ * table->column_count];
}

// What takes up room on a terminal: characters, not bytes.
static size_t text_width(Slice text)
{
	size_t width = 0;
	for (size_t i = 0; i < text.size; i++)
		width += ((unsigned char) text.data[i] & 0xC0U) != 0x80U;
	return width;
}

static Slice shown(Slice cell)
{
	return cell.data == NULL ? SLICE_LITERAL("-") : cell;
}

static void cell_write(Buf *buf, Slice text, size_t width, bool is_last)
{
	for (size_t i = 0; i < text.size; i++) // a control byte would be obeyed by the terminal
		buf_append_byte(buf, (unsigned char) text.data[i] < ' ' || text.data[i] == '\177' ? '?' : text.data[i]);
	for (size_t i = text_width(text); !is_last && i < width + 2; i++)
		buf_append_byte(buf, ' ');
}

static void text_write(const CommandTable *table, Buf *buf)
{
	size_t widths[COMMAND_COLUMNS_MAX] = {0};
	for (size_t column = 0; column < table->column_count; column++)
	{
		widths[column] = text_width(slice_from(table->columns[column]));
		for (size_t row = 0; row < table->row_count; row++)
		{
			size_t width = text_width(shown(table->cells[row * table->column_count + column]));
			widths[column] = width > widths[column] ? width : widths[column];
		}
	}
	for (size_t line = 0; line <= table->row_count; line++)
		for (size_t column = 0; column < table->column_count; column++)
		{
			bool is_last = column + 1 == table->column_count;
			Slice text = line == 0 ? slice_from(table->columns[column])
								   : shown(table->cells[(line - 1) * table->column_count + column]);
			cell_write(buf, text, widths[column], is_last);
			if (is_last)
				buf_append_byte(buf, '\n');
		}
}

static void json_write(const CommandTable *table, Buf *buf)
{
	buf_append_byte(buf, '[');
	for (size_t row = 0; row < table->row_count; row++)
	{
		buf_append_text(buf, row == 0 ? "{" : ",\n{");
		for (size_t column = 0; column < table->column_count; column++)
		{
			json_write_key(buf, table->columns[column]);
			json_write_string(buf, table->cells[row * table->column_count + column]);
		}
		buf_append_byte(buf, '}');
	}
	buf_append_text(buf, "]\n");
}

bool command_table_print(const CommandTable *table, const CommandContext *context, Error *error)
{
	Buf buf;
	buf_init(&buf, OUTPUT_SIZE_MAX);
	if (context->is_json)
		json_write(table, &buf);
	else
		text_write(table, &buf);
	bool is_ok = command_print(&buf, error);
	buf_free(&buf);
	return is_ok;
}

bool command_print(const Buf *buf, Error *error)
{
	if (!buf_is_ok(buf))
		return error_set(error, ERROR_TOO_LARGE, "the output is too large");
	return fwrite(buf->data, 1, buf->size, stdout) == buf->size
		|| error_set_errno(error, ERROR_SYSTEM, "cannot write the output");
}
