#include "loader/recent_table.h"

#include "base/memory.h"
#include "base/random.h"

#include <string.h>

// Two generations, and for a moment what is carried over from one to the next: a sixth of a generation's slots at most, since
// that is a quarter of its entries. In sixths of a generation.
#define GENERATIONS_AND_CARRIED 13

// At most two thirds of the slots are taken.
static size_t slot_count(const RecentTable *table)
{
	return table->entries_max + table->entries_max / 2 + 1;
}

static Uuid slot_key(const unsigned char *slot)
{
	Uuid key;
	memcpy(key.bytes, slot, sizeof key.bytes);
	return key;
}

static bool slot_is_free(const unsigned char *slot)
{
	uint64_t halves[2];
	memcpy(halves, slot, sizeof halves);
	return (halves[0] | halves[1]) == 0;
}

static bool slot_has(const unsigned char *slot, const Uuid *key)
{
	uint64_t halves[2];
	uint64_t wanted[2];
	memcpy(halves, slot, sizeof halves);
	memcpy(wanted, key->bytes, sizeof wanted);
	return halves[0] == wanted[0] && halves[1] == wanted[1];
}

static size_t slot_offset(const RecentTable *table, Uuid key)
{
	uint64_t hash = hash_checksum((Slice){(const char *) key.bytes, sizeof key.bytes}, table->seed);
	return (size_t) (((hash >> 32U) * slot_count(table)) >> 32U) * table->entry_size;
}

// The slot of the key, or the free one where it belongs.
static unsigned char *slot_of(const RecentTable *table, unsigned char *slots, Uuid key)
{
	unsigned char *end = slots + slot_count(table) * table->entry_size;
	unsigned char *slot = slots + slot_offset(table, key);
	while (!slot_is_free(slot) && !slot_has(slot, &key))
	{
		slot += table->entry_size;
		if (slot == end)
			slot = slots;
	}
	return slot;
}

void recent_table_init(RecentTable *table, size_t entry_size, size_t bytes_max)
{
	size_t slots = bytes_max / GENERATIONS_AND_CARRIED / entry_size * 6;
	*table = (RecentTable){.entry_size = entry_size,
		.entries_max = slots < 3 ? 1 : (slots - 1) * 2 / 3,
		.seed = random_uint64(),
		.horizon_ms = RECENT_TIME_NEVER};
}

void recent_table_free(RecentTable *table)
{
	recent_table_clear(table, RECENT_TIME_NEVER);
}

void recent_table_clear(RecentTable *table, int64_t horizon_ms)
{
	memory_free(table->newer);
	memory_free(table->older);
	table->newer = NULL;
	table->older = NULL;
	table->newer_count = 0;
	table->horizon_ms = horizon_ms;
}

void recent_table_prefetch(const RecentTable *table, Uuid key)
{
	size_t offset = slot_offset(table, key);
	if (table->newer != NULL)
		__builtin_prefetch(table->newer + offset);
	if (table->older != NULL)
		__builtin_prefetch(table->older + offset);
}

void *recent_table_find(const RecentTable *table, Uuid key)
{
	unsigned char *generations[] = {table->newer, table->older};
	for (size_t at = 0; at < 2; at++)
	{
		if (generations[at] == NULL)
			continue;
		unsigned char *slot = slot_of(table, generations[at], key);
		if (!slot_is_free(slot))
			return slot;
	}
	return NULL;
}

// Ids of the future out of a generation that goes.
typedef struct Carried {
	unsigned char *entries;
	size_t count;
	size_t room;
} Carried;

// An entry that goes: carried over, or the horizon moves behind it.
static void entry_forget(RecentTable *table, const unsigned char *entry, int64_t now_ms, Carried *carried)
{
	Uuid key = slot_key(entry);
	int64_t time_ms = uuid7_time_ms(key);
	if (!slot_is_free(slot_of(table, table->older, key)))
		return; // put again since
	if (time_ms > now_ms && carried->count < carried->room)
		memcpy(carried->entries + carried->count++ * table->entry_size, entry, table->entry_size);
	else if (time_ms > table->horizon_ms)
		table->horizon_ms = time_ms;
}

// The slots of the older generation become those of a new one.
static void generation_turn(RecentTable *table, int64_t now_ms)
{
	Carried carried = {.entries = memory_allocate((table->entries_max / 4 + 1) * table->entry_size)};
	carried.room = carried.entries == NULL ? 0 : table->entries_max / 4;
	unsigned char *slots = table->older;
	table->older = table->newer;
	for (size_t at = 0; at < slot_count(table); at++)
	{
		const unsigned char *slot = slots + at * table->entry_size;
		if (!slot_is_free(slot))
			entry_forget(table, slot, now_ms, &carried);
	}
	memset(slots, 0, slot_count(table) * table->entry_size);
	for (size_t at = 0; at < carried.count; at++)
	{
		const unsigned char *entry = carried.entries + at * table->entry_size;
		memcpy(slot_of(table, slots, slot_key(entry)), entry, table->entry_size);
	}
	table->newer = slots;
	table->newer_count = carried.count;
	memory_free(carried.entries);
}

static bool generation_begin(RecentTable *table, int64_t now_ms)
{
	if (table->older != NULL)
	{
		generation_turn(table, now_ms);
		return true;
	}
	unsigned char *fresh = memory_allocate_zeroed(slot_count(table), table->entry_size);
	if (fresh == NULL)
	{
		recent_table_clear(table, RECENT_TIME_NEVER);
		return false;
	}
	table->older = table->newer;
	table->newer = fresh;
	table->newer_count = 0;
	return true;
}

void *recent_table_put(RecentTable *table, Uuid key, int64_t now_ms)
{
	if (table->newer != NULL)
	{
		unsigned char *slot = slot_of(table, table->newer, key);
		if (!slot_is_free(slot))
			return slot;
	}
	if ((table->newer == NULL || table->newer_count >= table->entries_max) && !generation_begin(table, now_ms))
		return NULL;
	unsigned char *slot = slot_of(table, table->newer, key);
	if (!slot_is_free(slot))
		return slot; // carried over just now
	unsigned char *old = table->older == NULL ? NULL : slot_of(table, table->older, key);
	if (old != NULL && !slot_is_free(old))
		memcpy(slot, old, table->entry_size);
	else
		memcpy(slot, key.bytes, sizeof key.bytes);
	table->newer_count++;
	return slot;
}

bool recent_table_is_new(const RecentTable *table, Uuid key)
{
	return uuid7_time_ms(key) > table->horizon_ms && recent_table_find(table, key) == NULL;
}
