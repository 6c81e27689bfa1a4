// Tokens of the API: made, listed, revoked.
#include "api/tokens.h"
#include "base/clock.h"
#include "base/password.h"
#include "command/commands.h"
#include "command/password.h"
#include "command/table.h"
#include "service/database.h"
#include "service/role.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DAYS_MAX 36500

static bool password_create(const CommandContext *context, PgConn *conn, const char *name, ApiRole role,
	int64_t expires_ms, Error *error)
{
	char password[PASSWORD_SIZE_MAX + 2];
	int64_t id = 0;
	bool is_ok = command_password_read(name, password, sizeof password, error)
		&& api_password_create(conn, name, role, expires_ms, slice_from(password), &id, error);
	explicit_bzero(password, sizeof password);
	if (is_ok && context->is_json)
		(void) printf("{\"id\":\"%" PRId64 "\"}\n", id);
	else if (is_ok && !context->is_quiet)
		(void) printf("%s can sign in\n", name);
	return is_ok;
}

// Where browsers find the dashboard: as set, else where it runs beside us, else where it would.
static const char *dashboard_url(const CommandContext *context)
{
	static RoleState state;
	const Settings *settings = context->settings;
	Error ignored;
	if (*settings->dashboard_url != '\0')
		return settings->dashboard_url;
	if (!role_state_read(settings->state_dir, ROLE_ANALYTICS, &state, &ignored) || *state.url == '\0')
		(void) snprintf(state.url, sizeof state.url, "http://%s", settings->dashboard_listen);
	return state.url;
}

static bool create(CommandContext *context, PgConn *conn, Error *error)
{
	const char *role_word = "viewer";
	const char *days = NULL;
	int64_t days_number = 0;
	int64_t id = 0;
	ApiRole role = API_ROLE_VIEWER;
	char token[API_TOKEN_SIZE] = "";
	bool is_password = command_flag(context, "password");
	bool is_link = command_flag(context, "link");
	if (!command_option(context, "role", &role_word, error) || !command_option(context, "days", &days, error))
		return false;
	const char *name = command_argument(context);
	if (name == NULL)
		return command_misused(context, error, "a token needs a name");
	if (!command_end(context, error))
		return false;
	if (!api_role_parse(slice_from(role_word), &role) || role == API_ROLE_SHARE)
		return command_misused(context, error, "there is no role \"%s\"", role_word);
	if (days != NULL && (!slice_to_int64(slice_from(days), &days_number) || days_number < 1 || days_number > DAYS_MAX))
		return command_misused(context, error, "--days is a number from 1 to %d", DAYS_MAX);
	int64_t expires_ms = days == NULL ? 0 : clock_now_ms() + days_number * CLOCK_DAY_MS;
	if (is_link && is_password)
		return command_misused(context, error, "--link and --password do not go together");
	if (is_password)
		return password_create(context, conn, name, role, expires_ms, error);
	if (is_link && days == NULL)
		expires_ms = clock_now_ms() + CLOCK_HOUR_MS;
	if (is_link ? !api_link_create(conn, name, role, expires_ms, token, &id, error)
				: !api_token_create(conn, name, role, expires_ms, token, &id, error))
		return false;
	if (context->is_json)
		(void) printf("{\"id\":\"%" PRId64 "\",\"token\":\"%s\"}\n", id, token);
	else if (is_link)
		(void) printf("%s/#sign-in=%s\n", dashboard_url(context), token);
	else
		(void) puts(token);
	return true;
}

static bool list(CommandContext *context, PgConn *conn, Error *error)
{
	static const char *const columns[] = {"id", "name", "role", "state", "created_at", "expires_at", "last_used_at",
		"kind", NULL};
	CommandTable table;
	ApiTokenInfo *tokens = NULL;
	size_t count = 0;
	command_table_init(&table, columns);
	if (!command_end(context, error) || !api_token_list(conn, context->arena, &tokens, &count, error))
		return false;
	for (size_t at = 0; at < count; at++)
	{
		Slice *cells = command_table_row(&table, context->arena);
		if (cells == NULL)
			return error_set(error, ERROR_MEMORY, "out of memory for the list of tokens");
		cells[0] = arena_format(context->arena, "%" PRId64, tokens[at].id);
		cells[1] = tokens[at].name;
		cells[2] = tokens[at].role;
		cells[3] = tokens[at].state;
		cells[4] = tokens[at].created_at;
		cells[5] = tokens[at].expires_at;
		cells[6] = tokens[at].last_used_at;
		cells[7] = tokens[at].kind;
	}
	return command_table_print(&table, context, error);
}

static bool revoke(CommandContext *context, PgConn *conn, Error *error)
{
	const char *word = command_argument(context);
	int64_t id = 0;
	if (word == NULL || !slice_to_int64(slice_from(word), &id))
		return command_misused(context, error, "which token? its id is what `sojourn token list` shows");
	return command_end(context, error) && api_token_revoke(conn, id, error);
}

bool command_token(CommandContext *context, Error *error)
{
	static const struct {
		const char *name;
		bool (*run)(CommandContext *context, PgConn *conn, Error *error);
	} verbs[] = {{"create", create}, {"list", list}, {"revoke", revoke}};
	const char *verb = command_argument(context);
	for (size_t at = 0; verb != NULL && at < sizeof verbs / sizeof verbs[0]; at++)
	{
		PgConn *conn = NULL;
		if (strcmp(verb, verbs[at].name) != 0)
			continue;
		if (!service_connect(context->settings, "sojourn token", &conn, error))
			return false;
		bool is_ok = verbs[at].run(context, conn, error);
		pg_close(conn);
		return is_ok;
	}
	return command_misused(context, error, "what about tokens?");
}
