// Asks an HTTP server of ours whether it is well.
#pragma once
#include "base/error.h"

#include <stdint.h>

// GET URL/healthz is answered with 200 within the time. url: http://host:port, host numeric.
bool probe_health(const char *url, int64_t timeout_ms, Error *error) MUST_USE;
