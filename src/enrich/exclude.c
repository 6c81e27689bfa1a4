#include "enrich/exclude.h"

#include "base/glob.h"

#include <string.h>

#define IPV4_BITS 32
#define IPV6_BITS 128

// "192.0.2.0/24", "2001:db8::/32", or one address.
static bool network_parse(Slice text, ExcludeNetwork *network)
{
	Slice bits;
	int64_t number = 0;
	Slice address = slice_split(text, '/', &bits);
	if (!address_parse(address, &network->address))
		return false;
	int64_t most = network->address.is_ipv6 ? IPV6_BITS : IPV4_BITS;
	if (bits.data == NULL)
		number = most;
	else if (!slice_to_int64(bits, &number) || number < 0 || number > most)
		return false;
	network->bits = (unsigned) number;
	return true;
}

static bool list_copy(const SettingList *list, Arena *arena, SettingList *copy)
{
	Slice *items = ARENA_ARRAY(arena, Slice, list->count + 1);
	for (size_t i = 0; items != NULL && i < list->count; i++)
	{
		items[i] = arena_copy(arena, list->items[i]);
		if (items[i].data == NULL)
			items = NULL;
	}
	*copy = (SettingList){.items = items, .count = list->count};
	return items != NULL;
}

bool exclude_open(const Settings *settings, Arena *arena, Exclude *exclude, Error *error)
{
	const SettingList *networks = &settings->team_networks;
	*exclude = (Exclude){.networks = ARENA_ARRAY(arena, ExcludeNetwork, networks->count + 1)};
	if (exclude->networks == NULL || !list_copy(&settings->team_persons, arena, &exclude->persons)
		|| !list_copy(&settings->page_hosts, arena, &exclude->hosts))
		return error_set(error, ERROR_MEMORY, "no memory for what is kept out of the figures");
	for (; exclude->network_count < networks->count; exclude->network_count++)
	{
		Slice text = networks->items[exclude->network_count];
		if (!network_parse(text, &exclude->networks[exclude->network_count]))
			return error_set(error, ERROR_BAD_INPUT,
				"team_networks: \"%.*s\" is no network; write 192.0.2.0/24, 2001:db8::/32, or one address",
				SLICE_PRINT(text));
	}
	return true;
}

static bool network_has(const ExcludeNetwork *network, const Address *address)
{
	size_t whole = network->bits / 8;
	unsigned rest = network->bits % 8;
	if (network->address.is_ipv6 != address->is_ipv6 || memcmp(network->address.bytes, address->bytes, whole) != 0)
		return false;
	unsigned mask = 0xFFU << (8 - rest) & 0xFFU;
	return rest == 0 || ((network->address.bytes[whole] ^ address->bytes[whole]) & mask) == 0;
}

static bool is_team_network(const Exclude *exclude, Slice text)
{
	Address address;
	if (exclude->network_count == 0 || !address_parse(text, &address))
		return false;
	for (size_t i = 0; i < exclude->network_count; i++)
		if (network_has(&exclude->networks[i], &address))
			return true;
	return false;
}

static bool is_team_person(const Exclude *exclude, Slice user_id)
{
	for (size_t i = 0; user_id.size > 0 && i < exclude->persons.count; i++)
		if (slice_equal(exclude->persons.items[i], user_id))
			return true;
	return false;
}

static bool is_unknown_host(const Exclude *exclude, Slice host)
{
	if (exclude->hosts.count == 0 || host.size == 0)
		return false;
	Slice bare = slice_starts_with(host, SLICE_LITERAL("www.")) ? slice_sub(host, 4, host.size) : host;
	for (size_t i = 0; i < exclude->hosts.count; i++)
		if (glob_matches(exclude->hosts.items[i], host) || glob_matches(exclude->hosts.items[i], bare))
			return false;
	return true;
}

const char *exclude_kind(const Exclude *exclude, const EnrichInput *raw, Slice page_host)
{
	if (is_team_network(exclude, raw->ip))
		return EXCLUDE_NETWORK;
	if (raw->is_team)
		return EXCLUDE_BROWSER;
	if (is_team_person(exclude, raw->user_id))
		return EXCLUDE_PERSON;
	return is_unknown_host(exclude, page_host) ? EXCLUDE_HOST : NULL;
}

bool exclude_is_kind(Slice kind)
{
	static const char *const kinds[] = {EXCLUDE_NETWORK, EXCLUDE_BROWSER, EXCLUDE_PERSON, EXCLUDE_HOST};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (slice_equal_text(kind, kinds[i]))
			return true;
	return false;
}
