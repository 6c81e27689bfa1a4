#include "enrich/texts.h"

#include "base/json.h"

#include <string.h>

// "https://…", "//…", "/…" or "?…": what may carry parameters. Words with a question mark in them do not.
static bool is_address(Slice text)
{
	if (text.size > 0 && (*text.data == '/' || *text.data == '?'))
		return true;
	size_t at = slice_find(text, ':', 0);
	if (!slice_starts_with(slice_sub(text, at, text.size), SLICE_LITERAL("://")))
		return false;
	return slice_find(text, ' ', 0) > at;
}

static void append(char *target, size_t *size, Slice text)
{
	if (text.size > 0)
		memcpy(target + *size, text.data, text.size);
	*size += text.size;
}

// Copies the part before the query, without what stands before an '@' in the authority.
static void append_base(Slice base, char *target, size_t *size)
{
	size_t colon = slice_find(base, ':', 0);
	size_t from = slice_starts_with(base, SLICE_LITERAL("//")) ? 2 : base.size;
	if (slice_starts_with(slice_sub(base, colon, base.size), SLICE_LITERAL("://")))
		from = colon + 3;
	size_t end = slice_find(base, '/', from);
	size_t host = from;
	for (size_t at = slice_find(base, '@', from); at < end; at = slice_find(base, '@', at + 1))
		host = at + 1;
	append(target, size, slice_sub(base, 0, from));
	append(target, size, slice_sub(base, host, base.size));
}

static bool pair_is_denied(const Deny *deny, Slice pair, Arena *arena)
{
	Slice value;
	Slice name = percent_decode(slice_split(pair, '=', &value), true, arena);
	if (name.data == NULL)
		return pair.size > 0;
	return deny_name(deny, name, arena) || deny_value(deny, value, arena);
}

static void append_query(const Deny *deny, Slice query, Arena *arena, char *target, size_t *size)
{
	char separator = '?';
	for (Slice rest = query; rest.size > 0;)
	{
		Slice pair = slice_split(rest, '&', &rest);
		if (pair_is_denied(deny, pair, arena))
			continue;
		target[(*size)++] = separator;
		append(target, size, pair);
		separator = '&';
	}
}

Slice text_without_secrets(const Deny *deny, Slice text, Arena *arena)
{
	bool is_plain = slice_find(text, '?', 0) == text.size && slice_find(text, '#', 0) == text.size
		&& slice_find(text, '@', 0) == text.size;
	if (is_plain || !is_address(text))
		return text;
	char *clean = arena_allocate(arena, text.size + 1);
	if (clean == NULL)
		return SLICE_NONE;
	size_t size = 0;
	size_t fragment_at = slice_find(text, '#', 0);
	Slice query;
	Slice base = slice_split(slice_sub(text, 0, fragment_at), '?', &query);
	Slice fragment = slice_sub(text, fragment_at, text.size);
	append_base(base, clean, &size);
	append_query(deny, query, arena, clean, &size);
	if (slice_find(fragment, '=', 0) == fragment.size)
		append(clean, &size, fragment);
	return size == text.size ? text : (Slice){clean, size};
}

// Of every string in the tree; *is_changed where one was.
static bool strings_clean(const Deny *deny, JsonValue *value, Arena *arena, bool *is_changed)
{
	for (JsonValue *child = value->first; child != NULL; child = child->next)
		if (!strings_clean(deny, child, arena, is_changed))
			return false;
	if (value->type != JSON_STRING || value->text.size == 0)
		return true;
	Slice clean = text_without_secrets(deny, value->text, arena);
	if (clean.data == NULL)
		return false;
	*is_changed = *is_changed || clean.data != value->text.data;
	value->text = clean;
	return true;
}

static bool json_clean(const Deny *deny, Slice *json, Arena *arena, Error *error)
{
	if (slice_find(*json, '?', 0) == json->size && slice_find(*json, '#', 0) == json->size
		&& slice_find(*json, '@', 0) == json->size)
		return true;
	JsonValue *tree = NULL;
	bool is_changed = false;
	if (!json_parse(*json, arena, &tree, error))
		return false;
	if (!strings_clean(deny, tree, arena, &is_changed))
		return error_set(error, ERROR_MEMORY, "no memory for the properties of a hit");
	if (!is_changed)
		return true;
	Buf buf;
	buf_init(&buf, 2 * json->size + 64);
	json_write_value(&buf, tree);
	Slice written = buf_is_ok(&buf) ? arena_copy(arena, buf_slice(&buf)) : SLICE_NONE;
	buf_free(&buf);
	if (written.data == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for the properties of a hit");
	*json = written;
	return true;
}

bool texts_enrich(const Deny *deny, Arena *arena, Hit *hit, Error *error)
{
	if (hit->event_label.size > 0)
	{
		hit->event_label = text_without_secrets(deny, hit->event_label, arena);
		if (hit->event_label.data == NULL)
			return error_set(error, ERROR_MEMORY, "no memory for an event's label");
	}
	return json_clean(deny, &hit->metadata, arena, error) && json_clean(deny, &hit->traits, arena, error);
}
