// The write keys of a running collector: found by what a request gives, read again when their file changes.
#pragma once
#include "base/error.h"
#include "base/rate.h"
#include "base/slice.h"
#include "intake/key.h"

typedef struct Keys Keys;

// What is remembered of a key, by its name, as long as it stands in the file. Zeros at first; for pressure.h.
typedef struct KeyTraffic {
	RateBucket rate;
	uint64_t waiting_bytes; // of its hits in the buffer
	int64_t told_us;        // when the log last said that it was held back
} KeyTraffic;

// No file means no keys. ERROR_CORRUPT names what is wrong in it.
bool keys_open(const char *path, Keys **keys, Error *error) MUST_USE;
void keys_close(Keys *keys); // NULL is fine
// Reads the file again where it has changed; looks at most once a second. A file that cannot be read is logged and the keys
// stay as they were. Keys that were found before are no longer valid.
void keys_refresh(Keys *keys, int64_t now_ms);

// The key that a request gave; NULL where there is none such, in the file as it is now. As keys_refresh, it may read the file
// again.
const WriteKey *keys_find(Keys *keys, Slice given);
bool key_allows_origin(const WriteKey *key, Slice origin);
// Whether any browser key allows it: all that can be asked before a request has named its key.
bool keys_allow_origin(const Keys *keys, Slice origin);
size_t keys_count(const Keys *keys);
const WriteKey *keys_at(const Keys *keys, size_t index); // in the order of the file
KeyTraffic *keys_traffic_at(Keys *keys, size_t index);   // of that key
KeyTraffic *keys_traffic(Keys *keys, const WriteKey *key);
