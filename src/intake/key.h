// A write key: who may send hits. A browser key is public and bound to origins; a server key is a secret, of which only a
// hash is kept.
#pragma once
#include "base/slice.h"

#define KEY_NAME_SIZE_MAX 100 // it is the `source` of every hit
#define KEY_ORIGINS_MAX 100
#define KEY_TEXT_SIZE 40
#define KEY_RATE_ANY (-1)

typedef enum KeyKind { KEY_BROWSER, KEY_SERVER } KeyKind;

typedef struct WriteKey {
	Slice name;
	KeyKind kind;
	Slice key;    // of a browser
	Slice sha256; // of a server
	Slice *origins;
	size_t origin_count;
	bool is_old_allowed; // a server's hits may be of any past time
	int64_t rate_hits;   // a second; 0: what the setting says, or KEY_RATE_ANY
	int64_t created_ms;
} WriteKey;
