// One transaction of the loader, as its steps see it, and the order they run in:
//   people   → who each hit is of; persons, aliases, rows that move to who signed in
//   streams  → sessions for hits that brought none (plain continuations at once, everything else marked to be made anew)
//   rows     → COPY of views, events, robots
//   sessions → clients' sessions and their attribution
//   leaves   → time on page, and how long sessions went on
//   remake   → sessions made by the loader that late hits, moves or leaves have changed
// Each step reads what it needs in a few statements for the whole batch and writes it the same way.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "loader/batch.h"
#include "loader/chain.h"
#include "loader/rules.h"
#include "pg/conn.h"
#include "pg/copy.h"

typedef struct UuidSet {
	Uuid *ids;
	size_t count;
	size_t capacity;
} UuidSet;

// A session made of hits that brought none, to be written.
typedef struct MadeSession {
	ChainPart part;
	int64_t person_id;
	int64_t browser; // 0: none
	Uuid context_id; // of its first hit
} MadeSession;

typedef struct Load {
	PgConn *conn;
	Arena *arena;
	PgCopy *copy; // scratch; reset by who uses it
	LoaderRules rules;
	Batch *batch;
	MadeSession *made;
	size_t made_count;
	size_t made_capacity;
	UuidSet remake; // sessions made by the loader, or provisional ones, that are to be made anew
} Load;

bool uuid_set_add(UuidSet *set, Arena *arena, Uuid id, Error *error) MUST_USE;
void uuid_set_sort_unique(UuidSet *set);
// In a sorted set: where it is, or count.
size_t uuid_set_find_sorted(const UuidSet *set, Uuid id);

// Parameters of statements. The text must be NUL-terminated (arena_format, pg_array_…).
PgParam param_text(Slice text);
PgParam param_int64(Load *load, int64_t value);
PgParam param_uuid(Load *load, Uuid value);
// An error for an arena that is full.
bool load_no_memory(Error *error);

bool people_store(Load *load, Error *error) MUST_USE;
bool streams_assign(Load *load, Error *error) MUST_USE;
bool rows_store(Load *load, Error *error) MUST_USE;
// Writes the sessions in `made`, and empties it.
bool streams_write(Load *load, Error *error) MUST_USE;
bool sessions_store(Load *load, Error *error) MUST_USE;
bool leaves_store(Load *load, Error *error) MUST_USE;
bool streams_remake(Load *load, Error *error) MUST_USE;
bool load_add_made(Load *load, const ChainPart *part, int64_t person_id, int64_t browser, Uuid context_id, Error *error)
	MUST_USE;
// Sends load->copy if it has rows.
bool load_copy(Load *load, const char *sql, Error *error) MUST_USE;
bool quarantine_put(Load *load, BatchHit *hit, const char *reason, const char *sqlstate, Error *error) MUST_USE;
bool load_count(Load *load, const char *reason, int64_t hits, Error *error) MUST_USE;
