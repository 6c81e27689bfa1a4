// A private throw-away PostgreSQL for one test program: made at the first call, gone with the program, however it ends.
// Unix socket only, fsync off. As root it runs as another user. Every failure ends the program with a sentence.
#pragma once
#include "pg/conn.h"

#include <stddef.h>

#define TEST_DSN_SIZE 256

// A fresh, empty database of the program's own cluster.
void test_postgres_database(char dsn[TEST_DSN_SIZE]);
// A connection to it; schema may be NULL.
PgConn *test_postgres_open(const char *dsn, const char *schema);
// Rows that a test looks at: one text value of one statement, "" where it is NULL. Lives until the next call.
const char *test_postgres_value(PgConn *conn, const char *sql);

// Ends the server as a crash would, and starts it again.
void test_postgres_kill(void);
void test_postgres_start(void);
