#include "base/buf.h"
#include "pg/conn.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define INT64_TEXT_MAX 20 // -9223372036854775808

Slice pg_array_int64(Arena *arena, const int64_t *values, size_t count)
{
	size_t room = count * (INT64_TEXT_MAX + 1) + 3;
	char *text = arena_allocate(arena, room);
	if (text == NULL)
		return SLICE_NONE;
	size_t used = 0;
	text[used++] = '{';
	for (size_t i = 0; i < count; i++)
		used += (size_t) snprintf(text + used, room - used, i == 0 ? "%" PRId64 : ",%" PRId64, values[i]);
	text[used++] = '}';
	text[used] = '\0';
	return (Slice){text, used};
}

Slice pg_array_uuid(Arena *arena, const Uuid *values, size_t count)
{
	char *text = arena_allocate(arena, count * UUID_TEXT_SIZE + 3);
	if (text == NULL)
		return SLICE_NONE;
	size_t used = 0;
	text[used++] = '{';
	for (size_t i = 0; i < count; i++)
	{
		if (i > 0)
			text[used++] = ',';
		uuid_format(values[i], text + used);
		used += UUID_TEXT_SIZE - 1;
	}
	text[used++] = '}';
	text[used] = '\0';
	return (Slice){text, used};
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
