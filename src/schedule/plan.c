#include "schedule/plan.h"

#include "base/clock.h"

#include <assert.h>
#include <stdio.h>

static bool cron_set(PlanEntry *entry, Slice text, Error *error)
{
	(void) snprintf(entry->cron_text, sizeof entry->cron_text, "%.*s", SLICE_PRINT(text));
	return cron_parse(text, &entry->cron, error);
}

static bool timeout_set(PlanEntry *entry, Slice text, Error *error)
{
	return cron_duration_parse(text, &entry->timeout_ms, error);
}

const PlanEntry *plan_find(const Plan *plan, Slice name)
{
	for (size_t i = 0; i < plan->count; i++)
		if (slice_equal_text(name, plan->entries[i].job->name))
			return &plan->entries[i];
	return NULL;
}

int64_t plan_statement_timeout_ms(const PlanEntry *entry)
{
	int64_t run_ms = entry->timeout_ms + CLOCK_MINUTE_MS;
	int64_t own_ms = entry->job->statement_timeout_ms;
	return own_ms > 0 && own_ms < run_ms ? own_ms : run_ms;
}

static bool pairs_apply(Plan *plan, const char *text, bool (*apply)(PlanEntry *, Slice, Error *), Error *error)
{
	Slice rest = slice_from(text);
	while (rest.data != NULL)
	{
		Slice value = SLICE_NONE;
		Slice pair = slice_trim(slice_split(rest, ';', &rest));
		Slice name = slice_trim(slice_split(pair, '=', &value));
		if (pair.size == 0)
			continue;
		const PlanEntry *found = plan_find(plan, name);
		if (value.data == NULL)
			return error_set(error, ERROR_USAGE, "\"%.*s\" is no NAME=VALUE", SLICE_PRINT(pair));
		if (found == NULL)
			return error_set(error, ERROR_USAGE, "there is no job \"%.*s\"", SLICE_PRINT(name));
		if (!apply(&plan->entries[found - plan->entries], slice_trim(value), error))
			return false;
	}
	return true;
}

bool plan_make(const Job *jobs, const Settings *settings, Plan *plan, Error *error)
{
	*plan = (Plan){.count = 0};
	for (const Job *job = jobs; job->name != NULL; job++)
	{
		assert(plan->count < PLAN_JOBS_MAX);
		PlanEntry *entry = &plan->entries[plan->count++];
		*entry = (PlanEntry){.job = job, .timeout_ms = job->timeout_ms};
		if (!cron_set(entry, slice_from(job->cron), error))
			return false;
	}
	if (!pairs_apply(plan, settings->jobs, cron_set, error))
		return error_prefix(error, "the setting jobs: ");
	return pairs_apply(plan, settings->job_timeouts, timeout_set, error)
		|| error_prefix(error, "the setting job_timeouts: ");
}
