// All jobs there are.
#pragma once
#include "schedule/job.h"

#define JOB_PERSONS "persons"

extern const Job service_jobs[]; // ends with a NULL name
