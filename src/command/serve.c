#include "command/commands.h"
#include "service/database.h"
#include "service/jobs.h"
#include "service/person_work.h"
#include "service/supervisor.h"

#include <stdio.h>

typedef struct Wanted {
	bool roles[ROLE_COUNT];
	int count;
	Role last;
} Wanted;

static bool roles_read(const CommandContext *context, const char *text, Wanted *wanted, Error *error)
{
	Slice rest = slice_from(text);
	while (rest.data != NULL)
	{
		Slice name = slice_trim(slice_split(rest, ',', &rest));
		if (!role_parse(name, &wanted->last))
			return command_misused(context, error, "there is no role \"%.*s\"", SLICE_PRINT(name));
		wanted->count += wanted->roles[wanted->last] ? 0 : 1;
		wanted->roles[wanted->last] = true;
	}
	return true;
}

static void print_ready(void *context, char (*urls)[ROLE_URL_SIZE])
{
	(void) context;
	(void) printf("ready");
	if (*urls[ROLE_COLLECTOR] != '\0')
		(void) printf(" collect=%s", urls[ROLE_COLLECTOR]);
	if (*urls[ROLE_ANALYTICS] != '\0')
		(void) printf(" dashboard=%s", urls[ROLE_ANALYTICS]);
	(void) printf("\n");
	(void) fflush(stdout);
}

// How the worker starts its processes for jobs: --watch-jobs for the one that watches the clock, --job and --run for a run,
// --scrub for what requests about persons want of this machine's buffer.
typedef struct Jobs {
	bool is_wanted;
	bool is_scrub;
	const char *job;
	const char *run;
} Jobs;

static bool jobs_serve(const CommandContext *context, const Jobs *jobs, Error *error)
{
	Settings settings = *context->settings;
	RoleContext role = {.settings = &settings, .sources = context->sources, .ready_fd = -1};
	if (jobs->is_scrub)
		return service_person_scrub(&settings, error);
	return jobs->job != NULL ? service_job_run(&settings, jobs->job, jobs->run, error)
							 : role_run_beside("jobs", service_jobs_run, &role, error);
}

// One role is run by this process itself, several by a supervisor.
static bool serve(const CommandContext *context, const Wanted *wanted, int ready_fd, Error *error)
{
	Settings settings = *context->settings;
	ServiceDatabase database;
	bool needs_database = wanted->count > 1 || !wanted->roles[ROLE_COLLECTOR];
	if (needs_database && !service_database(&settings, context->arena, &database, error))
		return false;
	if (wanted->count == 1)
	{
		RoleContext role = {.settings = &settings, .sources = context->sources, .ready_fd = ready_fd};
		return role_run(wanted->last, &role, error);
	}
	SupervisorOptions options = {.settings = &settings, .sources = context->sources, .on_ready = print_ready};
	for (int i = 0; i < ROLE_COUNT; i++)
		options.roles[i] = wanted->roles[i];
	return supervisor_run(&options, error);
}

bool command_serve(CommandContext *context, Error *error)
{
	const char *roles = "collector,worker,analytics";
	const char *ready_text = "-1";
	int64_t ready_fd = -1;
	Wanted wanted = {.count = 0};
	Jobs jobs = {.is_wanted = command_flag(context, "watch-jobs"),
		.is_scrub = command_flag(context, "scrub"),
		.run = ""};
	if (!command_option(context, "role", &roles, error) || !command_option(context, "ready-fd", &ready_text, error)
		|| !command_option(context, "job", &jobs.job, error) || !command_option(context, "run", &jobs.run, error)
		|| !command_end(context, error) || !roles_read(context, roles, &wanted, error))
		return false;
	if (!slice_to_int64(slice_from(ready_text), &ready_fd) || ready_fd < -1 || ready_fd > INT32_MAX)
		return command_misused(context, error, "--ready-fd needs the number of a descriptor");
	if (jobs.is_wanted || jobs.is_scrub || jobs.job != NULL)
		return jobs_serve(context, &jobs, error);
	return serve(context, &wanted, (int) ready_fd, error);
}
