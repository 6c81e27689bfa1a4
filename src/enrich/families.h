// Families and versions of browsers and systems as uap-core's specification has them: the first pattern that matches says
// each part, by its replacement ($1 … $9 are its groups) or else by the group in its place; parts are trimmed.
#pragma once
#include "base/arena.h"
#include "enrich/patterns.h"

#define FAMILY_PARTS 5

typedef struct Family {
	Slice parts[FAMILY_PARTS]; // the family, then its version: major, minor, patch, patch minor; SLICE_NONE where empty
} Family;

// All parts SLICE_NONE where no pattern matches: uap-core calls that "Other". The texts are UTF-8 and live as long as the
// arena or the user agent. False only when the arena is full.
bool family_find(Patterns *patterns, Slice user_agent, Arena *arena, Family *family, Error *error) MUST_USE;
// The version's parts with dots between; those that would lead beyond size_max bytes are left out.
bool family_version(const Family *family, size_t size_max, Arena *arena, Slice *version, Error *error) MUST_USE;
