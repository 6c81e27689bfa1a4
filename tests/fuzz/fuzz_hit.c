// Bytes are refused as a hit, or decode to one whose encoding decodes to the same, and that can be written as JSON.
#include "tests/fuzz/fuzz.h"

#include "base/json.h"

static bool has_json(const Hit *hit)
{
	return hit->query_params.data != NULL || hit->viewport_position.data != NULL || hit->metadata.data != NULL
		|| hit->traits.data != NULL;
}

void fuzz_one(Slice input, Arena *arena)
{
	Hit hit;
	Hit again;
	Error error;
	Buf buf;
	Buf second;
	Buf json;
	if (!hit_decode(input, &hit, &error))
	{
		assert(error.code == ERROR_CORRUPT);
		return;
	}
#define X(tag, name, size_max) assert(fuzz_is_inside(hit.name, input));
	HIT_TEXT_FIELDS(X)
#undef X
	buf_init(&buf, 2 * input.size + 64);
	buf_init(&second, 2 * input.size + 64);
	buf_init(&json, 16 * input.size + 4096);
	hit_encode(&hit, &buf);
	bool is_decoded = hit_decode(buf_slice(&buf), &again, &error);
	assert(buf_is_ok(&buf) && is_decoded);
	hit_encode(&again, &second);
	assert(slice_equal(buf_slice(&buf), buf_slice(&second)));
	hit_write_json(&hit, &json);
	assert(buf_is_ok(&json));
	JsonValue *value = NULL;
	bool is_json = has_json(&hit) || json_parse(buf_slice(&json), arena, &value, &error);
	assert(is_json);
	bool is_limited = hit_apply_limits(&hit, arena, &error);
	assert(is_limited);
#define X(tag, name, size_max) assert(hit.name.size <= (size_max));
	HIT_TEXT_FIELDS(X)
#undef X
	buf_free(&buf);
	buf_free(&second);
	buf_free(&json);
}
