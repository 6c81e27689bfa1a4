// The write keys of the collector: made, listed, revoked. They stand in a file of the state directory, so that a collector
// needs no database to know them.
#include "base/clock.h"
#include "command/commands.h"
#include "command/table.h"
#include "intake/keys_file.h"
#include "service/first_key.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool kind_parse(const char *word, WriteKey *draft)
{
	draft->kind = strcmp(word, "server") == 0 ? KEY_SERVER : KEY_BROWSER;
	return draft->kind == KEY_SERVER || strcmp(word, "browser") == 0;
}

// "https://a.example,https://*.b.example"
static bool origins_parse(CommandContext *context, const char *list, WriteKey *draft, Error *error)
{
	Slice rest = slice_from(list);
	draft->origins = ARENA_ARRAY(context->arena, Slice, KEY_ORIGINS_MAX + 1);
	if (draft->origins == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for a write key");
	while (rest.data != NULL && draft->origin_count <= KEY_ORIGINS_MAX)
		draft->origins[draft->origin_count++] = slice_trim(slice_split(rest, ',', &rest));
	return true;
}

static bool create(CommandContext *context, const char *path, Error *error)
{
	const char *kind = "browser";
	const char *origins = NULL;
	const char *rate = NULL;
	char text[KEY_TEXT_SIZE];
	WriteKey draft = {.is_old_allowed = command_flag(context, "allow-old")};
	if (!command_option(context, "kind", &kind, error) || !command_option(context, "origins", &origins, error)
		|| !command_option(context, "rate", &rate, error))
		return false;
	const char *name = command_argument(context);
	if (name == NULL)
		return command_misused(context, error, "a write key needs a name; it is the source of its hits");
	if (!command_end(context, error))
		return false;
	if (!kind_parse(kind, &draft))
		return command_misused(context, error, "a write key is of the kind browser or server, not \"%s\"", kind);
	if (draft.kind == KEY_BROWSER && origins == NULL)
		return command_misused(context, error,
			"a browser's key needs --origins: the sites that may use it, or * for all");
	if (rate != NULL && (!slice_to_int64(slice_from(rate), &draft.rate_hits) || draft.rate_hits < 0))
		return command_misused(context, error, "--rate is a number of hits a second, 0 for no limit, not \"%s\"", rate);
	if (rate != NULL && draft.rate_hits == 0)
		draft.rate_hits = KEY_RATE_ANY;
	draft.name = slice_from(name);
	if (origins != NULL && !origins_parse(context, origins, &draft, error))
		return false;
	if (!keys_file_add(path, &draft, clock_now_ms(), text, error))
		return false;
	if (context->is_json)
		(void) printf("{\"key\":\"%s\"}\n", text);
	else
		(void) puts(text);
	return true;
}

static bool origins_text(CommandContext *context, const WriteKey *key, Slice *text, Error *error)
{
	Buf buf;
	buf_init(&buf, (size_t) 1 << 20U);
	for (size_t at = 0; at < key->origin_count; at++)
	{
		if (at > 0)
			buf_append_byte(&buf, ',');
		buf_append_slice(&buf, key->origins[at]);
	}
	*text = buf.size == 0 ? SLICE_NONE : arena_copy(context->arena, buf_slice(&buf));
	bool is_ok = buf_is_ok(&buf) && (buf.size == 0 || text->data != NULL);
	buf_free(&buf);
	return is_ok || error_set(error, ERROR_MEMORY, "out of memory for the list of write keys");
}

static bool list(CommandContext *context, const char *path, Error *error)
{
	static const char *const columns[] = {"name", "kind", "key", "origins", "old_hits", "rate", "created_at", NULL};
	KeyList keys = {0};
	CommandTable table;
	command_table_init(&table, columns);
	if (!command_end(context, error) || !keys_file_read(path, context->arena, &keys, error))
		return false;
	for (size_t at = 0; at < keys.count; at++)
	{
		const WriteKey *key = &keys.keys[at];
		char created[CLOCK_ISO8601_SIZE];
		Slice *cells = command_table_row(&table, context->arena);
		clock_format_iso8601(key->created_ms, created);
		if (cells == NULL)
			return error_set(error, ERROR_MEMORY, "out of memory for the list of write keys");
		cells[0] = key->name;
		cells[1] = slice_from(key->kind == KEY_SERVER ? "server" : "browser");
		cells[2] = key->key; // a server's is shown once, when it is made
		if (!origins_text(context, key, &cells[3], error))
			return false;
		cells[4] = slice_from(key->kind == KEY_SERVER && key->is_old_allowed ? "yes" : "no");
		cells[5] = key->rate_hits == 0       ? SLICE_LITERAL("usual")
			: key->rate_hits == KEY_RATE_ANY ? SLICE_LITERAL("any")
											 : arena_format(context->arena, "%" PRId64, key->rate_hits);
		cells[6] = arena_copy(context->arena, slice_from(created));
	}
	return command_table_print(&table, context, error);
}

static bool revoke(CommandContext *context, const char *path, Error *error)
{
	const char *name = command_argument(context);
	if (name == NULL)
		return command_misused(context, error, "which write key? its name is what `sojourn key list` shows");
	return command_end(context, error) && keys_file_revoke(path, slice_from(name), error);
}

bool command_key(CommandContext *context, Error *error)
{
	const char *verb = command_argument(context);
	const char *path = NULL;
	if (!write_keys_path(context->settings, context->arena, &path, error))
		return false;
	if (verb != NULL && strcmp(verb, "create") == 0)
		return create(context, path, error);
	if (verb != NULL && strcmp(verb, "list") == 0)
		return list(context, path, error);
	if (verb != NULL && strcmp(verb, "revoke") == 0)
		return revoke(context, path, error);
	return command_misused(context, error, "what about write keys?");
}
