#include "base/json.h"

#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct Fixture {
	Arena arena;
	Buf buf;
	Error error;
} Fixture;

static int set_up(void **state)
{
	static Fixture fixture;
	fixture = (Fixture){0};
	arena_init(&fixture.arena, 16U << 20U);
	buf_init(&fixture.buf, 16U << 20U);
	*state = &fixture;
	return 0;
}

static int tear_down(void **state)
{
	Fixture *fixture = *state;
	arena_free(&fixture->arena);
	buf_free(&fixture->buf);
	return 0;
}

static const JsonValue *parsed(Fixture *fixture, Slice text)
{
	JsonValue *value = NULL;
	if (!json_parse(text, &fixture->arena, &value, &fixture->error))
		fail_msg("%s", fixture->error.message);
	return value;
}

static void refused(Fixture *fixture, Slice text, ErrorCode code)
{
	JsonValue *value = NULL;
	if (json_parse(text, &fixture->arena, &value, &fixture->error))
		fail_msg("taken: %.*s", SLICE_PRINT(text));
	assert_int_equal(fixture->error.code, code);
}

static const char *rewritten(Fixture *fixture, const char *text)
{
	const JsonValue *value = parsed(fixture, slice_from(text));
	buf_reset(&fixture->buf);
	json_write_value(&fixture->buf, value);
	buf_append_byte(&fixture->buf, '\0');
	assert_true(buf_is_ok(&fixture->buf));
	return fixture->buf.data;
}

static void test_every_kind_of_value_is_written_as_it_was_read(void **state)
{
	static const char *const texts[] = {"{}", "[]", "null", "true", "false", "0", "-0", "1.50", "1e5", "-12E+3", "\"\"",
		"\"text\"", "{\"a\":[1,{\"b\":null},[]],\"\":\"\"}", "123456789012345678901234567890",
		"[\"\xC3\xA9\xF0\x9F\x98\x80\"]", "\"\\\"\\\\\\n\\r\\t\\u0001\\u001f\"", "\"0123456\\\"89\""};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_string_equal(rewritten(*state, texts[i]), texts[i]);
}

static void test_white_space_is_dropped(void **state)
{
	assert_string_equal(rewritten(*state, " \t\r\n{ \"a\" : [ 1 , 2 ] } \n"), "{\"a\":[1,2]}");
}

static void test_escapes_become_their_characters(void **state)
{
	const JsonValue *value =
		parsed(*state, SLICE_LITERAL("[\"x\", \"a\\u0041\\/\\b\\f\\n\\r\\t\\\"\\\\\\u00e9\\u20AC\", \"y\"]"));
	assert_true(slice_equal_text(json_string(value->first->next), "aA/\b\f\n\r\t\"\\\xC3\xA9\xE2\x82\xAC"));
	assert_true(slice_equal_text(json_string(value->first->next->next), "y"));
}

static void test_surrogate_pairs_become_one_character(void **state)
{
	const JsonValue *value = parsed(*state, SLICE_LITERAL("\"\\ud83d\\uDE00\""));
	assert_true(slice_equal_text(json_string(value), "\xF0\x9F\x98\x80"));
}

