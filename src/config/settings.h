// Settings: one table (settings.def) yields the struct, its parser, --help, the sample file, the reference page and what
// `config show` prints. A flag wins over the environment, that over the file, that over the default.
// In the environment a setting is SOJOURN_NAME, an empty one counts as not given; as a flag it is --name, with hyphens.
// The file is INI; a section's name is put before the names in it: [session] timeout_minutes is session_timeout_minutes.
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/log.h"
#include "base/slice.h"

#define SETTING_RELOADABLE 1U // taken over while running
#define SETTING_SECRET 2U     // never shown

typedef enum ConsentMode { CONSENT_OFF, CONSENT_OPT_IN, CONSENT_OPT_OUT } ConsentMode; // in the order of the choices

typedef struct SettingList {
	const Slice *items;
	size_t count;
} SettingList;

// type → what it is in the struct. Texts are never NULL.
#define SETTING_C_TEXT const char *
#define SETTING_C_PATH const char *
#define SETTING_C_IDENTIFIER const char * // of SQL, safe without quotes
#define SETTING_C_ADDRESS const char *    // host:port, checked
#define SETTING_C_INTEGER int64_t
#define SETTING_C_BYTES int64_t
#define SETTING_C_DURATION int64_t // in the unit that the name ends in
#define SETTING_C_BOOL bool
#define SETTING_C_LIST SettingList
#define SETTING_C_LOG_LEVEL LogLevel
#define SETTING_C_CONSENT_MODE ConsentMode

typedef enum SettingId {
#define SETTING(name, type, unit, usual, least, most, flags, sentence) SETTING_ID_##name,
#include "config/settings.def"
#undef SETTING
	SETTING_COUNT
} SettingId;

typedef enum SettingOriginKind {
	SETTING_FROM_DEFAULT,
	SETTING_FROM_FILE,
	SETTING_FROM_ENVIRONMENT,
	SETTING_FROM_FLAG
} SettingOriginKind;

typedef struct SettingOrigin {
	SettingOriginKind kind;
	const char *file; // where kind is file
	unsigned line;
} SettingOrigin;

typedef struct Settings {
#define SETTING(name, type, unit, usual, least, most, flags, sentence) SETTING_C_##type name;
#include "config/settings.def"
#undef SETTING
	SettingOrigin origins[SETTING_COUNT];
} Settings;

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

// The parts of an ADDRESS; [::1]:8080 gives ::1. False for anything else.
bool settings_address_split(Slice address, Slice *host, uint16_t *port) MUST_USE;

// settings_text.c
const char *settings_name(SettingId id);
void settings_value_write(const Settings *settings, SettingId id, Buf *buf); // secrets as ********
void settings_origin_write(const Settings *settings, SettingId id,
	Buf *buf);                           // default, FILE:LINE, SOJOURN_NAME, --name
void settings_help_write(Buf *buf);      // for --help
void settings_sample_write(Buf *buf);    // a file with every default, commented out
void settings_reference_write(Buf *buf); // docs/reference/settings.md
