#include "enrich/texts.h"

#include "base/json.h"
#include "enrich/token.h"

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
	if (text.data == NULL)
		return;
	memcpy(target + *size, text.data, text.size);
	*size += text.size;
}

// Without one of these, and with short parts only, a path holds nothing that is looked for.
static bool is_plain_path(Slice path)
{
	size_t size = 0; // of the part so far
	for (size_t i = 0; i < path.size; i++)
	{
		size = path.data[i] == '/' ? 0 : size + 1;
		if (size >= TOKEN_NAMED_LEAST || memchr(";@%.", path.data[i], 4) != NULL)
			return false;
	}
	return true;
}

// "/part" or ";name=value"; `before` is the part in front of it.
static bool part_is_denied(const Deny *deny, Slice part, Slice before, Arena *arena)
{
	size_t equals = slice_find(part, '=', 0);
	Slice text = slice_sub(part, 1, part.size);
	if (*part.data == ';' && equals < part.size)
		return deny_name(deny, slice_sub(part, 1, equals), arena) || deny_secret(part, arena);
	bool is_random = token_is_random(text, TOKEN_NAMED_LEAST, TOKEN_NAMED_LEAST)
		&& deny_name(deny, slice_sub(before, 1, before.size), arena);
	return is_random || deny_secret(part, arena);
}

Slice path_without_secrets(const Deny *deny, Slice path, Arena *arena)
{
	static const Slice mask = {"/\xE2\x80\xA6", 4}; // "/…", which a browser would have encoded
	if (is_plain_path(path))
		return path;
	char *clean = arena_allocate(arena, path.size + 1);
	if (clean == NULL)
		return SLICE_NONE;
	size_t size = 0;
	Slice before = SLICE_NONE;
	for (size_t from = 0; from < path.size;)
	{
		size_t end = from + 1;
		while (end < path.size && path.data[end] != ';' && path.data[end] != '/')
			end++;
		Slice part = slice_sub(path, from, end);
		bool is_denied = part_is_denied(deny, part, before, arena);
		before = part;
		if (!is_denied)
			append(clean, &size, part);
		else if (*part.data == '/' && part.size >= mask.size) // so that nothing gets longer
			append(clean, &size, mask);
		from = end;
	}
	if (size == path.size && memcmp(clean, path.data, size) == 0)
		return path;
	return size == 0 ? SLICE_LITERAL("/") : (Slice){clean, size};
}

// Copies the part before the query, without what stands before an '@' in the authority. False when memory is out.
static bool append_base(const Deny *deny, Slice base, Arena *arena, char *target, size_t *size)
{
	size_t colon = slice_find(base, ':', 0);
	bool has_scheme = !slice_starts_with(base, SLICE_LITERAL("/"))
		&& slice_starts_with(slice_sub(base, colon, base.size), SLICE_LITERAL("://"));
	bool has_authority = has_scheme || slice_starts_with(base, SLICE_LITERAL("//"));
	size_t from = has_scheme ? colon + 3 : has_authority ? 2 : 0;
	size_t end = has_authority ? slice_find(base, '/', from) : 0;
	size_t host = from;
	for (size_t at = slice_find(base, '@', from); at < end; at = slice_find(base, '@', at + 1))
		host = at + 1;
	Slice path = path_without_secrets(deny, slice_sub(base, end, base.size), arena);
	if (path.data == NULL && end < base.size)
		return false;
	append(target, size, slice_sub(base, 0, from));
	append(target, size, slice_sub(base, host, end));
	append(target, size, path);
	return true;
}

