// Sign-ins of the dashboard: a random cookie, of which the table keeps the hash. It is replaced every hour; a sign-in ends after
// its hours, when somebody signs out, and with the token, password or link it came from.
#pragma once
#include "api/tokens.h"

#define API_COOKIE_SIZE 45 // 43 characters of URL-safe base64

typedef struct ApiSignIn {
	int64_t id;                   // 0: none
	char cookie[API_COOKIE_SIZE]; // to be set; "": the one there is stays
	char csrf[API_COOKIE_SIZE];   // to be shown by what changes something
	char expires_at[32];          // ISO 8601, UTC
	int64_t seconds;              // until then
} ApiSignIn;

// Either a token or link, or a name and a password; the others SLICE_NONE.
typedef struct ApiSecret {
	Slice token;
	Slice name;
	Slice password;
} ApiSecret;

// Checks the secret and begins, with all that the audit log has to hold; ERROR_UNAUTHORIZED, in the same words whatever is
// wrong, and after the same time whether there is such a name.
bool api_sign_in_begin(PgConn *conn, const ApiSecret *secret, int hours, ApiTokenUse *use, ApiSignIn *sign_in,
	Error *error) MUST_USE;
// ERROR_UNAUTHORIZED where the cookie is good for nothing.
bool api_sign_in_check(PgConn *conn, Slice cookie, ApiTokenUse *use, ApiSignIn *sign_in, Error *error) MUST_USE;
bool api_sign_in_end(PgConn *conn, int64_t id, Error *error) MUST_USE;
