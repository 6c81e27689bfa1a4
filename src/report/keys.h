// Which rows a list shows, so that the time before can be asked for these and no others.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "report/table.h"

// *keys: a JSON array with an array for each row but the total, the cells of the report's keys, in the arena. ERROR_TOO_LARGE where
// it outgrows that.
bool report_keys_make(const ReportTable *table, Arena *arena, const char **keys, Error *error) MUST_USE;
