#include "base/uuid.h"

#include "base/random.h"

#include <string.h>

static void time_set(Uuid *uuid, int64_t time_ms)
{
	if (time_ms < 0)
		time_ms = 0;
	if (time_ms > UUID_TIME_MS_MAX)
		time_ms = UUID_TIME_MS_MAX;
	uint64_t bits = (uint64_t) time_ms;
	for (size_t i = 0; i < 6; i++)
		uuid->bytes[i] = (unsigned char) (bits >> (40U - 8U * i));
}

static void marks_set(Uuid *uuid)
{
	uuid->bytes[6] = (unsigned char) ((uuid->bytes[6] & 0x0FU) | 0x70U);
	uuid->bytes[8] = (unsigned char) ((uuid->bytes[8] & 0x3FU) | 0x80U);
}

Uuid uuid7_make(int64_t time_ms)
{
	Uuid uuid;
	random_bytes(uuid.bytes + 6, sizeof uuid.bytes - 6);
	time_set(&uuid, time_ms);
	marks_set(&uuid);
	return uuid;
}

Uuid uuid7_from_hash(int64_t time_ms, Hash128 hash)
{
	Uuid uuid;
	memcpy(uuid.bytes + 6, hash.bytes, sizeof uuid.bytes - 6);
	time_set(&uuid, time_ms);
	marks_set(&uuid);
	return uuid;
}

Uuid uuid7_with_time(Uuid uuid, int64_t time_ms)
{
	time_set(&uuid, time_ms);
	return uuid;
}

int64_t uuid7_time_ms(Uuid uuid)
{
	uint64_t bits = 0;
	for (size_t i = 0; i < 6; i++)
		bits = bits << 8U | uuid.bytes[i];
	return (int64_t) bits;
}

bool uuid_is_7(Uuid uuid)
{
	return uuid.bytes[6] >> 4U == 7 && uuid.bytes[8] >> 6U == 2;
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

static bool is_hyphen_before(size_t byte)
{
	return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

bool uuid_parse(Slice text, Uuid *uuid)
{
	if (text.size != UUID_TEXT_SIZE - 1)
		return false;
	Uuid result;
	const char *from = text.data;
	for (size_t i = 0; i < sizeof result.bytes; i++)
	{
		if (is_hyphen_before(i) && *from++ != '-')
			return false;
		int high = hex_value(from[0]);
		int low = hex_value(from[1]);
		if (high < 0 || low < 0)
			return false;
		result.bytes[i] = (unsigned char) (high * 16 + low);
		from += 2;
	}
	*uuid = result;
	return true;
}

void uuid_format(Uuid uuid, char text[UUID_TEXT_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	char *target = text;
	for (size_t i = 0; i < sizeof uuid.bytes; i++)
	{
		if (is_hyphen_before(i))
			*target++ = '-';
		*target++ = digits[uuid.bytes[i] >> 4U];
		*target++ = digits[uuid.bytes[i] & 0xFU];
	}
	*target = '\0';
}