static bool pair_is_denied(const Deny *deny, Slice pair, Arena *arena)
{
	Slice value;
	Slice name = percent_decode(slice_split(pair, '=', &value), true, arena);
	if (name.data == NULL)
		return pair.size > 0;
	return deny_parameter(deny, name, value, arena) != DENY_NOT;
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

// Without one of these there is no address in it.
static bool is_plain(Slice text)
{
	return slice_find(text, '/', 0) == text.size && slice_find(text, '?', 0) == text.size;
}

Slice text_without_secrets(const Deny *deny, Slice text, Arena *arena)
{
	if (!is_address(text))
		return text;
	char *clean = arena_allocate(arena, text.size + 1);
	if (clean == NULL)
		return SLICE_NONE;
	size_t size = 0;
	size_t fragment_at = slice_find(text, '#', 0);
	Slice query;
	Slice base = slice_split(slice_sub(text, 0, fragment_at), '?', &query);
	Slice fragment = slice_sub(text, fragment_at, text.size);
	if (!append_base(deny, base, arena, clean, &size))
		return SLICE_NONE;
	append_query(deny, query, arena, clean, &size);
	if (slice_find(fragment, '=', 0) == fragment.size)
		append(clean, &size, fragment);
	return size == text.size ? text : (Slice){clean, size};
}

// What all values of a tree are cleaned by, and whether anything was taken out.
typedef struct Cleaning {
	const Deny *deny;
	const Deny *keys;
	Arena *arena;
	bool is_changed;
} Cleaning;

// A key may be longer than a parameter's name is; then it is looked at part by part, each overlapping the next.
static bool key_is_denied(const Deny *keys, Slice key, Arena *arena)
{
	size_t from = 0;
	while (key.size - from > DENY_NAME_SIZE_MAX)
	{
		if (deny_name(keys, slice_sub(key, from, from + DENY_NAME_SIZE_MAX), arena))
			return true;
		from += DENY_NAME_SIZE_MAX / 2;
	}
	return deny_name(keys, slice_sub(key, from, key.size), arena);
}

static void keys_clean(Cleaning *cleaning, JsonValue *object)
{
	for (JsonValue **link = &object->first; *link != NULL;)
	{
		if (!key_is_denied(cleaning->keys, (*link)->key, cleaning->arena))
		{
			link = &(*link)->next;
			continue;
		}
		*link = (*link)->next;
		object->count--;
		cleaning->is_changed = true;
	}
}

static bool value_clean(Cleaning *cleaning, JsonValue *value)
{
	if (value->type == JSON_OBJECT)
		keys_clean(cleaning, value);
	for (JsonValue *child = value->first; child != NULL; child = child->next)
		if (!value_clean(cleaning, child))
			return false;
	if (value->type != JSON_STRING || value->text.size == 0)
		return true;
	Slice clean = text_without_secrets(cleaning->deny, value->text, cleaning->arena);
	if (clean.data == NULL)
		return false;
	cleaning->is_changed = cleaning->is_changed || clean.data != value->text.data;
	value->text = clean;
	return true;
}

// Whether an object, as json_write_value writes it, may have a key that is on the list. What stands between quotes before a colon
// is a key; one with an escape in it is left for a closer look.
static bool may_have_denied_key(const Deny *keys, Slice json, Arena *arena)
{
	for (size_t at = slice_find(json, '"', 0); at < json.size; at = slice_find(json, '"', at + 1))
	{
		size_t end = at + 1;
		bool is_escaped = false;
		for (; end < json.size && json.data[end] != '"'; end++)
		{
			is_escaped = is_escaped || json.data[end] == '\\';
			end += json.data[end] == '\\';
		}
		bool is_key = end + 1 < json.size && json.data[end + 1] == ':';
		if (is_key && (is_escaped || key_is_denied(keys, slice_sub(json, at + 1, end), arena)))
			return true;
		at = end;
	}
	return false;
}

static bool json_clean(const Deny *deny, const Deny *keys, Slice *json, Arena *arena, Error *error)
{
	if (is_plain(*json) && !may_have_denied_key(keys, *json, arena))
		return true;
	JsonValue *tree = NULL;
	Cleaning cleaning = {.deny = deny, .keys = keys, .arena = arena};
	if (!json_parse(*json, arena, &tree, error))
		return false;
	if (!value_clean(&cleaning, tree))
		return error_set(error, ERROR_MEMORY, "no memory for the properties of a hit");
	if (!cleaning.is_changed)
		return true;
	Buf buf;
	buf_init(&buf, 2 * json->size + 64);
	json_write_value(&buf, tree);
	Slice written = buf_is_ok(&buf) ? arena_copy(arena, buf_slice(&buf)) : SLICE_NONE;
	buf_free(&buf);
	if (written.data == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for the properties of a hit");
	*json = tree->count == 0 ? SLICE_NONE : written;
	return true;
}

// What an element is found by may quote its address: a[href="/reset?token=…"].
static void selector_clean(const Deny *deny, Arena *arena, Slice *selector)
{
	bool is_quoting = slice_find(*selector, '=', 0) < selector->size;
	if (is_quoting && deny_value(deny, *selector, arena))
		*selector = SLICE_NONE;
}

// Links are named after their addresses, and pages without a title are called by theirs.
bool texts_enrich(const Deny *deny, const Deny *keys, Arena *arena, Hit *hit, Error *error)
{
	Slice *const texts[] = {&hit->page_title, &hit->page_category, &hit->event_type, &hit->event_category,
		&hit->event_action, &hit->event_label, &hit->element_id, &hit->element_class, &hit->element_text};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
	{
		if (texts[i]->size == 0)
			continue;
		*texts[i] = text_without_secrets(deny, *texts[i], arena);
		if (texts[i]->data == NULL)
			return error_set(error, ERROR_MEMORY, "no memory for the texts of a hit");
		if (texts[i]->size == 0) // there was nothing else; an action is never empty
			*texts[i] = SLICE_LITERAL("?");
	}
	selector_clean(deny, arena, &hit->element_selector);
	return json_clean(deny, keys, &hit->metadata, arena, error) && json_clean(deny, keys, &hit->traits, arena, error);
}
