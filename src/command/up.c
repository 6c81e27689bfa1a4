#include "api/tokens.h"
#include "base/clock.h"
#include "base/log.h"
#include "command/commands.h"
#include "service/database.h"
#include "service/first_key.h"
#include "service/supervisor.h"

#include <stdio.h>
#include <unistd.h>

#define SIGN_IN_HOURS 1

typedef struct Up {
	const CommandContext *context;
	bool is_signing_in; // a person looks: they get a link
} Up;

// A link for whoever started this: good once, and soon.
static bool sign_in_print(const Settings *settings, const char *dashboard, Error *error)
{
	if (*settings->dashboard_url != '\0')
		dashboard = settings->dashboard_url;
	PgConn *conn = NULL;
	char token[API_TOKEN_SIZE];
	int64_t id = 0;
	if (!service_connect(settings, "sojourn up", &conn, error))
		return false;
	bool is_ok = api_link_create(conn, "link printed at the start", API_ROLE_ADMIN,
		clock_now_ms() + SIGN_IN_HOURS * CLOCK_HOUR_MS, token, &id, error);
	pg_close(conn);
	if (is_ok)
		(void) printf("sign-in: %s/#sign-in=%s\n", dashboard, token);
	return is_ok;
}

// The one line that scripts wait for, then what people look for.
static void print_ready(void *context, char (*urls)[ROLE_URL_SIZE])
{
	const Up *up = context;
	Error error;
	(void) printf("ready collect=%s dashboard=%s\n", urls[ROLE_COLLECTOR], urls[ROLE_ANALYTICS]);
	if (up->context->settings->demo)
		(void) printf("demo: %s/demo/\n", urls[ROLE_COLLECTOR]);
	if (up->is_signing_in && !sign_in_print(up->context->settings, urls[ROLE_ANALYTICS], &error))
		log_error("up.no_sign_in", &error);
	(void) fflush(stdout);
}

bool command_up(CommandContext *context, Error *error)
{
	const Settings *settings = context->settings;
	Up up = {.context = context, .is_signing_in = settings->demo || isatty(STDOUT_FILENO) == 1};
	if (!command_end(context, error) || !first_key_ensure(settings, context->arena, error))
		return false;
	const ClusterOptions cluster = {.state_dir = settings->state_dir,
		.programs = settings->postgres_programs,
		.user = settings->postgres_account};
	const SupervisorOptions options = {
		.settings = settings,
		.sources = context->sources,
		.roles = {true, true, true},
		.cluster = *settings->database == '\0' ? &cluster : NULL,
		.is_migrating = true,
		.on_ready = print_ready,
		.context = &up,
	};
	return supervisor_run(&options, error);
}
