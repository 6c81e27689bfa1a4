// What client hints change of what a user agent says: they win where they are given, in the words of data/brand_rules.txt.
#pragma once
#include "enrich/agents.h"
#include "hit/client_hints.h"

// The kind of robot that the hints own up to; NULL where none.
const char *hints_robot_kind(const ClientHints *hints);
// The texts set point into the hints or at constants.
void hints_apply(const ClientHints *hints, Agents *agents, Agent *agent);
