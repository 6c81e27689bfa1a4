// What tests of reports share: a migrated database, rows in a few words, and a report's answer as CSV.
#pragma once
#include "harness/database.h"
#include "report/catalog.h"
#include "report/run.h"

typedef struct Reports {
	PgConn *conn;
	char dsn[TEST_DSN_SIZE];
	ReportZones zones;
	const char *zone_default; // of requests that name none
	Arena arena;
	Buf csv;
	ReportRequest request;
	ReportTable table;
	Error error;
} Reports;

int reports_set_up(void **state); // a group's: the database
int reports_tear_down(void **state);
int reports_empty(void **state); // a test's: no rows

// Statements that add rows, in SQL, by functions of pg_temp; sessions and views are known by small numbers.
//   person(id, created_at, traits)
//   session(number, person, started_at, seconds, device_type, channel, source, country)
//   shared(number, person)                     a further person of that session
//   view(number, session, after_seconds, url, visible_seconds, host, category)    numbered in the order they are added
//   event(session, after_seconds, action, category, value, metadata, type, view)
// Then the roll-ups are refreshed.
void reports_add(Reports *reports, const char *statements);

// The report's answer to parameters written as in a URL, with nothing escaped but \xNN of C: "from=2026-01-05&to=2026-01-06".
// False where it is refused; reports->error says why.
bool reports_ask(Reports *reports, const char *name, const char *parameters);
// The answer as CSV, the header and the CR left out. Fails the test where it is refused.
const char *reports_answer(Reports *reports, const char *name, const char *parameters);
#define ANSWER(reports, name, parameters, expected)                                                                    \
	assert_string_equal(reports_answer((reports), (name), (parameters)), (expected))
