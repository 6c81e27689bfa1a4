#include "api/tokens.h"

#include "base/clock.h"
#include "base/password.h"
#include "base/random.h"
#include "base/utf8.h"
#include "sql/sql.h"

#include <stdio.h>
#include <string.h>

#define TOKEN_PREFIX "sojourn_"
#define TOKEN_RANDOM_SIZE 32
#define TOKEN_SIZE_MAX 200 // longer ones are not looked at
#define NAME_SIZE_MAX (API_TOKEN_NAME_SIZE - 1)

static const char *const role_names[] = {
	[API_ROLE_VIEWER] = "viewer",
	[API_ROLE_PRIVACY] = "privacy",
	[API_ROLE_ADMIN] = "admin",
	[API_ROLE_SHARE] = "share",
};

bool api_role_parse(Slice text, ApiRole *role)
{
	for (size_t i = 0; i < sizeof role_names / sizeof role_names[0]; i++)
	{
		if (!slice_equal_text(text, role_names[i]))
			continue;
		*role = (ApiRole) i;
		return true;
	}
	return false;
}

const char *api_role_name(ApiRole role)
{
	return role_names[role];
}

static bool name_check(const char *name, Error *error)
{
	Slice text = slice_from(name);
	if (text.size == 0 || text.size > NAME_SIZE_MAX || !utf8_is_valid(text))
		return error_set(error, ERROR_BAD_INPUT, "a token's name must be text of 1 to %d bytes", NAME_SIZE_MAX);
	return true;
}

// One of the two hashes is NULL.
static bool row_insert(PgConn *conn, const char *name, ApiRole role, int64_t expires_ms, const char *hash,
	const char *password, bool is_link, int64_t *id, Error *error)
{
	if (!name_check(name, error))
		return false;
	if (expires_ms != 0 && expires_ms <= clock_now_ms())
		return error_set(error, ERROR_BAD_INPUT, "the token \"%s\" would have expired before it was made", name);
	char expires_at[CLOCK_ISO8601_SIZE];
	clock_format_iso8601(expires_ms, expires_at);
	const PgParam params[] = {
		pg_param(name),
		pg_param(api_role_name(role)),
		pg_param(hash),
		pg_param(expires_ms == 0 ? NULL : expires_at),
		pg_param(password),
		pg_param(is_link ? "true" : "false"),
	};
	PgResult *result = NULL;
	if (!pg_query(conn, sql_api_token_create, params, 6, &result, error))
		return password != NULL && pg_is_unique_violation(error) ? error_set(error, ERROR_BAD_INPUT,
				   "there is a password for \"%s\" already; `sojourn token list` shows its id, `sojourn token revoke` "
				   "ends it",
				   name)
																 : false;
	*id = pg_int64(result, 0, 0);
	pg_result_free(result);
	return true;
}

void api_token_draw(char token[API_TOKEN_SIZE], char hash[HASH_HEX_SIZE])
{
	memcpy(token, TOKEN_PREFIX, sizeof TOKEN_PREFIX - 1);
	random_token(TOKEN_RANDOM_SIZE, token + sizeof TOKEN_PREFIX - 1);
	hash_sha256_hex(slice_from(token), hash);
}

static bool secret_insert(PgConn *conn, const char *name, ApiRole role, int64_t expires_ms, bool is_link,
	char token[API_TOKEN_SIZE], int64_t *id, Error *error)
{
	char hash[HASH_HEX_SIZE];
	api_token_draw(token, hash);
	return row_insert(conn, name, role, expires_ms, hash, NULL, is_link, id, error);
}

bool api_token_create(PgConn *conn, const char *name, ApiRole role, int64_t expires_ms, char token[API_TOKEN_SIZE],
	int64_t *id, Error *error)
{
	return secret_insert(conn, name, role, expires_ms, false, token, id, error);
}

bool api_link_create(PgConn *conn, const char *name, ApiRole role, int64_t expires_ms, char token[API_TOKEN_SIZE],
	int64_t *id, Error *error)
{
	return secret_insert(conn, name, role, expires_ms, true, token, id, error);
}

bool api_password_create(PgConn *conn, const char *name, ApiRole role, int64_t expires_ms, Slice password, int64_t *id,
	Error *error)
{
	char hash[PASSWORD_HASH_SIZE];
	return password_hash(password, hash, error)
		&& row_insert(conn, name, role, expires_ms, NULL, hash, false, id, error);
}

