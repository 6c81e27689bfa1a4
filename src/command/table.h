// What a command lists: rows of text under named columns, aligned, or with --json an array of objects.
#pragma once
#include "command/command.h"

#define COMMAND_COLUMNS_MAX 8

typedef struct CommandTable {
	const char *const *columns; // ends with NULL
	size_t column_count;
	Slice *cells; // column_count a row
	size_t row_count;
	size_t row_capacity;
} CommandTable;

// columns must outlive the table.
void command_table_init(CommandTable *table, const char *const columns[]);
// A row whose cells the caller sets; they start as SLICE_NONE ("-", null). NULL when memory is out. Valid until the next row.
Slice *command_table_row(CommandTable *table, Arena *arena) MUST_USE;
bool command_table_print(const CommandTable *table, const CommandContext *context, Error *error) MUST_USE;

// Writes a text to standard output.
bool command_print(const Buf *buf, Error *error) MUST_USE;
