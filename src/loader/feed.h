// Feeds: the streams of the buffer folder, each read from where the ledger says.
#pragma once
#include "loader/state.h"

// One batch of each stream, as loader_step says.
bool feeds_load(Loader *loader, size_t *hits, bool *has_more, Error *error) MUST_USE;
void feeds_close(Loader *loader);
// Memory for the hits of a batch as the buffer holds them.
size_t feed_batch_bytes_max(const LoaderOptions *options);
// After a lost connection: what was committed is asked anew.
void feeds_forget_positions(Loader *loader);
