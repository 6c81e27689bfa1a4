#include "enrich/deny.h"

#include "base/glob.h"
#include "base/utf8.h"

#include <string.h>

// What is encoded more often than this was encoded to get past somebody.
#define DECODE_ROUNDS_MAX 5
// A parameter's name is shorter; a longer run of letters before a '=' is something else, such as base64.
#define NAME_SIZE_MAX ((size_t) 100)
// A value with more parameters inside than this is not looked through, and not kept.
#define INNER_PARAMETERS_MAX 32

static bool is_separator(char byte)
{
	return byte == ' ' || byte == ',' || byte == '\t' || byte == '\n';
}

bool deny_open(Slice globs, Arena *arena, Deny *deny, Error *error)
{
	Slice text = arena_copy(arena, globs);
	deny->globs = ARENA_ARRAY(arena, Slice, text.size / 2 + 1);
	deny->count = 0;
	if (deny->globs == NULL || (globs.size > 0 && text.data == NULL))
		return error_set(error, ERROR_MEMORY, "no memory for the deny list of query parameters");
	size_t from = 0;
	for (size_t i = 0; i <= text.size; i++)
	{
		if (i < text.size && !is_separator(text.data[i]))
			continue;
		if (i > from)
			deny->globs[deny->count++] = slice_sub(text, from, i);
		from = i + 1;
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

static bool is_on_list(const Deny *deny, Slice name)
{
	for (size_t i = 0; i < deny->count; i++)
		if (glob_matches(deny->globs[i], name))
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
	name = slice_trim(name);
	if (name.size == 0)
		return false;
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

bool deny_name(const Deny *deny, Slice name, Arena *arena)
{
	for (int round = 0; round < DECODE_ROUNDS_MAX; round++)
	{
		if (name.size > NAME_SIZE_MAX || any_part_is_on_list(deny, name))
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

static bool is_mailbox(char byte)
{
	return is_word(byte) || (byte != '\0' && strchr(".+'!#$%&*=?^`{|}~", byte) != NULL);
}

// Something, an at sign, and a name with a dot in it whose last part has two letters or more.
static bool has_mail_address(Slice text)
{
	for (size_t at = slice_find(text, '@', 0); at < text.size; at = slice_find(text, '@', at + 1))
	{
		if (at == 0 || !is_mailbox(text.data[at - 1]))
			continue;
		size_t end = at + 1;
		size_t last_dot = 0;
		for (; end < text.size && (is_word(text.data[end]) || text.data[end] == '.'); end++)
			if (text.data[end] == '.' && end + 1 < text.size && is_word(text.data[end + 1]))
				last_dot = end;
		if (last_dot > at + 1 && end - last_dot > 2)
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

bool deny_value(const Deny *deny, Slice value, Arena *arena)
{
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
