// Where PostgreSQL's own programs are: postgres, initdb, psql.
#pragma once
#include "base/error.h"

#define PG_PROGRAMS_VERSION_LEAST 15

// The folder of the newest server installed: `folder` where that is given and not empty, else the places where packages put
// it, else what the pg_config of PATH says. ERROR_NOT_FOUND when there is none of at least PG_PROGRAMS_VERSION_LEAST.
bool pg_programs_find(const char *folder, char *path, size_t path_size, Error *error) MUST_USE;
