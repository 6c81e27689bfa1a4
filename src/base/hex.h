// Bytes as hexadecimal digits.
#pragma once
#include "base/arena.h"
#include "base/slice.h"

// Lower case and a NUL: 2 * size + 1.
void hex_write(const void *bytes, size_t size, char *hex);
// Both in the arena; SLICE_NONE when it is full. hex_decode also where the text is no pairs of digits; both cases are read.
Slice hex_encode(Arena *arena, Slice bytes) MUST_USE;
Slice hex_decode(Arena *arena, Slice hex) MUST_USE;
