// What the fuzz targets share. A target is a file fuzz_NAME.c with one function, fuzz_one; libFuzzer drives it (`make fuzz`),
// or replay.c with the files of its corpus (`make test`). What must hold stands there as assertions, said in other words
// than the code's own.
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"
#include "enrich/enrich.h"

#include <assert.h>

// Reads the input, which has no byte too many behind it, and asserts what must hold of any. The arena is empty.
void fuzz_one(Slice input, Arena *arena);

// Whether the part lies inside the whole, or was not given.
bool fuzz_is_inside(Slice part, Slice whole);
// Whether it is what the database takes as text: UTF-8 without NUL.
bool fuzz_is_text(Slice text);
// An address of mail as the simplest of readers sees it: letters or digits around one '@', then a dot and two letters.
bool fuzz_has_mail_address(Slice text);
// An address of a network that the input cannot know, so that it is in what comes out only where it leaks.
#define FUZZ_ADDRESS_SIZE 40
Slice fuzz_address(Slice input, char text[FUZZ_ADDRESS_SIZE]);
// A word that no name of a kept parameter may hold under the default deny list.
bool fuzz_is_secret_name(Slice name);

// The settings as they are by default, and an enricher with them; made once.
const Settings *fuzz_settings(void);
const Enricher *fuzz_enricher(void);

// Every text of a finished hit is text within its limit, every JSON is JSON, and its encoding decodes to the same hit.
// None of its bytes say the address.
void fuzz_check_hit(const Hit *hit, Slice address, Arena *arena);
