// What the buffer keeps of persons who were erased, taken out of it, by the same rule that loaders go by.
//
// A request has to do with every stream that there is when it comes to that, on whatever machine; each machine sees to its own. Of a
// stream all that is in it then is meant: the segment that is being written is ended, and when the loader is behind all of it, the
// hits go. What comes later is refused, and stays as long as the buffer keeps it.
#pragma once
#include "pg/conn.h"

typedef struct PrivacyScrub {
	PgConn *conn;
	const char *folder; // of this machine's streams
	int64_t keep_ms;    // how long the buffer keeps what was loaded
} PrivacyScrub;

// For one request, which keeps how many hits went; *is_done false where streams, here or elsewhere, have yet to come to it.
bool privacy_scrub(const PrivacyScrub *scrub, int64_t request, bool *is_done, Error *error) MUST_USE;
// For all requests that wait for streams of this machine.
bool privacy_scrub_here(const PrivacyScrub *scrub, Error *error) MUST_USE;
// Whether there are any.
bool privacy_scrub_is_due(const PrivacyScrub *scrub, bool *is_due, Error *error) MUST_USE;
