#include "base/hash.h"
#include "base/random.h"
#include "command/commands.h"
#include "command/table.h"
#include "service/database.h"
#include "sql/sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TOKEN_PREFIX "sojourn_" // so that scanners for leaked secrets can know one
#define TOKEN_BYTES 32
#define TOKEN_SIZE (sizeof TOKEN_PREFIX + 4 * ((TOKEN_BYTES + 2) / 3) + 1)
#define DAYS_MAX 36500

// Only the hash is stored; the token itself is shown this once.
static bool create(CommandContext *context, PgConn *conn, Error *error)
{
	const char *role = "viewer";
	const char *days = NULL;
	int64_t days_number = 1;
	char token[TOKEN_SIZE] = TOKEN_PREFIX;
	char hash[HASH_HEX_SIZE];
	PgResult *result = NULL;
	if (!command_option(context, "role", &role, error) || !command_option(context, "days", &days, error))
		return false;
	const char *name = command_argument(context);
	if (name == NULL)
		return command_misused(context, error, "a token needs a name");
	if (!command_end(context, error))
		return false;
	if (strcmp(role, "viewer") != 0 && strcmp(role, "privacy") != 0 && strcmp(role, "admin") != 0)
		return command_misused(context, error, "there is no role \"%s\"", role);
	if (days != NULL && (!slice_to_int64(slice_from(days), &days_number) || days_number < 1 || days_number > DAYS_MAX))
		return command_misused(context, error, "--days is a number from 1 to %d", DAYS_MAX);
	random_token(TOKEN_BYTES, token + strlen(TOKEN_PREFIX));
	hash_sha256_hex(slice_from(token), hash);
	const PgParam params[] = {pg_param(name), pg_param(role), pg_param(hash), pg_param(days)};
	if (!pg_query(conn, sql_command_token_create, params, 4, &result, error))
		return false;
	if (context->is_json)
		(void) printf("{\"id\":\"%" PRId64 "\",\"token\":\"%s\"}\n", pg_int64(result, 0, 0), token);
	else
		(void) puts(token);
	pg_result_free(result);
	return true;
}

static bool list(const CommandContext *context, PgConn *conn, Error *error)
{
	static const char *const columns[] = {"id", "name", "role", "state", "created_at", "expires_at", "last_used_at",
		NULL};
	CommandTable table;
	PgResult *result = NULL;
	command_table_init(&table, columns);
	if (!command_end(context, error) || !pg_query(conn, sql_command_token_list, NULL, 0, &result, error))
		return false;
	bool is_ok = true;
	for (int row = 0; row < pg_rows(result) && is_ok; row++)
	{
		Slice *cells = command_table_row(&table, context->arena);
		for (int column = 0; cells != NULL && column < pg_columns(result); column++)
			cells[column] = pg_text(result, row, column);
		is_ok = cells != NULL || error_set(error, ERROR_MEMORY, "out of memory for the list of tokens");
	}
	is_ok = is_ok && command_table_print(&table, context, error);
	pg_result_free(result);
	return is_ok;
}

static bool revoke(CommandContext *context, PgConn *conn, Error *error)
{
	const char *id = command_argument(context);
	int64_t number = 0;
	PgResult *result = NULL;
	if (id == NULL || !slice_to_int64(slice_from(id), &number))
		return command_misused(context, error, "which token? its id is what `sojourn token list` shows");
	if (!command_end(context, error)
		|| !pg_query(conn, sql_command_token_revoke, (PgParam[]){pg_param(id)}, 1, &result, error))
		return false;
	bool is_done = pg_affected(result) > 0;
	pg_result_free(result);
	return is_done || error_set(error, ERROR_NOT_FOUND, "there is no token %s that is good", id);
}

bool command_token(CommandContext *context, Error *error)
{
	const char *verb = command_argument(context);
	PgConn *conn = NULL;
	bool is_ok = false;
	if (verb == NULL || (strcmp(verb, "create") != 0 && strcmp(verb, "list") != 0 && strcmp(verb, "revoke") != 0))
		return command_misused(context, error, "what about tokens?");
	if (!service_connect(context->settings, "sojourn token", &conn, error))
		return false;
	if (strcmp(verb, "create") == 0)
		is_ok = create(context, conn, error);
	else
		is_ok = strcmp(verb, "list") == 0 ? list(context, conn, error) : revoke(context, conn, error);
	pg_close(conn);
	return is_ok;
}
