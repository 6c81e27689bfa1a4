// Storing hits: transactions, and finding the hit that a batch fails for.
#pragma once
#include "loader/state.h"

// As loader_store says.
bool store_hits(Loader *loader, const Slice *payloads, size_t count, const LoaderSource *source, int64_t now_ms,
	Error *error) MUST_USE;
