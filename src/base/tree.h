// A folder with all that is in it.
#pragma once
#include "base/error.h"

// Removes it; links are removed and not followed. Nothing there is fine.
bool tree_remove(const char *path, Error *error) MUST_USE;
