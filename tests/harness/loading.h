// A migrated database of a test's own and loaders on it, and hits put into it without buffer or HTTP. Failures of what is
// only preparation end the test.
#pragma once
#include "harness/postgres.h"
#include "hit/hit.h"
#include "loader/loader.h"

#define LOADING_LOADERS 3

typedef struct Loading {
	char dsn[TEST_DSN_SIZE];
	PgConn *look; // for what the test asks
	PgConn *conns[LOADING_LOADERS];
	Loader *loaders[LOADING_LOADERS];
	LoaderOptions options;
	BufferPosition positions[LOADING_LOADERS]; // how far the stream of each loader is stored
	int64_t now_ms;                            // what loaders take for now
	size_t emptied;                            // times
	Arena arena;
} Loading;

void loading_open(Loading *loading, const LoaderOptions *options, int64_t now_ms);
void loading_close(Loading *loading);
// Every table without rows, as after the migration.
void loading_empty(Loading *loading);

Slice loading_encode(Loading *loading, const Hit *hit);
// One batch, through the n-th loader.
void loading_store_payloads(Loading *loading, size_t loader, const Slice *payloads, size_t count);
// The same as a part of the loader's own stream; `has_more`: with hits waiting behind them.
void loading_store_stream(Loading *loading, size_t loader, const Slice *payloads, size_t count, bool has_more);
// The n-th loader ends and begins anew, with so much memory for what it stored lately.
void loading_restart(Loading *loading, size_t loader, size_t recent_bytes_max);
void loading_store(Loading *loading, const Hit *hits, size_t count);
// Ends the sessions that are over at `now_ms`.
void loading_sweep(Loading *loading, int64_t now_ms);
// All that the tables hold after a sweep at `sweep_ms`, but for when rows were last written: equal texts, equal rows. To be
// freed.
char *loading_dump(Loading *loading, int64_t sweep_ms);
