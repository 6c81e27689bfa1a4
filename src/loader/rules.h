// What of the settings the loader's arithmetic needs, and the time it counts from.
#pragma once
#include <stdint.h>

typedef struct LoaderRules {
	int64_t timeout_ms;     // gap that ends a session
	int64_t session_max_ms; // 24 hours
	int64_t now_ms;         // of this transaction
} LoaderRules;
