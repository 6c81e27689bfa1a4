// A hit: the one shape that travels from intake through the buffer to the loader.
//
// On disk (the payload of a buffer frame): one byte version (1), one byte type, then fields until the end, each
//   varint tag · for tags 1–15 sixteen bytes · for tags 16–63 a zigzag varint · from 64 up a varint size and that many bytes.
// Fields that are not given are left out; a reader skips tags it does not know, so fields can be added without a new
// version. A payload is valid if and only if version and type are known, every field lies wholly inside, and `id` is given.
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/uuid.h"
#include "hit/fields.h"

#define HIT_NONE INT64_MIN
#define HIT_ENCODED_SIZE_MAX ((size_t) 96 * 1024)

typedef enum HitType { HIT_PAGE = 1, HIT_EVENT = 2, HIT_IDENTIFY = 3, HIT_LEAVE = 4, HIT_CONSENT = 5 } HitType;
#define HIT_TYPE_LAST HIT_CONSENT

typedef struct Hit {
	HitType type;
#define X(tag, name) Uuid name;
	HIT_UUID_FIELDS(X)
#undef X
#define X(tag, name) int64_t name;
	HIT_NUMBER_FIELDS(X)
#undef X
#define X(tag, name, size_max) Slice name;
	HIT_TEXT_FIELDS(X)
#undef X
#define X(tag, name) Slice name;
	HIT_JSON_FIELDS(X)
#undef X
} Hit;

// The limit of each text: HIT_SIZE_MAX_page_url and so on.
enum {
#define X(tag, name, size_max) HIT_SIZE_MAX_##name = (size_max),
	HIT_TEXT_FIELDS(X)
#undef X
};

// Nothing given but the type.
void hit_init(Hit *hit, HitType type);
int64_t hit_time_ms(const Hit *hit); // event time, from the id
const char *hit_type_name(HitType type);

// Cuts every text to its limit, marking a cut with "…" (at a UTF-8 boundary, within the limit).
// False only when the arena is full.
bool hit_apply_limits(Hit *hit, Arena *arena, Error *error) MUST_USE;

// Appends the encoding to buf. Check buf_is_ok.
void hit_encode(const Hit *hit, Buf *buf);
// Slices point into `payload`. ERROR_CORRUPT on anything that is not valid.
bool hit_decode(Slice payload, Hit *hit, Error *error) MUST_USE;
// The hit as one line of JSON, for quarantine, explain-hit and tests: given fields only, ids as text, raw bytes in hex.
void hit_write_json(const Hit *hit, Buf *buf);
