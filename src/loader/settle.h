// Activity of sessions that was put off, written when nothing has to be loaded, or after loader_put_off_seconds.
//
// The rows of sessions stand in the order they began in, and a page of them has room for one or two new versions of a row. In
// one transaction only so many would stay in their page, and all others would move, with an entry in each index. So the
// sessions are written in turns, every n-th of them in a transaction of its own: each finds the room that the one before has
// left, and nothing grows.
#pragma once
#include "loader/state.h"

// now_ms: as in loader_store.
bool settle(Loader *loader, int64_t now_ms, Error *error) MUST_USE;
// Whether activity has waited for as long as it may.
bool settle_is_due(const Loader *loader);
