#include "base/hash.h"

#include "base/hex.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>
#include <xxhash.h>

static const void *slice_bytes(Slice data)
{
	return data.data == NULL ? "" : data.data;
}

uint64_t hash_checksum(Slice data, uint64_t seed)
{
	return XXH3_64bits_withSeed(slice_bytes(data), data.size, seed);
}

Hash128 hash_128(Slice data)
{
	XXH128_canonical_t canonical;
	XXH128_canonicalFromHash(&canonical, XXH3_128bits(slice_bytes(data), data.size));
	Hash128 hash;
	_Static_assert(sizeof hash.bytes == sizeof canonical.digest, "XXH128 has 16 bytes");
	memcpy(hash.bytes, canonical.digest, sizeof hash.bytes);
	return hash;
}

static void keyed(const HashKey *key, const char *domain, Slice data, unsigned char *hash, size_t size)
{
	crypto_generichash_state state;
	int failed = crypto_generichash_init(&state, key->bytes, sizeof key->bytes, size);
	failed |= crypto_generichash_update(&state, (const unsigned char *) domain, strlen(domain) + 1);
	failed |= crypto_generichash_update(&state, slice_bytes(data), data.size);
	failed |= crypto_generichash_final(&state, hash, size);
	assert(failed == 0); // the sizes are constants that BLAKE2b takes
}

Hash128 hash_keyed(const HashKey *key, const char *domain, Slice data)
{
	Hash128 hash = {{0}};
	keyed(key, domain, data, hash.bytes, sizeof hash.bytes);
	return hash;
}

HashKey hash_key_derive(const HashKey *key, const char *domain, Slice data)
{
	HashKey derived = {{0}};
	keyed(key, domain, data, derived.bytes, sizeof derived.bytes);
	return derived;
}

void hash_key_wipe(HashKey *keys, size_t count)
{
	sodium_memzero(keys, count * sizeof *keys);
}

void hash_key_write(const HashKey *key, char hex[HASH_HEX_SIZE])
{
	hex_write(key->bytes, sizeof key->bytes, hex);
}

bool hash_key_read(Slice hex, HashKey *key)
{
	size_t size = 0;
	return hex.size == HASH_HEX_SIZE - 1
		&& sodium_hex2bin(key->bytes, sizeof key->bytes, hex.data, hex.size, NULL, &size, NULL) == 0
		&& size == sizeof key->bytes;
}

void hash_sha256_hex(Slice data, char hex[HASH_HEX_SIZE])
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	(void) crypto_hash_sha256(digest, slice_bytes(data), data.size);
	hex_write(digest, sizeof digest, hex);
}

void hash_hmac_sha256_hex(Slice key, Slice data, char hex[HASH_HEX_SIZE])
{
	crypto_auth_hmacsha256_state state;
	unsigned char digest[crypto_auth_hmacsha256_BYTES];
	(void) crypto_auth_hmacsha256_init(&state, slice_bytes(key), key.size);
	(void) crypto_auth_hmacsha256_update(&state, slice_bytes(data), data.size);
	(void) crypto_auth_hmacsha256_final(&state, digest);
	hex_write(digest, sizeof digest, hex);
}

bool hash_equal_constant_time(Slice left, Slice right)
{
	return left.size == right.size && (left.size == 0 || sodium_memcmp(left.data, right.data, left.size) == 0);
}
