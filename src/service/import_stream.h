// Where imported hits go: a stream of the buffer of their own (<state_dir>/buffer/import), which one import at a time writes.
// At the buffer's bound, and while the disk is full, it waits for the loader instead of being refused.
#pragma once
#include "base/error.h"
#include "config/settings.h"
#include "hit/hit.h"

typedef struct ImportStream ImportStream;

// Called about ten times a second while the stream waits; `reason` says for what. False ends the waiting.
typedef bool (*ImportWaiting)(void *context, const char *reason, Error *error);

// ERROR_BUSY where another import runs.
bool import_stream_open(const Settings *settings, ImportWaiting waiting, void *context, ImportStream **stream,
	Error *error) MUST_USE;
void import_stream_close(ImportStream *stream); // NULL is fine

// Puts a hit into the buffer, durable after the next sync; waits while there is no room.
bool import_stream_put(ImportStream *stream, const Hit *hit, Error *error) MUST_USE;
bool import_stream_sync(ImportStream *stream, Error *error) MUST_USE;
uint64_t import_stream_hits(const ImportStream *stream); // put so far

// After a sync: waits until everything is loaded. *is_loaded false where nothing was loaded for `patience_ms` and no worker
// runs on this state directory.
bool import_stream_wait(ImportStream *stream, int64_t patience_ms, bool *is_loaded, Error *error) MUST_USE;
// Of the bytes that were not loaded when the waiting began: how many are by now, and all.
void import_stream_progress(const ImportStream *stream, uint64_t *done, uint64_t *all);
