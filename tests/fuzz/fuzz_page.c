// Lines of raw texts become a finished hit: within limits, text, with nothing in it that must not reach disk.
#include "tests/fuzz/fuzz.h"

#include "base/json.h"
#include "base/utf8.h"
#include "enrich/deny.h"

static void input_split(Slice input, EnrichInput *raw, Hit *hit, Arena *arena)
{
	Slice *const fields[] = {&raw->page_url, &raw->page_path, &raw->page_search, &raw->referrer, &raw->page_title,
		&raw->page_host, &raw->own_host, &raw->campaign_source, &raw->user_agent, &hit->event_label,
		&hit->element_selector, &hit->metadata};
	for (size_t i = 0; i < sizeof fields / sizeof *fields && input.data != NULL; i++)
		*fields[i] = slice_split(input, '\n', &input);
	// The intake hands on text, and JSON in its own writing.
	JsonValue *value = NULL;
	Error error;
	Buf buf;
	buf_init(&buf, (size_t) 4 << 20U);
	hit->event_label = utf8_clean(hit->event_label, arena);
	hit->element_selector = utf8_clean(hit->element_selector, arena);
	if (json_parse(hit->metadata, arena, &value, &error) && json_is_object(value))
		json_write_value(&buf, value);
	hit->metadata = buf.size > 0 && buf_is_ok(&buf) ? arena_copy(arena, buf_slice(&buf)) : SLICE_NONE;
	buf_free(&buf);
}

static void names_check(Slice json, Arena *arena)
{
	JsonValue *object = NULL;
	Error error;
	if (json.data == NULL)
		return;
	bool is_parsed = json_parse(json, arena, &object, &error);
	assert(is_parsed);
	for (const JsonValue *value = object->first; value != NULL; value = value->next)
		assert(!fuzz_is_secret_name(value->key) && !fuzz_has_mail_address(value->text));
}

// No key at any depth holds a word that property_deny has; keys that are longer than names are let be.
static void keys_check(const JsonValue *value)
{
	for (const JsonValue *child = value->first; child != NULL; child = child->next)
	{
		for (size_t at = 0; child->key.size <= DENY_NAME_SIZE_MAX && at + 8 <= child->key.size; at++)
			assert(!slice_equal_ignoring_case(slice_sub(child->key, at, at + 8), SLICE_LITERAL("password")));
		keys_check(child);
	}
}

static void properties_check(Slice json, Arena *arena)
{
	JsonValue *object = NULL;
	Error error;
	if (json.data == NULL)
		return;
	bool is_parsed = json_parse(json, arena, &object, &error);
	assert(is_parsed);
	keys_check(object);
}

// What was cleaned once is clean. The fragment keeps white space at the end of the path.
static void again_check(const Hit *hit, Arena *arena)
{
	Hit again;
	Error error;
	Slice path = arena_format(arena, "%.*s#", SLICE_PRINT(hit->page_url));
	EnrichInput raw = {.page_path = path, .page_host = hit->page_host};
	hit_init(&again, HIT_PAGE);
	bool is_enriched = enrich_hit(fuzz_enricher(), &raw, arena, &again, &error);
	assert(is_enriched);
	assert(slice_equal(again.page_url, hit->page_url));
	assert(slice_equal(again.page_host, hit->page_host));
}

void fuzz_one(Slice input, Arena *arena)
{
	char address[FUZZ_ADDRESS_SIZE];
	EnrichInput raw = {.ip = fuzz_address(input, address), .anonymous_id = SLICE_LITERAL("a")};
	Hit hit;
	Error error;
	hit_init(&hit, HIT_PAGE);
	hit.id.bytes[0] = 1;
	input_split(input, &raw, &hit, arena);
	bool is_enriched = enrich_hit(fuzz_enricher(), &raw, arena, &hit, &error);
	assert(is_enriched);
	assert(hit.page_url.size > 0 && *hit.page_url.data == '/' && slice_find(hit.page_url, '?', 0) == hit.page_url.size);
	assert(!fuzz_has_mail_address(hit.page_url) && !fuzz_has_mail_address(hit.external_referrer));
	assert(!fuzz_has_mail_address(hit.referrer));
	names_check(hit.query_params, arena);
	properties_check(hit.metadata, arena);
	fuzz_check_hit(&hit, raw.ip, arena);
	again_check(&hit, arena);
}
