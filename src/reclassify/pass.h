// What goes over which rows.
#pragma once
#include "base/arena.h"

#include <stdint.h>

#define RECLASSIFY_COLUMNS_MAX 24

// Which rows, and by what.
typedef struct ReclassifyPass {
	const char *table; // for people
	// $1 the last id before (uuid), $2 how many; of a table with months also $3 the last person before, $4 from, $5 to.
	// Gives id, person, version, then the columns that the rules look at, then those that they set.
	const char *read;
	// $1 ids, then an array of text for each column that is set; of a table with months also persons, versions, from, to.
	// A row whose version is another by now is left alone.
	const char *write;
	const char
		*months; // $1 from, $2 to, $3 whether that is a day: gives from, to, name, rows; NULL: a table without months
	const char *count; // of a table without months: about how many rows
	int looked_at;     // columns
	int set;           // columns
	// `columns` are first those looked at, then those set, as they are; sets the latter to what they should be.
	void (*classify)(const void *context, Slice *columns, Arena *arena);
} ReclassifyPass;

typedef struct ReclassifyOptions {
	const char *from;    // as PostgreSQL reads a timestamptz; NULL: the beginning
	const char *to;      // exclusive; NULL: the end
	bool is_to_day;      // `to` is a day and counts whole
	bool is_dry;         // only counts
	bool is_quiet;       // no progress bar
	const void *context; // of classify
} ReclassifyOptions;

typedef struct ReclassifyCounts {
	int64_t rows;
	int64_t changed;
} ReclassifyCounts;
