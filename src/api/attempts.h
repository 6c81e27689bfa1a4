// How often somebody may try to sign in in vain: from one address, and under one name. Memory of a fixed size, which keeps no
// address and no name.
#pragma once
#include "base/address_rates.h"

typedef struct ApiAttempts {
	AddressRates *addresses;
	AddressRates *names;
} ApiAttempts;

bool api_attempts_open(ApiAttempts *attempts, Error *error) MUST_USE;
void api_attempts_close(ApiAttempts *attempts);
// Counts one; peer is an address, name SLICE_NONE where it is a token. ERROR_TOO_MANY, and counts none, where it must wait for
// *wait_seconds.
bool api_attempts_take(ApiAttempts *attempts, Slice peer, Slice name, int *wait_seconds, Error *error) MUST_USE;
// It was not in vain: does not count.
void api_attempts_give_back(ApiAttempts *attempts, Slice peer, Slice name);
