// Ways in: tokens that programs show, links that are good for one sign-in, passwords. A token or link itself is shown once, when
// it is made; the table keeps its SHA-256, which is enough, since it is 32 random bytes and cannot be guessed from its hash. Of
// a password, which can be, argon2id.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/slice.h"
#include "pg/conn.h"

// "sojourn_" and 43 characters of URL-safe base64.
#define API_TOKEN_SIZE (8 + 45)

typedef enum ApiRole {
	API_ROLE_VIEWER,
	API_ROLE_PRIVACY,
	API_ROLE_ADMIN,
	API_ROLE_SHARE // of who has a share link (shares.h)
} ApiRole;

bool api_role_parse(Slice text, ApiRole *role) MUST_USE; // viewer, privacy, admin, share
const char *api_role_name(ApiRole role);

#define API_TOKEN_NAME_SIZE 101    // with its NUL
#define API_SHARE_FILTER_SIZE 1001 // with its NUL

typedef struct ApiTokenInfo {
	int64_t id;
	Slice name;
	Slice role;
	Slice kind;         // token, password, link, share
	Slice state;        // active, expired, used, revoked
	Slice created_at;   // ISO 8601, UTC
	Slice expires_at;   // SLICE_NONE: never
	Slice last_used_at; // to the minute; SLICE_NONE: never
	Slice revoked_at;
} ApiTokenInfo;

typedef struct ApiTokenUse {
	int64_t id;
	ApiRole role;
	char name[API_TOKEN_NAME_SIZE];
	char share_filter[API_SHARE_FILTER_SIZE]; // of a share: what every report's filter must begin with
	bool is_use_stale;                        // last_used_at is more than a minute behind
} ApiTokenUse;

// A new secret and its hash.
void api_token_draw(char token[API_TOKEN_SIZE], char hash[HASH_HEX_SIZE]);
// expires_ms: ms since 1970; 0: never. Names need not be unique, and are 1 to 100 bytes.
bool api_token_create(PgConn *conn, const char *name, ApiRole role, int64_t expires_ms, char token[API_TOKEN_SIZE],
	int64_t *id, Error *error) MUST_USE;
// The same, for one sign-in in a browser.
bool api_link_create(PgConn *conn, const char *name, ApiRole role, int64_t expires_ms, char token[API_TOKEN_SIZE],
	int64_t *id, Error *error) MUST_USE;
// To sign in with by name, so of those that are not revoked the name must be unique. Takes some tens of milliseconds.
bool api_password_create(PgConn *conn, const char *name, ApiRole role, int64_t expires_ms, Slice password, int64_t *id,
	Error *error) MUST_USE;
// By id, all of them; texts live in the arena.
bool api_token_list(PgConn *conn, Arena *arena, ApiTokenInfo **tokens, size_t *count, Error *error) MUST_USE;
// ERROR_NOT_FOUND where there is none of that id. Revoking a revoked one is fine and changes nothing.
bool api_token_revoke(PgConn *conn, int64_t id, Error *error) MUST_USE;
// ERROR_UNAUTHORIZED where the token is unknown, expired or revoked.
bool api_token_check(PgConn *conn, Slice token, ApiTokenUse *use, Error *error) MUST_USE;
// Needs a connection that may write.
bool api_token_touch(PgConn *conn, int64_t id, Error *error) MUST_USE;
