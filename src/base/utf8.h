// UTF-8 as PostgreSQL takes it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once
#include "base/arena.h"
#include "base/slice.h"

#define UTF8_REPLACEMENT "\xEF\xBF\xBD" // U+FFFD

bool utf8_is_valid(Slice text);
bool utf8_is_text(Slice text); // and holds no NUL: what PostgreSQL takes as text
// Bytes of the sequence at the front, 1 to 4; 0 where there is no valid one.
size_t utf8_sequence_size(Slice text);
// Writes the sequence of a code point that is not a surrogate and at most 0x10FFFF; returns its size.
size_t utf8_encode(uint32_t code_point, char sequence[4]);
// What PostgreSQL takes as text: bytes that are not UTF-8 become U+FFFD, NULs go. The same slice where nothing is to do;
// SLICE_NONE where it was none or the arena is full.
Slice utf8_clean(Slice text, Arena *arena) MUST_USE;
