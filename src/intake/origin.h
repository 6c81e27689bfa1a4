// Origins: what a browser puts in the header of that name, and the patterns a write key allows.
#pragma once
#include "base/error.h"
#include "base/slice.h"

// A pattern is an origin ("https://shop.example:8443"), an origin whose host begins with "*." (any host below it, not
// itself), or "*".
bool origin_pattern_is_valid(Slice pattern);
// Scheme and host in any case; a port that is the scheme's own counts as none.
bool origin_matches(Slice pattern, Slice origin);
// The host alone, without scheme and port; SLICE_NONE where there is none ("null").
Slice origin_host(Slice origin);
