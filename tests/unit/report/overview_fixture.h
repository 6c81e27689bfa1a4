// What the tests of the overview share: a migrated database, rows with times written as people write them, and the
// report's answer.
#pragma once
#include "harness/database.h"
#include "report/catalog.h"
#include "report/run.h"

typedef struct Overview {
	PgConn *conn;
	char dsn[TEST_DSN_SIZE];
	ReportZones zones;
	Arena arena;
	ReportTable table;
	ReportRequest request;
	Error error;
} Overview;

int overview_set_up(void **state); // a group's: the database
int overview_tear_down(void **state);
int overview_empty(void **state); // a test's: no rows

// A session of seconds from its start; not ended where is_active. Returns its number, which views name.
int session_add(Overview *overview, int64_t person, const char *started_at, int seconds, bool is_active);
// A further person of a session.
void session_share(Overview *overview, int session, int64_t person);
void view_add(Overview *overview, int session, const char *viewed_at);

// Runs the report; the answer is in overview->table, or overview->error says why not. NULL: not given.
bool overview_ask(Overview *overview, const char *from, const char *to, const char *zone);
// The figure of a column on a day ("total": the total), "-" where there is none. Fails the test where there is no such row.
const char *overview_cell(const Overview *overview, const char *day, const char *column);
