// `sojourn import access-log`
#include "base/json.h"
#include "command/import.h"
#include "import/access_log.h"

#include <inttypes.h>
#include <string.h>

#define OUTPUT_SIZE_MAX ((size_t) 1 << 20U)

typedef struct LogOptions {
	AccessFormat format;
	const char *site;
} LogOptions;

static bool format_parse(const CommandContext *context, const char *name, AccessFormat *format, Error *error)
{
	if (*name == '\0')
		*format = ACCESS_FORMAT_UNKNOWN;
	else if (strcmp(name, "combined") == 0)
		*format = ACCESS_FORMAT_COMBINED;
	else if (strcmp(name, "common") == 0)
		*format = ACCESS_FORMAT_COMMON;
	else
		return command_misused(context, error, "there is no format \"%s\"; known are combined and common", name);
	return true;
}

// A host, and not a URL or a path.
static bool site_check(const CommandContext *context, const char *site, Error *error)
{
	size_t size = strlen(site);
	bool is_host = size <= ACCESS_HOST_SIZE_MAX && strcspn(site, "/:?#@ ") == size;
	return is_host || command_misused(context, error, "--site is a host such as www.example.com, not \"%s\"", site);
}

static bool options_read(Import *import, LogOptions *options, Error *error)
{
	CommandContext *context = import->context;
	const char *format = "";
	options->site = "";
	import->source = "access-log";
	import->hits.is_user_field = command_flag(context, "user-field");
	return command_option(context, "format", &format, error) && command_option(context, "site", &options->site, error)
		&& format_parse(context, format, &options->format, error) && site_check(context, options->site, error)
		&& import_arguments(import, error);
}

static void json_write(const Import *import, const AccessCounts *counts, Buf *buf)
{
	buf_append_format(buf, "{\"files\":%zu,\"lines\":%" PRIu64 ",\"classes\":{", import->file_count, counts->lines);
	for (int class = 0; class < ACCESS_CLASS_COUNT; class ++)
	{
		json_write_key(buf, access_class_json_name((AccessClass) class));
		buf_append_format(buf, "%" PRIu64, counts->classes[class]);
	}
	buf_append_text(buf, "},\"assets\":{");
	for (const AccessAssets *assets = counts->assets; assets->kind != NULL; assets++)
	{
		json_write_key(buf, assets->kind);
		buf_append_format(buf, "%" PRIu64, assets->lines);
	}
	buf_append_byte(buf, '}');
	if (counts->malformed_path == NULL)
		return;
	buf_append_text(buf, ",\"malformed_first\":{\"file\":");
	json_write_string(buf, slice_from(counts->malformed_path));
	buf_append_format(buf, ",\"line\":%" PRIu64 "}", counts->malformed_line);
}

static void text_write(const AccessCounts *counts, Buf *buf)
{
	char number[PROGRESS_NUMBER_SIZE];
	for (int class = 0; class < ACCESS_CLASS_COUNT; class ++)
	{
		progress_format_number(counts->classes[class], number);
		buf_append_format(buf, "%-14s %12s", access_class_name((AccessClass) class), number);
		for (const AccessAssets *assets = counts->assets; class == ACCESS_ASSET && assets->kind != NULL; assets++)
			buf_append_format(buf, "%s%s %" PRIu64, assets == counts->assets ? "  " : ", ", assets->kind,
				assets->lines);
		if (class == ACCESS_MALFORMED && counts->malformed_path != NULL)
			buf_append_format(buf, "  first: %s:%" PRIu64, counts->malformed_path, counts->malformed_line);
		buf_append_byte(buf, '\n');
	}
	progress_format_number(counts->lines, number);
	buf_append_format(buf, "%-14s %12s\n", "lines", number);
}

static bool file_read_lines(Import *import, const char *path, AccessFormat format, AccessCounts *counts, Error *error)
{
	const AccessLog log = {
		.path = path,
		.format = format,
		.site = import->hits.site,
		.take = import_hits_take_view,
		.take_context = &import->hits,
		.pause = import_pause,
		.pause_context = import,
		.ordinals = import->ordinals,
		.arena = &import->line_arena,
	};
	LineReader *reader = NULL;
	if (!line_reader_open(path, ACCESS_LINE_SIZE_MAX, &reader, error))
		return false;
	bool is_ok = access_log_read(&log, reader, counts, error);
	line_reader_close(reader);
	return is_ok;
}

static bool counts_print(const Import *import, const AccessCounts *counts, Error *error)
{
	Buf buf;
	buf_init(&buf, OUTPUT_SIZE_MAX);
	if (import->context->is_json)
		json_write(import, counts, &buf);
	else
		text_write(counts, &buf);
	return import_output_end(import, &buf, error);
}

bool command_import_access_log(Import *import, Error *error)
{
	LogOptions options = {0};
	AccessCounts counts = {0};
	if (!options_read(import, &options, error) || !import_open(import, error))
		return false;
	import->hits.site = slice_from(options.site);
	for (size_t i = 0; i < import->file_count; i++)
		if (!file_read_lines(import, import->files[i], options.format, &counts, error))
			return false;
	if (!import_finish(import, error) || !counts_print(import, &counts, error))
		return false;
	return counts.lines == 0 || counts.classes[ACCESS_MALFORMED] < counts.lines
		|| error_set(error, ERROR_BAD_INPUT, "no line of %s is one of an access log in this format", import->files[0]);
}
