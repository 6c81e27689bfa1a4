#include "base/password.h"

#include <sodium.h>

_Static_assert(PASSWORD_HASH_SIZE == crypto_pwhash_STRBYTES, "libsodium's size");

bool password_check(Slice password, Error *error)
{
	if (password.size < PASSWORD_SIZE_LEAST || password.size > PASSWORD_SIZE_MAX)
		return error_set(error, ERROR_BAD_INPUT, "a password must be of %d to %d bytes", PASSWORD_SIZE_LEAST,
			PASSWORD_SIZE_MAX);
	return true;
}

bool password_hash(Slice password, char hash[PASSWORD_HASH_SIZE], Error *error)
{
	if (!password_check(password, error))
		return false;
	return crypto_pwhash_str_alg(hash, password.data, password.size, crypto_pwhash_OPSLIMIT_INTERACTIVE,
			   crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13)
		== 0
		|| error_set(error, ERROR_MEMORY, "out of memory to hash a password");
}

bool password_is(const char *hash, Slice password)
{
	char other[PASSWORD_HASH_SIZE];
	if (password.size > PASSWORD_SIZE_MAX)
		return false;
	if (hash != NULL)
		return crypto_pwhash_str_verify(hash, password.data, password.size) == 0;
	(void) (crypto_pwhash_str_alg(other, password.data, password.size, crypto_pwhash_OPSLIMIT_INTERACTIVE,
				crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13)
		== 0);
	return false;
}
