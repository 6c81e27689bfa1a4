// Where the write keys stand, and the one that a new installation begins with.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "config/settings.h"

// <state_dir>/keys/write_keys.json; makes its folder.
bool write_keys_path(const Settings *settings, Arena *arena, const char **path, Error *error) MUST_USE;
// Where there is no file of keys at all yet: a browser's key "web" that any origin may use.
bool first_key_ensure(const Settings *settings, Arena *arena, Error *error) MUST_USE;
