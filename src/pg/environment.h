// A connection string as the environment of a program that uses libpq: so no secret stands in a command line.
#pragma once
#include "base/arena.h"
#include "base/error.h"

// What `dsn` and `schema` say, as NAME=VALUE, in front of `environment` without those names; ends with NULL.
bool pg_environment(const char *dsn, const char *schema, char *const *environment, Arena *arena, char ***result,
	Error *error) MUST_USE;
