// The secret that signs identify calls of browsers.
#pragma once
#include "base/arena.h"
#include "config/settings.h"

// From the file that the setting names; SLICE_NONE where it names none. ERROR_BAD_INPUT where the file is empty.
bool identify_secret_read(const Settings *settings, Arena *arena, Slice *secret, Error *error) MUST_USE;
