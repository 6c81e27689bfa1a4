// A fresh database with every migration applied, for tests of what stands on the tables. Every failure ends the program.
#pragma once
#include "harness/postgres.h"

#define TEST_SCHEMA "sojourn"

// A connection to it, search_path set; dsn is filled, for further ones.
PgConn *test_database_open(char dsn[TEST_DSN_SIZE]);
// Runs statements that must succeed.
void test_database_run(PgConn *conn, const char *format, ...) __attribute__((format(printf, 2, 3)));
