// Randomness from the system (libsodium). Call random_init once before anything in hash.h or here.
#pragma once
#include "base/error.h"
#include "base/hash.h"
#include "base/slice.h"

bool random_init(Error *error) MUST_USE;
void random_bytes(void *data, size_t size);
uint64_t random_uint64(void);
// `size` random bytes as URL-safe base64 without padding, NUL-terminated; text must hold 4 * ((size + 2) / 3) + 1.
void random_token(size_t size, char *text);
