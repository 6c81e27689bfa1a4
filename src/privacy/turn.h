// A transaction that changes rows of the big tables: in turns with the loaders, and with a mark, so that they forget what they
// remember (sql/migrations/0003_loader_memory.sql).
#pragma once
#include "pg/conn.h"

bool privacy_turn_begin(PgConn *conn, Error *error) MUST_USE;
bool privacy_turn_commit(PgConn *conn, Error *error) MUST_USE;
// After a failure; never fails.
void privacy_turn_give_up(PgConn *conn);
