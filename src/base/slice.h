// A slice: bytes that somebody else owns, with their length; not NUL-terminated, may hold any byte.
// An empty slice has size 0; `data` NULL means "not given" where that differs from "given and empty".
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Slice {
	const char *data;
	size_t size;
} Slice;

#define SLICE_NONE ((Slice){NULL, 0})
#define SLICE_LITERAL(text) ((Slice){(text), sizeof(text) - 1})
// For printf's "%.*s".
#define SLICE_PRINT(slice) (int) (slice).size, (slice).data == NULL ? "" : (slice).data

Slice slice_from(const char *text); // NULL gives SLICE_NONE
bool slice_equal(Slice left, Slice right);
bool slice_equal_text(Slice left, const char *right);
bool slice_equal_ignoring_case(Slice left, Slice right); // ASCII case only
bool slice_starts_with(Slice slice, Slice prefix);
bool slice_ends_with(Slice slice, Slice suffix);
// Index of the first `byte` at or after `from`; slice.size if there is none.
size_t slice_find(Slice slice, char byte, size_t from);
// Bytes from `from` to `to` (exclusive), both clamped to the slice.
Slice slice_sub(Slice slice, size_t from, size_t to);
Slice slice_trim(Slice slice); // without ASCII white space at both ends
// Cuts to at most `size_max` bytes, never inside a UTF-8 sequence.
Slice slice_cut_utf8(Slice slice, size_t size_max);
// Splits off the part before the first `separator`; *rest is what is behind it, SLICE_NONE at the end.
Slice slice_split(Slice slice, char separator, Slice *rest);
// Whole decimal integers with an optional '-'; false on anything else and on overflow.
bool slice_to_int64(Slice slice, int64_t *value);
