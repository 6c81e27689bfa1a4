#include "http/peers.h"

#include "base/hash.h"
#include "base/memory.h"
#include "base/random.h"

#include <netinet/in.h>
#include <string.h>

bool http_peers_open(HttpPeers *peers, size_t connections_max, Error *error)
{
	size_t places = 16;
	while (places < 2 * connections_max)
		places *= 2;
	*peers = (HttpPeers){.places = memory_allocate_zeroed(places, sizeof *peers->places), .mask = places - 1};
	random_bytes(&peers->seed, sizeof peers->seed);
	return peers->places != NULL || error_set(error, ERROR_MEMORY, "No memory to count connections by address.");
}

void http_peers_free(HttpPeers *peers)
{
	memory_free(peers->places);
	peers->places = NULL;
}

uint64_t http_peers_key(const struct sockaddr *address)
{
	uint64_t key = 0;
	if (address->sa_family == AF_INET6)
	{
		struct sockaddr_in6 version_6;
		memcpy(&version_6, address, sizeof version_6);
		bool is_version_4 = IN6_IS_ADDR_V4MAPPED(&version_6.sin6_addr);
		memcpy(&key, version_6.sin6_addr.s6_addr + (is_version_4 ? 8 : 0), sizeof key);
		return key;
	}
	unsigned char mapped[8] = {0, 0, 0xFF, 0xFF};
	struct sockaddr_in version_4;
	memcpy(&version_4, address, sizeof version_4);
	memcpy(mapped + 4, &version_4.sin_addr, 4);
	memcpy(&key, mapped, sizeof key);
	return key;
}

static size_t home_of(const HttpPeers *peers, uint64_t key)
{
	return (size_t) hash_checksum((Slice){(const char *) &key, sizeof key}, peers->seed) & peers->mask;
}

// Where it stands, or the free place where it would.
static size_t place_of(const HttpPeers *peers, uint64_t key)
{
	size_t at = home_of(peers, key);
	while (peers->places[at].connections > 0 && peers->places[at].key != key)
		at = (at + 1) & peers->mask;
	return at;
}

uint32_t http_peers_count(const HttpPeers *peers, uint64_t key)
{
	return peers->places[place_of(peers, key)].connections;
}

void http_peers_add(HttpPeers *peers, uint64_t key)
{
	HttpPeer *place = &peers->places[place_of(peers, key)];
	place->key = key;
	place->connections++;
}

void http_peers_remove(HttpPeers *peers, uint64_t key)
{
	size_t gap = place_of(peers, key);
	if (--peers->places[gap].connections > 0)
		return;
	// Whoever stands behind the gap and belongs before it moves up, so that a search never ends too early.
	for (size_t at = (gap + 1) & peers->mask; peers->places[at].connections > 0; at = (at + 1) & peers->mask)
	{
		size_t home = home_of(peers, peers->places[at].key);
		if (((at - home) & peers->mask) < ((at - gap) & peers->mask))
			continue;
		peers->places[gap] = peers->places[at];
		peers->places[at].connections = 0;
		gap = at;
	}
}
