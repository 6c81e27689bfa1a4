// Inside the room: what COPYs send, on a thread of the connection's own, so that who builds the rows need not wait for the
// server. Steps run one after the other. While some are left the connection belongs to the thread: every other statement waits
// for them first, and is told of the first that failed.
#pragma once
#include "base/buf.h"
#include "base/error.h"

typedef struct PgConn PgConn;
typedef struct PgLane PgLane;

// True where it is done. Behind one that failed nothing more is run until somebody has waited.
typedef bool (*PgLaneRun)(PgConn *conn, const char *sql, Slice bytes, Error *error);

// Starts the thread, where it is not there yet.
bool pg_lane_open(PgConn *conn, Error *error) MUST_USE;
// Puts a step at the end. What is in *buf goes along (NULL: nothing), and *buf is another, empty one of the same bound. Waits
// while a few megabytes are on their way.
void pg_lane_put(PgConn *conn, PgLaneRun run, const char *sql, Buf *buf);
// Waits until all steps are run; false with the error of the first that failed since the last call.
bool pg_lane_wait(PgConn *conn, Error *error) MUST_USE;
// The same where it does not matter any more what failed.
void pg_lane_clear(PgConn *conn);
bool pg_lane_is_busy(const PgConn *conn);
void pg_lane_close(PgConn *conn);
