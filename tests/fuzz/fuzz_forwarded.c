// The client among proxies: one of the entries, counted from the right, whatever stands to its left; and addresses, written anew,
// read the same.
#include "tests/fuzz/fuzz.h"

#include "base/address.h"
#include "intake/forwarded.h"

#include <string.h>

#define LINES_MAX 8
#define PEER "198.51.100.1"

// Of lists without quotes: the entry so many commas from the right, or the left-most.
static Slice entry_from_right(const Slice *lines, size_t count, int64_t hops)
{
	Slice entry = SLICE_LITERAL(PEER);
	for (size_t line = count; line > 0 && hops > 0; line--)
	{
		size_t end = lines[line - 1].size;
		for (size_t at = end + 1; at > 0 && hops > 0; at--)
		{
			if (at > 1 && lines[line - 1].data[at - 2] != ',')
				continue;
			entry = slice_trim(slice_sub(lines[line - 1], at - 1, end));
			end = at - 2;
			hops--;
		}
	}
	return entry;
}

static void address_check(Slice text)
{
	Address address;
	Address again;
	char written[ADDRESS_TEXT_SIZE];
	unsigned char packed[ADDRESS_PACKED_SIZE];
	if (!address_parse(text, &address))
		return;
	address_write(&address, written);
	bool is_address = address_parse(slice_from(written), &again);
	assert(is_address && memcmp(&address, &again, sizeof address) == 0);
	address_pack(&address, packed);
	address_unpack(packed, &again);
	assert(memcmp(&address, &again, sizeof address) == 0);
}

void fuzz_one(Slice input, Arena *arena)
{
	(void) arena;
	Slice lines[LINES_MAX];
	size_t count = 0;
	int64_t hops = input.size == 0 ? 0 : (unsigned char) *input.data % 5;
	bool has_quotes = slice_find(input, '"', 0) < input.size;
	bool is_rfc7239 = input.size > 1 && input.data[1] == 'f';
	Slice rest = slice_sub(input, 2, input.size);
	while (rest.size > 0 && count < LINES_MAX)
		lines[count++] = slice_split(rest, '\n', &rest);
	Slice address = forwarded_address(lines, count, hops, is_rfc7239, SLICE_LITERAL(PEER));
	assert(hops > 0 || slice_equal_text(address, PEER));
	assert(count > 0 || slice_equal_text(address, PEER));
	assert(fuzz_is_inside(address, input) || slice_equal_text(address, PEER));
	if (!has_quotes && !is_rfc7239)
		assert(slice_equal(address, entry_from_right(lines, count, hops)));
	address_check(address);
	address_check(input);
}
