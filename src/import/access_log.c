#include "import/access_log.h"

#include "import/own_host.h"

#include <string.h>

#define OWN_HOST_ARENA_BYTES_MAX ((size_t) 1 << 20U)

typedef struct Reading {
	const AccessLog *log;
	AccessFormat format;
	AccessCounts *counts;
	Slice own_host;
} Reading;

static void asset_count(AccessCounts *counts, const char *kind)
{
	for (size_t i = 0; i < ACCESS_ASSET_KINDS_MAX; i++)
	{
		AccessAssets *assets = &counts->assets[i];
		if (assets->kind != NULL && strcmp(assets->kind, kind) != 0)
			continue;
		assets->kind = kind;
		assets->lines++;
		return;
	}
}

static bool view_take(Reading *reading, const AccessLine *line, Slice text, AccessClass *class, Error *error)
{
	const AccessLog *log = reading->log;
	AccessView view = {.line = line, .text = text, .own_host = reading->own_host};
	return ordinals_next(log->ordinals, line->time_ms, text, &view.ordinal, error)
		&& log->take(log->take_context, &view, log->arena, class, error);
}

static bool line_read(Reading *reading, const Line *line, Error *error)
{
	AccessCounts *counts = reading->counts;
	AccessClass class = ACCESS_MALFORMED;
	AccessLine parsed;
	const char *asset_kind = NULL;
	arena_reset(reading->log->arena);
	if (!line->is_cut && access_line_parse(line->text, reading->format, reading->log->arena, &parsed))
	{
		class = access_class_of(&parsed, &asset_kind);
		if (reading->format == ACCESS_FORMAT_UNKNOWN)
			reading->format = parsed.has_agent ? ACCESS_FORMAT_COMBINED : ACCESS_FORMAT_COMMON;
	}
	if (class == ACCESS_PAGE_VIEW && !view_take(reading, &parsed, line->text, &class, error))
		return false;
	if (class == ACCESS_ASSET)
		asset_count(counts, asset_kind);
	if (class == ACCESS_MALFORMED && counts->malformed_path == NULL)
	{
		counts->malformed_path = reading->log->path;
		counts->malformed_line = line->number;
	}
	counts->classes[class]++;
	counts->lines++;
	return true;
}

// A pipe is not looked into ahead: its lines are to be taken as they come.
static bool own_host_look(Reading *reading, LineReader *reader, Arena *arena, Error *error)
{
	reading->own_host = reading->log->site;
	if (reading->own_host.size > 0 || line_reader_bytes_all(reader) == 0)
		return true;
	Slice text;
	if (!line_reader_peek(reader, &text, error))
		return false;
	reading->own_host = own_host_find(text, reading->format, arena);
	return true;
}

static bool lines_read(Reading *reading, LineReader *reader, Error *error)
{
	const AccessLog *log = reading->log;
	for (;;)
	{
		Line line;
		bool has_line = false;
		if (!line_reader_pause(reader, log->pause, log->pause_context, error))
			return false;
		if (!line_reader_next(reader, &line, &has_line, error))
			return false;
		if (!has_line)
			return true;
		if (!line_read(reading, &line, error))
			return error_prefix(error, "line %llu: ", (unsigned long long) line.number);
	}
}

bool access_log_read(const AccessLog *log, LineReader *reader, AccessCounts *counts, Error *error)
{
	Reading reading = {.log = log, .format = log->format, .counts = counts};
	Arena arena;
	arena_init(&arena, OWN_HOST_ARENA_BYTES_MAX);
	ordinals_reset(log->ordinals);
	bool is_ok = own_host_look(&reading, reader, &arena, error) && lines_read(&reading, reader, error);
	arena_free(&arena);
	return is_ok;
}
