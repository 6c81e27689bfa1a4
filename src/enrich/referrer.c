#include "enrich/referrer.h"

#include <string.h>

#define FNV_START 2166136261U
#define FNV_PRIME 16777619U

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char) (byte - 'A' + 'a') : byte;
}

static uint32_t hash_on(uint32_t hash, Slice text)
{
	for (size_t i = 0; i < text.size; i++)
		hash = (hash ^ (unsigned char) lower(text.data[i])) * FNV_PRIME;
	return hash;
}

// Whether the key is the two texts, one behind the other.
static bool key_is(const char *key, Slice first, Slice second)
{
	size_t size = strlen(key);
	return size == first.size + second.size && slice_equal_ignoring_case((Slice){key, first.size}, first)
		&& slice_equal_ignoring_case((Slice){key + first.size, second.size}, second);
}

// The first row of a key, given in two parts; NULL where there is none.
static const DataReferrer *row_of(Slice first, Slice second)
{
	uint32_t slot = hash_on(hash_on(FNV_START, first), second);
	for (;; slot++)
	{
		uint16_t number = data_referrer_slots[slot & (DATA_REFERRER_SLOTS - 1)];
		if (number == 0)
			return NULL;
		if (key_is(data_referrers[number - 1].key, first, second))
			return &data_referrers[number - 1];
	}
}

static bool path_is_below(Slice path, Slice above)
{
	Slice rest = slice_sub(path, above.size, path.size);
	return slice_starts_with(path, above) && (rest.size == 0 || slice_starts_with(rest, SLICE_LITERAL("/")));
}

static const DataReferrer *match(const DataReferrer *row, bool is_whole_host, Slice path)
{
	for (; row != NULL; row = row->has_next ? row + 1 : NULL)
		if ((is_whole_host || !row->is_alone) && path_is_below(path, slice_from(row->path)))
			return row;
	return NULL;
}

static size_t last_dot(Slice host)
{
	size_t at = host.size;
	while (at > 0 && host.data[at - 1] != '.')
		at--;
	return at > 0 ? at - 1 : host.size;
}

// Where the top-level domain's dot stands: of "co.uk" and its like the first, else the last; host.size where there is none.
static size_t top_level(Slice host)
{
	static const char *const seconds[] = {"co", "com", "net", "org", "ne", "or", "ac", "edu", "gov", "gob", "nom"};
	size_t last = last_dot(host);
	Slice base = slice_sub(host, 0, last);
	size_t before = last_dot(base);
	if (last == host.size || before == base.size || host.size - last != 3) // two letters, a country
		return last;
	Slice second = slice_sub(base, before + 1, base.size);
	for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
		if (slice_equal_ignoring_case(second, slice_from(seconds[i])))
			return before;
	return last;
}

Slice referrer_host_bare(Slice host)
{
	bool has_www = host.size > 4 && slice_equal_ignoring_case(slice_sub(host, 0, 4), SLICE_LITERAL("www."));
	return has_www ? slice_sub(host, 4, host.size) : host;
}

const DataReferrer *referrer_find(Slice host, Slice path)
{
	host = referrer_host_bare(host);
	size_t base = top_level(host);
	for (size_t from = 0; from < host.size; from = slice_find(host, '.', from) + 1)
	{
		const DataReferrer *row = match(row_of(slice_sub(host, from, host.size), SLICE_NONE), from == 0, path);
		if (row == NULL && from < base && base < host.size)
			row = match(row_of(slice_sub(host, from, base), SLICE_LITERAL(".*")), from == 0, path);
		if (row != NULL)
			return row;
	}
	return NULL;
}

Slice referrer_source_category(Slice source)
{
	if (source.size == 0)
		return SLICE_NONE;
	const DataReferrer *row = row_of(SLICE_LITERAL("="), source);
	if (row == NULL && slice_find(source, '.', 0) < source.size)
		row = referrer_find(source, SLICE_NONE);
	return row == NULL ? SLICE_NONE : slice_from(row->source_category);
}

static Slice parameter_value(Slice query, Slice name)
{
	for (Slice rest = query; rest.size > 0;)
	{
		Slice value;
		Slice pair = slice_split(rest, '&', &rest);
		if (slice_equal_ignoring_case(slice_split(pair, '=', &value), name) && value.size > 0)
			return value;
	}
	return SLICE_NONE;
}

static Slice term_of(Slice raw, const Deny *deny, Arena *arena)
{
	static const Slice replacement = {"\xEF\xBF\xBD", 3}; // what percent_decode puts for bytes that are no UTF-8
	Slice term = slice_trim(percent_decode(raw, true, arena));
	if (term.size == 0 || memmem(term.data, term.size, replacement.data, replacement.size) != NULL
		|| deny_value(deny, term, arena))
		return SLICE_NONE;
	return term;
}

static Slice path_term(const DataReferrer *engine, Slice path, const Deny *deny, Arena *arena)
{
	Slice before = slice_from(engine->word_path);
	const char *found =
		before.size == 0 || path.size < before.size ? NULL : memmem(path.data, path.size, before.data, before.size);
	if (found == NULL)
		return SLICE_NONE;
	size_t from = (size_t) (found - path.data) + before.size;
	return term_of(slice_sub(path, from, slice_find(path, '/', from)), deny, arena);
}

Slice referrer_search_term(const DataReferrer *engine, const Url *url, const Deny *deny, Arena *arena)
{
	for (Slice names = slice_from(engine->parameters); names.size > 0;)
	{
		Slice name = slice_split(names, ' ', &names);
		Slice term = term_of(parameter_value(url->query, name), deny, arena);
		if (term.data != NULL)
			return term;
	}
	return path_term(engine, url->path, deny, arena);
}

bool referrer_is_own(Slice host, const Slice *own, size_t count)
{
	for (size_t i = 0; i < count; i++)
	{
		Slice above = referrer_host_bare(own[i]);
		size_t from = host.size - above.size;
		if (above.size > 0 && host.size >= above.size
			&& slice_equal_ignoring_case(slice_sub(host, from, host.size), above)
			&& (from == 0 || host.data[from - 1] == '.'))
			return true;
	}
	return false;
}
