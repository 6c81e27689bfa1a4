#include "enrich/deny.h"

#include "base/glob.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "data/sources.h"
#include "enrich/token.h"

#include <assert.h>
#include <string.h>

// What is encoded more often than this was encoded to get past somebody.
#define DECODE_ROUNDS_MAX 5
// No token of a known make is shorter, but for those with a dot in them.
#define PLAIN_SIZE_MAX ((size_t) 19)
// A value with more parameters inside than this is not looked through, and not kept.
#define INNER_PARAMETERS_MAX 32

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char) (byte - 'A' + 'a') : byte;
}

static DenyRule rule_of(Slice glob)
{
	bool is_begun = glob.size > 0 && *glob.data == '*';
	bool is_ended = glob.size > 1 && glob.data[glob.size - 1] == '*';
	Slice word = slice_sub(glob, is_begun ? 1 : 0, glob.size - (is_ended ? 1 : 0));
	for (size_t i = 0; i < word.size; i++)
		if (word.data[i] == '*' || word.data[i] == '?')
			return (DenyRule){DENY_GLOB, glob};
	if (is_begun && is_ended)
		return (DenyRule){DENY_INSIDE, word};
	return (DenyRule){is_begun ? DENY_END : is_ended ? DENY_BEGIN : DENY_EQUAL, word};
}

