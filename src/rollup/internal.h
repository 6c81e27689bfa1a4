// What the files of this room share.
#pragma once
#include "base/progress.h"
#include "rollup/rollup.h"

// Of a step: some tens of milliseconds.
#define ROLLUP_SESSIONS 2000

// A bucket's note: kind, beginning and end, as text.
typedef struct Bucket {
	char kind[2];
	char begins_at[32];
	char ends_at[32]; // or behind that
} Bucket;

#define ROLLUP_FAILED_BUCKETS_MAX 64

typedef struct Refresh {
	PgConn *conn;
	const RollupOptions *options;
	RollupCounts *counts;
	Progress progress;
	int64_t begun_us;
	int64_t waiting_sessions; // when that was looked at last
	int64_t waiting_buckets;
	bool is_careful; // note by note, since a session cannot be counted
	bool is_rebuilding;
	Bucket failed[ROLLUP_FAILED_BUCKETS_MAX]; // not to be tried again in this run
	size_t failed_count;
} Refresh;

// Many notes of the same sessions become fewer.
bool notes_merge(PgConn *conn, Error *error) MUST_USE;
// Counts the sessions of the latest notes; *has_more is false where there are none.
bool sessions_step(Refresh *refresh, bool *has_more, Error *error) MUST_USE;
// Counts the bucket that is most urgent; *has_more is false where none waits. only_today: none that is older.
bool buckets_step(Refresh *refresh, bool only_today, bool *has_more, Error *error) MUST_USE;
// All that waits, sessions and buckets; what is left then is looked at.
bool refresh_drain(Refresh *refresh, Error *error) MUST_USE;
// All roll-ups anew, in the time zone of the options.
bool rebuild_run(Refresh *refresh, Error *error) MUST_USE;
