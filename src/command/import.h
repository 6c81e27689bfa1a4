// `sojourn import`: what its two kinds share. One run reads its files one after the other into the stream of imports and then
// waits for the loader.
#pragma once
#include "base/progress.h"
#include "command/command.h"
#include "import/ordinals.h"
#include "service/import_hits.h"
#include "service/import_stream.h"

typedef struct Import {
	CommandContext *context;
	const char *source;
	bool is_no_wait;
	const char **files;
	size_t file_count;
	// ── below: from import_open on ──
	Enricher *enricher;
	ImportStream *stream;
	Ordinals *ordinals;
	Arena line_arena;
	ImportHits hits;
	Progress progress;
	bool is_reading; // files; else waiting for the loader
	uint64_t bytes_done;
	uint64_t bytes_all; // the file's; 0: not known
	bool is_wait_told;
	bool is_loaded;
} Import;

// Options of both kinds, and the names of the files; nothing else may be left.
bool import_arguments(Import *import, Error *error) MUST_USE;
bool import_open(Import *import, Error *error) MUST_USE;
// All files were read: makes it durable and, unless told not to, waits for the loader.
bool import_finish(Import *import, Error *error) MUST_USE;
void import_close(Import *import);

// A LinePause; context is the Import. What came through a pipe so far is not kept waiting.
bool import_pause(void *context, const LineReader *reader, bool is_waiting, Error *error) MUST_USE;

// What became of the hits, as the end of the output; the output is printed and freed.
bool import_output_end(const Import *import, Buf *buf, Error *error) MUST_USE;

bool command_import_access_log(Import *import, Error *error) MUST_USE;
bool command_import_hits(Import *import, Error *error) MUST_USE;
