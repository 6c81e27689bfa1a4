// Sealing: small secrets encrypted so that they can be read, and not be changed unnoticed, by whoever has the key
// (XChaCha20-Poly1305, libsodium).
//
// The same key, header and text always seal to the same bytes: the nonce is a keyed hash of header and text. So a hit that
// is sent again is sealed as it was before, and equal seals tell that header and text are equal, and nothing else.
#pragma once
#include "base/hash.h"
#include "base/slice.h"

#define SEAL_OVERHEAD 40 // nonce 24, tag 16

typedef struct SealKey {
	HashKey text;
	HashKey nonce;
} SealKey;

// Both keys, made out of one secret.
SealKey seal_key(const HashKey *secret);

// `sealed` holds text.size + SEAL_OVERHEAD: nonce, encrypted text, tag. The header is not in it, but needed to open it.
void seal_close(const SealKey *key, Slice header, Slice text, unsigned char *sealed);
// `text` holds sealed.size - SEAL_OVERHEAD. False where key or header are others, or a bit was changed.
bool seal_open(const SealKey *key, Slice header, Slice sealed, unsigned char *text) MUST_USE;
