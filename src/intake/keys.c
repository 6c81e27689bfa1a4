#include "intake/keys.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/memory.h"
#include "intake/keys_file.h"
#include "intake/origin.h"

#include <string.h>
#include <sys/stat.h>

#define LOOK_AGAIN_MS CLOCK_SECOND_MS

struct Keys {
	char *path;
	KeyList list;
	Arena arena; // of the list
	int64_t looked_ms;
	struct timespec changed;
	off_t size;
	ino_t inode;
};

static bool list_read(Keys *keys, Error *error)
{
	Arena arena;
	arena_init(&arena, KEYS_ARENA_SIZE_MAX);
	KeyList list;
	if (!keys_file_read(keys->path, &arena, &list, error))
	{
		arena_free(&arena);
		return false;
	}
	arena_free(&keys->arena);
	keys->arena = arena;
	keys->list = list;
	return true;
}

// Whether the file is another than the one that was read; remembers it.
static bool is_changed(Keys *keys)
{
	struct stat status;
	if (stat(keys->path, &status) != 0)
		memset(&status, 0, sizeof status);
	bool is_same = status.st_mtim.tv_sec == keys->changed.tv_sec && status.st_mtim.tv_nsec == keys->changed.tv_nsec
		&& status.st_size == keys->size && status.st_ino == keys->inode;
	keys->changed = status.st_mtim;
	keys->size = status.st_size;
	keys->inode = status.st_ino;
	return !is_same;
}

bool keys_open(const char *path, Keys **keys, Error *error)
{
	Keys *opened = memory_allocate_zeroed(1, sizeof *opened);
	char *copy = memory_allocate(strlen(path) + 1);
	if (opened == NULL || copy == NULL)
	{
		memory_free(opened);
		memory_free(copy);
		return error_set(error, ERROR_MEMORY, "No memory for the write keys.");
	}
	memcpy(copy, path, strlen(path) + 1);
	opened->path = copy;
	arena_init(&opened->arena, KEYS_ARENA_SIZE_MAX);
	(void) is_changed(opened); // before the reading: what changes meanwhile is read again
	if (!list_read(opened, error))
	{
		keys_close(opened);
		return false;
	}
	*keys = opened;
	return true;
}

void keys_close(Keys *keys)
{
	if (keys == NULL)
		return;
	arena_free(&keys->arena);
	memory_free(keys->path);
	memory_free(keys);
}

static bool read_if_changed(Keys *keys)
{
	Error error;
	if (!is_changed(keys))
		return false;
	if (list_read(keys, &error))
		log_event(LOG_INFO, "intake.keys_read", "count=%zu", keys->list.count);
	else
		log_error("intake.keys_unreadable", &error);
	return true;
}

void keys_refresh(Keys *keys, int64_t now_ms)
{
	if (now_ms >= keys->looked_ms && now_ms - keys->looked_ms < LOOK_AGAIN_MS)
		return;
	keys->looked_ms = now_ms;
	(void) read_if_changed(keys);
}

// Server keys are compared by their hash, so the time it takes tells nothing of a secret.
static const WriteKey *list_find(const Keys *keys, Slice given)
{
	char hex[HASH_HEX_SIZE] = "";
	if (given.size == 0)
		return NULL;
	for (size_t at = 0; at < keys->list.count; at++)
	{
		const WriteKey *key = &keys->list.keys[at];
		if (key->kind == KEY_BROWSER && slice_equal(key->key, given))
			return key;
		if (key->kind == KEY_BROWSER)
			continue;
		if (hex[0] == '\0')
			hash_sha256_hex(given, hex);
		if (hash_equal_constant_time(key->sha256, (Slice){hex, HASH_HEX_SIZE - 1}))
			return key;
	}
	return NULL;
}

// A key made a moment ago is used at once: an unknown one is worth a look at the file.
const WriteKey *keys_find(Keys *keys, Slice given)
{
	const WriteKey *found = list_find(keys, given);
	return found != NULL || given.size == 0 || !read_if_changed(keys) ? found : list_find(keys, given);
}

bool key_allows_origin(const WriteKey *key, Slice origin)
{
	for (size_t at = 0; at < key->origin_count; at++)
	{
		if (origin_matches(key->origins[at], origin))
			return true;
	}
	return false;
}

bool keys_allow_origin(const Keys *keys, Slice origin)
{
	for (size_t at = 0; at < keys->list.count; at++)
	{
		if (key_allows_origin(&keys->list.keys[at], origin))
			return true;
	}
	return false;
}

size_t keys_count(const Keys *keys)
{
	return keys->list.count;
}

const WriteKey *keys_at(const Keys *keys, size_t index)
{
	return &keys->list.keys[index];
}
