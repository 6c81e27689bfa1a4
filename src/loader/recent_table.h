// A table of what was stored lately: entries of one size under a key of 16 bytes, in bounded memory.
//
// Two generations of entries_max each: what is put goes to the newer one; when that is full the older one is forgotten, and a
// new one begins. So an entry stays for at least entries_max others, and one that is put again stays on. Keys whose time
// matters are version-7 ids: *horizon_ms* is the latest time among the ids that were forgotten, so an id behind it that is not
// here never was here. Ids of the future would move the horizon ahead of everything that is yet to come: they are carried
// over, as long as they are not too many.
//
// Without memory the table holds nothing and its horizon is never reached. Not for keys that are nil.
#pragma once
#include "base/error.h"
#include "base/uuid.h"

#define RECENT_TIME_NEVER INT64_MAX
#define RECENT_AHEAD 8 // how many steps before its use an entry is best fetched

typedef struct RecentTable {
	size_t entry_size; // the key is an entry's beginning
	size_t entries_max;
	unsigned char *newer; // nil keys are free slots; NULL: not allocated yet
	unsigned char *older;
	size_t newer_count;
	uint64_t seed; // clients choose ids: where they fall is not theirs to choose
	int64_t horizon_ms;
} RecentTable;

// Takes memory only with the first entry; all in all never more than bytes_max.
void recent_table_init(RecentTable *table, size_t entry_size, size_t bytes_max);
void recent_table_free(RecentTable *table);
// Forgets everything; *horizon_ms* is what the caller knows of it.
void recent_table_clear(RecentTable *table, int64_t horizon_ms);

// Fetches what a find or put of this key will look at soon: memory this large is never near.
void recent_table_prefetch(const RecentTable *table, Uuid key);
// NULL where it is not here. Valid until the next put.
void *recent_table_find(const RecentTable *table, Uuid key);
// The entry of this key in the newer generation, as it was, or zeroed behind its key; NULL without memory.
void *recent_table_put(RecentTable *table, Uuid key, int64_t now_ms);
// Certain not to be in a table of which this one holds all that is behind the horizon.
bool recent_table_is_new(const RecentTable *table, Uuid key);
