#include "report/keys.h"

#include <assert.h>
#include <string.h>

#define KEYS_SIZE_MAX ((size_t) 64 << 20U)

static size_t column_find(const Report *report, const char *name)
{
	size_t column = 0;
	while (column < report->column_count && strcmp(report->columns[column].name, name) != 0)
		column++;
	assert(column < report->column_count);
	return column;
}

static void key_write(const Report *report, const ReportRow *row, Buf *buf)
{
	buf_append_byte(buf, '[');
	for (const char *const *name = report->keys; *name != NULL; name++)
	{
		size_t column = column_find(report, *name);
		buf_append_text(buf, name == report->keys ? "" : ",");
		report_write_cell(report->columns[column].type, row->cells[column], buf);
	}
	buf_append_byte(buf, ']');
}

bool report_keys_make(const ReportTable *table, Arena *arena, const char **keys, Error *error)
{
	Buf buf;
	buf_init(&buf, KEYS_SIZE_MAX);
	buf_append_byte(&buf, '[');
	for (size_t i = 0; i < table->row_count; i++)
	{
		if (table->rows[i].is_total)
			continue;
		buf_append_text(&buf, i == 0 ? "" : ",");
		key_write(table->report, &table->rows[i], &buf);
	}
	buf_append_byte(&buf, ']');
	*keys = buf_is_ok(&buf) ? arena_copy(arena, buf_slice(&buf)).data : NULL;
	buf_free(&buf);
	return *keys != NULL
		|| error_set(error, ERROR_TOO_LARGE, "the list is too long to be compared; ask for fewer rows by limit");
}
