// A folder of keys for looking only: the state folder's person key where there is one, so that ids come out as they are stored;
// everything else is made anew in it and goes with it.
#pragma once
#include "base/error.h"

#define KEYS_COPY_SIZE 64

typedef struct KeysCopy {
	char folder[KEYS_COPY_SIZE]; // empty: none
} KeysCopy;

bool keys_copy_open(const char *state_dir, KeysCopy *copy, Error *error) MUST_USE;
void keys_copy_close(KeysCopy *copy);
