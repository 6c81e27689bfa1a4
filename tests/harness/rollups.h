// Roll-ups under test: refreshed, verified, kept to be compared, and a person erased from under them. Every failure fails the
// test.
#pragma once
#include "pg/conn.h"

#include <stdint.h>

// Of a database without rows, the roll-ups in a time zone, with so many pages kept.
void rollups_begin(PgConn *conn, const char *zone, int pages_max);
void rollups_refresh(PgConn *conn);
// The same for rows that were written without a note.
void rollups_refresh_all(PgConn *conn);
// Verifies without a refresh, `views_max` at once, and wants no difference; what differs is printed.
void rollups_are_right(PgConn *conn, int64_t views_max);
// Keeps all that the roll-ups hold under a name, texts instead of their numbers in the dictionary.
void rollups_keep(PgConn *conn, const char *name);
// The kept ones are the same, row by row; what is not is printed.
void rollups_are_same(PgConn *conn, const char *one, const char *other);
// As privacy does it: in turns with the loaders, from all big tables, with a note and a mark.
void rollups_erase_person(PgConn *conn, int64_t person);