static void test_nul_and_broken_surrogates_become_the_replacement_character(void **state)
{
	static const char *const rows[][2] = {
		{"\"a\\u0000b\"",
			"a\xEF\xBF\xBD"
			"b"},
		{"\"\\ud800\"", "\xEF\xBF\xBD"},
		{"\"\\udc00x\"", "\xEF\xBF\xBDx"},
		{"\"\\ud800\\u0041\"",
			"\xEF\xBF\xBD"
			"A"},
		{"\"\\ud800\\ud83d\\ude00\"", "\xEF\xBF\xBD\xF0\x9F\x98\x80"},
		{"\"\\ud800\\n\"", "\xEF\xBF\xBD\n"},
		{"\"\\ud800?\"", "\xEF\xBF\xBD?"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_true(slice_equal_text(json_string(parsed(*state, slice_from(rows[i][0]))), rows[i][1]));
}

static void test_escaped_keys_are_found(void **state)
{
	const JsonValue *value = parsed(*state, SLICE_LITERAL("{\"\\u0061b\": 1, \"q\\\"q\": {\"\\n\": 2}}"));
	assert_true(slice_equal_text(json_scalar(json_get(value, "ab")), "1"));
	assert_true(slice_equal_text(json_scalar(json_get(json_get(value, "q\"q"), "\n")), "2"));
	assert_null(json_get(value, "a"));
}

static void test_what_is_not_json_is_refused(void **state)
{
	static const char *const texts[] = {"", " ", "{", "[", "]", "{]", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
		"{a:1}", "'a'", "tru", "nul", "01", "1.", ".5", "+1", "1e", "1e+", "-", "\"", "\"abc", "\"\\", "\"\\x\"",
		"\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"", "\"\x01\"", "1 2", "{}{}", "[] x", "/* */ 1", "// 1", "NaN", "Infinity",
		"[1 2]", "{\"a\" 1}", "\"\xFF\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"", "\"\xE2\x82\"",
		"\xC3"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		refused(*state, slice_from(texts[i]), ERROR_BAD_INPUT);
	refused(*state, SLICE_LITERAL("[1]\0"), ERROR_BAD_INPUT);
	refused(*state, SLICE_LITERAL("[\"a\0b\"]"), ERROR_BAD_INPUT);
	refused(*state, SLICE_NONE, ERROR_BAD_INPUT);
}

static void test_an_error_says_where(void **state)
{
	Fixture *fixture = *state;
	refused(fixture, SLICE_LITERAL("{\"a\": 1, b}"), ERROR_BAD_INPUT);
	assert_non_null(strstr(fixture->error.message, "at byte 10"));
	assert_null(strchr(fixture->error.message, '\n'));
}

static void nested(Fixture *fixture, size_t depth, bool is_taken)
{
	buf_reset(&fixture->buf);
	for (size_t i = 0; i < depth; i++)
		buf_append_text(&fixture->buf, i % 2 == 0 ? "[" : "{\"a\":");
	for (size_t i = depth; i > 0; i--)
		buf_append_text(&fixture->buf, i % 2 == 1 ? "]" : "}");
	if (is_taken)
		(void) parsed(fixture, buf_slice(&fixture->buf));
	else
		refused(fixture, buf_slice(&fixture->buf), ERROR_BAD_INPUT);
}

static void test_depth_is_limited(void **state)
{
	// An object must hold something: the innermost of an even number would be `{"a":}`.
	nested(*state, JSON_DEPTH_MAX - 1, true);
	nested(*state, JSON_DEPTH_MAX + 1, false);
	nested(*state, 100001, false);
	assert_string_equal(rewritten(*state, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"),
		"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
}

static void test_of_equal_keys_the_last_wins(void **state)
{
	assert_string_equal(rewritten(*state, "{\"a\":1,\"b\":2,\"a\":3,\"c\":{\"x\":1,\"x\":2},\"a\":4}"),
		"{\"b\":2,\"c\":{\"x\":2},\"a\":4}");
	assert_string_equal(rewritten(*state, "{\"\":1,\"\":2}"), "{\"\":2}");
	assert_int_equal(parsed(*state, SLICE_LITERAL("{\"a\":1,\"\\u0061\":3}"))->count, 1);
}

static void test_of_many_equal_keys_the_last_wins(void **state)
{
	Fixture *fixture = *state;
	const unsigned count = 30000;
	buf_append_byte(&fixture->buf, '{');
	for (unsigned i = 0; i < 3 * count; i++)
		buf_append_format(&fixture->buf, "%s\"k%u\":%u", i == 0 ? "" : ",", i % count, i);
	buf_append_byte(&fixture->buf, '}');
	const JsonValue *value = parsed(fixture, buf_slice(&fixture->buf));
	assert_int_equal(value->count, count);
	int64_t expected = 2 * count;
	for (const JsonValue *child = value->first; child != NULL; child = child->next)
	{
		int64_t number = 0;
		assert_true(json_int64(child, &number));
		assert_int_equal(number, expected++);
	}
	assert_int_equal(expected, 3 * count);
}

static bool read_int64(Fixture *fixture, const char *text, int64_t *number)
{
	return json_int64(parsed(fixture, slice_from(text)), number);
}

static void test_whole_numbers_in_every_form(void **state)
{
	static const struct {
		const char *text;
		int64_t number;
	} rows[] = {{"0", 0}, {"-0", 0}, {"42", 42}, {"-42", -42}, {"1.0", 1}, {"1e3", 1000}, {"12.50e1", 125},
		{"1000e-3", 1}, {"\"77\"", 77}, {"\"1e2\"", 100}, {"9223372036854775807", INT64_MAX},
		{"-9223372036854775808", INT64_MIN}, {"0e999999999999", 0}, {"0.0e-5", 0},
		{"922337203685477580.7e1", INT64_MAX}, {"0.000000001e9", 1}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		int64_t number = -1;
		assert_true(read_int64(*state, rows[i].text, &number));
		assert_true(number == rows[i].number);
	}
}

static void test_what_is_not_a_whole_number_is_none(void **state)
{
	static const char *const texts[] = {"1.5", "1e-1", "9223372036854775808", "-9223372036854775809", "1e19",
		"1e999999999", "1e-999999999", "true", "null", "[]", "{}", "\"\"", "\" 1\"", "\"1x\"", "\"-\"", "\"0x10\"",
		"\"1e\"", "\".5\""};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
	{
		int64_t number = 0;
		if (read_int64(*state, texts[i], &number))
			fail_msg("taken: %s", texts[i]);
	}
	int64_t number = 0;
	assert_false(json_int64(NULL, &number));
}

static void test_doubles(void **state)
{
	double number = 0;
	assert_true(json_double(parsed(*state, SLICE_LITERAL("1.25e2")), &number) && number == 125.0);
	assert_true(json_double(parsed(*state, SLICE_LITERAL("\"-0.5\"")), &number) && number == -0.5);
	assert_false(json_double(parsed(*state, SLICE_LITERAL("1e999")), &number));
	assert_false(json_double(parsed(*state, SLICE_LITERAL("\"inf\"")), &number));
	assert_false(json_double(parsed(*state, SLICE_LITERAL("\"nan\"")), &number));
	assert_false(json_double(parsed(*state, SLICE_LITERAL("true")), &number));
	assert_false(json_double(NULL, &number));
}

static void test_readers_take_null_and_other_types(void **state)
{
	bool truth = false;
	const JsonValue *value =
		parsed(*state, SLICE_LITERAL("{\"t\":true,\"f\":false,\"n\":1.0,\"s\":\"x\",\"z\":null,\"a\":[1]}"));
	assert_true(json_bool(json_get(value, "t"), &truth) && truth);
	assert_true(json_bool(json_get(value, "f"), &truth) && !truth);
	assert_false(json_bool(json_get(value, "s"), &truth));
	assert_true(slice_equal_text(json_scalar(json_get(value, "t")), "true"));
	assert_true(slice_equal_text(json_scalar(json_get(value, "f")), "false"));
	assert_true(slice_equal_text(json_scalar(json_get(value, "n")), "1.0"));
	assert_null(json_scalar(json_get(value, "z")).data);
	assert_null(json_scalar(json_get(value, "a")).data);
	assert_null(json_string(json_get(value, "n")).data);
	assert_null(json_string(json_get(value, "nothing")).data);
	assert_null(json_get(json_get(value, "a"), "t"));
	assert_null(json_get(NULL, "t"));
	assert_true(json_is_array(json_get(value, "a")) && !json_is_array(value) && !json_is_array(NULL));
	assert_true(json_is_object(value) && !json_is_object(json_get(value, "a")) && !json_is_object(NULL));
}

static void test_numbers_the_database_cannot_hold_become_strings(void **state)
{
	assert_string_equal(rewritten(*state, "[1e400,1e-400,1e401,1e-401,1e999999999999,5e-324]"),
		"[1e400,1e-400,\"1e401\",\"1e-401\",\"1e999999999999\",5e-324]");
	Fixture *fixture = *state;
	buf_reset(&fixture->buf);
	for (size_t i = 0; i <= JSON_NUMBER_SIZE_MAX; i++)
		buf_append_byte(&fixture->buf, '1');
	assert_false(json_number_is_storable(buf_slice(&fixture->buf)));
	fixture->buf.size--;
	assert_true(json_number_is_storable(buf_slice(&fixture->buf)));
}

static void written(Fixture *fixture, Slice text, const char *expected)
{
	buf_reset(&fixture->buf);
	json_write_string(&fixture->buf, text);
	assert_true(slice_equal_text(buf_slice(&fixture->buf), expected));
}

static void test_strings_are_escaped_and_mended(void **state)
{
	written(*state, SLICE_NONE, "null");
	written(*state, SLICE_LITERAL(""), "\"\"");
	written(*state, SLICE_LITERAL("a\"b\\c/\x7F"), "\"a\\\"b\\\\c/\x7F\"");
	written(*state, SLICE_LITERAL("long enough for words\n\t\r\x01"), "\"long enough for words\\n\\t\\r\\u0001\"");
	written(*state, SLICE_LITERAL("a\0b"),
		"\"a\xEF\xBF\xBD"
		"b\"");
	written(*state, SLICE_LITERAL("\xFF\xE2\x82\xAC\xE2\x82"), "\"\xEF\xBF\xBD\xE2\x82\xAC\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

static void test_keys_bring_their_comma(void **state)
{
	Fixture *fixture = *state;
	buf_reset(&fixture->buf);
	json_write_key(&fixture->buf, "a");
	buf_reset(&fixture->buf);
	buf_append_byte(&fixture->buf, '{');
	json_write_key(&fixture->buf, "a");
	json_write_string(&fixture->buf, SLICE_LITERAL("1"));
	json_write_key(&fixture->buf, "b");
	json_write_value(&fixture->buf, NULL);
	buf_append_byte(&fixture->buf, '}');
	assert_true(slice_equal_text(buf_slice(&fixture->buf), "{\"a\":\"1\",\"b\":null}"));
}

static void test_a_full_arena_is_too_large(void **state)
{
	Fixture *fixture = *state;
	buf_reset(&fixture->buf);
	buf_append_byte(&fixture->buf, '[');
	for (size_t i = 0; i < 10000; i++)
		buf_append_text(&fixture->buf, "1,");
	buf_append_text(&fixture->buf, "1]");
	for (size_t size_max = 0; size_max < 700000; size_max += 9973)
	{
		Arena small;
		JsonValue *value = NULL;
		arena_init(&small, size_max);
		bool is_ok = json_parse(buf_slice(&fixture->buf), &small, &value, &fixture->error);
		assert_true(is_ok || fixture->error.code == ERROR_TOO_LARGE);
		assert_true(!is_ok || size_max > 500000);
		arena_free(&small);
	}
}

static void test_long_escaped_strings_and_failing_memory(void **state)
{
	Fixture *fixture = *state;
	for (size_t size = 1; size < 300000; size = size * 3 + 1)
	{
		buf_reset(&fixture->buf);
		buf_append_text(&fixture->buf, "[\"");
		for (size_t i = 0; i < size; i++)
			buf_append_text(&fixture->buf, i % 7 == 0 ? "\\n" : "x");
		buf_append_text(&fixture->buf, "\",\"\\t\"]");
		for (size_t nth = 1; nth < 4; nth++)
		{
			Arena arena;
			JsonValue *value = NULL;
			arena_init(&arena, 8U << 20U);
			memory_fail_at(nth);
			bool is_ok = json_parse(buf_slice(&fixture->buf), &arena, &value, &fixture->error);
			memory_fail_at(0);
			assert_true(is_ok ? value->first->text.size == size : fixture->error.code != ERROR_BAD_INPUT);
			arena_free(&arena);
		}
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_every_kind_of_value_is_written_as_it_was_read),
		TEST(test_white_space_is_dropped),
		TEST(test_escapes_become_their_characters),
		TEST(test_surrogate_pairs_become_one_character),
		TEST(test_nul_and_broken_surrogates_become_the_replacement_character),
		TEST(test_escaped_keys_are_found),
		TEST(test_what_is_not_json_is_refused),
		TEST(test_an_error_says_where),
		TEST(test_depth_is_limited),
		TEST(test_of_equal_keys_the_last_wins),
		TEST(test_of_many_equal_keys_the_last_wins),
		TEST(test_whole_numbers_in_every_form),
		TEST(test_what_is_not_a_whole_number_is_none),
		TEST(test_doubles),
		TEST(test_readers_take_null_and_other_types),
		TEST(test_numbers_the_database_cannot_hold_become_strings),
		TEST(test_strings_are_escaped_and_mended),
		TEST(test_keys_bring_their_comma),
		TEST(test_a_full_arena_is_too_large),
		TEST(test_long_escaped_strings_and_failing_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
