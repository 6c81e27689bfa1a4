#include "enrich/identity.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/random.h"

#include <stdio.h>
#include <string.h>

#define PATH_SIZE_MAX 4096
#define PERSON_DIGITS_MAX 18
#define HASH_BITS_62 ((INT64_C(1) << 62) - 1)

static bool key_read(const char *path, HashKey *key, Error *error)
{
	Arena arena;
	Slice content;
	arena_init(&arena, 4096);
	bool is_ok = file_read(path, 1024, &arena, &content, error);
	if (is_ok && content.size != sizeof key->bytes)
		is_ok = error_set(error, ERROR_CORRUPT,
			"the key %s has %zu bytes and not %zu; bring back the right one from a backup: with another, every person "
			"becomes a new one",
			path, content.size, sizeof key->bytes);
	if (is_ok)
		memcpy(key->bytes, content.data, sizeof key->bytes);
	arena_free(&arena);
	return is_ok;
}

bool identity_key_open(const char *keys_folder, HashKey *key, Error *error)
{
	char path[PATH_SIZE_MAX];
	if (snprintf(path, sizeof path, "%s/person.key", keys_folder) >= (int) sizeof path)
		return error_set(error, ERROR_BAD_INPUT, "the path of the keys folder is too long");
	if (!file_exists(path))
	{
		HashKey fresh;
		bool is_created = false;
		random_bytes(fresh.bytes, sizeof fresh.bytes);
		if (!file_make_directory(keys_folder, 0700, error))
			return false;
		// Where another process was quicker, its key is the one.
		if (!file_create(path, (Slice){(const char *) fresh.bytes, sizeof fresh.bytes}, 0600, &is_created, error))
			return false;
	}
	return key_read(path, key, error);
}

static int64_t hash_62_bits(const HashKey *key, const char *domain, Slice text)
{
	Hash128 hash = hash_keyed(key, domain, text);
	uint64_t number = 0;
	for (size_t i = 0; i < sizeof number; i++)
		number = number << 8U | hash.bytes[i];
	return (int64_t) (number & (uint64_t) HASH_BITS_62);
}

static bool is_plain_number(Slice text)
{
	if (text.size == 0 || text.size > PERSON_DIGITS_MAX || *text.data == '0')
		return false;
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return true;
}

int64_t identity_person(const HashKey *key, Slice user_id, bool *is_external)
{
	int64_t number = 0;
	*is_external = !is_plain_number(user_id) || !slice_to_int64(user_id, &number);
	return *is_external ? (INT64_C(1) << 62) + hash_62_bits(key, "person", user_id) : number;
}

int64_t identity_browser(const HashKey *key, Slice anonymous_id)
{
	return -1 - hash_62_bits(key, "browser", anonymous_id);
}

int64_t identity_log_browser(const HashKey *key, Slice address, Slice user_agent)
{
	// One hash as the other's input: no length of either can make two pairs alike.
	Hash128 agent = hash_keyed(key, "log user agent", user_agent);
	char both[sizeof agent.bytes + 256];
	address = slice_sub(address, 0, sizeof both - sizeof agent.bytes);
	memcpy(both, agent.bytes, sizeof agent.bytes);
	if (address.size > 0)
		memcpy(both + sizeof agent.bytes, address.data, address.size);
	return -1 - hash_62_bits(key, "log", (Slice){both, sizeof agent.bytes + address.size});
}
