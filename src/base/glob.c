#include "base/glob.h"

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char) (byte - 'A' + 'a') : byte;
}

bool glob_matches(Slice pattern, Slice text)
{
	size_t at = 0;                         // in pattern
	size_t from = 0;                       // in text
	size_t behind_star = pattern.size + 1; // in pattern, behind the last '*' met; beyond its end: none met
	size_t retry = 0;                      // in text: where what follows that '*' is tried next
	while (from < text.size)
	{
		if (at < pattern.size && pattern.data[at] == '*')
		{
			behind_star = ++at;
			retry = from;
		}
		else if (at < pattern.size && (pattern.data[at] == '?' || lower(pattern.data[at]) == lower(text.data[from])))
		{
			at++;
			from++;
		}
		else if (behind_star <= pattern.size)
		{
			at = behind_star;
			from = ++retry;
		}
		else
		{
			return false;
		}
	}
	while (at < pattern.size && pattern.data[at] == '*')
		at++;
	return at == pattern.size;
}
