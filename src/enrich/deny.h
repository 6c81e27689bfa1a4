// What must not be kept of a URL: parameters whose name is on the deny list, and values that are secrets or addresses of
// mail whatever their name is. Both are looked for through layers of percent-encoding.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

typedef struct Deny {
	Slice *globs;
	size_t count;
} Deny;

// `globs` are separated by spaces or commas ("*token* email"); they live in the arena, with their text.
bool deny_open(Slice globs, Arena *arena, Deny *deny, Error *error) MUST_USE;

// Whether the name, or a part of it (user[password], user.password), is on the list, or longer than any name is.
bool deny_name(const Deny *deny, Slice name, Arena *arena);
// Whether the value holds an address of mail, a signed token (eyJ….eyJ….…), or a denied parameter of its own
// ("/next?token=…", {"token":…}). True also when memory is out.
bool deny_value(const Deny *deny, Slice value, Arena *arena);

// %XX decoded, and '+' to a space where is_form; then cleaned (utf8_clean). The same slice where there is nothing to do;
// SLICE_NONE when the arena is full.
Slice percent_decode(Slice text, bool is_form, Arena *arena) MUST_USE;
