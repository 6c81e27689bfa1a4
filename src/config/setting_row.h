// One row of the table of settings: what its values look like, reading and writing one.
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "config/settings.h"

typedef enum SettingType {
	SETTING_TYPE_TEXT,
	SETTING_TYPE_PATH,
	SETTING_TYPE_IDENTIFIER,
	SETTING_TYPE_URL_PATH,
	SETTING_TYPE_ADDRESS,
	SETTING_TYPE_INTEGER,
	SETTING_TYPE_BYTES,
	SETTING_TYPE_DURATION,
	SETTING_TYPE_BOOL,
	SETTING_TYPE_LIST,
	SETTING_TYPE_LOG_LEVEL,
	SETTING_TYPE_CONSENT_MODE,
	SETTING_TYPE_KEY_ROTATION,
	SETTING_TYPE_TRAILING_SLASH,
	SETTING_TYPE_PATH_CASE
} SettingType;

typedef struct SettingRow {
	const char *name;
	SettingType type;
	unsigned flags;
	const char *unit;  // or the choices, with '|' between
	const char *usual; // the default, as text
	int64_t least;
	int64_t most;
	const char *sentence;
	size_t offset; // in Settings
	size_t size;
} SettingRow;

#define SETTING_TEXT_SIZE_MAX 4096

const SettingRow *setting_row(SettingId id);
// By name, in which '-' counts as '_'; SETTING_COUNT where there is none.
SettingId setting_find(Slice name);
// The known name most like this one, with at most so many letters wrong; NULL where there is none.
const char *setting_nearest(Slice name, size_t wrong_max);
// As many as a misspelt name may have wrong to be told what was meant.
#define SETTING_WRONG_MAX(name) ((name).size / 3 + 1)

// Writes the value into its place in the struct. ERROR_USAGE without a sentence where the text does not fit the row: the
// caller knows where it came from; ERROR_MEMORY.
bool setting_value_read(const SettingRow *row, Slice text, Arena *arena, Settings *settings, Error *error) MUST_USE;
void setting_value_write(const SettingRow *row, const Settings *settings, Buf *buf);
// What a value must be: "a whole number of minutes from 1 to 1440".
void setting_expected_write(const SettingRow *row, Buf *buf);
