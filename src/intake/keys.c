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
	KeyTraffic *traffic; // of each key of the list
	Arena arena;         // of both
	int64_t looked_ms;
	struct timespec changed;
	off_t size;
	ino_t inode;
};

// What was known of the keys before goes on to those of the same name.
static bool traffic_follow(const Keys *keys, const KeyList *list, Arena *arena, KeyTraffic **traffic, Error *error)
{
	*traffic = ARENA_ARRAY(arena, KeyTraffic, list->count + 1);
	if (*traffic == NULL)
		return error_set(error, ERROR_MEMORY, "No memory for the write keys.");
	for (size_t at = 0; at < list->count; at++)
	{
		(*traffic)[at] = (KeyTraffic){0};
		for (size_t old = 0; old < keys->list.count; old++)
		{
			if (slice_equal(keys->list.keys[old].name, list->keys[at].name))
				(*traffic)[at] = keys->traffic[old];
		}
	}
	return true;
}

static bool list_read(Keys *keys, Error *error)
{
	Arena arena;
	arena_init(&arena, KEYS_ARENA_SIZE_MAX);
	KeyList list;
	KeyTraffic *traffic = NULL;
	if (!keys_file_read(keys->path, &arena, &list, error) || !traffic_follow(keys, &list, &arena, &traffic, error))
	{
		arena_free(&arena);
		return false;
	}
	arena_free(&keys->arena);
	keys->arena = arena;
	keys->list = list;
	keys->traffic = traffic;
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

KeyTraffic *keys_traffic_at(Keys *keys, size_t index)
{
	return &keys->traffic[index];
}

KeyTraffic *keys_traffic(Keys *keys, const WriteKey *key)
{
	return &keys->traffic[key - keys->list.keys];
}
