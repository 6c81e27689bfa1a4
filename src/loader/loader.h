// The loader: hits from the buffer into PostgreSQL. It is the only writer of the big tables.
//
// A batch is one transaction: its rows, and the position behind it in the ledger, commit together, so that after a crash at
// any moment loading goes on where PostgreSQL stands. Commits do not wait for the disk. Loaders on any number of machines take turns under one lock. Rows
// depend only on the set of hits, not on their order, repetition or grouping into batches.
//
// A hit that the tables cannot take goes to quarantine, alone: a batch that fails for its data is halved until the hit is
// found. A failure that is not the data's (database away, out of space, deadlock) quarantines nothing; it is reported and the
// same hits are tried again.
#pragma once
#include "base/error.h"
#include "base/slice.h"
#include "loader/options.h"
#include "pg/conn.h"

typedef struct Loader Loader;

bool loader_open(const LoaderOptions *options, Loader **loader, Error *error) MUST_USE;
void loader_close(Loader *loader); // NULL is fine

// Prepares a new connection for loading; once for each, before anything below.
bool loader_attach(Loader *loader, PgConn *conn, Error *error) MUST_USE;

// Loads what waits in the streams, at most one batch of each; *hits is how many were taken, *has_more whether more wait than were.
// A stream that cannot be read is logged and passed over. ERROR_DATABASE_AWAY: attach a new connection and go on.
//
// The buffer is told, now and then, what is loaded and on PostgreSQL's disk, so that it makes room.
bool loader_step(Loader *loader, size_t *hits, bool *has_more, Error *error) MUST_USE;

// Stores encoded hits; `source` may be NULL. now_ms is the time sessions are ended by. ERROR_BUSY: the ledger stands
// elsewhere, another loader has this stream; nothing was stored.
bool loader_store(Loader *loader, const Slice *payloads, size_t count, const LoaderSource *source, int64_t now_ms,
	Error *error) MUST_USE;

// Ends sessions without activity for the timeout, and lets go of what waited too long. *ended counts sessions; where it is
// LOADER_SWEEP_MAX there are more.
#define LOADER_SWEEP_MAX 20000
bool loader_sweep(Loader *loader, int64_t now_ms, int64_t *ended, Error *error) MUST_USE;

// Tries hits in quarantine again (id 0: all of them); those that fail again stay, with the new reason.
bool loader_quarantine_retry(Loader *loader, int64_t id, int64_t now_ms, int64_t *stored, int64_t *kept, Error *error)
	MUST_USE;
