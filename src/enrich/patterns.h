// A list of PCRE2 patterns, of which the first that matches a text counts. Each knows texts of which one must stand in what
// it matches (data/agents.h); only the patterns whose texts are there are tried, a few of hundreds. One thread.
#pragma once
#include "base/error.h"
#include "base/slice.h"
#include "data/agents.h"

typedef struct Patterns Patterns;

#define PATTERN_TEXT_SIZE_MAX ((size_t) 1000) // of longer texts only the beginning is looked at
#define PATTERN_GROUPS 10

typedef struct PatternMatch {
	const DataPattern *row;
	Slice groups
		[PATTERN_GROUPS]; // within the text, maybe cut inside a UTF-8 sequence; SLICE_NONE where a group took no part
} PatternMatch;

// `rows` end with a NULL pattern and outlive the patterns.
bool patterns_open(const DataPattern *rows, Patterns **patterns, Error *error) MUST_USE;
void patterns_close(Patterns *patterns); // NULL is fine

// A pattern that takes too long on a text counts as not matching.
bool patterns_find(Patterns *patterns, Slice text, PatternMatch *match);
