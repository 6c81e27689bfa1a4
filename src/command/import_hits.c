// `sojourn import hits`
#include "base/json.h"
#include "command/import.h"
#include "import/hit_lines.h"

#include <inttypes.h>

#define OUTPUT_SIZE_MAX ((size_t) 1 << 20U)
// A line may hold white space and names that do not count as the hit's.
#define LINE_SIZE_MAX (LINE_READER_BLOCK_SIZE - 1)

static void json_write(const Import *import, const HitLineCounts *counts, Buf *buf)
{
	buf_append_format(buf, "{\"files\":%zu,\"lines\":%" PRIu64 ",\"accepted\":%" PRIu64 ",\"refused\":{",
		import->file_count, counts->lines, counts->accepted);
	for (const HitLineCode *code = counts->codes; code->code != NULL; code++)
	{
		json_write_key(buf, code->code);
		buf_append_format(buf, "%" PRIu64, code->lines);
	}
	buf_append_text(buf, "},\"examples\":[");
	for (size_t i = 0; i < counts->example_count; i++)
	{
		const HitLineExample *example = &counts->examples[i];
		buf_append_text(buf, i == 0 ? "{\"file\":" : ",{\"file\":");
		json_write_string(buf, slice_from(example->path));
		buf_append_format(buf, ",\"line\":%" PRIu64 ",\"code\":", example->line);
		json_write_string(buf, slice_from(example->code));
		json_write_key(buf, "message");
		json_write_string(buf, slice_from(example->reason));
		buf_append_byte(buf, '}');
	}
	buf_append_byte(buf, ']');
}

static void text_write(const HitLineCounts *counts, Buf *buf)
{
	char number[PROGRESS_NUMBER_SIZE];
	progress_format_number(counts->accepted, number);
	buf_append_format(buf, "%-26s %12s\n", "accepted", number);
	for (const HitLineCode *code = counts->codes; code->code != NULL; code++)
	{
		progress_format_number(code->lines, number);
		buf_append_format(buf, "refused: %-17s %12s\n", code->code, number);
	}
	progress_format_number(counts->lines, number);
	buf_append_format(buf, "%-26s %12s\n", "lines", number);
	for (size_t i = 0; i < counts->example_count; i++)
		buf_append_format(buf, "%s:%" PRIu64 ": %s\n", counts->examples[i].path, counts->examples[i].line,
			counts->examples[i].reason);
}

static bool counts_print(const Import *import, const HitLineCounts *counts, Error *error)
{
	Buf buf;
	buf_init(&buf, OUTPUT_SIZE_MAX);
	if (import->context->is_json)
		json_write(import, counts, &buf);
	else
		text_write(counts, &buf);
	return import_output_end(import, &buf, error);
}

static bool file_read_lines(Import *import, const char *path, HitLineCounts *counts, Error *error)
{
	const HitLines lines = {
		.path = path,
		.take = import_hits_take_message,
		.take_context = &import->hits,
		.pause = import_pause,
		.pause_context = import,
	};
	LineReader *reader = NULL;
	if (!line_reader_open(path, LINE_SIZE_MAX, &reader, error))
		return false;
	ordinals_reset(import->ordinals);
	bool is_ok = hit_lines_read(&lines, reader, counts, error);
	line_reader_close(reader);
	return is_ok;
}

static bool files_read_lines(Import *import, HitLineCounts *counts, Error *error)
{
	bool is_ok = true;
	import_messages_init(&import->hits.messages, import->context->settings, import->hits.source, &import->line_arena,
		import->ordinals);
	for (size_t i = 0; i < import->file_count && is_ok; i++)
		is_ok = file_read_lines(import, import->files[i], counts, error);
	import_messages_free(&import->hits.messages);
	return is_ok;
}

bool command_import_hits(Import *import, Error *error)
{
	HitLineCounts counts = {0};
	import->source = "import";
	if (!import_arguments(import, error) || !import_open(import, error) || !files_read_lines(import, &counts, error)
		|| !import_finish(import, error) || !counts_print(import, &counts, error))
		return false;
	return counts.lines == 0 || counts.accepted > 0
		|| error_set(error, ERROR_BAD_INPUT, "every line was refused, the first: %s", counts.examples[0].reason);
}
