// A text is refused, or becomes a tree whose writing reads and writes the same again.
#include "tests/fuzz/fuzz.h"

#include "base/json.h"

static unsigned tree_check(const JsonValue *value, unsigned depth)
{
	unsigned count = 0;
	assert(depth <= JSON_DEPTH_MAX + 1);
	assert(value->type == JSON_ARRAY || value->type == JSON_OBJECT || value->first == NULL);
	assert((value->type != JSON_STRING && value->type != JSON_NUMBER) || fuzz_is_text(value->text));
	for (const JsonValue *child = value->first; child != NULL; child = child->next, count++)
	{
		assert((child->key.data != NULL) == (value->type == JSON_OBJECT) && fuzz_is_text(child->key));
		(void) tree_check(child, depth + 1);
	}
	assert(count == value->count);
	return count;
}

static void numbers_check(const JsonValue *value)
{
	int64_t whole = 0;
	double number = 0;
	if (json_int64(value, &whole) && whole > -(INT64_C(1) << 53) && whole < INT64_C(1) << 53
		&& value->text.size <= JSON_NUMBER_SIZE_MAX)
	{
		bool is_number = json_double(value, &number);
		assert(is_number && (int64_t) number == whole);
	}
}

void fuzz_one(Slice input, Arena *arena)
{
	JsonValue *value = NULL;
	JsonValue *again = NULL;
	Error error;
	Buf written[2];
	if (!json_parse(input, arena, &value, &error))
	{
		assert(error.code == ERROR_BAD_INPUT || error.code == ERROR_TOO_LARGE);
		return;
	}
	(void) tree_check(value, 1);
	numbers_check(value);
	buf_init(&written[0], (size_t) 16 << 20U);
	buf_init(&written[1], (size_t) 16 << 20U);
	json_write_value(&written[0], value);
	assert(buf_is_ok(&written[0]) && fuzz_is_text(buf_slice(&written[0])));
	bool is_parsed = json_parse(buf_slice(&written[0]), arena, &again, &error);
	assert(is_parsed);
	json_write_value(&written[1], again);
	assert(slice_equal(buf_slice(&written[0]), buf_slice(&written[1])));
	buf_free(&written[0]);
	buf_free(&written[1]);
}
