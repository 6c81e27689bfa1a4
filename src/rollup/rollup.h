// The refresh of roll-ups. One works at a time, under an advisory lock, however many there are; where another does, its end is
// waited for as long as the options say, and else nothing is done. Memory is bounded by what a step takes (ROLLUP_SESSIONS, or a
// day of a site in PostgreSQL's own bounds). Steps are short transactions, and the loader is never waited for.
//
// A session or a bucket that PostgreSQL cannot count (a figure out of range) does not stop the rest: the session is kept in
// rollup_failures with the reason, the bucket waits for the next run; both are logged and counted.
#pragma once
#include "base/error.h"
#include "pg/conn.h"

typedef struct RollupOptions {
	const char *schema;
	const char *timezone; // reporting time zone
	int64_t pages_max;    // of an hour or day; the rest is (other)
	int64_t wait_ms;      // for another worker to come to an end; 0: not at all
	int64_t time_max_ms;  // what is left then, without the waiting, is left for the next run; 0: until nothing is
	bool is_paced;        // rests behind each step, longer while hits wait for the loader
	bool is_quiet;        // no progress bar
} RollupOptions;

typedef struct RollupCounts {
	int64_t sessions; // counted anew, one that changed again in between twice
	int64_t buckets;
	int64_t failed_sessions;
	int64_t failed_buckets;
	int64_t waiting;   // sessions and buckets that were left for the next run
	bool is_rebuilt;   // in another time zone
	bool is_elsewhere; // another worker is at it: nothing was done
} RollupCounts;

// On the owner's connection, outside of a transaction.
bool rollup_refresh(PgConn *conn, const RollupOptions *options, RollupCounts *counts, Error *error) MUST_USE;
// Takes texts that nothing names any more out of the dictionary; nothing is done while another refreshes: then *is_done is false.
bool rollup_sweep(PgConn *conn, const char *schema, bool *is_done, Error *error) MUST_USE;
