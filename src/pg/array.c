#include "pg/conn.h"

#include <stdint.h>
#include <string.h>

// An array as PostgreSQL sends it: dimensions, whether it has nulls, type, then of the one dimension how many and where it begins,
// then each element behind its size.
#define HEADER_SIZE (3 * sizeof(uint32_t))
#define DIMENSION_SIZE (2 * sizeof(uint32_t))
#define OID_INT8 20
#define OID_UUID 2950

static void put_be32(char *target, uint32_t value)
{
	for (size_t i = 0; i < sizeof value; i++)
		target[i] = (char) (value >> (24 - 8 * i));
}

// The header of `count` elements of one size; NULL when the arena is full.
static char *array_begin(Arena *arena, uint32_t oid, size_t count, size_t element_size, PgParam *param)
{
	size_t size = HEADER_SIZE + (count == 0 ? 0 : DIMENSION_SIZE + count * (sizeof(uint32_t) + element_size));
	char *bytes = size > INT32_MAX ? NULL : arena_allocate(arena, size);
	*param = (PgParam){.value = bytes, .size = (int) size, .is_binary = true, .is_missing = bytes == NULL};
	if (bytes == NULL)
		return NULL;
	put_be32(bytes, count == 0 ? 0 : 1);
	put_be32(bytes + 4, 0);
	put_be32(bytes + 8, oid);
	if (count == 0)
		return bytes + HEADER_SIZE;
	put_be32(bytes + HEADER_SIZE, (uint32_t) count);
	put_be32(bytes + HEADER_SIZE + 4, 1);
	return bytes + HEADER_SIZE + DIMENSION_SIZE;
}

PgParam pg_param_int64_array(Arena *arena, const int64_t *values, size_t count)
{
	PgParam param;
	char *at = array_begin(arena, OID_INT8, count, sizeof *values, &param);
	for (size_t i = 0; at != NULL && i < count; i++, at += sizeof(uint32_t) + sizeof *values)
	{
		uint64_t value = (uint64_t) values[i];
		put_be32(at, sizeof value);
		put_be32(at + 4, (uint32_t) (value >> 32U));
		put_be32(at + 8, (uint32_t) value);
	}
	return param;
}

PgParam pg_param_uuid_array(Arena *arena, const Uuid *values, size_t count)
{
	PgParam param;
	char *at = array_begin(arena, OID_UUID, count, sizeof(Uuid), &param);
	for (size_t i = 0; at != NULL && i < count; i++, at += sizeof(uint32_t) + sizeof(Uuid))
	{
		put_be32(at, sizeof(Uuid));
		memcpy(at + sizeof(uint32_t), values[i].bytes, sizeof(Uuid));
	}
	return param;
}

// Quoted, with a backslash before quotes and backslashes; returns the bytes written, at most 2 * size + 2.
static size_t element_write(char *target, Slice value)
{
	if (value.data == NULL)
	{
		memcpy(target, "NULL", 4);
		return 4;
	}
	size_t used = 0;
	target[used++] = '"';
	for (size_t i = 0; i < value.size; i++)
	{
		if (value.data[i] == '"' || value.data[i] == '\\')
			target[used++] = '\\';
		target[used++] = value.data[i];
	}
	target[used++] = '"';
	return used;
}

Slice pg_array_text(Arena *arena, const Slice *values, size_t count)
{
	size_t room = 3;
	for (size_t i = 0; i < count; i++)
		room += values[i].size * 2 + 5; // quotes and comma, or NULL and comma
	char *text = arena_allocate(arena, room);
	if (text == NULL)
		return SLICE_NONE;
	size_t used = 0;
	text[used++] = '{';
	for (size_t i = 0; i < count; i++)
	{
		if (i > 0)
			text[used++] = ',';
		used += element_write(text + used, values[i]);
	}
	text[used++] = '}';
	text[used] = '\0';
	return (Slice){text, used};
}

PgParam pg_param_text_array(Arena *arena, const Slice *values, size_t count)
{
	const char *text = pg_array_text(arena, values, count).data;
	return (PgParam){.value = text, .is_missing = text == NULL};
}
