// What a person has rights to: to be shown all that is held about them, to be forgotten, to be made nobody.
#include "api/audit_log.h"
#include "base/clock.h"
#include "base/json.h"
#include "command/commands.h"
#include "command/table.h"
#include "migrate/migrate.h"
#include "privacy/consent.h"
#include "privacy/export.h"
#include "privacy/held.h"
#include "privacy/person.h"
#include "privacy/request.h"
#include "service/database.h"
#include "service/person_work.h"
#include "sql/sql.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#define PATH_SIZE 4096
#define WHO "command line" // as the log of what was deleted names us
#define PATIENCE_MS (10 * CLOCK_MINUTE_MS)
#define LOOK_MS 200

// ── Whom ──

#define OPTIONS_MAX 3
typedef struct Whom {
	int64_t person;
	const char *options[OPTIONS_MAX]; // values, as the verb names them; NULL: not given
} Whom;

// The id may begin with a minus, as no option but "--…" does here.
static const char *id_argument(CommandContext *context)
{
	for (size_t at = 0; at < context->argument_count; at++)
	{
		char *argument = context->arguments[at];
		if (strncmp(argument, "--", 2) == 0)
			continue;
		context->argument_count--;
		memmove(&context->arguments[at], &context->arguments[at + 1],
			(context->argument_count - at) * sizeof *context->arguments);
		return argument;
	}
	return NULL;
}

static bool noted(PgConn *conn, const char *action, int64_t person, Error *error)
{
	char id[24];
	(void) snprintf(id, sizeof id, "%" PRId64, person);
	return api_audit_add(conn, action, "done", 0, id, error);
}

static bool buffer_folder(const CommandContext *context, char path[PATH_SIZE], Error *error)
{
	return snprintf(path, PATH_SIZE, "%s/buffer", context->settings->state_dir) < PATH_SIZE
		|| error_set(error, ERROR_BAD_INPUT, "the path of the state directory is too long");
}

// ── status ──

static bool status(CommandContext *context, PgConn *conn, const Whom *whom, Error *error)
{
	static const char *const columns[] = {"store", "rows", NULL};
	CommandTable table;
	PgResult *held = NULL;
	if (!privacy_held(conn, whom->person, &held, error))
		return false;
	bool is_ok = true;
	command_table_init(&table, columns);
	for (int row = 0; is_ok && row < pg_rows(held); row++)
	{
		Slice *cells = command_table_row(&table, context->arena);
		for (int column = 0; cells != NULL && column < 2; column++)
			cells[column] = pg_text(held, row, column);
		is_ok = cells != NULL || error_set(error, ERROR_MEMORY, "out of memory for what is held about a person");
	}
	is_ok = is_ok && command_table_print(&table, context, error);
	pg_result_free(held);
	return is_ok;
}

// ── export ──

static bool lines_print(void *context, Slice text, Error *error)
{
	(void) context;
	return fwrite(text.data, 1, text.size, stdout) == text.size
		|| error_set_errno(error, ERROR_SYSTEM, "cannot write the export");
}

static bool export(CommandContext *context, PgConn *conn, const Whom *whom, Error *error)
{
	char folder[PATH_SIZE];
	int64_t rows = 0;
	const PrivacyExport asked = {.conn = conn, .person = whom->person, .buffer_folder = folder, .sink = lines_print};
	return buffer_folder(context, folder, error) && noted(conn, "person.export", whom->person, error)
		&& privacy_export(&asked, &rows, error);
}

// ── erase, anonymize ──

// {"page_views": 3, …} → page_views 3, …
static void rows_print(const JsonValue *rows)
{
	for (const JsonValue *row = rows == NULL ? NULL : rows->first; row != NULL; row = row->next)
		(void) printf("%s%.*s %.*s", row == rows->first ? ": " : ", ", SLICE_PRINT(row->key), SLICE_PRINT(row->text));
	(void) putchar('\n');
}

// *is_over: it is carried out. Prints where it stands, then.
static bool state_look(const CommandContext *context, PgConn *conn, int64_t person, PrivacyAction action, bool *is_over,
	Error *error)
{
	Slice text = SLICE_NONE;
	JsonValue *state = NULL;
	bool is_erase = privacy_action_is_erase(action);
	if (!privacy_state(conn, person, is_erase, context->arena, &text, error)
		|| !json_parse(text, context->arena, &state, error))
		return false;
	*is_over = slice_equal_text(json_string(json_get(state, "state")), "done");
	if (*is_over && context->is_json)
		(void) printf("%.*s\n", SLICE_PRINT(text));
	else if (*is_over && !context->is_quiet)
	{
		(void) printf("%s", is_erase ? "erased" : "made nobody");
		rows_print(json_get(state, "rows"));
	}
	return true;
}

