#include "command/commands.h"
#include "service/supervisor.h"

#include <stdio.h>

// The one line that scripts wait for.
static void print_ready(void *context, char (*urls)[ROLE_URL_SIZE])
{
	(void) context;
	(void) printf("ready collect=%s dashboard=%s\n", urls[ROLE_COLLECTOR], urls[ROLE_ANALYTICS]);
	(void) fflush(stdout);
}

bool command_up(CommandContext *context, Error *error)
{
	const Settings *settings = context->settings;
	if (!command_end(context, error))
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
	};
	return supervisor_run(&options, error);
}
