#include "base/json.h"

#include "base/utf8.h"
#include "harness/random_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_SIZE_MAX (4U << 20U)

// Writes the same value twice: plainly as json_write_value would, and with white space and escapes strewn in.
typedef struct Maker {
	RandomCase random;
	Buf plain;
	Buf strewn;
} Maker;

static void both(Maker *maker, const char *text)
{
	buf_append_text(&maker->plain, text);
	buf_append_text(&maker->strewn, text);
}

static void space(Maker *maker)
{
	static const char *const spaces[] = {"", "", "", "", " ", "\n", "\t\r\n  "};
	buf_append_text(&maker->strewn, spaces[random_case_below(&maker->random, 7)]);
}

static uint32_t random_code_point(RandomCase *random)
{
	static const uint32_t bounds[] = {0x80, 0x80, 0x80, 0x800, 0x10000, 0x110000};
	for (;;)
	{
		uint32_t code_point = (uint32_t) random_case_below(random, bounds[random_case_below(random, 6)]);
		if (code_point != 0 && (code_point < 0xD800 || code_point > 0xDFFF))
			return code_point;
	}
}

static void character_strewn(Maker *maker, uint32_t code_point, Slice sequence)
{
	bool must_escape = code_point < 0x20 || code_point == '"' || code_point == '\\';
	if (!must_escape && random_case_below(&maker->random, 4) != 0)
		buf_append_slice(&maker->strewn, sequence);
	else if (code_point < 0x10000)
		buf_append_format(&maker->strewn, random_case_below(&maker->random, 2) == 0 ? "\\u%04x" : "\\u%04X",
			code_point);
	else
		buf_append_format(&maker->strewn, "\\u%04x\\u%04x", 0xD800U + ((code_point - 0x10000U) >> 10U),
			0xDC00U + (code_point & 0x3FFU));
}

static void string_make(Maker *maker, const char *prefix)
{
	char text[256];
	size_t size = strlen(prefix);
	memcpy(text, prefix, size);
	both(maker, "\"");
	buf_append_text(&maker->strewn, prefix);
	size_t count = random_case_below(&maker->random, 8) == 0 ? 50 : random_case_below(&maker->random, 12);
	for (size_t i = 0; i < count; i++)
	{
		uint32_t code_point = random_code_point(&maker->random);
		size_t added = utf8_encode(code_point, text + size);
		character_strewn(maker, code_point, (Slice){text + size, added});
		size += added;
	}
	maker->plain.size--; // json_write_string brings its own quote
	json_write_string(&maker->plain, (Slice){text, size});
	buf_append_byte(&maker->strewn, '"');
}

static void number_make(Maker *maker)
{
	char text[64];
	RandomCase *random = &maker->random;
	int size = snprintf(text, sizeof text, "%s%llu", random_case_below(random, 2) == 0 ? "-" : "",
		(unsigned long long) (random_case_next(random) >> random_case_below(random, 64)));
	if (random_case_below(random, 3) == 0)
		size += snprintf(text + size, sizeof text - (size_t) size, ".%03zu", random_case_below(random, 1000));
	if (random_case_below(random, 4) == 0)
		(void) snprintf(text + size, sizeof text - (size_t) size, "%c%s%zu", "eE"[random_case_below(random, 2)],
			random_case_below(random, 2) == 0 ? "+" : "-", random_case_below(random, JSON_NUMBER_EXPONENT_MAX + 1));
	both(maker, text);
}

static void value_make(Maker *maker, unsigned depth);

static void container_make(Maker *maker, unsigned depth, bool is_object)
{
	size_t count = random_case_below(&maker->random, 40) == 0 ? 60 : random_case_below(&maker->random, 6);
	both(maker, is_object ? "{" : "[");
	space(maker);
	for (size_t i = 0; i < count; i++)
	{
		if (i > 0)
			both(maker, ",");
		space(maker);
		if (is_object)
		{
			char prefix[32];
			(void) snprintf(prefix, sizeof prefix, "%zu-", i); // keys must differ
			string_make(maker, prefix);
			space(maker);
			both(maker, ":");
			space(maker);
		}
		value_make(maker, depth + 1);
		space(maker);
	}
	both(maker, is_object ? "}" : "]");
}

