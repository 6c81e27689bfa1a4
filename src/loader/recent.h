// What the loader remembers of what it stored lately, so that it need not ask: ids of rows, clients' sessions, persons. All of
// it bounded; what it has forgotten it asks for.
//
// It holds only as long as nobody else writes. Each transaction that stores rows leaves its mark in ingest_turn, and the next
// one looks whether the mark is still that of its loader: if not, everything is forgotten. What a transaction
// adds of sessions and persons is remembered behind its commit; ids of rows before, since they are only asked for.
#pragma once
#include "loader/recent_table.h"

// A client's session that one person has a row of.
typedef struct RecentSession {
	Uuid id;
	int64_t person_id;  // RECENT_NOBODY: there may be rows of other persons, or none any more; it is asked for
	int64_t last;       // activity known of: recent_last
	uint64_t first_hit; // the beginning of its id: ids with different ones are in the same order
} RecentSession;
#define RECENT_NOBODY 0
#define RECENT_ALL 1U  // there is no activity behind what is known of
#define RECENT_KEPT 2U // leaves may be kept of it

typedef struct RecentSessions {
	RecentSession *rows; // by id
	size_t count;
} RecentSessions;

typedef struct RecentPerson {
	Uuid key;
	int64_t seen_ms;      // first_seen_at, or later
	uint64_t external_id; // hash of
} RecentPerson;

typedef struct Recent {
	Uuid turn; // the mark of our last transaction; nil: nothing is remembered
	RecentTable ids;
	RecentTable sessions;
	RecentTable persons;
} Recent;

void recent_init(Recent *recent, size_t bytes_max);
void recent_free(Recent *recent);
void recent_forget(Recent *recent);

// When it was, with RECENT_ALL, RECENT_KEPT.
int64_t recent_last(int64_t last_ms, unsigned flags);
int64_t recent_last_ms(const RecentSession *session);
unsigned recent_flags(const RecentSession *session);
Uuid recent_person_key(int64_t person_id);
uint64_t recent_external_id(Slice external_id);
uint64_t recent_first_hit(Uuid hit_id);
// NULL: not remembered.
const RecentSession *recent_session(const Recent *recent, Uuid id);
const RecentSession *recent_sessions_find(const RecentSessions *sessions, Uuid id);
