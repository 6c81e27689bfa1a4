// Checks of the data: whether what is stored can be believed.
#pragma once
#include "base/error.h"
#include "pg/conn.h"

// What they are about, as the table data_quality_checks has it.
typedef struct QualityCheck {
	const char *name;
	const char *type;    // completeness, validity, consistency
	const char *table;   // what is checked
	const char *sql;     // gives one figure; null: there is nothing to judge by
	const char *warn_at; // a figure above this is a warning, and above fail_at a failure; with is_low, below
	const char *fail_at;
	bool is_low;
	const char *words; // what the figure is, behind it in a sentence
} QualityCheck;

extern const QualityCheck quality_checks[]; // ends with a NULL name

// Runs all of them and keeps what they find; forgets what they found 90 days ago.
bool quality_run(PgConn *conn, Error *error) MUST_USE;
