#include "intake/forwarded.h"

// Where the last entry of the list begins: behind the last comma outside quotes. Read from the right, so that quotes which a
// client left open further left cannot swallow what a proxy added.
static size_t last_entry(Slice list)
{
	bool is_quoted = false;
	size_t at = list.size;
	for (; at > 0; at--)
	{
		char byte = list.data[at - 1];
		if (byte == '"' && !(at > 1 && list.data[at - 2] == '\\'))
			is_quoted = !is_quoted;
		if (byte == ',' && !is_quoted)
			break;
	}
	return at;
}

static size_t semicolon_find(Slice text)
{
	bool is_quoted = false;
	size_t at = 0;
	for (; at < text.size && (is_quoted || text.data[at] != ';'); at++)
	{
		if (text.data[at] == '\\')
			at++;
		else if (text.data[at] == '"')
			is_quoted = !is_quoted;
	}
	return at < text.size ? at : text.size;
}

// "for=192.0.2.60;proto=http;by=203.0.113.43"
static Slice for_parameter(Slice entry)
{
	while (entry.size > 0)
	{
		size_t end = semicolon_find(entry);
		Slice value = SLICE_NONE;
		Slice name = slice_split(slice_sub(entry, 0, end), '=', &value);
		if (slice_equal_ignoring_case(slice_trim(name), SLICE_LITERAL("for")))
			return slice_trim(value);
		entry = slice_sub(entry, end + 1, entry.size);
	}
	return SLICE_NONE;
}

Slice forwarded_address(const Slice *lines, size_t count, int64_t hops, bool is_rfc7239, Slice peer)
{
	Slice entry = peer;
	int64_t hop = 0;
	for (size_t line = count; line > 0 && hop < hops; line--)
	{
		Slice rest = lines[line - 1];
		for (bool is_more = true; is_more && hop < hops; hop++)
		{
			size_t from = last_entry(rest);
			entry = slice_trim(slice_sub(rest, from, rest.size));
			is_more = from > 0;
			rest = slice_sub(rest, 0, is_more ? from - 1 : 0);
		}
	}
	return is_rfc7239 && hop > 0 ? for_parameter(entry) : entry;
}
