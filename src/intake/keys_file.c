#include "intake/keys_file.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/random.h"
#include "base/rate.h"
#include "intake/origin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_SIZE_MAX ((size_t) 1024 * 1024)
#define KEY_RANDOM_SIZE 24 // bytes: 32 letters of base64
#define PATH_SIZE_MAX 4096

static bool is_hex(Slice text)
{
	for (size_t at = 0; at < text.size; at++)
	{
		char byte = text.data[at];
		if (!((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f')))
			return false;
	}
	return text.size == HASH_HEX_SIZE - 1;
}

// Printable, so that it can stand in tables and logs.
static bool is_name(Slice name)
{
	for (size_t at = 0; at < name.size; at++)
	{
		unsigned char byte = (unsigned char) name.data[at];
		if (byte < 0x20 || byte == 0x7F)
			return false;
	}
	return name.size > 0 && name.size <= KEY_NAME_SIZE_MAX;
}

static bool origins_read(const JsonValue *value, Arena *arena, WriteKey *key)
{
	if (value == NULL)
		return true;
	if (!json_is_array(value) || value->count > KEY_ORIGINS_MAX)
		return false;
	key->origins = ARENA_ARRAY(arena, Slice, value->count);
	if (key->origins == NULL)
		return false;
	for (const JsonValue *item = value->first; item != NULL; item = item->next)
	{
		if (!origin_pattern_is_valid(json_string(item)))
			return false;
		key->origins[key->origin_count++] = json_string(item);
	}
	return true;
}

static bool rate_read(const JsonValue *value, int64_t *rate_hits)
{
	*rate_hits = 0;
	if (value == NULL)
		return true;
	if (!json_int64(value, rate_hits) || *rate_hits < 0 || *rate_hits > RATE_PER_SECOND_MAX)
		return false;
	if (*rate_hits == 0)
		*rate_hits = KEY_RATE_ANY;
	return true;
}

static bool key_read(const JsonValue *value, Arena *arena, WriteKey *key)
{
	Slice kind = json_string(json_get(value, "kind"));
	bool is_browser = slice_equal_text(kind, "browser");
	*key = (WriteKey){.name = json_string(json_get(value, "name")),
		.kind = is_browser ? KEY_BROWSER : KEY_SERVER,
		.key = json_string(json_get(value, "key")),
		.sha256 = json_string(json_get(value, "sha256"))};
	(void) json_bool(json_get(value, "allow_old"), &key->is_old_allowed);
	if (!clock_parse_iso8601(json_string(json_get(value, "created")), &key->created_ms))
		key->created_ms = 0; // written by hand
	bool has_secret = is_browser ? key->key.size > 0 : is_hex(key->sha256);
	return is_name(key->name) && has_secret && (is_browser || slice_equal_text(kind, "server"))
		&& rate_read(json_get(value, "rate"), &key->rate_hits) && origins_read(json_get(value, "origins"), arena, key);
}

bool keys_file_read(const char *path, Arena *arena, KeyList *list, Error *error)
{
	*list = (KeyList){0};
	Slice text = SLICE_NONE;
	Error problem;
	if (!file_read(path, FILE_SIZE_MAX, arena, &text, &problem))
	{
		if (problem.code == ERROR_NOT_FOUND)
			return true;
		*error = problem;
		return false;
	}
	JsonValue *root = NULL;
	if (!json_parse(text, arena, &root, &problem))
		return error_set(error, ERROR_CORRUPT, "The write keys in %s cannot be read: %s", path, problem.message);
	const JsonValue *keys = json_get(root, "keys");
	if (!json_is_array(keys))
		return error_set(error, ERROR_CORRUPT, "The write keys in %s are no {\"keys\":[…]}.", path);
	list->keys = ARENA_ARRAY(arena, WriteKey, keys->count);
	if (list->keys == NULL)
		return error_set(error, ERROR_MEMORY, "No memory for the write keys.");
	for (const JsonValue *value = keys->first; value != NULL; value = value->next)
	{
		if (!key_read(value, arena, &list->keys[list->count]))
			return error_set(error, ERROR_CORRUPT, "The write key number %zu in %s is malformed.", list->count + 1,
				path);
		list->count++;
	}
	return true;
}

static void key_write(Buf *buf, const WriteKey *key)
{
	char created[CLOCK_ISO8601_SIZE];
	clock_format_iso8601(key->created_ms, created);
	if (buf->data[buf->size - 1] != '[')
		buf_append_byte(buf, ',');
	buf_append_text(buf, "\n{");
	json_write_key(buf, "name");
	json_write_string(buf, key->name);
	json_write_key(buf, "kind");
	json_write_string(buf, key->kind == KEY_BROWSER ? SLICE_LITERAL("browser") : SLICE_LITERAL("server"));
	json_write_key(buf, key->kind == KEY_BROWSER ? "key" : "sha256");
	json_write_string(buf, key->kind == KEY_BROWSER ? key->key : key->sha256);
	json_write_key(buf, "origins");
	buf_append_byte(buf, '[');
	for (size_t at = 0; at < key->origin_count; at++)
	{
		if (at > 0)
			buf_append_byte(buf, ',');
		json_write_string(buf, key->origins[at]);
	}
	buf_append_byte(buf, ']');
	json_write_key(buf, "allow_old");
	buf_append_text(buf, key->is_old_allowed ? "true" : "false");
	if (key->rate_hits != 0)
	{
		json_write_key(buf, "rate");
		buf_append_format(buf, "%" PRId64, key->rate_hits == KEY_RATE_ANY ? 0 : key->rate_hits);
	}
	json_write_key(buf, "created");
	json_write_string(buf, slice_from(created));
	buf_append_byte(buf, '}');
}

// Without the key of that name, and with `added` behind the others; each may be missing.
static bool list_write(const char *path, const KeyList *list, Slice without, const WriteKey *added, Error *error)
{
	Buf buf;
	buf_init(&buf, FILE_SIZE_MAX);
	buf_append_text(&buf, "{\"keys\":[");
	for (size_t at = 0; at < list->count && buf_is_ok(&buf); at++)
	{
		if (without.data == NULL || !slice_equal(list->keys[at].name, without))
			key_write(&buf, &list->keys[at]);
	}
	if (added != NULL && buf_is_ok(&buf))
		key_write(&buf, added);
	buf_append_text(&buf, "\n]}\n");
	bool is_written = buf_is_ok(&buf) ? file_replace(path, buf_slice(&buf), 0600, error)
									  : error_set(error, ERROR_TOO_LARGE, "There are too many write keys.");
	buf_free(&buf);
	return is_written;
}

static bool file_begin(const char *path, Arena *arena, KeyList *list, int *lock, Error *error)
{
	char lock_path[PATH_SIZE_MAX];
	char folder[PATH_SIZE_MAX];
	if (snprintf(lock_path, sizeof lock_path, "%s.lock", path) >= (int) sizeof lock_path)
		return error_set(error, ERROR_BAD_INPUT, "The path of the write keys is too long.");
	(void) snprintf(folder, sizeof folder, "%s", path);
	char *slash = strrchr(folder, '/');
	if (slash != NULL && slash != folder)
	{
		*slash = '\0';
		if (!file_make_directory(folder, 0700, error))
			return false;
	}
	if (!file_lock(lock_path, lock, error))
		return false;
	arena_init(arena, KEYS_ARENA_SIZE_MAX);
	if (keys_file_read(path, arena, list, error))
		return true;
	arena_free(arena);
	(void) close(*lock);
	return false;
}

static const WriteKey *name_find(const KeyList *list, Slice name)
{
	for (size_t at = 0; at < list->count; at++)
	{
		if (slice_equal(list->keys[at].name, name))
			return &list->keys[at];
	}
	return NULL;
}

static bool draft_check(const WriteKey *draft, Error *error)
{
	if (!is_name(draft->name))
		return error_set(error, ERROR_BAD_INPUT, "A write key's name has 1 to %d bytes and no control characters.",
			KEY_NAME_SIZE_MAX);
	if (draft->origin_count > KEY_ORIGINS_MAX)
		return error_set(error, ERROR_BAD_INPUT, "A write key has at most %d origins.", KEY_ORIGINS_MAX);
	if (draft->rate_hits > RATE_PER_SECOND_MAX)
		return error_set(error, ERROR_BAD_INPUT, "A write key may send at most %d hits a second, or 0 for any number.",
			RATE_PER_SECOND_MAX);
	for (size_t at = 0; at < draft->origin_count; at++)
	{
		if (!origin_pattern_is_valid(draft->origins[at]))
			return error_set(error, ERROR_BAD_INPUT,
				"\"%.*s\" is no origin: write https://www.example.org, https://*.example.org or *.",
				SLICE_PRINT(slice_sub(draft->origins[at], 0, 200)));
	}
	return true;
}

bool keys_file_add(const char *path, const WriteKey *draft, int64_t now_ms, char text[KEY_TEXT_SIZE], Error *error)
{
	Arena arena;
	KeyList list;
	int lock = -1;
	if (!draft_check(draft, error) || !file_begin(path, &arena, &list, &lock, error))
		return false;
	bool is_browser = draft->kind == KEY_BROWSER;
	memcpy(text, is_browser ? "sjb_" : "sjs_", 4);
	random_token(KEY_RANDOM_SIZE, text + 4);
	char hex[HASH_HEX_SIZE];
	hash_sha256_hex(slice_from(text), hex);
	WriteKey key = *draft;
	key.key = is_browser ? slice_from(text) : SLICE_NONE;
	key.sha256 = is_browser ? SLICE_NONE : slice_from(hex);
	key.created_ms = now_ms;
	bool is_added = name_find(&list, draft->name) == NULL
		? list_write(path, &list, SLICE_NONE, &key, error)
		: error_set(error, ERROR_BAD_INPUT, "There is a write key \"%.*s\" already.", SLICE_PRINT(draft->name));
	arena_free(&arena);
	(void) close(lock);
	return is_added;
}

bool keys_file_revoke(const char *path, Slice name, Error *error)
{
	Arena arena;
	KeyList list;
	int lock = -1;
	if (!file_begin(path, &arena, &list, &lock, error))
		return false;
	bool is_revoked = name_find(&list, name) != NULL
		? list_write(path, &list, name, NULL, error)
		: error_set(error, ERROR_NOT_FOUND, "There is no write key \"%.*s\".", SLICE_PRINT(slice_sub(name, 0, 200)));
	arena_free(&arena);
	(void) close(lock);
	return is_revoked;
}
