// One transaction of the loader, as its steps see it, and the order they run in:
//   erased   → hits of persons who were erased drop out
//   denied   → hits of persons for whom a no was set drop out
//   people   → who each hit is of; persons, aliases, rows that move to who signed in
//   streams  → sessions for hits that brought none (plain continuations at once, everything else marked to be made anew)
//   rows     → COPY of views, events, robots that are not stored yet
//   sessions → clients' sessions and their attribution: new ones copied, known ones touched, all others leveled
//   leaves   → time on page, and how long sessions went on
//   touches  → the last activity of sessions, or puts that off
//   remake   → sessions made by the loader that late hits, moves or leaves have changed
// Each step reads what it needs in a few statements for the whole batch and writes it the same way.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "loader/batch.h"
#include "loader/chain.h"
#include "loader/options.h"
#include "loader/recent.h"
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

// Activity of clients' sessions to be written. A touch is 2 · time in ms, and 1 more where the client ended the session there;
// of a session that has several the greatest counts.
typedef struct Touches {
	Uuid *ids;
	int64_t *values;
	size_t count;
	size_t capacity;
} Touches;

typedef struct Load {
	PgConn *conn;
	Arena *arena;
	PgCopy *copy; // scratch; reset by who uses it
	LoaderRules rules;
	Batch *batch;
	const LoaderSource *source; // may be NULL
	MadeSession *made;
	size_t made_count;
	size_t made_capacity;
	UuidSet remake;  // sessions made by the loader, or provisional ones, that are to be made anew
	UuidSet changed; // sessions whose rows are written, moved or deleted; roll-ups count them anew
	Recent *recent;
	size_t read_rows_max;
	bool is_consent_off; // a no that was set does not count
	bool is_careful;     // a row stood where memory knew of none: all through staging
	bool is_putting_off; // more hits are waiting: activity of sessions may wait, too
	bool has_waiting_leaves;
	bool has_kept_leaves;
	bool has_touches;        // activity that was put off
	bool has_erased;         // somebody was erased once
	bool has_denied;         // a no was set for somebody, and counts
	Touches touches;         // of this transaction, not written yet
	Uuid turn;               // our mark
	RecentSessions sessions; // of the batch's hits, to be remembered behind the commit
	RecentSessions read;     // of its leaves, where memory did not know them; likewise
	RecentSession *touched;  // by leaves: as sessions are remembered in the end
	size_t touched_count;
	size_t touched_capacity;
	RecentPerson *persons;
	size_t person_count;
} Load;

bool uuid_set_add(UuidSet *set, Arena *arena, Uuid id, Error *error) MUST_USE;
bool uuid_set_add_all(UuidSet *set, Arena *arena, const UuidSet *others, Error *error) MUST_USE;
void uuid_set_sort_unique(UuidSet *set);
// In a sorted set: where it is, or count.
size_t uuid_set_find_sorted(const UuidSet *set, Uuid id);

// Parameters of statements. The text must be NUL-terminated (arena_format); without one, the arena is full.
PgParam param_text(Slice text);
PgParam param_int64(Load *load, int64_t value);
PgParam param_uuid(Load *load, Uuid value);
// An error for an arena that is full.
bool load_no_memory(Error *error);
// Reads what is stored of the sessions and people of the batch, which may be any number of rows: as load_no_memory where it is
// more than a transaction has room for. The statement's last parameter is how many rows it may bring back; params has a free
// place for it behind the other param_count.
bool load_read(Load *load, const char *sql, PgParam *params, int param_count, PgResult **result, Error *error) MUST_USE;

// In the transaction, under the lock: forgets where somebody else wrote, and finds out since when everything is remembered.
// Reads, too, what waits in the database for the steps of a batch.
bool recall_begin(Load *load, Error *error) MUST_USE;
// Rows of the batch that are stored already become repeats.
bool recall_mark_repeats(Load *load, Error *error) MUST_USE;
// What is known of a client's session, from the batch itself or from before; NULL where it has to be asked for.
const RecentSession *recall_session(const Load *load, Uuid id);
// The same, or what was read of sessions of leaves: then its person may be RECENT_NOBODY.
const RecentSession *recall_session_read(const Load *load, Uuid id);
// Asks for sessions, sorted ids: those that have rows. Of one with rows of several persons, or made by the loader, the person is
// RECENT_NOBODY, and activity of the latter is not told: it is as if it had been never.
bool recall_read(Load *load, const UuidSet *ids, RecentSessions *sessions, Error *error) MUST_USE;
// A session whose rows somebody moves: it is asked for from now on.
void recall_session_ask(Load *load, Uuid id);
// Leaves our mark, as the last step before the commit.
bool recall_end(Load *load, Error *error) MUST_USE;
// A row that is being sent, while PostgreSQL is busy; `soon` is one that follows some steps later, or NULL. Should a row not be
// stored in the end, it is asked for, and no harm done.
void recall_keep_row(Load *load, const BatchHit *hit, const BatchHit *soon);
// Behind the commit: takes over the sessions and persons of the batch.
void recall_keep(Load *load);

// Hits of persons who were erased are counted and pass by what follows.
bool erased_refuse(Load *load, Error *error) MUST_USE;
// Likewise hits of persons for whom a no was set.
bool denied_refuse(Load *load, Error *error) MUST_USE;
bool people_store(Load *load, Error *error) MUST_USE;
bool streams_assign(Load *load, Error *error) MUST_USE;
bool rows_store(Load *load, Error *error) MUST_USE;
// Writes the sessions in `made`, and empties it.
bool streams_write(Load *load, Error *error) MUST_USE;
bool sessions_store(Load *load, Error *error) MUST_USE;
int64_t touch_make(int64_t time_ms, bool is_end);
int64_t touch_time_ms(int64_t touch);
// Of a session that stands in the tables, or will before touches_write.
bool touch_add(Load *load, Uuid session_id, int64_t touch, Error *error) MUST_USE;
// Likewise, by a leave, or not at all where the touch is 0; `known` (may be NULL) is what is known of the session so far, `last`
// what there is of its activity now (recent_last).
bool session_touch(Load *load, Uuid session_id, const RecentSession *known, int64_t touch, int64_t last, Error *error)
	MUST_USE;
// Writes what was added, or puts it off; the former with all that was put off before.
bool touches_write(Load *load, Error *error) MUST_USE;
// Writes all of it at once, so that user_sessions tells the last activity of every session.
bool sessions_settle(Load *load, Error *error) MUST_USE;
// The same for one row of session_touches.
bool sessions_settle_one(Load *load, Error *error) MUST_USE;
bool leaves_store(Load *load, Error *error) MUST_USE;
bool streams_remake(Load *load, Error *error) MUST_USE;
// Notes the sessions of `changed`.
bool changed_write(Load *load, Error *error) MUST_USE;
bool load_add_made(Load *load, const ChainPart *part, int64_t person_id, int64_t browser, Uuid context_id, Error *error)
	MUST_USE;
// Sends load->copy if it has rows.
bool load_copy(Load *load, const char *sql, Error *error) MUST_USE;
bool quarantine_put(Load *load, BatchHit *hit, const char *reason, const char *sqlstate, Error *error) MUST_USE;
bool load_count(Load *load, const char *reason, int64_t hits, Error *error) MUST_USE;
