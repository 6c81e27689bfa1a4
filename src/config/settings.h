// Settings: one table (settings.def) yields the struct, its parser, --help, the sample file, the reference page and what
// `config show` prints. A flag wins over the environment, that over the file, that over the default.
// In the environment a setting is SOJOURN_NAME, an empty one counts as not given; as a flag it is --name, with hyphens.
// The file is INI; a section's name is put before the names in it: [session] timeout_minutes is session_timeout_minutes.
#pragma once
#include "base/error.h"
#include "base/log.h"
#include "base/slice.h"

#define SETTING_RELOADABLE 1U // taken over while running
#define SETTING_SECRET 2U     // never shown

typedef enum ConsentMode { CONSENT_OFF, CONSENT_OPT_IN, CONSENT_OPT_OUT } ConsentMode; // in the order of the choices

typedef enum KeyRotation { KEY_ROTATION_DAY, KEY_ROTATION_MONTH, KEY_ROTATION_NEVER } KeyRotation; // likewise

typedef enum TrailingSlash { TRAILING_SLASH_KEEP, TRAILING_SLASH_REMOVE, TRAILING_SLASH_ADD } TrailingSlash;

typedef enum PathCase { PATH_CASE_KEEP, PATH_CASE_LOWER } PathCase;

typedef struct SettingList {
	const Slice *items;
	size_t count;
} SettingList;

// type → what it is in the struct. Texts are never NULL.
#define SETTING_C_TEXT const char *
#define SETTING_C_PATH const char *
#define SETTING_C_IDENTIFIER const char * // of SQL and JavaScript, safe without quotes
#define SETTING_C_URL_PATH const char *   // begins with a slash and needs no escapes, in HTML neither
#define SETTING_C_ADDRESS const char *    // host:port, checked
#define SETTING_C_INTEGER int64_t
#define SETTING_C_BYTES int64_t
#define SETTING_C_DURATION int64_t // in the unit that the name ends in
#define SETTING_C_BOOL bool
#define SETTING_C_LIST SettingList
#define SETTING_C_LOG_LEVEL LogLevel
#define SETTING_C_CONSENT_MODE ConsentMode
#define SETTING_C_KEY_ROTATION KeyRotation
#define SETTING_C_TRAILING_SLASH TrailingSlash
#define SETTING_C_PATH_CASE PathCase

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

// The parts of an ADDRESS; [::1]:8080 gives ::1. False for anything else.
bool settings_address_split(Slice address, Slice *host, uint16_t *port) MUST_USE;
