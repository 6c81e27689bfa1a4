// The browser's script as the collector serves it: each variant that was built, with the server's settings in the one place
// that is left for them, packed, and named by its content.
//
// A path names a variant and perhaps its content, after the setting tracker_path: /tracker.js, /tracker.core.js,
// /tracker.HASH.js, /tracker.core.HASH.js.
#pragma once
#include "base/buf.h"
#include "base/error.h"
#include "config/settings.h"

#define SCRIPT_HASH_SIZE 17 // hexadecimal digits of SHA-256, and a NUL
#define SCRIPT_VARIANTS_MAX 8

typedef struct Script {
	Slice variant; // "", "core", …
	Buf plain;
	Buf gzip;
	char hash[SCRIPT_HASH_SIZE]; // of `plain`
} Script;

typedef struct Scripts {
	Script items[SCRIPT_VARIANTS_MAX];
	size_t count;
} Scripts;

// {"endpoint":…}: what a script is told of the settings.
void script_config_write(const Settings *settings, Buf *json);
bool scripts_make(const Settings *settings, Scripts *scripts, Error *error) MUST_USE;
void scripts_free(Scripts *scripts);
// NULL where the path is no script's. *is_named: by its content, and it is that content; a name of other content gives
// what there is now.
const Script *scripts_find(const Scripts *scripts, Slice tracker_path, Slice path, bool *is_named);
