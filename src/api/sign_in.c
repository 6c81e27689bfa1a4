#include "api/sign_in.h"

#include "api/audit_log.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/password.h"
#include "base/random.h"
#include "sql/sql.h"

#include <stdio.h>
#include <string.h>

#define COOKIE_RANDOM_SIZE 32
#define NUMBER_SIZE 24

static const char *number_text(int64_t number, char text[NUMBER_SIZE])
{
	(void) snprintf(text, NUMBER_SIZE, "%lld", (long long) number);
	return text;
}

static void text_copy(char *copy, size_t size, const PgResult *result, int column)
{
	(void) snprintf(copy, size, "%.*s", SLICE_PRINT(pg_text(result, 0, column)));
}

// The row of a secret: id, role, name, password's hash. Reading it is not yet having it.
static bool secret_read(PgConn *conn, const ApiSecret *secret, PgResult **result, Error *error)
{
	char hash[HASH_HEX_SIZE];
	hash_sha256_hex(secret->token, hash);
	const PgParam by_token[] = {pg_param(hash)};
	const PgParam by_name[] = {pg_param_bytes(secret->name)};
	return secret->token.data != NULL ? pg_query(conn, sql_api_sign_in_token, by_token, 1, result, error)
									  : pg_query(conn, sql_api_sign_in_password, by_name, 1, result, error);
}

static bool secret_is(const ApiSecret *secret, const PgResult *result)
{
	char hash[PASSWORD_HASH_SIZE];
	bool is_known = pg_rows(result) > 0;
	if (secret->token.data != NULL)
		return is_known;
	if (is_known)
		text_copy(hash, sizeof hash, result, 3);
	return password_is(is_known ? hash : NULL, secret->password);
}

static bool refuse(PgConn *conn, const ApiSecret *secret, int64_t token_id, Error *error)
{
	Error note_error;
	if (!api_audit_add(conn, "sign_in", "refused", token_id, NULL, &note_error))
		log_error("api.audit_failed", &note_error);
	return secret->token.data != NULL
		? error_set(error, ERROR_UNAUTHORIZED, "the token is not known here, or is used up, expired or revoked")
		: error_set(error, ERROR_UNAUTHORIZED, "name or password is wrong");
}

static bool row_begin(PgConn *conn, const ApiTokenUse *use, int hours, ApiSignIn *sign_in, bool *is_begun, Error *error)
{
	char id[NUMBER_SIZE];
	char hours_text[NUMBER_SIZE];
	char hash[HASH_HEX_SIZE];
	random_token(COOKIE_RANDOM_SIZE, sign_in->cookie);
	random_token(COOKIE_RANDOM_SIZE, sign_in->csrf);
	hash_sha256_hex(slice_from(sign_in->cookie), hash);
	const PgParam params[] = {pg_param(number_text(use->id, id)), pg_param(hash), pg_param(sign_in->csrf),
		pg_param(number_text(hours, hours_text))};
	PgResult *result = NULL;
	if (!pg_query(conn, sql_api_sign_in_begin, params, 4, &result, error))
		return false;
	*is_begun = pg_rows(result) > 0;
	if (*is_begun)
	{
		text_copy(sign_in->expires_at, sizeof sign_in->expires_at, result, 0);
		sign_in->seconds = pg_int64(result, 0, 1);
	}
	pg_result_free(result);
	return true;
}

bool api_sign_in_begin(PgConn *conn, const ApiSecret *secret, int hours, ApiTokenUse *use, ApiSignIn *sign_in,
	Error *error)
{
	PgResult *result = NULL;
	*sign_in = (ApiSignIn){.id = 0};
	*use = (ApiTokenUse){.id = 0};
	if (!secret_read(conn, secret, &result, error))
		return false;
	bool is_good = secret_is(secret, result);
	if (pg_rows(result) > 0)
	{
		use->id = pg_int64(result, 0, 0);
		text_copy(use->name, sizeof use->name, result, 2);
		is_good = api_role_parse(pg_text(result, 0, 1), &use->role) && is_good;
	}
	pg_result_free(result);
	if (is_good && !row_begin(conn, use, hours, sign_in, &is_good, error))
		return false;
	return is_good || refuse(conn, secret, use->id, error);
}

bool api_sign_in_check(PgConn *conn, Slice cookie, ApiTokenUse *use, ApiSignIn *sign_in, Error *error)
{
	char hash[HASH_HEX_SIZE];
	char next_hash[HASH_HEX_SIZE];
	ApiSignIn found = {.id = 0};
	random_token(COOKIE_RANDOM_SIZE, found.cookie);
	hash_sha256_hex(cookie, hash);
	hash_sha256_hex(slice_from(found.cookie), next_hash);
	const PgParam params[] = {pg_param(hash), pg_param(next_hash)};
	PgResult *result = NULL;
	if (!pg_query(conn, sql_api_sign_in_check, params, 2, &result, error))
		return false;
	bool is_good = pg_rows(result) > 0;
	if (is_good)
	{
		*use = (ApiTokenUse){.id = pg_int64(result, 0, 0), .is_use_stale = pg_bool(result, 0, 5)};
		is_good = api_role_parse(pg_text(result, 0, 1), &use->role);
		text_copy(use->name, sizeof use->name, result, 2);
		text_copy(use->share_filter, sizeof use->share_filter, result, 9);
		text_copy(found.csrf, sizeof found.csrf, result, 3);
		found.id = pg_int64(result, 0, 4);
		if (!pg_bool(result, 0, 6))
			found.cookie[0] = '\0';
		text_copy(found.expires_at, sizeof found.expires_at, result, 7);
		found.seconds = pg_int64(result, 0, 8);
	}
	pg_result_free(result);
	*sign_in = found;
	return is_good || error_set(error, ERROR_UNAUTHORIZED, "the sign-in has ended; sign in again");
}

bool api_sign_in_end(PgConn *conn, int64_t id, Error *error)
{
	char text[NUMBER_SIZE];
	const PgParam params[] = {pg_param(number_text(id, text))};
	return pg_query(conn, sql_api_sign_in_end, params, 1, NULL, error);
}
