// What a person said yes and no to, shown, and set in their name.
#pragma once
#include "base/arena.h"
#include "pg/conn.h"

typedef enum PrivacyWord { PRIVACY_SAYS_NOTHING, PRIVACY_SAYS_NO, PRIVACY_SAYS_YES } PrivacyWord;

// As a JSON object in the arena (docs/reference/api.md).
bool privacy_consent(PgConn *conn, int64_t person, Arena *arena, Slice *consent, Error *error) MUST_USE;
// From now on; who: who sets it.
bool privacy_consent_set(PgConn *conn, int64_t person, PrivacyWord analytics, PrivacyWord marketing, const char *who,
	Error *error) MUST_USE;
