#include "base/json.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#define EACH_BYTE(byte) (0x0101010101010101U * (byte))
#define HIGH_BITS EACH_BYTE(0x80U)

static uint64_t zero_bytes(uint64_t word)
{
	return (word - EACH_BYTE(1U)) & ~word & HIGH_BITS;
}

// ASCII that needs no escape.
static const bool plain_bytes[256] = {
	[0x20 ... '"' - 1] = true,
	['"' + 1 ... '\\' - 1] = true,
	['\\' + 1 ... 0x7F] = true,
};

static bool is_plain(char byte)
{
	return plain_bytes[(unsigned char) byte];
}

// How many bytes at the front are ASCII that needs no escape; looks at eight at a time.
static size_t plain_size(const char *data, size_t size)
{
	size_t at = 0;
	uint64_t word = 0;
	for (; at + sizeof word <= size; at += sizeof word)
	{
		memcpy(&word, data + at, sizeof word);
		uint64_t is_special = (word & HIGH_BITS) | zero_bytes(word ^ EACH_BYTE('"'))
			| zero_bytes(word ^ EACH_BYTE('\\')) | ((word - EACH_BYTE(0x20U)) & ~word & HIGH_BITS);
		if (is_special != 0)
			break;
	}
	while (at < size && is_plain(data[at]))
		at++;
	return at;
}

static void byte_escape(Buf *buf, unsigned char byte)
{
	switch (byte)
	{
	case '"':
		buf_append_text(buf, "\\\"");
		return;
	case '\\':
		buf_append_text(buf, "\\\\");
		return;
	case '\n':
		buf_append_text(buf, "\\n");
		return;
	case '\r':
		buf_append_text(buf, "\\r");
		return;
	case '\t':
		buf_append_text(buf, "\\t");
		return;
	case '\0':
		buf_append_text(buf, UTF8_REPLACEMENT);
		return;
	default:
		buf_append_format(buf, "\\u%04x", byte);
	}
}

// From the first byte on that is not plain.
static void string_mend(Buf *buf, Slice text)
{
	size_t at = 0;
	while (at < text.size)
	{
		unsigned char byte = (unsigned char) text.data[at];
		size_t sequence = utf8_sequence_size(slice_sub(text, at, text.size));
		if (byte >= 0x80 && sequence == 0)
			buf_append_text(buf, UTF8_REPLACEMENT);
		else if (byte >= 0x80)
			buf_append(buf, text.data + at, sequence);
		else
			byte_escape(buf, byte);
		at += sequence == 0 ? 1 : sequence;
		size_t plain = plain_size(text.data + at, text.size - at);
		buf_append(buf, text.data + at, plain);
		at += plain;
	}
}

void json_write_string(Buf *buf, Slice text)
{
	if (text.data == NULL)
	{
		buf_append_text(buf, "null");
		return;
	}
	size_t plain = plain_size(text.data, text.size);
	char *target = buf_reserve(buf, plain + 2);
	if (target == NULL)
		return;
	*target = '"';
	memcpy(target + 1, text.data, plain);
	buf->size += plain + 1;
	if (plain < text.size)
		string_mend(buf, slice_sub(text, plain, text.size));
	buf_append_byte(buf, '"');
}

static void children_write(Buf *buf, const JsonValue *container, bool has_keys)
{
	for (const JsonValue *child = container->first; child != NULL; child = child->next)
	{
		if (child != container->first)
			buf_append_byte(buf, ',');
		if (has_keys)
		{
			json_write_string(buf, child->key);
			buf_append_byte(buf, ':');
		}
		json_write_value(buf, child);
	}
}

// Recursion is bounded: the parser makes no tree deeper than JSON_DEPTH_MAX.
void json_write_value(Buf *buf, const JsonValue *value)
{
	switch (value == NULL ? JSON_NULL : value->type)
	{
	case JSON_NULL:
		buf_append_text(buf, "null");
		return;
	case JSON_FALSE:
		buf_append_text(buf, "false");
		return;
	case JSON_TRUE:
		buf_append_text(buf, "true");
		return;
	case JSON_NUMBER:
		if (json_number_is_storable(value->text))
			buf_append_slice(buf, value->text);
		else
			json_write_string(buf, value->text);
		return;
	case JSON_STRING:
		json_write_string(buf, value->text);
		return;
	case JSON_ARRAY:
		buf_append_byte(buf, '[');
		children_write(buf, value, false);
		buf_append_byte(buf, ']');
		return;
	case JSON_OBJECT:
		buf_append_byte(buf, '{');
		children_write(buf, value, true);
		buf_append_byte(buf, '}');
		return;
	}
}

void json_write_key(Buf *buf, const char *key)
{
	if (buf->size > 0 && buf->data[buf->size - 1] != '{' && buf->data[buf->size - 1] != '[')
		buf_append_byte(buf, ',');
	json_write_string(buf, slice_from(key));
	buf_append_byte(buf, ':');
}
