// UUIDs, version 7 (RFC 9562): 48 bits of Unix milliseconds, version, 12 bits rand_a, variant, 62 bits rand_b.
// Compared byte by byte they are in time order.
#pragma once
#include "base/error.h"
#include "base/hash.h"
#include "base/slice.h"

#include <string.h>

#define UUID_TEXT_SIZE 37 // 8-4-4-4-12 and a NUL

typedef struct Uuid {
	unsigned char bytes[16];
} Uuid;

// Times outside 0 … UUID_TIME_MS_MAX are moved to the nearer end.
Uuid uuid7_make(int64_t time_ms); // random rand_a and rand_b
// The version-7 id of a hash: its first bits fill rand_a and rand_b.
Uuid uuid7_from_hash(int64_t time_ms, Hash128 hash);
// The same id at another time: random bits kept.
Uuid uuid7_with_time(Uuid uuid, int64_t time_ms);
int64_t uuid7_time_ms(Uuid uuid);
bool uuid_is_7(Uuid uuid);
static inline bool uuid_is_nil(Uuid uuid);
static inline int uuid_compare(Uuid left, Uuid right); // as memcmp
bool uuid_parse(Slice text, Uuid *uuid) MUST_USE;      // 36 characters, either case
void uuid_format(Uuid uuid, char text[UUID_TEXT_SIZE]);
// Times a version-7 id can hold and PostgreSQL and reports can take: years 1970 to 9999.
#define UUID_TIME_MS_MAX ((int64_t) 253402300799999)

// Sorting compares millions of them: here, so that it needs no call.
static inline uint64_t uuid_half(Uuid uuid, size_t half)
{
	uint64_t bits;
	memcpy(&bits, uuid.bytes + 8 * half, sizeof bits);
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap64(bits) : bits;
}

static inline int uuid_compare(Uuid left, Uuid right)
{
	uint64_t a = uuid_half(left, 0);
	uint64_t b = uuid_half(right, 0);
	if (a == b)
	{
		a = uuid_half(left, 1);
		b = uuid_half(right, 1);
	}
	return (a > b) - (a < b);
}

static inline bool uuid_is_nil(Uuid uuid)
{
	return (uuid_half(uuid, 0) | uuid_half(uuid, 1)) == 0;
}
