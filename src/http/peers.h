// How many connections each client address has, in fixed memory: a table with room for twice as many addresses as there may be
// connections. Of IPv6 the first 64 bits are the address, since that is what one client is given.
#pragma once
#include "base/error.h"

#include <stdint.h>
#include <sys/socket.h>

typedef struct HttpPeer {
	uint64_t key;
	uint32_t connections; // 0: the place is free
} HttpPeer;

typedef struct HttpPeers {
	HttpPeer *places;
	size_t mask;
	uint64_t seed; // so that nobody can choose addresses that share a place
} HttpPeers;

bool http_peers_open(HttpPeers *peers, size_t connections_max, Error *error) MUST_USE;
void http_peers_free(HttpPeers *peers);
uint64_t http_peers_key(const struct sockaddr *address);
uint32_t http_peers_count(const HttpPeers *peers, uint64_t key);
void http_peers_add(HttpPeers *peers, uint64_t key);    // no more than connections_max in all
void http_peers_remove(HttpPeers *peers, uint64_t key); // one that was added
