// GET /api/v1/NAME: a report with HTTP around it.
#pragma once
#include "api/database.h"
#include "http/server.h"
#include "report/definition.h"
#include "report/zones.h"

typedef struct ApiReports {
	ApiDatabase *database;
	const char *zone_default;
	ReportZones zones; // as the connection of zones_from knew them
	unsigned zones_from;
} ApiReports;

void api_reports_init(ApiReports *reports, ApiDatabase *database, const char *zone_default);
void api_reports_free(ApiReports *reports);
// Parameters are the report's own and format (json, csv), which wins over the Accept header. Answers in any case.
void api_reports_serve(ApiReports *reports, HttpRequest *request, const Report *report);
