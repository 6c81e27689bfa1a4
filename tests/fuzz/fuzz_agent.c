// A user agent and its client hints, one a line, become a robot or a browser, a system and a device: the same ones again from
// the cache, in words that fit their columns.
#include "tests/fuzz/fuzz.h"

static bool is_device_type(Slice type)
{
	return slice_equal_text(type, "desktop") || slice_equal_text(type, "mobile") || slice_equal_text(type, "tablet")
		|| slice_equal_text(type, "unknown");
}

static Hit read(const EnrichInput *raw, Arena *arena)
{
	Hit hit;
	Error error;
	hit_init(&hit, HIT_PAGE);
	hit.id.bytes[0] = 1;
	bool is_enriched = enrich_hit(fuzz_enricher(), raw, arena, &hit, &error);
	assert(is_enriched);
	return hit;
}

void fuzz_one(Slice input, Arena *arena)
{
	char address[FUZZ_ADDRESS_SIZE];
	EnrichInput raw = {.ip = fuzz_address(input, address), .anonymous_id = SLICE_LITERAL("a")};
	Slice *const lines[] = {&raw.user_agent, &raw.hints.brands, &raw.hints.full_versions, &raw.hints.mobile,
		&raw.hints.platform, &raw.hints.platform_version, &raw.hints.model};
	for (size_t i = 0; i < sizeof lines / sizeof *lines && input.data != NULL; i++)
		*lines[i] = slice_split(input, '\n', &input);
	Hit hit = read(&raw, arena);
	fuzz_check_hit(&hit, raw.ip, arena);
	if (hit.robot_kind.size > 0)
		assert(hit.device_type.data == NULL && hit.browser.data == NULL && hit.os.data == NULL);
	else
		assert(is_device_type(hit.device_type));
	assert(hit.browser.size > 0 || hit.browser_version.size == 0);
	assert(hit.os.size > 0 || hit.os_version.size == 0);
	Hit again = read(&raw, arena);
	assert(slice_equal(hit.robot_kind, again.robot_kind) && slice_equal(hit.device_type, again.device_type));
	assert(slice_equal(hit.browser, again.browser) && slice_equal(hit.browser_version, again.browser_version));
	assert(slice_equal(hit.os, again.os) && slice_equal(hit.os_version, again.os_version));
}
