// The definition of a funnel: {"steps": [{"page": PATTERN} or {"category": PATTERN} or {"event": PATTERN}, …], "window_seconds":
// 1 to 31536000 (86400 where it is missing), "per": "person" (where it is missing) or "session"}; 2 to 20 steps, patterns of at
// most 2048 bytes in which * stands for any text.
#pragma once
#include "base/slice.h"

// What is wrong with it, to stand behind its name in a sentence; NULL: nothing.
const char *report_funnel_problem(Slice definition);
