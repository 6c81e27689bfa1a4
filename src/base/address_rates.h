// Rates of client addresses, or whatever else a text names, in memory of a fixed size: a bucket for each of the
// ADDRESS_RATES_MAX networks that owe most (an IPv4 address, or a /64 of IPv6). Neither address nor network is kept, but a hash
// under a key that is made at the start and never leaves the process.
//
// A network has ADDRESS_RATES_WAYS places where it may stand. Where all are taken, the one that owes least is forgotten and may
// send its burst once more: nobody is ever refused for another's hits, and whoever has that many networks could send from
// each of them anyway.
#pragma once
#include "base/error.h"
#include "base/rate.h"
#include "base/slice.h"

#define ADDRESS_RATES_MAX 65536
#define ADDRESS_RATES_WAYS 8

typedef struct AddressRates AddressRates;

bool address_rates_open(AddressRates **rates, Error *error) MUST_USE;
void address_rates_close(AddressRates *rates); // NULL is fine
// The network's bucket, a new one where it has none; until the next call.
RateBucket *address_rates_bucket(AddressRates *rates, const RateLimit *limit, Slice network, int64_t now_us);
