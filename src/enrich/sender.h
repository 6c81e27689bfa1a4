// Who sent a hit: a robot of a kind, or a browser on a system on a type of device.
#pragma once
#include "enrich/agents.h"
#include "enrich/input.h"
#include "hit/hit.h"

// Fills in user_agent and robot_kind, and of what people's browsers do (views and events) device_type, browser,
// browser_version, os and os_version. Fails only when the arena is full.
bool sender_enrich(Agents *agents, const EnrichInput *raw, Arena *arena, Hit *hit, Error *error) MUST_USE;
