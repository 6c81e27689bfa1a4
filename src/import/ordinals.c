#include "import/ordinals.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/memory.h"

#include <string.h>

#define MINUTES 8
#define CAPACITY_FIRST ((size_t) 64)

typedef struct Entry {
	uint64_t hash; // 0: empty
	uint32_t count;
} Entry;

// A hash table of the lines of one minute, open addressing, at most half full.
typedef struct Minute {
	int64_t number; // minutes since 1970
	uint64_t used;  // when last, in lines; 0: never
	Entry *entries;
	size_t capacity; // power of two
	size_t count;
} Minute;

struct Ordinals {
	uint64_t lines;
	Minute minutes[MINUTES];
};

bool ordinals_open(Ordinals **ordinals, Error *error)
{
	*ordinals = memory_allocate_zeroed(1, sizeof **ordinals);
	return *ordinals != NULL || error_set(error, ERROR_MEMORY, "no memory to count equal lines");
}

void ordinals_close(Ordinals *ordinals)
{
	if (ordinals == NULL)
		return;
	for (size_t i = 0; i < MINUTES; i++)
		memory_free(ordinals->minutes[i].entries);
	memory_free(ordinals);
}

static void minute_clear(Minute *minute)
{
	if (minute->entries != NULL)
		memset(minute->entries, 0, minute->capacity * sizeof *minute->entries);
	minute->count = 0;
	minute->used = 0;
}

void ordinals_reset(Ordinals *ordinals)
{
	for (size_t i = 0; i < MINUTES; i++)
		minute_clear(&ordinals->minutes[i]);
}

static Minute *minute_find(Ordinals *ordinals, int64_t number)
{
	Minute *oldest = &ordinals->minutes[0];
	for (size_t i = 0; i < MINUTES; i++)
	{
		Minute *minute = &ordinals->minutes[i];
		if (minute->used > 0 && minute->number == number)
			return minute;
		if (minute->used < oldest->used)
			oldest = minute;
	}
	minute_clear(oldest);
	oldest->number = number;
	return oldest;
}

static Entry *entry_find(const Minute *minute, uint64_t hash)
{
	size_t at = (size_t) (hash >> 1U) & (minute->capacity - 1);
	while (minute->entries[at].hash != 0 && minute->entries[at].hash != hash)
		at = (at + 1) & (minute->capacity - 1);
	return &minute->entries[at];
}

static bool minute_make_room(Minute *minute, Error *error)
{
	if (minute->count * 2 < minute->capacity)
		return true;
	Minute larger = *minute;
	larger.capacity = minute->capacity == 0 ? CAPACITY_FIRST : minute->capacity * 2;
	larger.entries = memory_allocate_zeroed(larger.capacity, sizeof *larger.entries);
	if (larger.entries == NULL)
		return error_set(error, ERROR_MEMORY, "no memory to count equal lines");
	for (size_t i = 0; i < minute->capacity; i++)
		if (minute->entries[i].hash != 0)
			*entry_find(&larger, minute->entries[i].hash) = minute->entries[i];
	memory_free(minute->entries);
	*minute = larger;
	return true;
}

bool ordinals_next(Ordinals *ordinals, int64_t time_ms, Slice line, uint32_t *ordinal, Error *error)
{
	Minute *minute = minute_find(ordinals, time_ms / CLOCK_MINUTE_MS);
	minute->used = ++ordinals->lines;
	*ordinal = 0;
	if (!minute_make_room(minute, error))
		return false;
	uint64_t hash = hash_checksum(line, 0) | 1U;
	Entry *entry = entry_find(minute, hash);
	if (entry->hash == 0 && minute->count == ORDINALS_LINES_MAX)
		return true;
	if (entry->hash == 0)
	{
		entry->hash = hash;
		minute->count++;
	}
	*ordinal = entry->count++;
	return true;
}
