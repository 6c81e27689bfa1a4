// The state directory: all that a run keeps.
#pragma once
#include "base/error.h"

// Makes it where it is missing. Ours alone; but where we are root, others may pass through it, since PostgreSQL runs as
// somebody else, and its folder lies in there. Call before anything is made in it.
bool state_make(const char *state_dir, Error *error) MUST_USE;
