// URLs within what a hit says in its own words: properties, traits, labels. Their queries lose what must not be kept; all
// else stays as it is.
#pragma once
#include "enrich/deny.h"
#include "hit/hit.h"

// Titles, categories, what an event and its element are called, metadata and traits.
bool texts_enrich(const Deny *deny, Arena *arena, Hit *hit, Error *error) MUST_USE;

// A text that is a URL, a path or a query: without user and password, denied parameters, and a fragment that holds parameters.
// The same slice where there is nothing to take out; SLICE_NONE when the arena is full.
Slice text_without_secrets(const Deny *deny, Slice text, Arena *arena) MUST_USE;
// Without the parameters within a path (/cart;jsessionid=…) that are on the deny list, and with a mark in the place of parts
// that are an address of mail or a signed token (/verify/eyJ….eyJ….…). Never longer. The same slice where there are none;
// SLICE_NONE when the arena is full.
Slice path_without_secrets(const Deny *deny, Slice path, Arena *arena) MUST_USE;
