// What the files of this room share.
#pragma once
#include "api/api.h"
#include "api/attempts.h"
#include "api/pool.h"
#include "api/reports.h"
#include "api/stream.h"

struct Api {
	ApiPool *access; // connections that may write what access needs: short jobs
	ApiReports reports;
	ApiAttempts attempts; // to sign in
	ApiStreams streams;
	ApiOptions options;
};
