// One run of a report, for everybody who asks for it meanwhile.
#pragma once
#include "api/format.h"
#include "api/pool.h"
#include "base/buf.h"
#include "report/request.h"

#define API_ETAG_SIZE 24

struct ApiCall;
struct ApiReports;

typedef struct ApiReportRun ApiReportRun;
struct ApiReportRun {
	ApiJob job;
	struct ApiReports *reports;
	ApiReportRun *next;
	struct ApiCall *waiters;
	Arena arena; // of what was asked, and the key
	Slice key;   // equal for those who may share it
	ReportRequest asked;
	ApiFormat format;
	bool is_packing; // who began it takes gzip
	// ── the answer ──
	bool is_ok;
	Error error;
	int retry_after_seconds;
	Buf body;
	Buf packed;               // gzip of it; empty where that is not worth it
	char etag[API_ETAG_SIZE]; // with its quotes
	char file_name[128];      // of a CSV
};

// NULL where there is no memory.
ApiReportRun *api_report_run_new(const Report *report);
void api_report_run_free(ApiReportRun *run);
// On a thread of the pool: the report, as bytes.
void api_report_run_work(ApiReportRun *run, ApiWorker *worker, const char *zone_default);
