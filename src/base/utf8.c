#include "base/utf8.h"

#include <string.h>

static bool is_continuation(unsigned char byte)
{
	return (byte & 0xC0U) == 0x80U;
}

static size_t multibyte_size(const unsigned char *bytes, size_t left)
{
	unsigned char lead = bytes[0];
	if (lead < 0xC2 || left < 2 || !is_continuation(bytes[1]))
		return 0;
	if (lead < 0xE0)
		return 2;
	if (left < 3 || !is_continuation(bytes[2]))
		return 0;
	if (lead < 0xF0)
	{
		bool is_overlong = lead == 0xE0 && bytes[1] < 0xA0;
		bool is_surrogate = lead == 0xED && bytes[1] > 0x9F;
		return is_overlong || is_surrogate ? 0 : 3;
	}
	if (left < 4 || !is_continuation(bytes[3]) || lead > 0xF4)
		return 0;
	bool is_overlong = lead == 0xF0 && bytes[1] < 0x90;
	bool is_too_large = lead == 0xF4 && bytes[1] > 0x8F;
	return is_overlong || is_too_large ? 0 : 4;
}

size_t utf8_sequence_size(Slice text)
{
	if (text.size == 0)
		return 0;
	const unsigned char *bytes = (const unsigned char *) text.data;
	return bytes[0] < 0x80 ? 1 : multibyte_size(bytes, text.size);
}

bool utf8_is_valid(Slice text)
{
	const unsigned char *at = (const unsigned char *) text.data;
	size_t left = text.size;
	while (left > 0)
	{
		uint64_t word = 0;
		while (left >= sizeof word) // most texts are ASCII: eight bytes at a time
		{
			memcpy(&word, at, sizeof word);
			if ((word & 0x8080808080808080U) != 0)
				break;
			at += sizeof word;
			left -= sizeof word;
		}
		while (left > 0 && *at < 0x80)
		{
			at++;
			left--;
		}
		if (left == 0)
			return true;
		size_t size = multibyte_size(at, left);
		if (size == 0)
			return false;
		at += size;
		left -= size;
	}
	return true;
}

bool utf8_is_text(Slice text)
{
	return utf8_is_valid(text) && slice_find(text, '\0', 0) == text.size;
}

size_t utf8_encode(uint32_t code_point, char sequence[4])
{
	if (code_point < 0x80)
	{
		sequence[0] = (char) code_point;
		return 1;
	}
	if (code_point < 0x800)
	{
		sequence[0] = (char) (0xC0U | code_point >> 6U);
		sequence[1] = (char) (0x80U | (code_point & 0x3FU));
		return 2;
	}
	if (code_point < 0x10000)
	{
		sequence[0] = (char) (0xE0U | code_point >> 12U);
		sequence[1] = (char) (0x80U | (code_point >> 6U & 0x3FU));
		sequence[2] = (char) (0x80U | (code_point & 0x3FU));
		return 3;
	}
	sequence[0] = (char) (0xF0U | code_point >> 18U);
	sequence[1] = (char) (0x80U | (code_point >> 12U & 0x3FU));
	sequence[2] = (char) (0x80U | (code_point >> 6U & 0x3FU));
	sequence[3] = (char) (0x80U | (code_point & 0x3FU));
	return 4;
}

Slice utf8_clean(Slice text, Arena *arena)
{
	if (text.size == 0 || (memchr(text.data, 0, text.size) == NULL && utf8_is_valid(text)))
		return text;
	char *clean = arena_allocate(arena, text.size * (sizeof UTF8_REPLACEMENT - 1));
	if (clean == NULL)
		return SLICE_NONE;
	size_t size = 0;
	while (text.size > 0)
	{
		size_t sequence = utf8_sequence_size(text);
		if (sequence == 0)
		{
			memcpy(clean + size, UTF8_REPLACEMENT, sizeof UTF8_REPLACEMENT - 1);
			size += sizeof UTF8_REPLACEMENT - 1;
		}
		else if (*text.data != '\0')
		{
			memcpy(clean + size, text.data, sequence);
			size += sequence;
		}
		text = slice_sub(text, sequence == 0 ? 1 : sequence, text.size);
	}
	return (Slice){clean, size};
}
