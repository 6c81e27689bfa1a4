// What two paths of one page have in common by setting: how they end, and in which case their letters are.
#pragma once
#include "base/arena.h"
#include "config/settings.h"

typedef struct PathPolicy {
	TrailingSlash slash;
	PathCase letters; // of ASCII
} PathPolicy;

// A path that begins with '/'. "/" stays as it is; a slash is added only where the last part has no dot, since /a.html is no
// folder. The same slice where nothing changes; SLICE_NONE when the arena is full.
Slice path_by_policy(const PathPolicy *policy, Slice path, Arena *arena) MUST_USE;
