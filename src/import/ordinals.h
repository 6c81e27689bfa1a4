// Which one of equal lines a line is: 0 for the first of them, 1 for the second. With its text that is a line's identity, so
// that a file read again, or a file that overlaps another, makes no hit anew, while real repetitions stay.
//
// Memory is bounded by counting only within the same minute of the log's own time, for the eight minutes used last: equal
// lines carry the same second, and logs are written in the order in which requests end. Of more than ORDINALS_LINES_MAX
// different lines in one minute the later ones are not told apart from their repetitions.
#pragma once
#include "base/error.h"
#include "base/slice.h"

#define ORDINALS_LINES_MAX ((size_t) 1 << 18U)

typedef struct Ordinals Ordinals;

bool ordinals_open(Ordinals **ordinals, Error *error) MUST_USE;
void ordinals_close(Ordinals *ordinals); // NULL is fine
// Forgets all: a new file begins.
void ordinals_reset(Ordinals *ordinals);
bool ordinals_next(Ordinals *ordinals, int64_t time_ms, Slice line, uint32_t *ordinal, Error *error) MUST_USE;
