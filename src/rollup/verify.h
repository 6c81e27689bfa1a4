// Whether the roll-ups are what the raw rows say: a second count, from the definitions, that shares nothing with the refresh
// but the tables. It reads one snapshot of the database, goes through it a few days at a time, and writes nothing that stays.
// Memory is bounded by PostgreSQL's own settings; raw rows of the days that are looked at are copied to temporary tables.
#pragma once
#include "base/error.h"
#include "base/slice.h"
#include "pg/conn.h"
#include "rollup/rollup.h"

typedef struct VerifyOptions {
	const char *from;  // first day, 2026-01-31; NULL: the first there is
	const char *to;    // last day, itself included; NULL: the last there is
	int64_t told_max;  // so many differences are told; all are counted
	int64_t views_max; // about so many page views are looked at at once; 0: as many as is usual
	const RollupOptions
		*refresh;  // what waits is refreshed first, its wait_ms is not asked; NULL: it is left, and counted
	bool is_quiet; // no progress bar
} VerifyOptions;

// One figure that is not what it should be.
typedef struct VerifyDifference {
	Slice table;
	Slice key;    // of the row: "2026-01-31 mobile Firefox"
	Slice column; // SLICE_NONE: the row is missing, or should not be there
	Slice stored; // SLICE_NONE: null, or no row
	Slice recounted;
} VerifyDifference;

typedef struct VerifyCounts {
	int64_t rows; // of roll-up tables that were looked at
	int64_t differences;
	int64_t waiting; // sessions and buckets that waited for the refresh when the snapshot was taken
} VerifyCounts;

// False from it ends the verification with its error.
typedef bool (*VerifyTell)(void *context, const VerifyDifference *difference, Error *error);

// Tells the first differences, ordered by table and key. Differences are no failure. The connection must be in no transaction.
// With a refresh, loaders wait from the moment the refresh has caught up with them until the snapshot is taken; ERROR_BUSY
// where another worker does not come to an end with its own.
bool verify_run(PgConn *conn, const VerifyOptions *options, VerifyTell tell, void *context, VerifyCounts *counts,
	Error *error) MUST_USE;
