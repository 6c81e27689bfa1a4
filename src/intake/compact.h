// The tracker's own writing of a batch: lists in place of objects, so that a small script can write it. It becomes a batch as
// all others write it, and only that is read. docs/reference/tracker.md names the places.
//
// Ids come as their three fields, "MS-COUNTER-RANDOM,RANDOM" (48, 12 and 32 + 32 bits, of which 62 count), with the time by the
// browser's clock. The difference to ours that the batch names is added to all of them alike, so what refers to each other
// goes on doing so.
#pragma once
#include "base/arena.h"
#include "base/json.h"

// Whether a batch is written so: a list that begins with a write key.
bool compact_is(const JsonValue *value);
// Made in the arena, and of parts of the list. *sent_ms: when it was sent by the browser's clock, 0 where that is not said.
// NULL when the arena is full.
const JsonValue *compact_read(const JsonValue *list, Arena *arena, int64_t *sent_ms);
