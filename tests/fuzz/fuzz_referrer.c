// Where a visit came from, by lines of referrer, page, campaign words and the site's own host: sites are told by whole labels, a
// query leaves nothing behind but searched words, and every visit has one channel.
#include "tests/fuzz/fuzz.h"

#include "enrich/referrer.h"

#include <string.h>

static bool label_before(Slice host, size_t at)
{
	return at == 0 || host.data[at - 1] == '.';
}

// The key's domain ends the host, at a whole label; of "name.*" one label or two stand behind the name.
static bool is_of_domain(Slice host, Slice key)
{
	if (key.size > 2 && slice_ends_with(key, SLICE_LITERAL(".*")))
	{
		Slice name = slice_sub(key, 0, key.size - 1); // with its dot
		for (size_t at = 0; at + name.size < host.size; at++)
			if (label_before(host, at) && slice_equal_ignoring_case(slice_sub(host, at, at + name.size), name))
				return true;
		return false;
	}
	return host.size >= key.size && label_before(host, host.size - key.size)
		&& slice_equal_ignoring_case(slice_sub(host, host.size - key.size, host.size), key);
}

static void table_check(Slice referrer)
{
	Url url;
	if (!url_split(referrer, &url))
		return;
	const DataReferrer *row = referrer_find(url.host, url.path);
	if (row == NULL)
		return;
	assert(row->key[0] != '=' && is_of_domain(url.host, slice_from(row->key)));
	assert(row->path[0] == '\0' || slice_starts_with(url.path, slice_from(row->path)));
}

void fuzz_one(Slice input, Arena *arena)
{
	char address[FUZZ_ADDRESS_SIZE];
	EnrichInput raw = {.ip = fuzz_address(input, address)};
	Hit hit;
	Error error;
	Slice *const fields[] = {&raw.referrer, &raw.page_url, &raw.campaign_source, &raw.campaign_medium,
		&raw.campaign_name, &raw.own_host};
	for (size_t i = 0; i < sizeof fields / sizeof *fields && input.data != NULL; i++)
		*fields[i] = slice_split(input, '\n', &input);
	table_check(raw.referrer);
	(void) referrer_source_category(raw.campaign_source);
	hit_init(&hit, HIT_PAGE);
	hit.id.bytes[0] = 1;
	bool is_enriched = enrich_hit(fuzz_enricher(), &raw, arena, &hit, &error);
	assert(is_enriched);
	assert(hit.channel_type.size > 0 && hit.channel_subtype.size > 0 && hit.referrer_category.size > 0);
	assert(hit.referrer.size == 0 || hit.external_referrer.size == 0);
	assert((hit.external_referrer.size > 0) == (hit.referrer_domain.size > 0));
	assert(slice_find(hit.external_referrer, '?', 0) == hit.external_referrer.size);
	assert(slice_find(hit.external_referrer, '#', 0) == hit.external_referrer.size);
	assert(hit.search_term.size == 0 || slice_equal_text(hit.referrer_category, "search"));
	assert(!fuzz_has_mail_address(hit.search_term) && !fuzz_has_mail_address(hit.external_referrer));
	assert(!fuzz_has_mail_address(hit.utm_source) && !fuzz_has_mail_address(hit.utm_campaign));
	fuzz_check_hit(&hit, raw.ip, arena);
}
