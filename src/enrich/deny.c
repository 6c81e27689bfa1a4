#include "enrich/deny.h"

#include "base/glob.h"
#include "base/hash.h"
#include "base/utf8.h"

#include <assert.h>
#include <string.h>

// What is encoded more often than this was encoded to get past somebody.
#define DECODE_ROUNDS_MAX 5
// A parameter's name is shorter; a longer run of letters before a '=' is something else, such as base64.
#define NAME_SIZE_MAX ((size_t) 100)
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

bool deny_open(const Slice *globs, size_t count, Arena *arena, Deny *deny, Error *error)
{
	deny->rules = ARENA_ARRAY(arena, DenyRule, count + 1);
	deny->count = 0;
	deny->slots = ARENA_ARRAY(arena, DenySlot, DENY_SLOTS);
	if (deny->rules == NULL || deny->slots == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for the deny list of query parameters");
	for (size_t i = 0; i < count; i++)
	{
		char *glob = arena_allocate(arena, globs[i].size + 1);
		if (glob == NULL)
			return error_set(error, ERROR_MEMORY, "no memory for the deny list of query parameters");
		for (size_t at = 0; at < globs[i].size; at++)
			glob[at] = lower(globs[i].data[at]);
		if (globs[i].size > 0)
			deny->rules[deny->count++] = rule_of((Slice){glob, globs[i].size});
	}
	return true;
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

static bool is_on_list(const Deny *deny, Slice name)
{
	for (size_t i = 0; i < deny->count; i++)
		if (rule_matches(&deny->rules[i], name))
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
	char lowered[NAME_SIZE_MAX];
	name = slice_trim(name);
	if (name.size == 0)
		return false;
	assert(name.size <= sizeof lowered);
	for (size_t i = 0; i < name.size; i++)
		lowered[i] = lower(name.data[i]);
	name.data = lowered;
	if (is_on_list(deny, name))
		return true;
	size_t from = 0;
	for (size_t i = 0; i <= name.size; i++)
	{
		if (i < name.size && is_word(name.data[i]))
			continue;
		if (i > from && i - from < name.size && is_on_list(deny, slice_sub(name, from, i)))
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

// A JSON Web Token: two parts that begin as base64 of '{"', with a dot between.
static bool has_signed_token(Slice text)
{
	Slice rest = text;
	for (;;)
	{
		const char *start = rest.size < 8 ? NULL : memmem(rest.data, rest.size, "eyJ", 3);
		if (start == NULL)
			return false;
		rest = slice_sub(rest, (size_t) (start - rest.data) + 3, rest.size);
		size_t end = 0;
		while (end < rest.size && is_word(rest.data[end]))
			end++;
		if (slice_starts_with(slice_sub(rest, end, rest.size), SLICE_LITERAL(".eyJ")))
			return true;
	}
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
			if (to == from || !is_behind || to - from > NAME_SIZE_MAX)
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
		if (name.size > NAME_SIZE_MAX || any_part_is_on_list(deny, name) || has_mail_address(name)
			|| has_signed_token(name))
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

// Without one of these in it a value can be none of what is looked for.
static bool is_plain_value(Slice value)
{
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
		if (has_mail_address(value) || has_signed_token(value) || has_denied_parameter(deny, value))
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

bool deny_secret(Slice text, Arena *arena)
{
	for (int round = 0; round < DECODE_ROUNDS_MAX; round++)
	{
		if (has_mail_address(text) || has_signed_token(text))
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
