// A growing byte buffer with a declared maximum. Appends past the maximum, or without memory, mark it failed and do
// nothing more, so that a caller may append many times and ask buf_is_ok once.
#pragma once
#include "base/error.h"
#include "base/slice.h"

#include <string.h>

typedef struct Buf {
	char *data;
	size_t size;
	size_t capacity;
	size_t size_max;
	bool is_failed;
} Buf;

void buf_init(Buf *buf, size_t size_max); // takes no memory yet
void buf_free(Buf *buf);
void buf_reset(Buf *buf); // empty and not failed; memory is kept
bool buf_is_ok(const Buf *buf) MUST_USE;
Slice buf_slice(const Buf *buf); // valid until the next append

// Makes room for `size` more bytes and returns where to write them; NULL (and failed) where that is not possible.
// The caller adds what it wrote to buf->size.
static inline char *buf_reserve(Buf *buf, size_t size) MUST_USE;
static inline void buf_append(Buf *buf, const void *data, size_t size);
void buf_append_slice(Buf *buf, Slice slice);
void buf_append_text(Buf *buf, const char *text);
static inline void buf_append_byte(Buf *buf, char byte);
void buf_append_format(Buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
// Big-endian, as PostgreSQL's binary COPY wants it.
void buf_append_be16(Buf *buf, uint16_t value);
void buf_append_be32(Buf *buf, uint32_t value);
void buf_append_be64(Buf *buf, uint64_t value);
// Unsigned LEB128: seven bits a byte, low bits first.
void buf_append_varint(Buf *buf, uint64_t value);

// The common case, there being room, stands here so that callers need no call for it.
char *buf_reserve_growing(Buf *buf, size_t size) MUST_USE;

static inline char *buf_reserve(Buf *buf, size_t size)
{
	bool has_room = !buf->is_failed && buf->data != NULL && size <= buf->capacity - buf->size;
	return has_room ? buf->data + buf->size : buf_reserve_growing(buf, size);
}

static inline void buf_append_byte(Buf *buf, char byte)
{
	char *target = buf_reserve(buf, 1);
	if (target == NULL)
		return;
	*target = byte;
	buf->size++;
}

static inline void buf_append(Buf *buf, const void *data, size_t size)
{
	char *target = buf_reserve(buf, size);
	if (target == NULL || size == 0)
		return;
	memcpy(target, data, size);
	buf->size += size;
}
