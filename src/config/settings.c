#include "config/settings.h"

#include <string.h>

bool settings_address_split(Slice address, Slice *host, uint16_t *port)
{
	size_t colon = address.size;
	while (colon > 0 && address.data[colon - 1] != ':')
		colon--;
	Slice digits = slice_sub(address, colon, address.size);
	Slice name = colon == 0 ? SLICE_NONE : slice_sub(address, 0, colon - 1);
	int64_t number = 0;
	bool is_bracketed = name.size > 2 && name.data[0] == '[' && name.data[name.size - 1] == ']';
	if (is_bracketed)
		name = slice_sub(name, 1, name.size - 1);
	for (size_t i = 0; i < name.size; i++)
		if (strchr(is_bracketed ? " []" : " []:", name.data[i]) != NULL) // an IPv6 address needs its brackets
			return false;
	if (name.size == 0 || digits.size > 5 || !slice_to_int64(digits, &number) || number < 0 || number > 65535)
		return false;
	*host = name;
	*port = (uint16_t) number;
	return true;
}
