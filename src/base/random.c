#include "base/random.h"

#include <sodium.h>

bool random_init(Error *error)
{
	if (sodium_init() < 0)
		return error_set(error, ERROR_SYSTEM, "cannot start libsodium: the system gives no randomness");
	return true;
}

void random_bytes(void *data, size_t size)
{
	randombytes_buf(data, size);
}

uint64_t random_uint64(void)
{
	uint64_t number = 0;
	randombytes_buf(&number, sizeof number);
	return number;
}

void random_token(size_t size, char *text)
{
	unsigned char bytes[48]; // a multiple of three, so that the parts join without padding
	char part[sodium_base64_ENCODED_LEN(sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
	char *target = text;
	*target = '\0';
	while (size > 0)
	{
		size_t count = size < sizeof bytes ? size : sizeof bytes;
		randombytes_buf(bytes, count);
		(void) sodium_bin2base64(part, sizeof part, bytes, count, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
		for (const char *from = part; *from != '\0'; from++)
			*target++ = *from;
		*target = '\0';
		size -= count;
	}
	sodium_memzero(bytes, sizeof bytes);
	sodium_memzero(part, sizeof part);
}
