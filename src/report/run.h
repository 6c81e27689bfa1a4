// From a request to a table: the range is resolved first, in the database, which knows the time zones; then the report's
// one query runs.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "pg/conn.h"
#include "report/request.h"
#include "report/table.h"
#include "report/zones.h"

typedef struct ReportSource {
	PgConn *conn;
	const ReportZones *zones;
	const char *zone_default; // where the request names none
} ReportSource;

// The table lives in the arena. ERROR_BAD_INPUT where the request makes no range (request->bad_parameter says which
// parameter is to blame), ERROR_TOO_LARGE where the answer outgrows the arena.
bool report_run(const ReportSource *source, ReportRequest *request, Arena *arena, ReportTable *table, Error *error)
	MUST_USE;
