#include "enrich/ip_ring.h"

#include "base/clock.h"
#include "base/file.h"

#include <string.h>

#define VERSION 1
#define FILE_SIZE_MAX ((size_t) 16384)
#define HEADER_SIZE (1 + IP_KEY_ID_SIZE + 4)

_Static_assert(HEADER_SIZE + ADDRESS_PACKED_SIZE + SEAL_OVERHEAD == IP_SEALED_SIZE, "header, address and seal");

static bool ring_add(IpRing *ring, Slice hex)
{
	HashKey secret;
	if (!hash_key_read(hex, &secret))
		return false;
	Hash128 id = hash_keyed(&secret, "ip key id", SLICE_NONE);
	memcpy(ring->ids[ring->count], id.bytes, IP_KEY_ID_SIZE);
	ring->keys[ring->count++] = seal_key(&secret);
	hash_key_wipe(&secret, 1);
	return true;
}

static bool lines_read(const char *path, Slice content, IpRing *ring, Error *error)
{
	size_t number = 0;
	for (Slice rest = content; rest.data != NULL;)
	{
		Slice line = slice_trim(slice_split(rest, '\n', &rest));
		number++;
		if (line.size == 0 || line.data[0] == '#')
			continue;
		if (ring->count == IP_RING_KEYS_MAX)
			return error_set(error, ERROR_BAD_INPUT, "the key file %s has more than %d keys; remove the oldest", path,
				IP_RING_KEYS_MAX);
		if (!ring_add(ring, line))
			return error_set(error, ERROR_BAD_INPUT,
				"line %zu of the key file %s is no key of 64 hexadecimal digits; make one with `openssl rand -hex 32`",
				number, path);
	}
	return ring->count > 0
		|| error_set(error, ERROR_BAD_INPUT, "the key file %s has no key; make one with `openssl rand -hex 32`", path);
}

bool ip_ring_read(const char *path, IpRing *ring, Error *error)
{
	Arena arena;
	Slice content;
	*ring = (IpRing){0};
	arena_init(&arena, 2 * FILE_SIZE_MAX);
	bool is_ok = file_read(path, FILE_SIZE_MAX, &arena, &content, error) && lines_read(path, content, ring, error);
	arena_free(&arena);
	return is_ok;
}

void ip_ring_wipe(IpRing *ring)
{
	for (size_t at = 0; at < ring->count; at++)
	{
		hash_key_wipe(&ring->keys[at].text, 1);
		hash_key_wipe(&ring->keys[at].nonce, 1);
	}
	ring->count = 0;
}

static void seal(const IpRing *ring, const unsigned char day[4], const Address *address,
	unsigned char sealed[IP_SEALED_SIZE])
{
	unsigned char packed[ADDRESS_PACKED_SIZE];
	size_t newest = ring->count - 1;
	sealed[0] = VERSION;
	memcpy(sealed + 1, ring->ids[newest], IP_KEY_ID_SIZE);
	memcpy(sealed + 1 + IP_KEY_ID_SIZE, day, 4);
	address_pack(address, packed);
	seal_close(&ring->keys[newest], (Slice){(const char *) sealed, HEADER_SIZE},
		(Slice){(const char *) packed, sizeof packed}, sealed + HEADER_SIZE);
}

void ip_ring_seal(const IpRing *ring, int64_t time_ms, const Address *address, unsigned char sealed[IP_SEALED_SIZE])
{
	uint32_t day = (uint32_t) (time_ms / CLOCK_DAY_MS);
	const unsigned char bytes[4] = {(unsigned char) (day >> 24U), (unsigned char) (day >> 16U),
		(unsigned char) (day >> 8U), (unsigned char) day};
	seal(ring, bytes, address, sealed);
}

IpSealState ip_ring_open(const IpRing *ring, Slice sealed, Address *address)
{
	unsigned char packed[ADDRESS_PACKED_SIZE];
	if (sealed.size != IP_SEALED_SIZE || sealed.data[0] != VERSION)
		return IP_SEAL_BROKEN;
	size_t at = ring->count;
	while (at > 0 && memcmp(ring->ids[at - 1], sealed.data + 1, IP_KEY_ID_SIZE) != 0)
		at--;
	if (at == 0)
		return IP_SEAL_UNKNOWN;
	if (!seal_open(&ring->keys[at - 1], slice_sub(sealed, 0, HEADER_SIZE), slice_sub(sealed, HEADER_SIZE, sealed.size),
			packed))
		return IP_SEAL_BROKEN;
	address_unpack(packed, address);
	return at == ring->count ? IP_SEAL_NEWEST : IP_SEAL_OLD;
}

IpSealState ip_ring_reseal(const IpRing *ring, Slice sealed, unsigned char fresh[IP_SEALED_SIZE])
{
	Address address;
	unsigned char day[4];
	IpSealState state = ip_ring_open(ring, sealed, &address);
	if (state != IP_SEAL_NEWEST && state != IP_SEAL_OLD)
		return state;
	memcpy(day, sealed.data + 1 + IP_KEY_ID_SIZE, sizeof day);
	seal(ring, day, &address, fresh);
	return state;
}
