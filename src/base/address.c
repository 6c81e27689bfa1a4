#include "base/address.h"

#include <arpa/inet.h>
#include <string.h>

#define NETWORK_SIZE 8 // of IPv6, bytes

static const unsigned char mapped[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

// Without quotes, brackets, port and zone.
static Slice bare(Slice text)
{
	text = slice_trim(text);
	if (text.size >= 2 && text.data[0] == '"' && text.data[text.size - 1] == '"')
		text = slice_trim(slice_sub(text, 1, text.size - 1));
	if (text.size > 0 && text.data[0] == '[')
		text = slice_sub(text, 1, slice_find(text, ']', 0));
	else
	{
		// One colon stands before a port, several are IPv6.
		size_t colon = slice_find(text, ':', 0);
		if (slice_find(text, ':', colon + 1) >= text.size)
			text = slice_sub(text, 0, colon);
	}
	return slice_sub(text, 0, slice_find(text, '%', 0));
}

bool address_parse(Slice text, Address *address)
{
	char copy[ADDRESS_TEXT_SIZE];
	unsigned char packed[ADDRESS_PACKED_SIZE];
	text = bare(text);
	if (text.size == 0 || text.size >= sizeof copy || memchr(text.data, '\0', text.size) != NULL)
		return false;
	memcpy(copy, text.data, text.size);
	copy[text.size] = '\0';
	*address = (Address){0};
	if (inet_pton(AF_INET, copy, address->bytes) == 1)
		return true;
	if (inet_pton(AF_INET6, copy, packed) != 1)
		return false;
	address_unpack(packed, address);
	return true;
}

void address_write(const Address *address, char text[ADDRESS_TEXT_SIZE])
{
	(void) inet_ntop(address->is_ipv6 ? AF_INET6 : AF_INET, address->bytes, text, ADDRESS_TEXT_SIZE); // has room
}

void address_pack(const Address *address, unsigned char packed[ADDRESS_PACKED_SIZE])
{
	if (address->is_ipv6)
	{
		memcpy(packed, address->bytes, ADDRESS_PACKED_SIZE);
		return;
	}
	memcpy(packed, mapped, sizeof mapped);
	memcpy(packed + sizeof mapped, address->bytes, ADDRESS_PACKED_SIZE - sizeof mapped);
}

void address_unpack(const unsigned char packed[ADDRESS_PACKED_SIZE], Address *address)
{
	*address = (Address){.is_ipv6 = memcmp(packed, mapped, sizeof mapped) != 0};
	if (address->is_ipv6)
		memcpy(address->bytes, packed, ADDRESS_PACKED_SIZE);
	else
		memcpy(address->bytes, packed + sizeof mapped, ADDRESS_PACKED_SIZE - sizeof mapped);
}

Slice address_network(const Address *address)
{
	return (Slice){(const char *) address->bytes, address->is_ipv6 ? NETWORK_SIZE : sizeof(struct in_addr)};
}

bool address_is_private(const Address *address)
{
	const unsigned char *bytes = address->bytes;
	static const unsigned char loopback[ADDRESS_PACKED_SIZE] = {[15] = 1};
	if (address->is_ipv6)
		return (bytes[0] & 0xFEU) == 0xFC || (bytes[0] == 0xFE && (bytes[1] & 0xC0U) == 0x80)
			|| memcmp(bytes, loopback, sizeof loopback) == 0;
	return bytes[0] == 10 || bytes[0] == 127 || (bytes[0] == 172 && (bytes[1] & 0xF0U) == 16)
		|| (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254)
		|| (bytes[0] == 100 && (bytes[1] & 0xC0U) == 64);
}
