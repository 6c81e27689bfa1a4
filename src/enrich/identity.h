// Who a hit is of, as numbers: persons above zero, browsers below. Texts become numbers by a keyed hash, so that nobody
// without the key can tell from a number what the text was, nor make the number of a text they know.
//
// The key is a file of 32 random bytes, <keys folder>/person.key, made once and never changed: with another key every
// person and browser would be another one.
#pragma once
#include "base/error.h"
#include "base/hash.h"
#include "base/slice.h"

// Reads the key, or makes it (mode 0600; several processes at once end up with the same one). ERROR_CORRUPT where the file
// has another size.
bool identity_key_open(const char *keys_folder, HashKey *key, Error *error) MUST_USE;

// [1-9][0-9]{0,17} is the number itself; any other text 2^62 and up, by its hash: then *is_external.
int64_t identity_person(const HashKey *key, Slice user_id, bool *is_external);
// −1 … −2^62.
int64_t identity_browser(const HashKey *key, Slice anonymous_id);
// The browser behind a line of an access log: its client's address and user agent. −1 … −2^62.
int64_t identity_log_browser(const HashKey *key, Slice address, Slice user_agent);
