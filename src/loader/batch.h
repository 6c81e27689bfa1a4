// A batch: hits of one transaction, decoded, each with what the loader has found out about it so far.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "hit/hit.h"
#include "loader/rules.h"

typedef struct BatchHit {
	Hit hit;
	Slice payload;
	int64_t person_id; // whose row it is; found by people
	bool is_by_alias;  // the hit named nobody, its browser's aliases did
	Uuid session_id;   // of the row; found by sessions and streams
	int32_t sequence;  // of a view
	Uuid context_id;   // where the hit brought no session
	bool is_repeat;    // the same row stands earlier in the batch
	bool is_refused;   // went to quarantine
	bool is_erased;    // of somebody who was erased: it is counted, and that is all
	bool is_denied;    // of somebody for whom a no was set: likewise
} BatchHit;

typedef struct Batch {
	Arena *arena;
	BatchHit *hits;
	size_t count;
} Batch;

// What the hits are.
bool batch_hit_is_robot(const BatchHit *hit);
bool batch_hit_is_row(const BatchHit *hit);  // of those that are live: a view or event to store
bool batch_hit_is_view(const BatchHit *hit); // of those: a page view
bool batch_hit_is_live(const BatchHit *hit); // not a robot's, repeated, refused or of somebody erased or denied
bool batch_hit_has_session(const BatchHit *hit);

// A sentence about what the tables could not take in this hit, or NULL.
const char *batch_hit_problem(const Hit *hit);

// Marks all but the first of rows with equal id, person and table. Needs the person.
bool batch_mark_repeats(Batch *batch, Error *error) MUST_USE;
