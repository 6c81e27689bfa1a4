// How much is held about one person, and where.
#pragma once
#include "pg/conn.h"

// Rows of (table, number of rows), all of one moment. The caller frees them.
bool privacy_held(PgConn *conn, int64_t person, PgResult **held, Error *error) MUST_USE;
