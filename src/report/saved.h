// What may be saved under a name: segments, goals, funnels and views (sql/migrations/0012_saved.sql says how each looks).
#pragma once
#include "base/arena.h"
#include "base/json.h"

#define REPORT_SAVED_NAME_MAX 100 // bytes

bool report_saved_is_kind(Slice kind);
// What is wrong with it, as a sentence in the arena or a constant, and with which member; NULL: nothing. `text` is the definition
// as it will be kept.
const char *report_saved_problem(Slice kind, Slice name, const JsonValue *definition, Slice text, Arena *arena,
	const char **member);
