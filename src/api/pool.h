// Threads for what would hold up the loop: whatever asks the database, or computes for long. Each has a connection of its own
// and runs one job after another; what comes when all are busy waits, and what comes when enough waits is refused.
//
// A job is made, handed in and given back on the loop's thread; only `run` is called on another. Whoever has handed one in
// leaves it alone until `done`, but for api_pool_cancel.
#pragma once
#include "api/database.h"
#include "base/metric.h"
#include "http/server.h"
#include "report/zones.h"

typedef struct ApiPool ApiPool;
typedef struct ApiJob ApiJob;

// What a thread has for itself.
typedef struct ApiWorker {
	ApiDatabase database;
	ReportZones zones; // as the connection of zones_from knew them
	unsigned zones_from;
} ApiWorker;

struct ApiJob {
	void (*run)(ApiJob *job, ApiWorker *worker);
	// Afterwards, on the loop: the job is its maker's again. It may come without `run` where the job was cancelled. is_closed:
	// the pool closes, and there is nobody left to answer.
	void (*done)(ApiJob *job, bool is_closed);
	// ── below: the pool's own ──
	ApiJob *next;
	bool is_waiting;
};

typedef struct ApiPoolOptions {
	PgOptions database;
	int threads;
	int waiting_max;
	Metric *waiting; // tells how many; NULL: nobody asks
} ApiPoolOptions;

// The threads begin at once, their connections with their first job. The loop must be closed before the pool is.
bool api_pool_open(const ApiPoolOptions *options, HttpLoop *loop, ApiPool **pool, Error *error) MUST_USE;
// Cancels what runs and waits for it. NULL is fine.
void api_pool_close(ApiPool *pool);
// ERROR_BUSY where too many wait; then the job stays the caller's.
bool api_pool_submit(ApiPool *pool, ApiJob *job, Error *error) MUST_USE;
// Nobody wants it any more: one that waits is not run, the statements of one that runs are given up. `done` is called all the
// same, later.
void api_pool_cancel(ApiPool *pool, ApiJob *job);
