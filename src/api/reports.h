// GET /api/v1/NAME: a report with HTTP around it. Who asks the same as one that is waiting or running (report, parameters,
// format, role) waits for that one's answer.
#pragma once
#include "api/call.h"
#include "api/pool.h"
#include "report/definition.h"

typedef struct ApiReports {
	ApiPool *pool;
	const char *zone_default;
	struct ApiReportRun *runs; // that may be joined
} ApiReports;

// Parameters are the report's own and format (json, csv), which wins over the Accept header. Answers in any case.
void api_report_serve(ApiCall *call);
// The argument that may come as the body of a POST; NULL where there is none.
const ReportArgument *api_report_body(const Report *report);
