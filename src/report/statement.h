// A report's query as it is sent: its marks filled in, its parameters in their order.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "pg/conn.h"
#include "report/filter.h"
#include "report/request.h"
#include "report/table.h"

typedef struct ReportStatement {
	const char *sql; // in the arena
	PgParam params[PG_PARAMS_MAX];
	int param_count;
} ReportStatement;

// `keys`: those of the rows that are asked for, as the definition has it; NULL: all, or the report has none.
bool report_statement_make(const ReportRequest *request, const ReportFilter *filter, const ReportRange *range,
	const char *keys, PgConn *conn, Arena *arena, ReportStatement *statement, Error *error) MUST_USE;
