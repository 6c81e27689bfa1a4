#include "intake/origin.h"

typedef struct Origin {
	Slice scheme;
	Slice host;
	Slice port; // empty: the scheme's own
} Origin;

static bool is_host_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-'
		|| byte == '.' || byte == '_' || byte == '[' || byte == ']' || byte == ':';
}

static bool is_own_port(Slice scheme, Slice port)
{
	if (slice_equal_ignoring_case(scheme, SLICE_LITERAL("https")))
		return slice_equal_text(port, "443");
	return slice_equal_ignoring_case(scheme, SLICE_LITERAL("http")) && slice_equal_text(port, "80");
}

// The last colon begins the port, unless it stands inside of an IPv6 address.
static void authority_split(Slice authority, Origin *origin)
{
	origin->host = authority;
	origin->port = SLICE_LITERAL("");
	for (size_t at = authority.size; at > 0 && authority.data[at - 1] != ']'; at--)
	{
		if (authority.data[at - 1] != ':')
			continue;
		origin->host = slice_sub(authority, 0, at - 1);
		origin->port = slice_sub(authority, at, authority.size);
		break;
	}
	if (is_own_port(origin->scheme, origin->port))
		origin->port = SLICE_LITERAL("");
}

static bool origin_split(Slice text, Origin *origin)
{
	size_t colon = slice_find(text, ':', 0);
	if (colon == 0 || !slice_starts_with(slice_sub(text, colon, text.size), SLICE_LITERAL("://")))
		return false;
	origin->scheme = slice_sub(text, 0, colon);
	authority_split(slice_sub(text, colon + 3, text.size), origin);
	for (size_t at = 0; at < origin->host.size; at++)
	{
		if (!is_host_byte(origin->host.data[at]))
			return false;
	}
	for (size_t at = 0; at < origin->port.size; at++)
	{
		if (origin->port.data[at] < '0' || origin->port.data[at] > '9')
			return false;
	}
	return origin->host.size > 0;
}

static bool cut_wildcard(Slice *pattern, Slice *scheme)
{
	size_t at = slice_find(*pattern, '*', 0);
	if (at == pattern->size || at < 3 || !slice_ends_with(slice_sub(*pattern, 0, at), SLICE_LITERAL("://"))
		|| !slice_starts_with(slice_sub(*pattern, at + 1, pattern->size), SLICE_LITERAL(".")))
		return false;
	*scheme = slice_sub(*pattern, 0, at - 3);
	*pattern = slice_sub(*pattern, at + 2, pattern->size);
	return true;
}

// With a wildcard, `host` is what must follow the labels in front.
static bool pattern_split(Slice pattern, Origin *origin, bool *is_wildcard)
{
	Slice scheme = SLICE_NONE;
	*is_wildcard = cut_wildcard(&pattern, &scheme);
	if (!*is_wildcard)
		return origin_split(pattern, origin);
	origin->scheme = scheme;
	authority_split(pattern, origin);
	for (size_t at = 0; at < origin->host.size; at++)
	{
		if (!is_host_byte(origin->host.data[at]))
			return false;
	}
	return scheme.size > 0 && origin->host.size > 0;
}

bool origin_pattern_is_valid(Slice pattern)
{
	Origin origin;
	bool is_wildcard = false;
	return slice_equal_text(pattern, "*") || pattern_split(pattern, &origin, &is_wildcard);
}

bool origin_matches(Slice pattern, Slice origin)
{
	if (slice_equal_text(pattern, "*"))
		return true;
	Origin wanted;
	Origin given;
	bool is_wildcard = false;
	if (!pattern_split(pattern, &wanted, &is_wildcard) || !origin_split(origin, &given))
		return false;
	if (!slice_equal_ignoring_case(wanted.scheme, given.scheme) || !slice_equal(wanted.port, given.port))
		return false;
	if (!is_wildcard)
		return slice_equal_ignoring_case(wanted.host, given.host);
	if (given.host.size < wanted.host.size + 2)
		return false;
	size_t dot = given.host.size - wanted.host.size - 1;
	return given.host.data[dot] == '.'
		&& slice_equal_ignoring_case(slice_sub(given.host, dot + 1, given.host.size), wanted.host);
}

Slice origin_host(Slice origin)
{
	Origin split;
	return origin_split(origin, &split) ? split.host : SLICE_NONE;
}
