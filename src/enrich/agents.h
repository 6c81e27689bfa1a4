// Who sends a hit, by its user agent: a robot, or a browser on a system on a type of device. Verdicts are kept by user agent
// in a cache of fixed size. One thread.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

typedef struct Agents Agents;

typedef struct Agent {
	const char *robot_kind;  // the robot's name or a kind; NULL: no robot is known by this; then nothing else is set
	const char *device_type; // desktop, mobile, tablet or unknown; NULL: no rule says anything
	Slice browser;           // SLICE_NONE where not known, here and below
	Slice browser_version;
	Slice os;
	Slice os_version;
} Agent;

#define AGENT_VERSION_SIZE_MAX ((size_t) 20)

bool agents_open(Agents **agents, Error *error) MUST_USE;
void agents_close(Agents *agents); // NULL is fine

// The texts live as long as the arena and the user agent. False only when the arena is full.
bool agents_find(Agents *agents, Slice user_agent, Arena *arena, Agent *agent, Error *error) MUST_USE;
// What the rules of devices say of a model's name; NULL where nothing.
const char *agents_device_of_model(Agents *agents, Slice model);
