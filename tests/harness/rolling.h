// Roll-ups of a test's database: refreshed, looked at, made from nothing.
#pragma once
#include "harness/loading.h"
#include "rollup/rollup.h"

#define ROLLING_OPTIONS ((RollupOptions){.schema = "sojourn", .timezone = "UTC", .pages_max = 1000, .is_quiet = true})

// Until nothing is left; a failure, or a session or bucket that could not be counted, ends the test.
void rolling_refresh(PgConn *conn, const RollupOptions *options);
// In a process of its own that is killed after so many microseconds, unless it is done before.
void rolling_refresh_killed(const char *dsn, const RollupOptions *options, int kill_after_us);
// Empties the roll-ups and counts all that is stored.
void rolling_remake(PgConn *conn, const RollupOptions *options);
// All that the roll-ups say: equal texts, equal rows. To be freed.
char *rolling_dump(PgConn *conn);
// Fails the test where days, pages or visitors are not what the big tables say when they are asked plainly.
void rolling_check(PgConn *conn, const RollupOptions *options);
