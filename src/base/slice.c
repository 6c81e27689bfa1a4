#include "base/slice.h"

#include <string.h>
#include <strings.h>

Slice slice_from(const char *text)
{
	return text == NULL ? SLICE_NONE : (Slice){text, strlen(text)};
}

bool slice_equal(Slice left, Slice right)
{
	return left.size == right.size && (left.size == 0 || memcmp(left.data, right.data, left.size) == 0);
}

bool slice_equal_text(Slice left, const char *right)
{
	return slice_equal(left, slice_from(right));
}

bool slice_equal_ignoring_case(Slice left, Slice right)
{
	return left.size == right.size && (left.size == 0 || strncasecmp(left.data, right.data, left.size) == 0);
}

bool slice_starts_with(Slice slice, Slice prefix)
{
	return slice.size >= prefix.size && (prefix.size == 0 || memcmp(slice.data, prefix.data, prefix.size) == 0);
}

bool slice_ends_with(Slice slice, Slice suffix)
{
	return slice.size >= suffix.size
		&& (suffix.size == 0 || memcmp(slice.data + slice.size - suffix.size, suffix.data, suffix.size) == 0);
}

size_t slice_find(Slice slice, char byte, size_t from)
{
	if (from >= slice.size)
		return slice.size;
	const char *found = memchr(slice.data + from, byte, slice.size - from);
	return found == NULL ? slice.size : (size_t) (found - slice.data);
}

Slice slice_sub(Slice slice, size_t from, size_t to)
{
	if (to > slice.size)
		to = slice.size;
	if (from > to)
		from = to;
	if (slice.data == NULL)
		return SLICE_NONE;
	return (Slice){slice.data + from, to - from};
}

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f' || byte == '\v';
}

Slice slice_trim(Slice slice)
{
	size_t from = 0;
	size_t to = slice.size;
	while (from < to && is_space(slice.data[from]))
		from++;
	while (to > from && is_space(slice.data[to - 1]))
		to--;
	return slice_sub(slice, from, to);
}

Slice slice_cut_utf8(Slice slice, size_t size_max)
{
	if (slice.size <= size_max)
		return slice;
	size_t size = size_max;
	while (size > 0 && ((unsigned char) slice.data[size] & 0xC0U) == 0x80U)
		size--;
	return (Slice){slice.data, size};
}

Slice slice_split(Slice slice, char separator, Slice *rest)
{
	size_t at = slice_find(slice, separator, 0);
	*rest = at == slice.size ? SLICE_NONE : slice_sub(slice, at + 1, slice.size);
	return slice_sub(slice, 0, at);
}

bool slice_to_int64(Slice slice, int64_t *value)
{
	bool negative = slice.size > 0 && slice.data[0] == '-';
	size_t at = negative ? 1 : 0;
	if (at == slice.size)
		return false;
	int64_t result = 0;
	for (; at < slice.size; at++)
	{
		char byte = slice.data[at];
		if (byte < '0' || byte > '9')
			return false;
		int64_t digit = byte - '0';
		if (__builtin_mul_overflow(result, 10, &result) || __builtin_sub_overflow(result, digit, &result))
			return false;
	}
	if (!negative && __builtin_sub_overflow((int64_t) 0, result, &result))
		return false;
	*value = result;
	return true;
}
