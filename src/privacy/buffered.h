// Hits that lie in the streams of a buffer folder, be they yet to be loaded, or loaded and kept for a while.
#pragma once
#include "hit/hit.h"
#include "pg/conn.h"

// Called for each hit of the person; it lives until the call returns.
typedef bool (*PrivacyHit)(void *context, const Hit *hit, Error *error);

bool privacy_buffered(PgConn *conn, int64_t person, const char *folder, PrivacyHit each, void *context, Error *error)
	MUST_USE;
