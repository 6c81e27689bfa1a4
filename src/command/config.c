#include "command/commands.h"
#include "command/table.h"
#include "config/settings_text.h"
#include "enrich/enrich.h"
#include "service/jobs.h"

#include <stdio.h>
#include <string.h>

#define TEXT_SIZE_MAX ((size_t) 1 << 20U)

// Loads once more, where the settings could not be read, to say why.
static bool settings_needed(const CommandContext *context, Error *error)
{
	Settings settings;
	return context->settings != NULL || settings_load(context->sources, context->arena, &settings, error);
}

static bool cell_set(Arena *arena, Buf *buf, Slice *cell, Error *error)
{
	*cell = arena_copy(arena, buf_slice(buf));
	buf_reset(buf);
	return cell->data != NULL || error_set(error, ERROR_MEMORY, "out of memory for the list of settings");
}

static bool show(const CommandContext *context, Error *error)
{
	static const char *const columns[] = {"setting", "value", "from", NULL};
	CommandTable table;
	Buf buf;
	bool is_ok = true;
	command_table_init(&table, columns);
	buf_init(&buf, TEXT_SIZE_MAX);
	for (int id = 0; id < SETTING_COUNT && is_ok; id++)
	{
		Slice *cells = command_table_row(&table, context->arena);
		if (cells == NULL)
		{
			is_ok = error_set(error, ERROR_MEMORY, "out of memory for the list of settings");
			break;
		}
		cells[0] = slice_from(settings_name((SettingId) id));
		settings_value_write(context->settings, (SettingId) id, &buf);
		is_ok = cell_set(context->arena, &buf, &cells[1], error);
		settings_origin_write(context->settings, (SettingId) id, &buf);
		is_ok = is_ok && cell_set(context->arena, &buf, &cells[2], error);
	}
	buf_free(&buf);
	return is_ok && command_table_print(&table, context, error);
}

static bool sample(Error *error)
{
	Buf buf;
	buf_init(&buf, TEXT_SIZE_MAX);
	settings_sample_write(&buf);
	bool is_ok = command_print(&buf, error);
	buf_free(&buf);
	return is_ok;
}

// Files that settings name are read, too.
static bool check(const CommandContext *context, Error *error)
{
	if (!enricher_check(context->settings, error) || !service_jobs_check(context->settings, error))
		return false;
	if (!context->is_quiet)
		(void) puts("every setting is good");
	return true;
}

bool command_config(CommandContext *context, Error *error)
{
	const char *what = command_argument(context);
	if (!command_end(context, error))
		return false;
	if (what != NULL && strcmp(what, "sample") == 0)
		return sample(error);
	if (what == NULL || (strcmp(what, "show") != 0 && strcmp(what, "check") != 0))
		return command_misused(context, error, "what about the settings?");
	if (!settings_needed(context, error))
		return false;
	return strcmp(what, "show") == 0 ? show(context, error) : check(context, error);
}
