#include "base/address_rates.h"

#include "base/hash.h"
#include "base/memory.h"
#include "base/random.h"

#include <string.h>

#define SETS (ADDRESS_RATES_MAX / ADDRESS_RATES_WAYS)

typedef struct Row {
	uint64_t tag; // half of the network's hash; 0: free
	RateBucket bucket;
} Row;

struct AddressRates {
	HashKey key;
	Row rows[SETS][ADDRESS_RATES_WAYS];
};

bool address_rates_open(AddressRates **rates, Error *error)
{
	AddressRates *opened = memory_allocate_zeroed(1, sizeof *opened);
	if (opened == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for the rates of addresses");
	random_bytes(opened->key.bytes, sizeof opened->key.bytes);
	*rates = opened;
	return true;
}

void address_rates_close(AddressRates *rates)
{
	if (rates == NULL)
		return;
	hash_key_wipe(&rates->key, 1);
	memory_free(rates);
}

RateBucket *address_rates_bucket(AddressRates *rates, const RateLimit *limit, Slice network, int64_t now_us)
{
	Hash128 hash = hash_keyed(&rates->key, "address rate", network);
	uint64_t place = 0;
	uint64_t tag = 0;
	memcpy(&place, hash.bytes, sizeof place);
	memcpy(&tag, hash.bytes + sizeof place, sizeof tag);
	tag |= 1; // never 0
	Row *rows = rates->rows[place % SETS];
	Row *least = &rows[0];
	int64_t least_debt = INT64_MAX;
	for (size_t at = 0; at < ADDRESS_RATES_WAYS; at++)
	{
		if (rows[at].tag == tag)
			return &rows[at].bucket;
		int64_t debt = rate_debt(&rows[at].bucket, limit, now_us); // of a free row 0
		if (debt < least_debt)
		{
			least = &rows[at];
			least_debt = debt;
		}
	}
	*least = (Row){.tag = tag};
	return &least->bucket;
}