// A NULL column stays SLICE_NONE; false when the arena is full.
static bool column_copy(const PgResult *result, int row, int column, Arena *arena, Slice *copy)
{
	*copy = SLICE_NONE;
	if (pg_is_null(result, row, column))
		return true;
	*copy = arena_copy(arena, pg_text(result, row, column));
	return copy->data != NULL;
}

static bool info_copy(const PgResult *result, int row, Arena *arena, ApiTokenInfo *info)
{
	Slice *texts[] = {&info->name, &info->role, &info->state, &info->created_at, &info->expires_at, &info->last_used_at,
		&info->revoked_at, &info->kind};
	info->id = pg_int64(result, row, 0);
	for (int i = 0; i < (int) (sizeof texts / sizeof texts[0]); i++)
		if (!column_copy(result, row, i + 1, arena, texts[i]))
			return false;
	return true;
}

bool api_token_list(PgConn *conn, Arena *arena, ApiTokenInfo **tokens, size_t *count, Error *error)
{
	PgResult *result = NULL;
	if (!pg_query(conn, sql_api_token_list, NULL, 0, &result, error))
		return false;
	*count = (size_t) pg_rows(result);
	*tokens = ARENA_ARRAY(arena, ApiTokenInfo, *count + 1);
	bool is_ok = *tokens != NULL;
	for (size_t i = 0; is_ok && i < *count; i++)
		is_ok = info_copy(result, (int) i, arena, &(*tokens)[i]);
	pg_result_free(result);
	return is_ok || error_set(error, ERROR_MEMORY, "out of memory for the list of tokens");
}

bool api_token_revoke(PgConn *conn, int64_t id, Error *error)
{
	char text[24];
	(void) snprintf(text, sizeof text, "%lld", (long long) id);
	const PgParam params[] = {pg_param(text)};
	PgResult *result = NULL;
	if (!pg_query(conn, sql_api_token_revoke, params, 1, &result, error))
		return false;
	bool is_found = pg_affected(result) > 0;
	pg_result_free(result);
	return is_found
		|| error_set(error, ERROR_NOT_FOUND, "there is no token %lld; `sojourn token list` shows them", (long long) id);
}

static bool use_read(const PgResult *result, ApiTokenUse *use, Error *error)
{
	if (pg_rows(result) == 0)
		return error_set(error, ERROR_UNAUTHORIZED, "the token is not known here");
	if (pg_bool(result, 0, 2))
		return error_set(error, ERROR_UNAUTHORIZED, "the token was revoked");
	if (pg_bool(result, 0, 3))
		return error_set(error, ERROR_UNAUTHORIZED, "the token has expired");
	*use = (ApiTokenUse){.id = pg_int64(result, 0, 0), .is_use_stale = pg_bool(result, 0, 4)};
	(void) snprintf(use->name, sizeof use->name, "%.*s", SLICE_PRINT(pg_text(result, 0, 5)));
	(void) snprintf(use->share_filter, sizeof use->share_filter, "%.*s", SLICE_PRINT(pg_text(result, 0, 6)));
	return api_role_parse(pg_text(result, 0, 1), &use->role)
		|| error_set(error, ERROR_UNAUTHORIZED, "the token has a role that is not known here");
}

bool api_token_check(PgConn *conn, Slice token, ApiTokenUse *use, Error *error)
{
	if (token.size == 0 || token.size > TOKEN_SIZE_MAX)
		return error_set(error, ERROR_UNAUTHORIZED, "the token is not known here");
	char hash[HASH_HEX_SIZE];
	hash_sha256_hex(token, hash);
	const PgParam params[] = {pg_param(hash)};
	PgResult *result = NULL;
	if (!pg_query(conn, sql_api_token_check, params, 1, &result, error))
		return false;
	bool is_ok = use_read(result, use, error);
	pg_result_free(result);
	return is_ok;
}

bool api_token_touch(PgConn *conn, int64_t id, Error *error)
{
	char text[24];
	(void) snprintf(text, sizeof text, "%lld", (long long) id);
	const PgParam params[] = {pg_param(text)};
	return pg_query(conn, sql_api_token_touch, params, 1, NULL, error);
}
