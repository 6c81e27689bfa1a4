#include "base/hex.h"

void hex_write(const void *bytes, size_t size, char *hex)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = bytes;
	for (size_t at = 0; at < size; at++)
	{
		hex[2 * at] = digits[from[at] >> 4U];
		hex[2 * at + 1] = digits[from[at] & 0xFU];
	}
	hex[2 * size] = '\0';
}

Slice hex_encode(Arena *arena, Slice bytes)
{
	char *hex = arena_allocate(arena, 2 * bytes.size + 1);
	if (hex == NULL)
		return SLICE_NONE;
	hex_write(bytes.data, bytes.size, hex);
	return (Slice){hex, 2 * bytes.size};
}

static int digit_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

Slice hex_decode(Arena *arena, Slice hex)
{
	char *bytes = arena_allocate(arena, hex.size / 2 + 1);
	if (bytes == NULL || hex.size % 2 != 0)
		return SLICE_NONE;
	for (size_t at = 0; at < hex.size / 2; at++)
	{
		int high = digit_value(hex.data[2 * at]);
		int low = digit_value(hex.data[2 * at + 1]);
		if (high < 0 || low < 0)
			return SLICE_NONE;
		bytes[at] = (char) (high * 16 + low);
	}
	return (Slice){bytes, hex.size / 2};
}
