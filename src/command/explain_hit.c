// `sojourn explain-hit`
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "command/commands.h"
#include "command/table.h"
#include "intake/compact.h"
#include "service/explain.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define INPUT_SIZE_MAX ((size_t) 16 * 1024 * 1024)
#define TREE_SIZE_MAX ((size_t) 256 * 1024 * 1024)
#define OUTPUT_SIZE_MAX ((size_t) 256 * 1024 * 1024)
#define CELL_SIZE_MAX 48 // bytes of a text in a cell; --json gives all

typedef struct Explaining {
	CommandContext *context;
	Explain *explain;
	Buf output; // with --json
	size_t message_count;
} Explaining;

// ── Options ──

static bool header_parse(const CommandContext *context, const char *text, SenderHeader *header, Error *error)
{
	Slice value = SLICE_NONE;
	header->name = slice_trim(slice_split(slice_from(text), ':', &value));
	header->value = slice_trim(value);
	return (header->name.size > 0 && value.data != NULL)
		|| command_misused(context, error, "--header is written \"Name: value\", not \"%s\"", text);
}

static bool headers_read(CommandContext *context, ExplainSender *sender, Error *error)
{
	const char *texts[SENDER_HEADERS_MAX];
	SenderHeader *headers = ARENA_ARRAY(context->arena, SenderHeader, SENDER_HEADERS_MAX);
	if (headers == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for the headers");
	if (!command_options(context, "header", texts, SENDER_HEADERS_MAX, &sender->header_count, error))
		return false;
	for (size_t i = 0; i < sender->header_count; i++)
		if (!header_parse(context, texts[i], &headers[i], error))
			return false;
	sender->headers = headers;
	return true;
}

static bool options_read(CommandContext *context, ExplainSender *sender, const char **path, Error *error)
{
	const char *kind = "browser";
	const char *source = "web";
	const char *ip = "";
	const char *now = "";
	if (!command_option(context, "key", &kind, error) || !command_option(context, "source", &source, error)
		|| !command_option(context, "ip", &ip, error) || !command_option(context, "now", &now, error)
		|| !headers_read(context, sender, error))
		return false;
	*path = command_argument(context);
	if (!command_end(context, error))
		return false;
	if (*path == NULL)
		return command_misused(context, error, "which file? - is standard input");
	if (strcmp(kind, "browser") != 0 && strcmp(kind, "server") != 0)
		return command_misused(context, error, "there is no kind of key \"%s\"; known are browser and server", kind);
	sender->kind = strcmp(kind, "server") == 0 ? KEY_SERVER : KEY_BROWSER;
	sender->source = slice_sub(slice_from(source), 0, KEY_NAME_SIZE_MAX);
	sender->ip = slice_from(ip);
	sender->now_ms = clock_now_ms();
	return *now == '\0' || clock_parse_iso8601(slice_from(now), &sender->now_ms)
		|| command_misused(context, error, "--now is a time as 2026-01-31T12:00:00Z, not \"%s\"", now);
}

static bool input_read(const char *path, Arena *arena, Slice *input, Error *error)
{
	if (strcmp(path, "-") != 0)
		return file_read(path, INPUT_SIZE_MAX, arena, input, error);
	char *bytes = arena_allocate(arena, INPUT_SIZE_MAX + 1);
	size_t size = 0;
	ssize_t got = 1;
	if (bytes == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for standard input");
	while (size <= INPUT_SIZE_MAX && (got = read(STDIN_FILENO, bytes + size, INPUT_SIZE_MAX + 1 - size)) > 0)
		size += (size_t) got;
	if (got < 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot read standard input");
	*input = (Slice){bytes, size};
	return size <= INPUT_SIZE_MAX || error_set(error, ERROR_TOO_LARGE, "standard input is larger than 16 MiB");
}

// ── Printing ──

static void text_put(Buf *buf, const char *key, Slice text)
{
	if (text.data == NULL)
		return;
	json_write_key(buf, key);
	json_write_string(buf, text);
}

static void json_put(Explaining *explaining, const Explained *explained)
{
	Buf *buf = &explaining->output;
	buf_append_text(buf, explaining->message_count == 0 ? "{" : ",{");
	json_write_key(buf, "message");
	buf_append_format(buf, "%zu", explaining->message_count + 1);
	if (explained->refusal != REFUSAL_NONE)
	{
		text_put(buf, "refused", slice_from(refusal_code(explained->refusal)));
		text_put(buf, "reason", slice_from(refusal_sentence(explained->refusal)));
	}
	text_put(buf, "table", slice_from(explained->place));
	json_write_key(buf, "steps");
	buf_append_byte(buf, '[');
	for (size_t i = 0; i < explained->row_count; i++)
	{
		const ExplainRow *row = &explained->rows[i];
		buf_append_text(buf, i == 0 ? "{" : ",{");
		text_put(buf, "step", slice_from(row->step));
		text_put(buf, "field", row->field);
		text_put(buf, "before", row->before);
		text_put(buf, "after", row->after);
		text_put(buf, "reason", row->reason);
		buf_append_byte(buf, '}');
	}
	buf_append_byte(buf, ']');
	if (explained->hit != NULL)
	{
		json_write_key(buf, "hit");
		hit_write_json(explained->hit, buf);
	}
	buf_append_byte(buf, '}');
}

static Slice cell(Slice text, Arena *arena)
{
	if (text.size <= CELL_SIZE_MAX)
		return text;
	return arena_format(arena, "%.*s…", SLICE_PRINT(slice_cut_utf8(text, CELL_SIZE_MAX)));
}

static bool table_put(const Explaining *explaining, const Explained *explained, Error *error)
{
	static const char *const columns[] = {"step", "field", "before", "after", "why", NULL};
	Arena *arena = explaining->context->arena;
	CommandTable table;
	if (explained->refusal != REFUSAL_NONE)
		(void) printf("%smessage %zu is refused (%s): %s\n", explaining->message_count == 0 ? "" : "\n",
			explaining->message_count + 1, refusal_code(explained->refusal), refusal_sentence(explained->refusal));
	else
		(void) printf("%smessage %zu becomes a row of %s (%zu bytes in the buffer)\n\n",
			explaining->message_count == 0 ? "" : "\n", explaining->message_count + 1, explained->place,
			explained->encoded_size);
	command_table_init(&table, columns);
	for (size_t i = 0; i < explained->row_count; i++)
	{
		const ExplainRow *row = &explained->rows[i];
		Slice *cells = command_table_row(&table, arena);
		if (cells == NULL)
			return error_set(error, ERROR_MEMORY, "out of memory for the steps of a hit");
		cells[0] = slice_from(row->step);
		cells[1] = cell(row->field, arena);
		cells[2] = cell(row->before, arena);
		cells[3] = cell(row->after, arena);
		cells[4] = row->reason;
	}
	return explained->row_count == 0
		|| (fflush(stdout) == 0 && command_table_print(&table, explaining->context, error));
}

// ── Messages ──

static bool message_put(Explaining *explaining, const JsonValue *value, const JsonValue *envelope, Error *error)
{
	Explained explained;
	if (!explain_message(explaining->explain, value, envelope, &explained, error))
		return false;
	if (explaining->context->is_json)
		json_put(explaining, &explained);
	else if (!table_put(explaining, &explained, error))
		return false;
	explaining->message_count++;
	return true;
}

static bool value_put(Explaining *explaining, const JsonValue *value, Arena *arena, Error *error)
{
	int64_t sent_ms = 0;
	if (compact_is(value))
		value = compact_read(value, arena, &sent_ms);
	if (value == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for the batch");
	const JsonValue *batch = json_get(value, "batch");
	if (!json_is_array(batch))
		return message_put(explaining, value, NULL, error);
	for (const JsonValue *message = batch->first; message != NULL; message = message->next)
		if (!message_put(explaining, message, value, error))
			return false;
	return true;
}

static bool lines_put(Explaining *explaining, Slice input, Arena *arena, Error *error)
{
	JsonValue *value = NULL;
	for (unsigned line = 1; input.size > 0; line++)
	{
		Slice text = slice_trim(slice_split(input, '\n', &input));
		arena_reset(arena);
		if (text.size == 0)
			continue;
		if (!json_parse(text, arena, &value, error))
			return error_prefix(error, "line %u: ", line);
		if (!value_put(explaining, value, arena, error))
			return false;
	}
	return true;
}

// One message, a batch, or a message or batch a line.
static bool input_put(Explaining *explaining, Slice input, Error *error)
{
	Arena arena;
	JsonValue *value = NULL;
	Error whole;
	bool is_ok = false;
	arena_init(&arena, TREE_SIZE_MAX);
	if (json_parse(input, &arena, &value, &whole))
		is_ok = value_put(explaining, value, &arena, error);
	else
		is_ok = lines_put(explaining, input, &arena, error);
	// A file of one text that is broken on its first line is better told as a whole.
	if (!is_ok && explaining->message_count == 0 && value == NULL)
		*error = whole;
	arena_free(&arena);
	return is_ok;
}

bool command_explain_hit(CommandContext *context, Error *error)
{
	Explaining explaining = {.context = context};
	ExplainSender sender = {0};
	const char *path = NULL;
	Slice input;
	if (!options_read(context, &sender, &path, error) || !input_read(path, context->arena, &input, error)
		|| !explain_open(context->settings, &sender, &explaining.explain, error))
		return false;
	buf_init(&explaining.output, OUTPUT_SIZE_MAX);
	buf_append_byte(&explaining.output, '[');
	bool is_ok = input_put(&explaining, input, error);
	buf_append_text(&explaining.output, "]\n");
	if (is_ok && context->is_json)
		is_ok = command_print(&explaining.output, error);
	if (is_ok && explaining.message_count == 0)
		is_ok =
			error_set(error, ERROR_BAD_INPUT, "%s holds no message", strcmp(path, "-") == 0 ? "standard input" : path);
	buf_free(&explaining.output);
	explain_close(explaining.explain);
	return is_ok;
}
