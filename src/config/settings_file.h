// The settings file (inih; this is the room that names it).
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "config/settings.h"

typedef struct SettingFileEntry SettingFileEntry;
struct SettingFileEntry {
	SettingId id;
	Slice value;
	unsigned line;
	SettingFileEntry *next;
};

// Its settings in the order they stand. ERROR_USAGE names file and line: not an assignment, an unknown name, one given
// twice. A line that begins with white space goes on with the value before it.
bool settings_file_read(const char *path, Arena *arena, SettingFileEntry **entries, Error *error) MUST_USE;
