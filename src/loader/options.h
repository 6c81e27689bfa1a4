// What a loader is given: its limits, and where hits come from.
#pragma once
#include "base/uuid.h"
#include "buffer/buffer.h"

typedef struct LoaderOptions {
	int64_t timeout_ms;     // gap that ends a session
	int64_t session_max_ms; // 24 h
	size_t batch_hits_max;
	size_t batch_bytes_max;      // of payloads
	size_t memory_bytes_max;     // for one batch
	size_t recent_bytes_max;     // for what was stored lately
	size_t read_rows_max;        // that one statement brings back of what is stored
	int64_t put_off_ms;          // longest that activity of sessions waits while more hits are waiting
	bool is_consent_off;         // not even a no that was set counts
	int64_t keep_ms;             // how long loaded segments stay
	const char *buffer_folder;   // its folders are the streams
	const BufferOptions *buffer; // may be NULL
} LoaderOptions;
#define LOADER_OPTIONS_DEFAULT                                                                                         \
	((LoaderOptions){.timeout_ms = 30 * 60 * 1000,                                                                     \
		.session_max_ms = 24 * 60 * 60 * 1000,                                                                         \
		.batch_hits_max = 10000,                                                                                       \
		.batch_bytes_max = (size_t) 16 << 20U,                                                                         \
		.memory_bytes_max = (size_t) 160 << 20U,                                                                       \
		.recent_bytes_max = (size_t) 96 << 20U,                                                                        \
		.read_rows_max = 100000,                                                                                       \
		.put_off_ms = 30 * 1000,                                                                                       \
		.keep_ms = 24 * 60 * 60 * 1000})

// Which position each payload of a call to loader_store ends at.
typedef struct LoaderSource {
	Uuid stream;
	const char *name;
	BufferPosition from; // before the first; must be what the ledger says
	const BufferPosition *ends;
	bool has_more; // hits are waiting behind these
	// Called again and again while PostgreSQL is busy with rows; false: nothing is left to be done. NULL: nothing is from the start.
	bool (*meanwhile)(void *context);
	void *context;
} LoaderSource;
