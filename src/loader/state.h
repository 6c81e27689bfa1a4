// The loader's own state, for its files.
#pragma once
#include "base/arena.h"
#include "loader/load.h"
#include "loader/options.h"
#include "pg/copy.h"

#define LOADER_MONTHS_MAX 1024
#define LOADER_FEEDS_MAX 16

// Hits read from a stream, each with the position behind it.
typedef struct FeedBatch {
	Arena arena; // of all below
	Slice *payloads;
	BufferPosition *ends;
	size_t count;
	size_t bytes;
	bool has_more; // it is full
} FeedBatch;

// A stream of the buffer.
typedef struct Feed {
	char name[64]; // of its folder
	char *folder;  // path
	BufferReader *reader;
	FeedBatch batches[2];    // one is read while the other is stored
	FeedBatch *batch;        // that is read; emptied when the reader is positioned
	BufferPosition loaded;   // what PostgreSQL has committed
	BufferPosition flushing; // what is on PostgreSQL's disk once its log is there up to flushing_wal
	int64_t flushing_wal;    // 0: nothing is waited for
	BufferPosition trimmed;  // what the buffer was told
	bool is_positioned;
	int64_t trimmed_us;
} Feed;

typedef struct Loader {
	LoaderOptions options;
	PgConn *conn;      // attached, not owned
	Arena arena;       // of one transaction
	Arena retry_arena; // of a hit's payload that is tried again
	PgCopy copy;
	int32_t months[LOADER_MONTHS_MAX]; // that are known to have partitions: 12 · year + month
	size_t month_count;
	Feed feeds[LOADER_FEEDS_MAX];
	size_t feed_count;
	int64_t looked_for_feeds_us;
	int64_t quarantined; // hits, since open
	Recent recent;
	bool is_settled;    // whoever loaded before has put off nothing that we have not written
	int64_t put_off_us; // since when activity of sessions waits to be written; 0: none does
} Loader;

// A fresh transaction's state, with its arena reset.
Load state_load(Loader *loader, int64_t now_ms);
