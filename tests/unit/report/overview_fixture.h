// What the tests of the overview share beyond those of other reports: rows with times written as people write them, and the
// report's answer by day and column. A request that names no time zone is in Etc/UTC.
#pragma once
#include "report_fixture.h"

int overview_set_up(void **state); // a group's, to be ended by reports_tear_down
int overview_empty(void **state);  // a test's: no rows

// A session of seconds from its start; not ended where is_active. Returns its number, which views name.
int session_add(Reports *overview, int64_t person, const char *started_at, int seconds, bool is_active);
// A further person of a session.
void session_share(Reports *overview, int session, int64_t person);
void view_add(Reports *overview, int session, const char *viewed_at);

// Runs the report; the answer is in overview->table, or overview->error says why not. NULL: not given.
bool overview_ask(Reports *overview, const char *from, const char *to, const char *zone);
// The figure of a column on a day ("total": the total), "-" where there is none. Fails the test where there is no such row.
const char *overview_cell(const Reports *overview, const char *day, const char *column);
