// The definition of a funnel: {"steps": [{"page": PATTERN} or {"category": PATTERN} or {"event": PATTERN}, …], "window_seconds":
// 1 to 31536000 (86400 where it is missing), "per": "person" (where it is missing) or "session"}; 2 to 20 steps, patterns of at
// most 2048 bytes in which * stands for any text.
#pragma once
#include "report/request.h"

#define REPORT_FUNNEL_STEPS_MIN 2
#define REPORT_FUNNEL_STEPS_MAX 20

bool report_funnel_check(ReportRequest *request, Slice definition, Error *error) MUST_USE;
