#include "base/seal.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_SIZE crypto_aead_xchacha20poly1305_ietf_ABYTES

_Static_assert(NONCE_SIZE + TAG_SIZE == SEAL_OVERHEAD, "a seal is a nonce, the text and a tag");
_Static_assert(HASH_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the cipher takes a hash's key");

static const unsigned char *slice_bytes(Slice data)
{
	return (const unsigned char *) (data.data == NULL ? "" : data.data);
}

SealKey seal_key(const HashKey *secret)
{
	return (
		SealKey){hash_key_derive(secret, "seal text", SLICE_NONE), hash_key_derive(secret, "seal nonce", SLICE_NONE)};
}

// The header's size goes first, so that no byte can move from header to text.
static void nonce_make(const HashKey *key, Slice header, Slice text, unsigned char nonce[NONCE_SIZE])
{
	crypto_generichash_state state;
	const uint64_t header_size = header.size;
	int failed = crypto_generichash_init(&state, key->bytes, sizeof key->bytes, NONCE_SIZE);
	failed |= crypto_generichash_update(&state, (const unsigned char *) &header_size, sizeof header_size);
	failed |= crypto_generichash_update(&state, slice_bytes(header), header.size);
	failed |= crypto_generichash_update(&state, slice_bytes(text), text.size);
	failed |= crypto_generichash_final(&state, nonce, NONCE_SIZE);
	assert(failed == 0); // the sizes are constants that BLAKE2b takes
}

void seal_close(const SealKey *key, Slice header, Slice text, unsigned char *sealed)
{
	nonce_make(&key->nonce, header, text, sealed);
	(void) crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE_SIZE, NULL, slice_bytes(text), text.size,
		slice_bytes(header), header.size, NULL, sealed, key->text.bytes); // cannot fail
}

bool seal_open(const SealKey *key, Slice header, Slice sealed, unsigned char *text)
{
	if (sealed.size < SEAL_OVERHEAD)
		return false;
	const unsigned char *bytes = slice_bytes(sealed);
	return crypto_aead_xchacha20poly1305_ietf_decrypt(text, NULL, NULL, bytes + NONCE_SIZE, sealed.size - NONCE_SIZE,
			   slice_bytes(header), header.size, bytes, key->text.bytes)
		== 0;
}
