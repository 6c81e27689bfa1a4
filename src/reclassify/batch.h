// A batch of rows: read, classified, and those that changed written.
#pragma once
#include "pg/conn.h"
#include "reclassify/pass.h"

// What of the table is gone through: a month's part of it, or all.
typedef struct BatchRange {
	const char *from; // NULL: a table without months
	const char *to;
	Uuid last_id; // what was read last, nil at the beginning
	int64_t last_person;
} BatchRange;

// Reads the next rows of the range and moves it on; *count is 0 at its end. The arena is reset.
bool batch_run(PgConn *conn, const ReclassifyPass *pass, const ReclassifyOptions *options, BatchRange *range,
	Arena *arena, ReclassifyCounts *counts, int *count, Error *error) MUST_USE;
