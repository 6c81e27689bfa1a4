// Hits in quarantine, tried again.
#pragma once
#include "loader/state.h"

// As loader_quarantine_retry says.
bool retry_quarantine(Loader *loader, int64_t id, int64_t now_ms, int64_t *stored, int64_t *kept, Error *error)
	MUST_USE;
