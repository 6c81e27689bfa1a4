// JSON Lines of messages, one a line, each as the collector takes it. Empty lines are passed over.
#pragma once
#include "import/line_reader.h"

#define HIT_LINES_CODES_MAX 64
#define HIT_LINES_EXAMPLES_MAX 5

typedef struct HitLineCode {
	const char *code;
	uint64_t lines;
} HitLineCode;

typedef struct HitLineExample {
	const char *path;
	uint64_t line;
	const char *code;
	const char *reason;
} HitLineExample;

typedef struct HitLineCounts {
	uint64_t lines; // accepted and refused
	uint64_t accepted;
	HitLineCode codes[HIT_LINES_CODES_MAX + 1];      // of the refused; ends with a NULL code
	HitLineExample examples[HIT_LINES_EXAMPLES_MAX]; // the first refused
	size_t example_count;
} HitLineCounts;

// What became of a line; both NULL: it was taken. Constants.
typedef struct HitLineVerdict {
	const char *code;
	const char *reason;
} HitLineVerdict;

typedef bool (*HitLineTake)(void *context, const Line *line, HitLineVerdict *verdict, Error *error);

typedef struct HitLines {
	const char *path; // for the examples; outlives the counts
	HitLineTake take;
	void *take_context;
	LinePause pause;
	void *pause_context;
} HitLines;

// Reads one file to its end and adds to the counts. A line that was cut is refused without being taken ("too_large").
bool hit_lines_read(const HitLines *lines, LineReader *reader, HitLineCounts *counts, Error *error) MUST_USE;
