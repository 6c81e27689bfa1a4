// What the loader remembers of what it stored lately, so that it need not ask: ids of rows, clients' sessions, persons. All of
// it bounded; what it has forgotten it asks for.
//
// It holds only as long as nobody else writes. Each transaction that stores rows leaves its mark in ingest_turn, and the next
// one looks whether the mark is still that of its loader: if not, everything is forgotten. What a transaction adds is
// remembered behind its commit.
#pragma once
#include "loader/batch.h"
#include "loader/recent_table.h"

typedef struct Load Load;

// A client's session that one person has a row of.
typedef struct RecentSession {
	Uuid id;
	Uuid first_hit_id;
	int64_t person_id;
	int64_t last_ms;  // activity known of; there may be later one
	int64_t is_asked; // not 0: there may be rows of other persons, or none any more
} RecentSession;

typedef struct RecentPerson {
	Uuid key;
	int64_t seen_ms;      // first_seen_at, or later
	Hash128 external_id;  // hash of
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

// In the transaction, under the lock: forgets where somebody else wrote, and finds out since when everything is remembered.
// Reads into *load, too, what waits in the database for the steps of a batch.
bool recent_begin(Load *load, Error *error) MUST_USE;
// Leaves our mark, as the last step before the commit.
bool recent_end(Load *load, Error *error) MUST_USE;
// Behind the commit: takes over the batch.
void recent_keep(Load *load);

// Rows of the batch that are stored already become repeats.
bool recent_mark_repeats(Load *load, Error *error) MUST_USE;

Uuid recent_person_key(int64_t person_id);
// NULL: not remembered.
const RecentSession *recent_session(const Recent *recent, Uuid id);
// A session whose rows somebody moves: it is asked for from now on.
void recent_session_ask(Load *load, Uuid id);
