// Every job with when it runs and how long it may: as the program has it, changed by the settings `jobs` and `job_timeouts`.
// Texts of both: NAME=VALUE pairs with semicolons between.
#pragma once
#include "schedule/cron.h"
#include "schedule/job.h"

#define PLAN_JOBS_MAX 32

typedef struct PlanEntry {
	const Job *job;
	Cron cron;
	char cron_text[CRON_TEXT_SIZE_MAX + 1];
	int64_t timeout_ms;
} PlanEntry;

typedef struct Plan {
	PlanEntry entries[PLAN_JOBS_MAX];
	size_t count;
} Plan;

// ERROR_USAGE names the setting, and what of it cannot be. `jobs` must outlive the plan.
bool plan_make(const Job *jobs, const Settings *settings, Plan *plan, Error *error) MUST_USE;
// How long one statement of a run may take. Who started the run ends it when its time is over; the minute beyond that is for when
// nobody does any more.
int64_t plan_statement_timeout_ms(const PlanEntry *entry);
// NULL: there is no such job.
const PlanEntry *plan_find(const Plan *plan, Slice name);
