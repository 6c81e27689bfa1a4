// All jobs there are.
#pragma once
#include "schedule/job.h"

extern const Job service_jobs[]; // ends with a NULL name
