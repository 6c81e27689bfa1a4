#include "tests/harness/message.h"

#include <stdio.h>
#include <stdlib.h>

void test_reader_open(TestReader *reader)
{
	*reader = (TestReader){.rules = {.age_ms_max = INT64_C(7) * 86400000,
							   .future_ms_max = 86400000,
							   .skew_ms_max = 120000,
							   .hit_bytes_max = 32768},
		.key = {.name = SLICE_LITERAL("shop"), .kind = KEY_BROWSER},
		.sender = {.now_ms = TEST_MESSAGE_NOW_MS,
			.ip = SLICE_LITERAL("192.0.2.7"),
			.user_agent = SLICE_LITERAL("Header/1")}};
	reader->sender.key = &reader->key;
	arena_init(&reader->tree, 64U << 20U);
	arena_init(&reader->scratch, 4U << 20U);
	buf_init(&reader->json, 256 * 1024);
}

void test_reader_close(TestReader *reader)
{
	arena_free(&reader->tree);
	arena_free(&reader->scratch);
	buf_free(&reader->json);
}

static JsonValue *parse(TestReader *reader, const char *text)
{
	Slice copy = arena_copy(&reader->tree, slice_from(text));
	char *bytes = arena_allocate(&reader->tree, copy.size + 1);
	for (size_t at = 0; at < copy.size; at++)
		bytes[at] = copy.data[at] == '\'' ? '"' : copy.data[at];
	JsonValue *value = NULL;
	Error error;
	if (!json_parse((Slice){bytes, copy.size}, &reader->tree, &value, &error))
	{
		(void) fprintf(stderr, "test harness: %s: %s\n", error.message, text);
		abort();
	}
	return value;
}

Refusal test_reader_read(TestReader *reader, const char *text, const char *envelope)
{
	arena_reset(&reader->tree);
	arena_reset(&reader->scratch);
	const JsonValue *value = parse(reader, text);
	const JsonValue *around = envelope == NULL ? NULL : parse(reader, envelope);
	return message_read(&reader->rules, &reader->sender, value, around, MESSAGE_UNKNOWN, &reader->scratch,
		&reader->json, &reader->message);
}
