// What the buffer keeps of persons who were erased, taken out of it.
#pragma once
#include "pg/conn.h"

// Of every stream of the folder, all that was in it when this was called; *is_done false where a collector has yet to end the
// segment that it writes. *frames is how many hits went.
bool privacy_scrub(PgConn *conn, const char *folder, uint64_t *frames, bool *is_done, Error *error) MUST_USE;