static bool list_open(const Slice *globs, size_t count, Arena *arena, DenyList *list, Error *error)
{
	*list = (DenyList){.rules = ARENA_ARRAY(arena, DenyRule, count + 1)};
	if (list->rules == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for the list of names that are not kept");
	for (size_t i = 0; i < count; i++)
	{
		char *glob = arena_allocate(arena, globs[i].size + 1);
		if (glob == NULL)
			return error_set(error, ERROR_MEMORY, "no memory for the list of names that are not kept");
		for (size_t at = 0; at < globs[i].size; at++)
			glob[at] = lower(globs[i].data[at]);
		if (globs[i].size > 0)
			list->rules[list->count++] = rule_of((Slice){glob, globs[i].size});
	}
	return true;
}

bool deny_open(const Slice *globs, size_t count, Arena *arena, Deny *deny, Error *error)
{
	*deny = (Deny){.slots = ARENA_ARRAY(arena, DenySlot, DENY_SLOTS)};
	if (deny->slots == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for the list of names that are not kept");
	return list_open(globs, count, arena, &deny->denied, error);
}

bool deny_allow_only(Deny *deny, const Slice *globs, size_t count, Arena *arena, Error *error)
{
	return list_open(globs, count, arena, &deny->allowed, error);
}

static int hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

Slice percent_decode(Slice text, bool is_form, Arena *arena)
{
	bool is_plain = slice_find(text, '%', 0) == text.size && (!is_form || slice_find(text, '+', 0) == text.size);
	if (is_plain)
		return utf8_clean(text, arena);
	char *decoded = arena_allocate(arena, text.size + 1);
	if (decoded == NULL)
		return SLICE_NONE;
	size_t size = 0;
	for (size_t i = 0; i < text.size; i++)
	{
		char byte = text.data[i];
		if (byte == '%' && i + 2 < text.size && hex_value(text.data[i + 1]) >= 0 && hex_value(text.data[i + 2]) >= 0)
		{
			byte = (char) (hex_value(text.data[i + 1]) * 16 + hex_value(text.data[i + 2]));
			i += 2;
		}
		else if (byte == '+' && is_form)
		{
			byte = ' ';
		}
		decoded[size++] = byte;
	}
	return utf8_clean((Slice){decoded, size}, arena);
}

// `name` in lower case.
static bool rule_matches(const DenyRule *rule, Slice name)
{
	switch (rule->kind)
	{
	case DENY_EQUAL:
		return slice_equal(rule->word, name);
	case DENY_BEGIN:
		return slice_starts_with(name, rule->word);
	case DENY_END:
		return slice_ends_with(name, rule->word);
	case DENY_INSIDE:
		return name.size >= rule->word.size && memmem(name.data, name.size, rule->word.data, rule->word.size) != NULL;
	case DENY_GLOB:
		break;
	}
	return glob_matches(rule->word, name);
}

static bool is_on_list(const DenyList *list, Slice name)
{
	for (size_t i = 0; i < list->count; i++)
		if (rule_matches(&list->rules[i], name))
			return true;
	return false;
}

static bool is_word(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_'
		|| byte == '-' || (unsigned char) byte >= 0x80;
}

// The name whole, trimmed, and each word in it.
static bool any_part_is_on_list(const Deny *deny, Slice name)
{
	char lowered[DENY_NAME_SIZE_MAX];
	name = slice_trim(name);
	if (name.size == 0)
		return false;
	assert(name.size <= sizeof lowered);
	for (size_t i = 0; i < name.size; i++)
		lowered[i] = lower(name.data[i]);
	name.data = lowered;
	if (is_on_list(&deny->denied, name))
		return true;
	size_t from = 0;
	for (size_t i = 0; i <= name.size; i++)
	{
		if (i < name.size && is_word(name.data[i]))
			continue;
		if (i > from && i - from < name.size && is_on_list(&deny->denied, slice_sub(name, from, i)))
			return true;
		from = i + 1;
	}
	return false;
}

static bool is_mailbox(char byte)
{
	return is_word(byte) || (byte != '\0' && strchr(".+'!#$%&*=?^`{|}~", byte) != NULL);
}

// Something, an at sign, and a name with a dot in it before a part of two letters or more.
static bool has_mail_address(Slice text)
{
	for (size_t at = slice_find(text, '@', 0); at < text.size; at = slice_find(text, '@', at + 1))
	{
		if (at == 0 || !is_mailbox(text.data[at - 1]))
			continue;
		for (size_t end = at + 1; end < text.size && (is_word(text.data[end]) || text.data[end] == '.'); end++)
			if (text.data[end] == '.' && end > at + 1 && end + 2 < text.size && is_word(text.data[end + 1])
				&& is_word(text.data[end + 2]))
				return true;
	}
	return false;
}

// name=…, name:… or "name":… anywhere in the text, with a name on the list.
static bool has_denied_parameter(const Deny *deny, Slice text)
{
	size_t from = 0; // of the run of name bytes that ends at i
	size_t to = 0;   // its end: a quote may stand between it and the sign
	int parameters = 0;
	for (size_t i = 0; i < text.size; i++)
	{
		char byte = text.data[i];
		bool is_name = is_word(byte) || byte == '.' || byte == '[' || byte == ']' || byte == '$' || byte == '%';
		if (is_name)
		{
			if (to != i)
				from = i;
			to = i + 1;
		}
		else if (byte == '=' || byte == ':')
		{
			bool is_behind = to == i || (to + 1 == i && (text.data[to] == '"' || text.data[to] == '\''));
			if (to == from || !is_behind || to - from > DENY_NAME_SIZE_MAX)
				continue;
			if (++parameters > INNER_PARAMETERS_MAX || any_part_is_on_list(deny, slice_sub(text, from, to)))
				return true;
		}
	}
	return false;
}

static bool name_is_denied(const Deny *deny, Slice name, Arena *arena)
{
	for (int round = 0; round < DECODE_ROUNDS_MAX; round++)
	{
		if (name.size > DENY_NAME_SIZE_MAX || any_part_is_on_list(deny, name) || has_mail_address(name)
			|| token_is_known(name))
			return true;
		Slice decoded = percent_decode(name, false, arena);
		if (slice_equal(decoded, name))
			return false;
		if (decoded.data == NULL)
			return true;
		name = decoded;
	}
	return true;
}

bool deny_name(const Deny *deny, Slice name, Arena *arena)
{
	if (name.size == 0 || name.size > DENY_SLOT_NAME_SIZE_MAX)
		return name.size > 0 && name_is_denied(deny, name, arena);
	DenySlot *slot = &deny->slots[hash_checksum(name, 0) & (DENY_SLOTS - 1)];
	if (slot->size != name.size || memcmp(slot->name, name.data, name.size) != 0)
	{
		slot->is_denied = name_is_denied(deny, name, arena);
		slot->size = (unsigned char) name.size;
		memcpy(slot->name, name.data, name.size);
	}
	return slot->is_denied;
}

// Without one of these in it, a short value can be none of what is looked for.
static bool is_plain_value(Slice value)
{
	if (value.size > PLAIN_SIZE_MAX)
		return false;
	for (size_t i = 0; i < value.size; i++)
		if (memchr("@=:%.", value.data[i], 5) != NULL)
			return false;
	return true;
}

bool deny_value(const Deny *deny, Slice value, Arena *arena)
{
	if (is_plain_value(value))
		return false;
	for (int round = 0; round < DECODE_ROUNDS_MAX; round++)
	{
		if (has_mail_address(value) || token_is_known(value) || has_denied_parameter(deny, value))
			return true;
		Slice decoded = percent_decode(value, false, arena);
		if (slice_equal(decoded, value))
			return false;
		if (decoded.data == NULL)
			return true;
		value = decoded;
	}
	return true;
}

static bool name_is_allowed(const Deny *deny, Slice name)
{
	char lowered[DENY_NAME_SIZE_MAX];
	if (deny->allowed.count == 0)
		return true;
	if (name.size > sizeof lowered)
		return false;
	for (size_t i = 0; i < name.size; i++)
		lowered[i] = lower(name.data[i]);
	return is_on_list(&deny->allowed, (Slice){lowered, name.size});
}

// Ids of clicks are as random as secrets, and wanted.
static bool is_click_id(Slice name)
{
	for (const DataClickId *click = data_click_ids; click->parameter != NULL; click++)
		if (slice_equal_ignoring_case(name, slice_from(click->parameter)))
			return true;
	return false;
}

static bool is_random(Slice name, Slice value, Arena *arena)
{
	if (value.size < TOKEN_MIXED_LEAST || is_click_id(name))
		return false;
	return token_is_random(value, TOKEN_MIXED_LEAST, TOKEN_HEX_LEAST)
		|| token_is_random(percent_decode(value, false, arena), TOKEN_MIXED_LEAST, TOKEN_HEX_LEAST);
}

const char *deny_reason_text(DenyReason reason)
{
	static const char *const texts[] = {
		[DENY_NOT] = "kept",
		[DENY_NAME] = "taken out: its name is on query_deny, or no name at all",
		[DENY_VALUE] = "taken out: an address of mail, a known token, or a parameter on query_deny stands in it",
		[DENY_TOKEN] = "taken out: its value is as random as a secret",
		[DENY_NOT_ALLOWED] = "taken out: its name is not on query_allow",
	};
	return texts[reason];
}

DenyReason deny_parameter(const Deny *deny, Slice name, Slice value, Arena *arena)
{
	if (deny_name(deny, name, arena))
		return DENY_NAME;
	if (deny_value(deny, value, arena) || deny_value(deny, name, arena))
		return DENY_VALUE;
	if (is_random(name, value, arena))
		return DENY_TOKEN;
	return name_is_allowed(deny, name) ? DENY_NOT : DENY_NOT_ALLOWED;
}

bool deny_secret(Slice text, Arena *arena)
{
	for (int round = 0; round < DECODE_ROUNDS_MAX; round++)
	{
		if (has_mail_address(text) || token_is_known(text))
			return true;
		Slice decoded = percent_decode(text, false, arena);
		if (slice_equal(decoded, text))
			return false;
		if (decoded.data == NULL)
			return true;
		text = decoded;
	}
	return true;
}
