// What must not be kept of a URL: parameters whose name is on the deny list, and values that are secrets or addresses of
// mail whatever their name is. Both are looked for through layers of percent-encoding.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

// A parameter's name is shorter; a longer run of letters before a '=' is something else, such as base64.
#define DENY_NAME_SIZE_MAX ((size_t) 100)

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

typedef struct DenyList {
	DenyRule *rules;
	size_t count;
} DenyList;

typedef struct Deny {
	DenyList denied;
	DenyList allowed; // of parameters; empty: all that are not denied
	DenySlot *slots;
} Deny;

// The rules and their texts live in the arena.
bool deny_open(const Slice *globs, size_t count, Arena *arena, Deny *deny, Error *error) MUST_USE;
// From now on only parameters are kept whose name is on this list too, unless it is empty.
bool deny_allow_only(Deny *deny, const Slice *globs, size_t count, Arena *arena, Error *error) MUST_USE;

// Why a parameter does not stay.
typedef enum DenyReason {
	DENY_NOT, // it stays
	DENY_NAME,
	DENY_VALUE,      // deny_value of value or name
	DENY_TOKEN,      // the value is random as a secret is (token.h), and no id of a click
	DENY_NOT_ALLOWED // it is harmless, but not on the allow list
} DenyReason;
// "kept", or "taken out: " and why.
const char *deny_reason_text(DenyReason reason);
// Of a name, decoded, and its value, decoded or not.
DenyReason deny_parameter(const Deny *deny, Slice name, Slice value, Arena *arena);

// Whether the name, or a part of it (user[password], user.password), is on the list, longer than any name is, or itself what
// no value may be.
bool deny_name(const Deny *deny, Slice name, Arena *arena);
// Whether the value holds an address of mail, a token of a known make (token.h), or a denied parameter of its own
// ("/next?token=…", {"token":…}). True also when memory is out.
bool deny_value(const Deny *deny, Slice value, Arena *arena);

// Whether the text holds an address of mail or a token of a known make: what no part of a path may be. True also when memory
// is out.
bool deny_secret(Slice text, Arena *arena);

// %XX decoded, and '+' to a space where is_form; then cleaned (utf8_clean). The same slice where there is nothing to do;
// SLICE_NONE when the arena is full.
Slice percent_decode(Slice text, bool is_form, Arena *arena) MUST_USE;
