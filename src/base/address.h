// Addresses of the network, as proxies, SDKs and logs write them.
#pragma once
#include "base/slice.h"

#include <netinet/in.h>

// An IPv4 address that is written as one of IPv6 (::ffff:192.0.2.7) is IPv4.
typedef struct Address {
	bool is_ipv6;
	unsigned char bytes[16]; // as on the wire; of IPv4 the first four
} Address;

// "192.0.2.7", "192.0.2.7:4711", "2001:db8::7", "[2001:db8::7]", "[2001:db8::7]:4711", a zone as in "fe80::7%eth0" dropped;
// quotes and white space around it do not count. False on all else: "unknown", "_hidden", "-", a name.
bool address_parse(Slice text, Address *address);
// "192.0.2.7" or "2001:db8::7".
#define ADDRESS_TEXT_SIZE INET6_ADDRSTRLEN
void address_write(const Address *address, char text[ADDRESS_TEXT_SIZE]);

// 16 bytes, IPv4 as ::ffff:a.b.c.d: one size for both.
#define ADDRESS_PACKED_SIZE 16
void address_pack(const Address *address, unsigned char packed[ADDRESS_PACKED_SIZE]);
void address_unpack(const unsigned char packed[ADDRESS_PACKED_SIZE], Address *address);

// What a visitor is known by: IPv4 whole, of IPv6 the network (/64), since of the other half browsers make up a new one every
// day. Points into the address.
Slice address_network(const Address *address);
// Of a network of its own, which the internet does not route: loopback, private (RFC 1918, fc00::/7), link-local, shared
// (100.64.0.0/10).
bool address_is_private(const Address *address);
