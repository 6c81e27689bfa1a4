// The host of the site that an access log is of, where nobody says it: the pages that load its images, styles and scripts are
// its own, so it is the host that most referrers of assets name.
#pragma once
#include "base/arena.h"
#include "import/access_line.h"

// Reads the lines in `text` (the beginning of a log) and returns the host in lower case, copied into `arena`; empty where
// no host stands behind more than half of the assets' referrers.
Slice own_host_find(Slice text, AccessFormat format, Arena *arena);
