// What a hit says in its own words: properties, traits, labels. URLs in it lose what must not be kept of a URL, objects the
// keys that are on the list for properties; all else stays as it is.
#pragma once
#include "enrich/deny.h"
#include "hit/hit.h"

// Titles, categories, what an event and its element are called, metadata and traits. `keys` is the list for properties.
bool texts_enrich(const Deny *deny, const Deny *keys, Arena *arena, Hit *hit, Error *error) MUST_USE;

// A text that is a URL, a path or a query: without user and password, denied parameters, and a fragment that holds parameters.
// The same slice where there is nothing to take out; SLICE_NONE when the arena is full.
Slice text_without_secrets(const Deny *deny, Slice text, Arena *arena) MUST_USE;
// Without the parameters within a path (/cart;jsessionid=…) that are on the deny list, and with a mark in the place of parts
// that are an address of mail, a token of a known make (/verify/eyJ….eyJ….…), or any random word behind a part on the deny list
// (/reset/4f2a…). Never longer. The same slice where there are none; SLICE_NONE when the arena is full.
Slice path_without_secrets(const Deny *deny, Slice path, Arena *arena) MUST_USE;
