// Messages made by changing good ones at random: each is accepted with a hit that survives its encoding, or refused with a
// code; and the same message read again gives the same hit, unless it brings no id or no time.
#include "tests/harness/message.h"
#include "tests/harness/random_case.h"

#include "base/random.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXT_SIZE_MAX 4096

static const char *const seeds[] = {
	"{\"type\":\"page\",\"messageId\":\"019ab0a8-1111-7abc-8def-001122334455\",\"anonymousId\":\"a-1\",\"userId\":42,"
	"\"timestamp\":\"2025-11-23T01:39:00.250Z\",\"name\":\"Prices\",\"properties\":{\"loadMs\":812.6,\"interactiveMs\":"
	"400},"
	"\"context\":{\"page\":{\"path\":\"/prices\",\"url\":\"https://shop.example/"
	"prices?a=b\"},\"screen\":{\"width\":1920,\"height\":1080},"
	"\"session\":{\"id\":\"019ab0a8-0000-7000-8000-000000000001\",\"sequence\":3,\"end\":true,\"clockOffsetMs\":12},"
	"\"consent\":{\"analytics\":true,\"marketing\":false}},\"sentAt\":\"2025-11-23T01:40:00Z\"}",
	"{\"type\":\"track\",\"event\":\"Buy\",\"messageId\":\"m\",\"anonymousId\":\"a\",\"properties\":{\"type\":"
	"\"click\",\"value\":\"12.345\","
	"\"position\":{\"x\":10.4,\"y\":20.6},\"scroll\":99.5,\"element\":{\"id\":\"i\",\"class\":\"c\",\"text\":\"t\","
	"\"selector\":\"s\"},"
	"\"nested\":{\"a\":[1,2.50,null,true]},\"big\":12345678901234567890},\"timestamp\":1763861990000}",
	"{\"type\":\"identify\",\"userId\":\"u\",\"messageId\":\"m\",\"traits\":{\"createdAt\":\"2024-01-02T03:04:05Z\","
	"\"\\u00e4\":\"\\u20ac\"},"
	"\"timestamp\":\"2025-11-23T01:39:00Z\",\"signature\":\"0011\"}",
	"{\"type\":\"leave\",\"anonymousId\":\"a\",\"pageViewId\":\"019ab0a8-0001-7000-8000-000000000001\",\"visibleMs\":"
	"1500,"
	"\"scrollDepthPercent\":49.6,\"clicks\":3,\"interactions\":4,\"loadMs\":900,\"lcpMs\":1200.5,\"cls\":0.0512,"
	"\"messageId\":\"l\"}",
	"{\"type\":\"alias\",\"userId\":\"u\",\"previousId\":\"p\",\"messageId\":\"m\",\"timestamp\":\"2025-11-23T01:39:"
	"00Z\"}",
	"{\"type\":\"group\",\"userId\":\"u\",\"groupId\":\"g\",\"traits\":{\"name\":\"G\"}}",
	"{\"type\":\"screen\",\"userId\":\"u\",\"name\":\"Home #1?\",\"category\":\"C\"}",
	"{\"type\":\"consent\",\"anonymousId\":\"a\",\"context\":{\"consent\":{\"analytics\":false,\"version\":3}}}",
};

static const char *const pieces[] = {"null", "true", "{}", "[]", "-1", "1e308", "1e999", "-9223372036854775808", "0.5",
	"\"\"", "\"x\"", "{\"a\":", "\"type\":\"page\",", "\"userId\":", "\"timestamp\":", "\"2099-01-01T00:00:00Z\"",
	"\"1970-01-01\"", "\\u0000", "\\ud800", "\\n", "\xC3\xA4", "\xFF",
	"\"context\":{\"session\":{\"id\":", "12345678901234567890123456789", ",", "}", "]", "\"properties\":{\"value\":"};

static size_t mutate(RandomCase *random, char *text, size_t size)
{
	size_t at = random_case_below(random, size + 1);
	size_t count = random_case_below(random, 12);
	const char *piece = pieces[random_case_below(random, sizeof pieces / sizeof *pieces)];
	size_t piece_size = strlen(piece);
	if (count > size - at)
		count = size - at;
	switch (random_case_below(random, 4))
	{
	case 0: // one byte changes
		if (at < size)
			text[at] = (char) random_case_below(random, 256);
		return size;
	case 1: // some bytes go
		memmove(text + at, text + at + count, size - at - count);
		return size - count;
	case 2: // a piece takes the place of some bytes
		if (size - count + piece_size > TEXT_SIZE_MAX)
			return size;
		memmove(text + at + piece_size, text + at + count, size - at - count);
		memcpy(text + at, piece, piece_size);
		return size - count + piece_size;
	default: // a digit becomes another
		for (size_t i = 0; i < size; i++)
		{
			char *byte = &text[(at + i) % size];
			if (*byte >= '0' && *byte <= '9')
			{
				*byte = (char) ('0' + random_case_below(random, 10));
				break;
			}
		}
		return size;
	}
}

static void nodes_count(JsonValue *value, size_t wanted, size_t *seen, JsonValue **found)
{
	if ((*seen)++ == wanted)
		*found = value;
	for (JsonValue *child = value->first; child != NULL; child = child->next)
		nodes_count(child, wanted, seen, found);
}

