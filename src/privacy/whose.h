// Whose hits are, as statements ask for it.
#pragma once
#include "base/arena.h"
#include "hit/hit.h"
#include "pg/conn.h"

// Three parameters: the hits' persons and browsers, as text, none where a hit names nobody; and their ids. All of it, and what the
// parameters point to, in the arena.
#define WHOSE_PARAMS 3
bool whose_params(Arena *arena, const Hit *hits, size_t count, PgParam params[WHOSE_PARAMS], Error *error) MUST_USE;
