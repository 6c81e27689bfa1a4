// A password from whoever types it, or from a script.
#pragma once
#include "base/error.h"

#include <stddef.h>

// At a terminal asks twice, without showing it; else takes the first line of standard input.
bool command_password_read(const char *name, char *password, size_t size, Error *error) MUST_USE;
