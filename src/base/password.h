// Passwords: argon2id (libsodium), 64 MiB and some tens of milliseconds each, so never on a loop.
#pragma once
#include "base/error.h"
#include "base/slice.h"

#define PASSWORD_SIZE_LEAST 10 // bytes
#define PASSWORD_SIZE_MAX 1000
#define PASSWORD_HASH_SIZE 128 // of the text that keeps salt, costs and hash

// ERROR_BAD_INPUT where it is too short or too long.
bool password_check(Slice password, Error *error) MUST_USE;
bool password_hash(Slice password, char hash[PASSWORD_HASH_SIZE], Error *error) MUST_USE;
// hash NULL takes as long as any, and is false: so that nobody tells by the time whether there is such an account.
bool password_is(const char *hash, Slice password);
