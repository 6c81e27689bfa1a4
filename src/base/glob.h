// Globs: '*' stands for any bytes, also none; '?' for any one byte; all else for itself, ASCII letters in either case.
#pragma once
#include "base/slice.h"

// Time at most pattern.size × text.size.
bool glob_matches(Slice pattern, Slice text);