// Here, unless a worker is at it already; what waits for figures too long is the worker's to go on with.
static bool carry_out(const CommandContext *context, PgConn *conn, int64_t person, PrivacyAction action, Error *error)
{
	int64_t until_us = clock_monotonic_us() + PATIENCE_MS * 1000;
	bool is_over = false;
	bool is_elsewhere = true;
	while (!is_over)
	{
		if (!service_person_work(context->settings, conn, PATIENCE_MS, &is_elsewhere, error)
			|| !state_look(context, conn, person, action, &is_over, error))
			return false;
		if (!is_over && clock_monotonic_us() > until_us)
			return error_set(error, ERROR_BUSY,
				"it is asked for and begun, and not done yet; the worker goes on with it: `sojourn jobs`");
		if (!is_over)
			(void) poll(NULL, 0, LOOK_MS);
	}
	return true;
}

static bool ask_for(const CommandContext *context, PgConn *conn, const char *audited, int64_t person,
	PrivacyAction action, Error *error)
{
	return noted(conn, audited, person, error) && privacy_ask(conn, person, action, WHO, error)
		&& carry_out(context, conn, person, action, error);
}

static bool erase(CommandContext *context, PgConn *conn, const Whom *whom, Error *error)
{
	return ask_for(context, conn, "person.erase", whom->person, PRIVACY_ERASE, error);
}

static bool anonymize(CommandContext *context, PgConn *conn, const Whom *whom, Error *error)
{
	const char *mode = whom->options[0] == NULL ? "pseudonymous" : whom->options[0];
	PrivacyAction action;
	if (!privacy_action_parse(slice_from(mode), &action) || privacy_action_is_erase(action))
		return command_misused(context, error, "--mode is pseudonymous or anonymous");
	return ask_for(context, conn, "person.anonymize", whom->person, action, error);
}

// ── consent ──

static bool word_option(const CommandContext *context, const char *name, const char *value, PrivacyWord *word,
	Error *error)
{
	*word = PRIVACY_SAYS_NOTHING;
	if (value == NULL)
		return true;
	*word = strcmp(value, "yes") == 0 ? PRIVACY_SAYS_YES : PRIVACY_SAYS_NO;
	return *word == PRIVACY_SAYS_YES || strcmp(value, "no") == 0
		|| command_misused(context, error, "--%s is yes or no", name);
}

static bool consent(CommandContext *context, PgConn *conn, const Whom *whom, Error *error)
{
	PrivacyWord analytics;
	PrivacyWord marketing;
	Slice text = SLICE_NONE;
	if (!word_option(context, "analytics", whom->options[0], &analytics, error)
		|| !word_option(context, "marketing", whom->options[1], &marketing, error))
		return false;
	bool is_set = analytics != PRIVACY_SAYS_NOTHING || marketing != PRIVACY_SAYS_NOTHING;
	const char *who = whom->options[2] == NULL ? WHO : whom->options[2];
	if (is_set
		&& (!noted(conn, "person.consent", whom->person, error)
			|| !privacy_consent_set(conn, whom->person, analytics, marketing, who, error)))
		return false;
	if (!privacy_consent(conn, whom->person, context->arena, &text, error))
		return false;
	if (context->is_json || !context->is_quiet)
		(void) printf("%.*s\n", SLICE_PRINT(text));
	return true;
}

typedef struct Verb {
	const char *name;
	bool (*run)(CommandContext *context, PgConn *conn, const Whom *whom, Error *error);
	const char *options[OPTIONS_MAX];
} Verb;

static bool verb_run(CommandContext *context, const Verb *verb, Error *error)
{
	PgConn *conn = NULL;
	Whom whom = {0};
	for (size_t at = 0; at < OPTIONS_MAX && verb->options[at] != NULL; at++)
		if (!command_option(context, verb->options[at], &whom.options[at], error))
			return false;
	const char *id = id_argument(context);
	if (id == NULL)
		return command_misused(context, error, "which person? say the user id, or the id in the table persons");
	bool is_ok = command_end(context, error) && service_connect(context->settings, "sojourn person", &conn, error)
		&& migrate_check(conn, context->settings->database_schema, sql_migrations, error)
		&& privacy_person_find(conn, id, &whom.person, error) && verb->run(context, conn, &whom, error);
	pg_close(conn);
	return is_ok;
}

bool command_person(CommandContext *context, Error *error)
{
	static const Verb verbs[] = {{"status", status, {NULL}}, {"export", export, {NULL}}, {"erase", erase, {NULL}},
		{"anonymize", anonymize, {"mode"}}, {"consent", consent, {"analytics", "marketing", "source"}}};
	const char *verb = command_argument(context);
	for (size_t at = 0; verb != NULL && at < sizeof verbs / sizeof verbs[0]; at++)
		if (strcmp(verb, verbs[at].name) == 0)
			return verb_run(context, &verbs[at], error);
	return command_misused(context, error, "what about the person?");
}
