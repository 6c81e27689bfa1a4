// Reads an access log: every line into one class, page views and robots to whoever takes them.
//
// A view is known by its line's text and the line's ordinal among equal lines of its file (ordinals.h). Its time is the
// line's own, to the second.
#pragma once
#include "base/arena.h"
#include "import/access_class.h"
#include "import/line_reader.h"
#include "import/ordinals.h"

#define ACCESS_LINE_SIZE_MAX ((size_t) 64 * 1024)
#define ACCESS_HOST_SIZE_MAX 256

typedef struct AccessView {
	const AccessLine *line;
	Slice text;
	uint32_t ordinal;
	Slice own_host; // referrers from here are of the site itself; may be empty
} AccessView;

// Takes a view; *class becomes ACCESS_ROBOT or ACCESS_KEPT_OUT where that is what it is. All slices are valid during the call.
typedef bool (*AccessTake)(void *context, const AccessView *view, Arena *arena, AccessClass *class, Error *error);
typedef struct AccessAssets {
	const char *kind; // NULL: the list ends
	uint64_t lines;
} AccessAssets;
#define ACCESS_ASSET_KINDS_MAX 32

typedef struct AccessCounts {
	uint64_t lines;
	uint64_t classes[ACCESS_CLASS_COUNT];            // sum: lines
	AccessAssets assets[ACCESS_ASSET_KINDS_MAX + 1]; // sum: classes[ACCESS_ASSET]
	const char *malformed_path;                      // where the first malformed line stands; NULL: there is none
	uint64_t malformed_line;
} AccessCounts;

typedef struct AccessLog {
	const char *path;    // outlives the counts
	AccessFormat format; // ACCESS_FORMAT_UNKNOWN: each file tells by its first good line
	Slice site;          // host of the site; empty: found from the log, for referrers only
	AccessTake take;
	void *take_context;
	LinePause pause;
	void *pause_context;
	Ordinals *ordinals;
	Arena *arena; // of one line; reset for the next
} AccessLog;

// Reads one file to its end and adds to the counts.
bool access_log_read(const AccessLog *log, LineReader *reader, AccessCounts *counts, Error *error) MUST_USE;
