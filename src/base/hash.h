// Hashes: XXH3 for checksums and tables (not against an adversary), BLAKE2b with a key (libsodium) where somebody might
// want to guess the input.
#pragma once
#include "base/error.h"
#include "base/slice.h"

#define HASH_KEY_SIZE 32

typedef struct HashKey {
	unsigned char bytes[HASH_KEY_SIZE];
} HashKey;

// Another key, from which nobody finds back to this one.
HashKey hash_key_derive(const HashKey *key, const char *domain, Slice data);
// As 64 lower-case hexadecimal digits and a NUL; read in either case.
#define HASH_HEX_SIZE 65
void hash_key_write(const HashKey *key, char hex[HASH_HEX_SIZE]);
bool hash_key_read(Slice hex, HashKey *key) MUST_USE;
// Overwrites memory that held keys, where a compiler would leave out a memset.
void hash_key_wipe(HashKey *keys, size_t count);

uint64_t hash_checksum(Slice data, uint64_t seed);
typedef struct Hash128 {
	unsigned char bytes[16];
} Hash128;
Hash128 hash_128(Slice data);

// Keyed: 16 bytes of BLAKE2b over `domain`, a NUL, and the data, so that one key serves several purposes.
Hash128 hash_keyed(const HashKey *key, const char *domain, Slice data);
// SHA-256 as 64 lower-case hexadecimal digits and a NUL: for tokens and secrets that are themselves random.
void hash_sha256_hex(Slice data, char hex[HASH_HEX_SIZE]);
// HMAC-SHA256 in hexadecimal: identify signatures.
void hash_hmac_sha256_hex(Slice key, Slice data, char hex[HASH_HEX_SIZE]);
// Equal in constant time; false for different sizes.
bool hash_equal_constant_time(Slice left, Slice right);
