// Secrets by their shape. What is long and random may be an id as well as a secret; where the two cannot be told apart, the
// name or the place has to tell, which is the caller's.
#pragma once
#include "base/slice.h"

#include <stdbool.h>

// Whether a key of a known make (ghp_…, sk_live_…, AKIA…) or two parts of a JSON Web Token (eyJ….eyJ…) stand in the text.
bool token_is_known(Slice text);

// Whether the whole text is a random-looking word: hexadecimal digits and hyphens, at least hex_least of them; or letters in
// both cases and digits in a mix that no words have (base64, base62, base32), at least mixed_least.
bool token_is_random(Slice text, size_t mixed_least, size_t hex_least);
// Of a value whose name says nothing. A UUID (36) and the hash of a commit (40) are ids and stay; 32 random bytes do not, in
// base64 (43) or in hexadecimal (64).
#define TOKEN_MIXED_LEAST ((size_t) 40)
#define TOKEN_HEX_LEAST ((size_t) 48)
// Of a part of a path behind one that says it all (/reset/…): any id is as good as a secret there.
#define TOKEN_NAMED_LEAST ((size_t) 16)
