// All that is held about one person, as JSON Lines: docs/reference/person-export.md. The tables are read in one snapshot, a few
// hundred rows at a time; then the buffer of this machine.
#pragma once
#include "pg/conn.h"

// Takes lines as they come; the text lives until it returns.
typedef bool (*PrivacySink)(void *context, Slice text, Error *error);

typedef struct PrivacyExport {
	PgConn *conn;
	int64_t person;
	const char *buffer_folder; // the folder of the streams; NULL: the buffer is left out
	PrivacySink sink;
	void *context;
} PrivacyExport;

// Outside of a transaction; gives how many rows and hits there were. May fail behind lines that the sink has taken: the last
// line tells a whole export from one that was cut off.
bool privacy_export(const PrivacyExport *asked, int64_t *rows, Error *error) MUST_USE;