// One value anywhere in the tree becomes another, of any type.
static void tree_mutate(RandomCase *random, JsonValue *root)
{
	static const Slice numbers[] = {{"0", 1}, {"-1", 2}, {"1e308", 5}, {"1e999", 5}, {"0.5", 3},
		{"9223372036854775808", 19}, {"7", 1}};
	static const Slice strings[] = {{"", 0}, {" ", 1}, {"x", 1}, {"page", 4}, {"2099-01-01", 10}, {"1970-01-01", 10},
		{"\xE2\x82\xAC", 3}};
	size_t count = 0;
	JsonValue *node = NULL;
	nodes_count(root, SIZE_MAX, &count, &node);
	size_t wanted = random_case_below(random, count);
	count = 0;
	nodes_count(root, wanted, &count, &node);
	JsonValue *next = node->next;
	Slice key = node->key;
	*node = (JsonValue){.type = (JsonType) random_case_below(random, JSON_OBJECT + 1), .next = next, .key = key};
	if (node->type == JSON_NUMBER)
		node->text = numbers[random_case_below(random, sizeof numbers / sizeof *numbers)];
	if (node->type == JSON_STRING)
		node->text = strings[random_case_below(random, sizeof strings / sizeof *strings)];
}

static Refusal read_value(TestReader *reader, const JsonValue *value)
{
	arena_reset(&reader->scratch);
	return message_read(&reader->rules, &reader->sender, value, NULL, MESSAGE_UNKNOWN, &reader->scratch, &reader->json,
		&reader->message);
}

static void hit_check(const Hit *hit, Buf *encoded)
{
	Hit decoded;
	Error error;
	buf_reset(encoded);
	hit_encode(hit, encoded);
	assert_true(buf_is_ok(encoded));
	if (!hit_decode(buf_slice(encoded), &decoded, &error))
		fail_msg("%s", error.message);
	assert_true(uuid_is_7(hit->id));
	assert_true(hit_time_ms(hit) >= TEST_MESSAGE_NOW_MS - INT64_C(7) * 86400000);
	assert_true(hit_time_ms(hit) <= TEST_MESSAGE_NOW_MS + 86400000);
	assert_true(hit->metadata.data == NULL || utf8_is_valid(hit->metadata));
	assert_true(hit->traits.data == NULL || utf8_is_valid(hit->traits));
	assert_true(hit->scroll_percent == HIT_NONE || (hit->scroll_percent >= 0 && hit->scroll_percent <= 100));
}

static void json_check(TestReader *reader, Slice text)
{
	JsonValue *value = NULL;
	Error error;
	if (text.data != NULL && !json_parse(text, &reader->scratch, &value, &error))
		fail_msg("%s: %.*s", error.message, SLICE_PRINT(text));
}

static void test_every_message_is_taken_or_refused_with_a_code(void **state)
{
	(void) state;
	Error error;
	TestReader reader;
	Buf first;
	Buf second;
	size_t accepted = 0;
	size_t refused[REFUSAL_COUNT] = {0};
	assert_true(random_init(&error));
	test_reader_open(&reader);
	buf_init(&first, HIT_ENCODED_SIZE_MAX);
	buf_init(&second, HIT_ENCODED_SIZE_MAX);
	RandomCase random = random_case_begin("intake message");
	size_t cases = random_case_count(60000);
	for (size_t i = 0; i < cases; i++)
	{
		char text[TEXT_SIZE_MAX + 1];
		const char *seed = seeds[random_case_below(&random, sizeof seeds / sizeof *seeds)];
		size_t size = strlen(seed);
		memcpy(text, seed, size);
		for (size_t changes = random_case_below(&random, 5); changes > 0; changes--)
			size = mutate(&random, text, size);
		reader.rules.is_opt_in = random_case_below(&random, 8) == 0;
		reader.rules.identify_secret = random_case_below(&random, 8) == 0 ? SLICE_LITERAL("secret") : SLICE_NONE;
		reader.key.kind = random_case_below(&random, 3) == 0 ? KEY_SERVER : KEY_BROWSER;
		JsonValue *value = NULL;
		arena_reset(&reader.tree);
		if (!json_parse((Slice){text, size}, &reader.tree, &value, &error))
			continue;
		if (random_case_below(&random, 2) == 0)
			tree_mutate(&random, value);
		Refusal refusal = read_value(&reader, value);
		assert_true(refusal < REFUSAL_COUNT);
		refused[refusal]++;
		if (refusal != REFUSAL_NONE)
		{
			assert_true(strlen(refusal_code(refusal)) > 0 && strlen(refusal_sentence(refusal)) > 0);
			continue;
		}
		accepted++;
		hit_check(&reader.message.hit, &first);
		json_check(&reader, reader.message.hit.metadata);
		json_check(&reader, reader.message.hit.traits);
		json_check(&reader, reader.message.hit.viewport_position);
		Slice id = json_scalar(json_get(value, "messageId"));
		if (slice_trim(id).size == 0)
			continue;
		assert_int_equal(read_value(&reader, value), REFUSAL_NONE);
		hit_check(&reader.message.hit, &second);
		assert_int_equal(first.size, second.size);
		assert_memory_equal(first.data, second.data, first.size);
	}
	assert_true(accepted > cases / 20);
	for (int refusal = REFUSAL_NONE + 1; refusal < REFUSAL_COUNT; refusal++)
		print_message("# %s %zu\n", refusal_code((Refusal) refusal), refused[refusal]);
	buf_free(&first);
	buf_free(&second);
	test_reader_close(&reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_message_is_taken_or_refused_with_a_code),
	};
	return cmocka_run_group_tests_name("property intake/message", tests, NULL, NULL);
}
