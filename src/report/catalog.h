// Every report there is.
#pragma once
#include "base/slice.h"
#include "report/definition.h"

extern const Report report_overview;

// By index, for lists; NULL past the last.
const Report *report_at(size_t index);
const Report *report_find(Slice name); // NULL where there is none
