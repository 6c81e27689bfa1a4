// What must not be kept of a URL: parameters whose name is on the deny list, and values that are secrets or addresses of
// mail whatever their name is. Both are looked for through layers of percent-encoding.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

// A glob as it is matched fastest: most are a plain word with a '*' at either end or none.
typedef enum DenyKind { DENY_EQUAL, DENY_BEGIN, DENY_END, DENY_INSIDE, DENY_GLOB } DenyKind;

typedef struct DenyRule {
	DenyKind kind;
	Slice word; // lower case; of DENY_GLOB the glob itself
} DenyRule;

// A verdict on a name, kept since names repeat; the name whole, so that nobody can put a verdict in another's place.
#define DENY_SLOTS ((size_t) 1024) // power of two
#define DENY_SLOT_NAME_SIZE_MAX 62
typedef struct DenySlot {
	unsigned char size; // 0: empty
	bool is_denied;
	char name[DENY_SLOT_NAME_SIZE_MAX];
} DenySlot;

typedef struct Deny {
	DenyRule *rules;
	size_t count;
	DenySlot *slots;
} Deny;

// The rules and their texts live in the arena.
bool deny_open(const Slice *globs, size_t count, Arena *arena, Deny *deny, Error *error) MUST_USE;

// Whether the name, or a part of it (user[password], user.password), is on the list, longer than any name is, or itself what
// no value may be.
bool deny_name(const Deny *deny, Slice name, Arena *arena);
// Whether the value holds an address of mail, a signed token (eyJ….eyJ….…), or a denied parameter of its own
// ("/next?token=…", {"token":…}). True also when memory is out.
bool deny_value(const Deny *deny, Slice value, Arena *arena);

// Whether the text holds an address of mail or a signed token: what no part of a path may be. True also when memory is out.
bool deny_secret(Slice text, Arena *arena);

// %XX decoded, and '+' to a space where is_form; then cleaned (utf8_clean). The same slice where there is nothing to do;
// SLICE_NONE when the arena is full.
Slice percent_decode(Slice text, bool is_form, Arena *arena) MUST_USE;
