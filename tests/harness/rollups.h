// Roll-ups under test: emptied, refreshed, made from nothing, verified, kept to be compared, and a person erased from under
// them. Every failure fails the test.
#pragma once
#include "harness/database.h"
#include "rollup/rollup.h"

#include <stdint.h>

#define ROLLUPS_OPTIONS ((RollupOptions){.schema = TEST_SCHEMA, .timezone = "UTC", .pages_max = 1000, .is_quiet = true})

// Takes all rows out of the roll-ups, and what waits or failed.
void rollups_empty(PgConn *conn);
// Of a database without rows, the roll-ups in a time zone, with so many pages kept.
void rollups_begin(PgConn *conn, const char *zone, int pages_max);
// Until nothing is left, also of what is not due yet, after whoever is at it; a session or bucket that could not be counted fails the test.
void rollups_refresh_with(PgConn *conn, const RollupOptions *options);
// With the time zone and the pages that the roll-ups have.
void rollups_refresh(PgConn *conn);
// The same for rows that were written without a note, and for sessions that are gone.
void rollups_refresh_all(PgConn *conn);
// In a process of its own that is killed after so many microseconds, unless it is done before.
void rollups_refresh_killed(const char *dsn, const RollupOptions *options, int kill_after_us);
// Empties the roll-ups and counts all that is stored.
void rollups_remake(PgConn *conn, const RollupOptions *options);
// Verifies without a refresh, `views_max` at once, and wants no difference; what differs is printed.
void rollups_are_right(PgConn *conn, int64_t views_max);
// Days, pages and visitors are what the big tables say when they are asked plainly.
void rollups_match_rows(PgConn *conn, const RollupOptions *options);
// All that the roll-ups say, in the numbers of this dictionary: equal texts, equal rows. To be freed.
char *rollups_dump(PgConn *conn);
// Keeps all that the roll-ups hold under a name, texts instead of their numbers in the dictionary.
void rollups_keep(PgConn *conn, const char *name);
// The kept ones are the same, row by row; what is not is printed.
void rollups_are_same(PgConn *conn, const char *one, const char *other);
// As privacy does it: in turns with the loaders, from all big tables, with a note and a mark.
void rollups_erase_person(PgConn *conn, int64_t person);
