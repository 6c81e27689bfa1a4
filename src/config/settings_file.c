#include "config/settings_file.h"

#include "base/file.h"
#include "config/setting_row.h"

#include <ini.h>
#include <string.h>

#define FILE_SIZE_MAX ((size_t) 1 << 20U)
#define LINE_SIZE_MAX 8192

typedef struct Reader {
	const char *path;
	Arena *arena;
	Error *error;
	Slice rest;
	unsigned line;
	bool is_continued; // the line begins with white space
	bool is_error_set;
	SettingFileEntry *first;
	SettingFileEntry *last;
} Reader;

static int fail_memory(Reader *reader)
{
	reader->is_error_set = true;
	(void) error_set(reader->error, ERROR_MEMORY, "no memory to read the settings of %s", reader->path);
	return 0;
}

// For inih, as fgets does; counts the lines, since inih does not tell them to its handler.
static char *line_next(char *target, int size, void *context)
{
	Reader *reader = context;
	if (reader->rest.size == 0 || reader->is_error_set)
		return NULL;
	size_t end = slice_find(reader->rest, '\n', 0);
	size_t used = end < reader->rest.size ? end + 1 : end;
	reader->line++;
	reader->is_continued = reader->rest.data[0] == ' ' || reader->rest.data[0] == '\t';
	if (used >= (size_t) size)
	{
		reader->is_error_set = true;
		(void) error_set(reader->error, ERROR_USAGE, "%s:%u: the line is longer than %d bytes", reader->path,
			reader->line, size - 2);
		return NULL;
	}
	memcpy(target, reader->rest.data, used);
	target[used] = '\0';
	reader->rest = slice_sub(reader->rest, used, reader->rest.size);
	return target;
}

static int fail_unknown(Reader *reader, Slice name)
{
	reader->is_error_set = true;
	const char *nearest = setting_nearest(name, SETTING_WRONG_MAX(name));
	if (nearest == NULL)
		(void) error_set(reader->error, ERROR_USAGE, "%s:%u: there is no setting \"%.*s\"; see sojourn config show",
			reader->path, reader->line, SLICE_PRINT(name));
	else
		(void) error_set(reader->error, ERROR_USAGE, "%s:%u: there is no setting \"%.*s\"; did you mean %s?",
			reader->path, reader->line, SLICE_PRINT(name), nearest);
	return 0;
}

static int value_continue(Reader *reader, const char *value)
{
	SettingFileEntry *entry = reader->last;
	entry->value = arena_format(reader->arena, "%.*s %s", SLICE_PRINT(entry->value), value);
	return entry->value.data == NULL ? fail_memory(reader) : 1;
}

static int entry_add(void *context, const char *section, const char *name, const char *value)
{
	Reader *reader = context;
	Slice full = arena_format(reader->arena, "%s%s%s", section, *section == '\0' ? "" : "_", name);
	if (full.data == NULL)
		return fail_memory(reader);
	SettingId id = setting_find(full);
	if (reader->is_continued && reader->last != NULL && reader->last->id == id)
		return value_continue(reader, value);
	if (id == SETTING_COUNT)
		return fail_unknown(reader, full);
	for (const SettingFileEntry *entry = reader->first; entry != NULL; entry = entry->next)
	{
		if (entry->id != id)
			continue;
		reader->is_error_set = true;
		(void) error_set(reader->error, ERROR_USAGE, "%s:%u: %s was already given in line %u", reader->path,
			reader->line, setting_row(id)->name, entry->line);
		return 0;
	}
	SettingFileEntry *entry = ARENA_NEW(reader->arena, SettingFileEntry);
	Slice copy = arena_copy(reader->arena, slice_from(value));
	if (entry == NULL || copy.data == NULL)
		return fail_memory(reader);
	*entry = (SettingFileEntry){.id = id, .value = copy, .line = reader->line};
	if (reader->last == NULL)
		reader->first = entry;
	else
		reader->last->next = entry;
	reader->last = entry;
	return 1;
}

bool settings_file_read(const char *path, Arena *arena, SettingFileEntry **entries, Error *error)
{
	Reader reader = {.path = path, .arena = arena, .error = error};
	if (!file_read(path, FILE_SIZE_MAX, arena, &reader.rest, error))
		return error_prefix(error, "the settings file: ");
	if (slice_find(reader.rest, '\0', 0) < reader.rest.size)
		return error_set(error, ERROR_USAGE, "%s: the settings file holds a NUL byte", path);
	ini_max_line = LINE_SIZE_MAX;
	ini_allow_inline_comments = false; // a connection string may hold a semicolon
	ini_stop_on_first_error = true;
	int failed = ini_parse_stream(line_next, &reader, entry_add, &reader);
	if (reader.is_error_set)
		return false;
	if (failed > 0)
		return error_set(error, ERROR_USAGE, "%s:%d: neither \"name = value\" nor \"[section]\"", path, failed);
	if (failed < 0)
		return error_set(error, ERROR_MEMORY, "no memory to read the settings of %s", path);
	*entries = reader.first;
	return true;
}
