// Robots by their user agent: the patterns of npm's crawler-user-agents, then our own rules (data/robot_rules.txt), compiled
// into a few dozen PCRE2 alternations. Verdicts are kept by user agent in a cache of fixed size. One thread.
#pragma once
#include "base/error.h"
#include "base/slice.h"

typedef struct Robots Robots;

bool robots_open(Robots **robots, Error *error) MUST_USE;
void robots_close(Robots *robots); // NULL is fine

// The robot's name or kind, a constant; NULL where no pattern matches. Where several match it is always the same of
// them. Only the first ROBOTS_USER_AGENT_SIZE_MAX bytes are looked at.
const char *robots_find(Robots *robots, Slice user_agent);
#define ROBOTS_USER_AGENT_SIZE_MAX ((size_t) 1000)
