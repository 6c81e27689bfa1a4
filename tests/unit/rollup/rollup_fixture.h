// What the tests of roll-ups share: a migrated database, raw rows with times written as people write them, a refresh, and a
// verification whose differences are kept.
//
// Rows are written by the database's functions session_add(number, person, started_at, seconds), session_open(…) for one that
// still goes on, session_share(number, person), view_add(number, person, sequence, viewed_at, page_url, visible_seconds), and
// event_add(number, person, created_at, event_category, value, action). Each notes its session, as the loader does.
#pragma once
#include "harness/database.h"
#include "rollup/verify.h"

#define ROLLUP_TOLD_MAX 512

typedef struct RollupWorld {
	char dsn[TEST_DSN_SIZE];
	PgConn *conn;
	Arena arena; // of the differences
	VerifyDifference told[ROLLUP_TOLD_MAX];
	size_t told_count;
	VerifyCounts counts;
} RollupWorld;

int rollup_set_up(void **state);
int rollup_tear_down(void **state);

// No rows, and roll-ups of none, in a time zone, with so many pages kept.
void rollup_empty(RollupWorld *world, const char *zone, int pages_max);
// Verifies without a refresh; from and to may be NULL.
void rollup_verify(RollupWorld *world, const char *from, const char *to);
// Refreshes, and wants no difference; what differs is printed. What rollup_verify found last stays.
void rollup_is_right(RollupWorld *world);
// One value of a query, in text.
void rollup_expect(RollupWorld *world, const char *sql, const char *wanted);
