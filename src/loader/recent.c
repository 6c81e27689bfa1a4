#include "loader/recent.h"

#include "base/hash.h"

#include <string.h>

// Shares of the memory, in 16ths: about as many sessions as persons.
#define IDS_SHARE 5
#define SESSIONS_SHARE 6
#define PERSONS_SHARE 5

int64_t recent_last(int64_t last_ms, unsigned flags)
{
	return 4 * last_ms + flags;
}

int64_t recent_last_ms(const RecentSession *session)
{
	return session->last >> 2;
}

unsigned recent_flags(const RecentSession *session)
{
	return (unsigned) (session->last & 3);
}

Uuid recent_person_key(int64_t person_id)
{
	Uuid key = {{0}};
	key.bytes[7] = 1; // never nil; its time is 0
	memcpy(key.bytes + 8, &person_id, sizeof person_id);
	return key;
}

uint64_t recent_external_id(Slice external_id)
{
	Hash128 hash = hash_128(external_id);
	uint64_t part = 0;
	memcpy(&part, hash.bytes, sizeof part);
	return part;
}

uint64_t recent_first_hit(Uuid hit_id)
{
	uint64_t part = 0;
	for (size_t at = 0; at < sizeof part; at++)
		part = part << 8U | hit_id.bytes[at];
	return part;
}

void recent_init(Recent *recent, size_t bytes_max)
{
	*recent = (Recent){.turn = {{0}}};
	recent_table_init(&recent->ids, sizeof(Uuid), bytes_max / 16 * IDS_SHARE);
	recent_table_init(&recent->sessions, sizeof(RecentSession), bytes_max / 16 * SESSIONS_SHARE);
	recent_table_init(&recent->persons, sizeof(RecentPerson), bytes_max / 16 * PERSONS_SHARE);
}

void recent_free(Recent *recent)
{
	recent_table_free(&recent->ids);
	recent_table_free(&recent->sessions);
	recent_table_free(&recent->persons);
}

void recent_forget(Recent *recent)
{
	recent->turn = (Uuid){{0}};
	recent_table_clear(&recent->ids, RECENT_TIME_NEVER);
	recent_table_clear(&recent->sessions, RECENT_TIME_NEVER);
	recent_table_clear(&recent->persons, RECENT_TIME_NEVER);
}

const RecentSession *recent_session(const Recent *recent, Uuid id)
{
	return recent_table_find(&recent->sessions, id);
}

const RecentSession *recent_sessions_find(const RecentSessions *sessions, Uuid id)
{
	for (size_t low = 0, high = sessions->count; low < high;)
	{
		size_t middle = low + (high - low) / 2;
		int order = uuid_compare(sessions->rows[middle].id, id);
		if (order == 0)
			return &sessions->rows[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
