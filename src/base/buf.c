#include "base/buf.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define CAPACITY_FIRST ((size_t) 512)

void buf_init(Buf *buf, size_t size_max)
{
	*buf = (Buf){.size_max = size_max};
}

void buf_free(Buf *buf)
{
	memory_free(buf->data);
	*buf = (Buf){.size_max = buf->size_max};
}

void buf_reset(Buf *buf)
{
	buf->size = 0;
	buf->is_failed = false;
}

bool buf_is_ok(const Buf *buf)
{
	return !buf->is_failed;
}

Slice buf_slice(const Buf *buf)
{
	return (Slice){buf->data == NULL ? "" : buf->data, buf->size};
}

static bool buf_grow(Buf *buf, size_t needed)
{
	size_t capacity = buf->capacity == 0 ? CAPACITY_FIRST : buf->capacity;
	while (capacity < needed)
		capacity *= 2;
	if (capacity > buf->size_max)
		capacity = buf->size_max;
	char *data = memory_resize(buf->data, capacity);
	if (data == NULL)
		return false;
	buf->data = data;
	buf->capacity = capacity;
	return true;
}

char *buf_reserve_growing(Buf *buf, size_t size)
{
	if (buf->is_failed || size > buf->size_max || buf->size > buf->size_max - size)
	{
		buf->is_failed = true;
		return NULL;
	}
	if ((buf->data == NULL || buf->size + size > buf->capacity) && !buf_grow(buf, buf->size + size))
	{
		buf->is_failed = true;
		return NULL;
	}
	return buf->data + buf->size;
}

void buf_append_slice(Buf *buf, Slice slice)
{
	buf_append(buf, slice.data, slice.size);
}

void buf_append_text(Buf *buf, const char *text)
{
	buf_append(buf, text, strlen(text));
}

void buf_append_format(Buf *buf, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int size = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	char *target = size < 0 ? NULL : buf_reserve(buf, (size_t) size + 1); // vsnprintf writes a NUL behind
	if (target == NULL)
		return;
	va_start(arguments, format);
	(void) vsnprintf(target, (size_t) size + 1, format, arguments);
	va_end(arguments);
	buf->size += (size_t) size;
}

void buf_append_be16(Buf *buf, uint16_t value)
{
	value = __builtin_bswap16(value);
	buf_append(buf, &value, sizeof value);
}

void buf_append_be32(Buf *buf, uint32_t value)
{
	value = __builtin_bswap32(value);
	buf_append(buf, &value, sizeof value);
}

void buf_append_be64(Buf *buf, uint64_t value)
{
	value = __builtin_bswap64(value);
	buf_append(buf, &value, sizeof value);
}

void buf_append_varint(Buf *buf, uint64_t value)
{
	unsigned char bytes[10];
	size_t size = 0;
	do
	{
		unsigned char byte = value & 0x7FU;
		value >>= 7U;
		bytes[size++] = value == 0 ? byte : (unsigned char) (byte | 0x80U);
	} while (value != 0);
	buf_append(buf, bytes, size);
}
