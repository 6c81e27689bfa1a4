// The file of the write keys: {"keys":[…]} in JSON, mode 0600, replaced as a whole; a running collector notices.
//   {"name":"shop","kind":"browser","key":"sjb_…","origins":["https://shop.example"],"created":"2026-…Z"}
//   {"name":"backend","kind":"server","sha256":"64 hexadecimal digits","allow_old":true,"rate":50,"created":"…"}
// `rate` is missing where the setting counts, and 0 where there is no limit.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"
#include "intake/key.h"

#define KEYS_ARENA_SIZE_MAX ((size_t) 16 * 1024 * 1024)

typedef struct KeyList {
	WriteKey *keys;
	size_t count;
} KeyList;

// Into the arena. No file is an empty list; ERROR_CORRUPT names what is wrong.
bool keys_file_read(const char *path, Arena *arena, KeyList *list, Error *error) MUST_USE;

// Makes a new key from what `draft` says (name, kind, origins, is_old_allowed, rate_hits) and writes the file; `text` is the key
// itself, which for a server stands nowhere else. ERROR_BAD_INPUT for a bad name or origin and for a name that is taken,
// ERROR_BUSY while another process changes the file.
bool keys_file_add(const char *path, const WriteKey *draft, int64_t now_ms, char text[KEY_TEXT_SIZE], Error *error)
	MUST_USE;
// ERROR_NOT_FOUND where no key has that name.
bool keys_file_revoke(const char *path, Slice name, Error *error) MUST_USE;
