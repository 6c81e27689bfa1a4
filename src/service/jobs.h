// The processes that jobs run in: one beside the loader, which watches the clock, and below it one for each run.
//
// A run that takes too long is killed with its session, and so is every run when the process ends; what is noted of it says so.
// If this process dies, the kernel ends its children.
#pragma once
#include "service/role.h"

// The settings `jobs` and `job_timeouts` are such that jobs can run.
bool service_jobs_check(const Settings *settings, Error *error) MUST_USE;
// Watches the clock, until SIGTERM or SIGINT.
bool service_jobs_run(RoleContext *context, Error *error) MUST_USE;
// One run, `run` being its id.
bool service_job_run(const Settings *settings, const char *name, const char *run, Error *error) MUST_USE;
