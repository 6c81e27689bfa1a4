#include "enrich/url.h"

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char) (byte - 'A' + 'a') : byte;
}

static size_t scheme_size(Slice text)
{
	size_t size = 0;
	while (size < text.size
		&& (is_letter(text.data[size])
			|| (size > 0
				&& (is_digit(text.data[size]) || text.data[size] == '+' || text.data[size] == '-'
					|| text.data[size] == '.'))))
		size++;
	return size;
}

// Where the first of three bytes stands, or the text's size.
static size_t find_any(Slice text, char a, char b, char c)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] == a || text.data[i] == b || text.data[i] == c)
			return i;
	return text.size;
}

// Letters beyond ASCII are let through: browsers write such hosts in ASCII, others as they are read.
static bool host_is_plausible(Slice host)
{
	for (size_t i = 0; i < host.size; i++)
	{
		char byte = host.data[i];
		bool is_plain = is_letter(byte) || is_digit(byte) || byte == '.' || byte == '-' || byte == '_';
		if (!is_plain && (unsigned char) byte < 0x80)
			return false;
	}
	return true;
}

static bool ipv6_is_plausible(Slice host)
{
	for (size_t i = 0; i < host.size; i++)
		if (!is_letter(host.data[i]) && !is_digit(host.data[i]) && host.data[i] != ':' && host.data[i] != '.')
			return false;
	return host.size > 0;
}

bool url_is_host(Slice text)
{
	if (text.size > 2 && *text.data == '[' && text.data[text.size - 1] == ']')
		return ipv6_is_plausible(slice_sub(text, 1, text.size - 1));
	return text.size > 0 && host_is_plausible(text);
}

static bool port_set(Url *url, Slice text)
{
	if (text.size == 0)
		return true;
	if (*text.data != ':' || text.size > sizeof ":65535" - 1)
		return false;
	for (size_t i = 1; i < text.size; i++)
		if (!is_digit(text.data[i]))
			return false;
	if (text.size > 1)
		url->port = slice_sub(text, 1, text.size);
	return true;
}

static bool authority_split(Slice authority, Url *url)
{
	for (size_t at = slice_find(authority, '@', 0); at < authority.size; at = slice_find(authority, '@', 0))
		authority = slice_sub(authority, at + 1, authority.size);
	if (authority.size > 0 && *authority.data == '[')
	{
		size_t end = slice_find(authority, ']', 0);
		url->host = slice_sub(authority, 0, end + 1);
		return end < authority.size && ipv6_is_plausible(slice_sub(authority, 1, end))
			&& port_set(url, slice_sub(authority, end + 1, authority.size));
	}
	size_t end = slice_find(authority, ':', 0);
	url->host = slice_sub(authority, 0, end);
	while (url->host.size > 0 && url->host.data[url->host.size - 1] == '.')
		url->host.size--;
	return host_is_plausible(url->host) && port_set(url, slice_sub(authority, end, authority.size));
}

static void path_split(Slice text, Url *url)
{
	text = slice_sub(text, 0, slice_find(text, '#', 0));
	url->path = slice_split(text, '?', &url->query);
	if (url->path.size > 0 && *url->path.data != '/')
		url->path.size = 0;
}

bool url_split(Slice text, Url *url)
{
	*url = (Url){0};
	text = slice_trim(text);
	size_t size = scheme_size(text);
	if (size > 0 && size < text.size && text.data[size] == ':')
	{
		url->scheme = slice_sub(text, 0, size);
		text = slice_sub(text, size + 1, text.size);
	}
	if (!slice_starts_with(text, SLICE_LITERAL("//")))
		return false;
	text = slice_sub(text, 2, text.size);
	size_t end = find_any(text, '/', '?', '#');
	path_split(slice_sub(text, end, text.size), url);
	return authority_split(slice_sub(text, 0, end), url);
}

void url_split_reference(Slice text, Url *url)
{
	*url = (Url){0};
	path_split(slice_trim(text), url);
}

bool url_is_path(Slice text)
{
	return text.size > 0 && *text.data == '/' && !slice_starts_with(text, SLICE_LITERAL("//"));
}

Slice url_lower(Slice text, Arena *arena)
{
	char *copy = arena_allocate(arena, text.size + 1);
	if (copy == NULL)
		return SLICE_NONE;
	for (size_t i = 0; i < text.size; i++)
		copy[i] = lower(text.data[i]);
	return (Slice){copy, text.size};
}

Slice url_host_bare(Slice host, Arena *arena)
{
	Slice bare = url_lower(host, arena);
	if (bare.size > 4 && slice_starts_with(bare, SLICE_LITERAL("www.")))
		bare = slice_sub(bare, 4, bare.size);
	return bare;
}
