// Settings from their sources.
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "config/settings.h"

// A flag of the command line, without the hyphens in front. value NULL: none was given.
typedef struct SettingFlag {
	Slice name;
	const char *value;
} SettingFlag;

typedef struct SettingsSources {
	const SettingFlag *flags;
	size_t flags_count;
	char *const *environment; // as `environ`; NULL for none
	const char *file;         // NULL for $SOJOURN_CONFIG, or else none
} SettingsSources;

// Reads the first of `count` arguments as a setting's flag: --name VALUE, --name=VALUE, or --name alone for one that is true
// or false. Returns how many arguments it took, 0 where the first is no setting's.
size_t settings_flag_read(char *const *arguments, size_t count, SettingFlag *flag);

// All of them, checked; texts live as long as the arena. ERROR_USAGE names the setting, its value, where it was given and
// what it must be; for an unknown name the nearest known one.
bool settings_load(const SettingsSources *sources, Arena *arena, Settings *settings, Error *error) MUST_USE;
// Loads again for a running process: what is not reloadable stays as in *settings; its names, where they would differ, are
// written to `ignored`, with commas. *settings stays as it is on failure; both arenas must outlive it.
bool settings_reload(const SettingsSources *sources, Arena *arena, Settings *settings, Buf *ignored, Error *error)
	MUST_USE;