static void value_make(Maker *maker, unsigned depth)
{
	static const char *const words[] = {"null", "true", "false"};
	size_t kind = random_case_below(&maker->random, depth >= 6 ? 6 : 10);
	if (kind < 2)
		both(maker, words[random_case_below(&maker->random, 3)]);
	else if (kind < 4)
		number_make(maker);
	else if (kind < 6)
		string_make(maker, "");
	else
		container_make(maker, depth, kind < 8);
}

static void test_any_value_is_written_as_it_was_read(void **state)
{
	(void) state;
	Maker maker = {.random = random_case_begin("json")};
	Arena arena;
	Buf written;
	arena_init(&arena, ARENA_SIZE_MAX);
	buf_init(&maker.plain, 64U << 20U);
	buf_init(&maker.strewn, 64U << 20U);
	buf_init(&written, 64U << 20U);
	for (size_t i = random_case_count(20000); i > 0; i--)
	{
		Error error;
		JsonValue *value = NULL;
		buf_reset(&maker.plain);
		buf_reset(&maker.strewn);
		buf_reset(&written);
		arena_reset(&arena);
		value_make(&maker, 0);
		assert_true(buf_is_ok(&maker.plain) && buf_is_ok(&maker.strewn));
		if (!json_parse(buf_slice(&maker.strewn), &arena, &value, &error))
		{
			// Random trees have no bound; one that outgrows the arena is told as such.
			assert_int_equal(error.code, ERROR_TOO_LARGE);
			continue;
		}
		json_write_value(&written, value);
		if (!slice_equal(buf_slice(&written), buf_slice(&maker.plain)))
			fail_msg("%.*s\nbecame\n%.*s", SLICE_PRINT(buf_slice(&maker.plain)), SLICE_PRINT(buf_slice(&written)));
	}
	buf_free(&maker.plain);
	buf_free(&maker.strewn);
	buf_free(&written);
	arena_free(&arena);
}

static void damage(RandomCase *random, char *text, size_t size)
{
	static const char bytes[] = "{}[]\",:\\u0dDeE+-.tfn \n\x01\x80\xC3\xED\xF0";
	for (size_t changes = random_case_below(random, 4); changes > 0; changes--)
		text[random_case_below(random, size)] = bytes[random_case_below(random, sizeof bytes)];
}

// Whatever comes in: refused, or a tree that can be written and read again to the same text.
static void test_damaged_texts_are_refused_or_read_the_same_again(void **state)
{
	(void) state;
	RandomCase random = random_case_begin("json damaged");
	Arena arena;
	Buf written[2];
	size_t taken = 0;
	size_t count = random_case_count(100000);
	arena_init(&arena, ARENA_SIZE_MAX);
	buf_init(&written[0], 1U << 20U);
	buf_init(&written[1], 1U << 20U);
	for (size_t i = count; i > 0; i--)
	{
		char text[] = "{\"ab\":[1,-2.5e3,true],\"c\\n\":{\"a\":\"\\ud83d\\ude00\",\"a\":\"\xC3\xA9\"},\"\":[[],{},null,"
					  "\"\\udc00\"]}";
		Error error;
		JsonValue *value = NULL;
		damage(&random, text, sizeof text - 1);
		arena_reset(&arena);
		if (!json_parse((Slice){text, sizeof text - 1}, &arena, &value, &error))
		{
			assert_int_equal(error.code, ERROR_BAD_INPUT);
			continue;
		}
		taken++;
		for (size_t round = 0; round < 2; round++)
		{
			buf_reset(&written[round]);
			json_write_value(&written[round], value);
			assert_true(utf8_is_valid(buf_slice(&written[round])));
			assert_true(json_parse(buf_slice(&written[round]), &arena, &value, &error));
		}
		assert_true(slice_equal(buf_slice(&written[0]), buf_slice(&written[1])));
	}
	assert_in_range(taken, count / 10, count - count / 10);
	buf_free(&written[0]);
	buf_free(&written[1]);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_value_is_written_as_it_was_read),
		cmocka_unit_test(test_damaged_texts_are_refused_or_read_the_same_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
