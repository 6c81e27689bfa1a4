// Repeated keys of one object, for the parser.
#pragma once
#include "base/json.h"

// Tells, mostly rightly and never wrongly with "no", whether a key came twice. Starts zeroed.
typedef struct JsonKeySet {
	uint64_t seen;
	bool may_repeat;
} JsonKeySet;

static inline void json_key_set_add(JsonKeySet *set, Slice key)
{
	unsigned mark = 0;
	if (key.size > 0)
	{
		const unsigned char *bytes = (const unsigned char *) key.data;
		mark = bytes[0] * 7U + bytes[key.size / 2] * 13U + bytes[key.size - 1] * 29U + (unsigned) key.size;
	}
	uint64_t bit = (uint64_t) 1 << (mark & 63U);
	set->may_repeat |= (set->seen & bit) != 0;
	set->seen |= bit;
}

// Of children with equal keys keeps the last. False when the arena is full.
bool json_keys_deduplicate(JsonValue *object, Arena *arena) MUST_USE;
