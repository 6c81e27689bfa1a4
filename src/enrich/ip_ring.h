// Addresses, encrypted so that whoever holds the key file can read them again: 65 bytes,
//
//   version 1 · key id 4 · day of the event since 1970, big-endian 4 · seal of the 16 packed bytes of the address (base/seal.h)
//
// The first 9 are the seal's header, so neither can be changed. The same address on the same day gives the same bytes: equal
// ones tell no more than equal hashes do.
//
// The key file lies outside the database: a key of 64 hexadecimal digits a line, empty lines and those that begin with '#' do
// not count. The last one encrypts, all decrypt. A key's id is a hash of it.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/seal.h"
#include "base/address.h"

#define IP_RING_KEYS_MAX 16
#define IP_SEALED_SIZE 65
#define IP_KEY_ID_SIZE 4

typedef struct IpRing {
	size_t count;
	SealKey keys[IP_RING_KEYS_MAX];
	unsigned char ids[IP_RING_KEYS_MAX][IP_KEY_ID_SIZE];
} IpRing;

typedef enum IpSealState {
	IP_SEAL_NEWEST,  // under the ring's newest key
	IP_SEAL_OLD,     // under an older one
	IP_SEAL_UNKNOWN, // under none of the ring
	IP_SEAL_BROKEN   // not of this shape, or changed since
} IpSealState;

// ERROR_BAD_INPUT names the line that is no key; never what stands in it.
bool ip_ring_read(const char *path, IpRing *ring, Error *error) MUST_USE;
void ip_ring_wipe(IpRing *ring);

void ip_ring_seal(const IpRing *ring, int64_t time_ms, const Address *address, unsigned char sealed[IP_SEALED_SIZE]);
// *address only where it is the newest's or an old one's.
IpSealState ip_ring_open(const IpRing *ring, Slice sealed, Address *address);
// The same address and day under the newest key; what ip_ring_open says of the one given.
IpSealState ip_ring_reseal(const IpRing *ring, Slice sealed, unsigned char fresh[IP_SEALED_SIZE]);
