// What the tracker's own writing of a batch becomes.
#include "base/buf.h"
#include "base/memory.h"
#include "base/uuid.h"
#include "intake/compact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define VIEW                                                                                                           \
	"['1763862000000-0-1,2','https://shop.example/a','https://b.example/"                                              \
	"','T','1763861000000-7-3,4',2,'anon',['42','sig'],'Shop']"
#define BATCH(offset, messages)                                                                                        \
	"['key',1763862000123," offset ",{'analytics':true},'de','Europe/Berlin',1920,1080,false,[" messages "],1]"

// Of an arena.
#define FIRST_BLOCK ((size_t) 8192)
#define ARENA_STEP ((size_t) 16)

typedef struct Fixture {
	Arena arena;
	const JsonValue *batch;
	int64_t sent_ms;
} Fixture;

static int set_up(void **state)
{
	Fixture *fixture = calloc(1, sizeof *fixture);
	arena_init(&fixture->arena, 1U << 20U);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	Fixture *fixture = *state;
	arena_free(&fixture->arena);
	free(fixture);
	return 0;
}

// Single quotes stand for double ones.
static const JsonValue *parse(Arena *arena, const char *text)
{
	Slice copy = arena_copy(arena, slice_from(text));
	char *bytes = arena_allocate(arena, copy.size + 1);
	JsonValue *value = NULL;
	Error error;
	for (size_t at = 0; at < copy.size; at++)
		bytes[at] = copy.data[at] == '\'' ? '"' : copy.data[at];
	if (!json_parse((Slice){bytes, copy.size}, arena, &value, &error))
		fail_msg("%s: %s", error.message, text);
	return value;
}

static void read(Fixture *fixture, const char *text)
{
	fixture->batch = compact_read(parse(&fixture->arena, text), &fixture->arena, &fixture->sent_ms);
	assert_non_null(fixture->batch);
}

// The value at "batch.0.context.page.url", written out.
static const char *at(Fixture *fixture, const char *path)
{
	const JsonValue *value = fixture->batch;
	Slice rest = slice_from(path);
	Buf json;
	while (rest.size > 0)
	{
		Slice name = arena_copy(&fixture->arena, slice_split(rest, '.', &rest));
		int64_t index = 0;
		if (!slice_to_int64(name, &index))
		{
			value = json_get(value, name.data);
			continue;
		}
		value = value == NULL ? NULL : value->first;
		while (index-- > 0 && value != NULL)
			value = value->next;
	}
	if (value == NULL)
		return "nothing";
	buf_init(&json, 1U << 16U);
	json_write_value(&json, value);
	Slice text = arena_copy(&fixture->arena, buf_slice(&json));
	buf_free(&json);
	return text.data;
}

static void assert_all(Fixture *fixture, const char *const rows[][2], size_t count)
{
	for (size_t row = 0; row < count; row++)
		if (strcmp(at(fixture, rows[row][0]), rows[row][1]) != 0)
			fail_msg("%s is %s and not %s", rows[row][0], at(fixture, rows[row][0]), rows[row][1]);
}
#define ASSERT_ALL(fixture, ...)                                                                                       \
	do                                                                                                                 \
	{                                                                                                                  \
		static const char *const rows[][2] = {__VA_ARGS__};                                                            \
		assert_all((fixture), rows, sizeof rows / sizeof *rows);                                                       \
	} while (0)

static void test_what_a_batch_says_of_all_its_messages(void **state)
{
	Fixture *fixture = *state;
	read(fixture, BATCH("[]", ""));
	assert_int_equal(fixture->sent_ms, 1763862000123);
	ASSERT_ALL(fixture, {"writeKey", "\"key\""}, {"sentAt", "1763862000123"},
		{"context.consent", "{\"analytics\":true}"}, {"context.locale", "\"de\""},
		{"context.timezone", "\"Europe/Berlin\""}, {"context.screen.width", "1920"}, {"context.screen.height", "1080"},
		{"context.webdriver", "false"}, {"context.internal", "true"}, {"batch", "[]"});
}

static void test_a_page_and_what_every_message_has_of_its_view(void **state)
{
	Fixture *fixture = *state;
	read(fixture, BATCH("[]", "['1763862000001-4097-5,6'," VIEW ",0,{'name':'N'}]"));
	ASSERT_ALL(fixture, {"batch.0.type", "\"page\""}, {"batch.0.messageId", "\"019aae5e-3180-7000-8000-000100000002\""},
		{"batch.0.anonymousId", "\"anon\""}, {"batch.0.userId", "\"42\""}, {"batch.0.signature", "\"sig\""},
		{"batch.0.category", "\"Shop\""}, {"batch.0.properties", "{\"name\":\"N\"}"},
		{"batch.0.context.page.url", "\"https://shop.example/a\""},
		{"batch.0.context.page.referrer", "\"https://b.example/\""}, {"batch.0.context.page.title", "\"T\""},
		{"batch.0.context.session.id", "\"019aae4e-ef40-7007-8000-000300000004\""},
		{"batch.0.context.session.sequence", "2"},
		{"batch.0.context.session.pageViewId", "\"019aae5e-3180-7000-8000-000100000002\""},
		{"batch.0.context.session.clockOffsetMs", "nothing"});
}

static void test_events_people_consent_and_leaves(void **state)
{
	Fixture *fixture = *state;
	read(fixture,
		BATCH("[]",
			"['1763862000001-4097-5,6'," VIEW ",1,'Bought',{'value':3}],['1-1-1,1'," VIEW ",2,{'plan':'free'}],"
			"['1-1-1,1'," VIEW ",3,[1234.5,60.5,3,5,7],[200,0.25,null,812.5,400]],['1-1-1,1'," VIEW ",4]"));
	ASSERT_ALL(fixture, {"batch.0.type", "\"track\""}, {"batch.0.event", "\"Bought\""},
		{"batch.0.properties", "{\"value\":3}"}, {"batch.0.messageId", "\"019aae5e-3181-7001-8000-000500000006\""},
		{"batch.1.type", "\"identify\""}, {"batch.1.traits", "{\"plan\":\"free\"}"}, {"batch.2.type", "\"leave\""},
		{"batch.2.visibleMs", "1234.5"}, {"batch.2.scrollDepthPercent", "60.5"}, {"batch.2.clicks", "10"},
		{"batch.2.interactions", "12"}, {"batch.2.inpMs", "200"}, {"batch.2.cls", "0.25"}, {"batch.2.lcpMs", "nothing"},
		{"batch.2.loadMs", "812.5"}, {"batch.2.interactiveMs", "400"},
		{"batch.2.context.session.pageViewId", "\"019aae5e-3180-7000-8000-000100000002\""},
		{"batch.3.type", "\"consent\""}, {"batch.4", "nothing"});
}

static void test_a_clocks_difference_goes_into_all_times_alike(void **state)
{
	Fixture *fixture = *state;
	read(fixture, BATCH("[3600000,'1763861000000-7-3,4']", "['1763862000001-4097-5,6'," VIEW ",1,'E',null]"));
	assert_int_equal(fixture->sent_ms, 1763862000123); // by the browser's clock
	ASSERT_ALL(fixture, {"sentAt", "1763865600123"}, {"batch.0.messageId", "\"019aae95-2001-7001-8000-000500000006\""},
		{"batch.0.context.session.id", "\"019aae85-ddc0-7007-8000-000300000004\""},
		{"batch.0.context.session.pageViewId", "\"019aae95-2000-7000-8000-000100000002\""},
		{"batch.0.context.session.clockOffsetMs", "3600000"}, {"batch.0.anonymousId", "\"anon\""});
	// Another session has to be asked anew.
	read(fixture, BATCH("[3600000,'another']", "['1763862000001-4097-5,6'," VIEW ",1,'E',null]"));
	ASSERT_ALL(fixture, {"batch.0.messageId", "\"019aae95-2001-7001-8000-000500000006\""},
		{"batch.0.context.session.clockOffsetMs", "nothing"});
}

static void test_random_bits_and_the_counter_keep_to_their_places(void **state)
{
	Fixture *fixture = *state;
	read(fixture,
		BATCH("[]",
			"['253402300799999-9007199254740991-4294967295,4294967295'," VIEW ",1,'E'],['0-0-0,0'," VIEW ",1,'E']"));
	ASSERT_ALL(fixture, {"batch.0.messageId", "\"e677d21f-dbff-7fff-bfff-ffffffffffff\""},
		{"batch.1.messageId", "\"00000000-0000-7000-8000-000000000000\""});
}

static void test_what_is_no_id_stays_what_it_is(void **state)
{
	static const char *const ids[] = {"''", "'x'", "'1-2'", "'1-2-3'", "'-1-2-3,4'", "'1-2-3,4,5'",
		"'1-2-3,4294967296'", "'253402300800000-0-1,1'", "7", "{}", "'1-2-3,99999999999999999999'"};
	Fixture *fixture = *state;
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
	{
		char text[512];
		(void) snprintf(text, sizeof text, BATCH("[]", "[%s," VIEW ",1,'E']"), ids[i]);
		read(fixture, text);
		for (char *quote = strcpy(text, ids[i]); (quote = strchr(quote, '\'')) != NULL;)
			*quote = '"';
		assert_string_equal(at(fixture, "batch.0.messageId"), text);
	}
}

static void test_messages_of_no_known_kind_have_no_type(void **state)
{
	Fixture *fixture = *state;
	read(fixture, BATCH("[]", "null,1,'x',{},[],['1-1-1,1'," VIEW ",5],['1-1-1,1'," VIEW ",-1],['1-1-1,1',{},1,'E']"));
	for (int index = 0; index < 7; index++)
	{
		char path[32];
		(void) snprintf(path, sizeof path, "batch.%d", index);
		assert_string_equal(at(fixture, path), "{}");
	}
	ASSERT_ALL(fixture, {"batch.7.type", "\"track\""}, {"batch.7.anonymousId", "nothing"}, {"batch.8", "nothing"});
}

static void test_only_a_list_that_begins_with_a_key_is_meant(void **state)
{
	Fixture *fixture = *state;
	assert_true(compact_is(parse(&fixture->arena, "['key']")));
	for (const char *const *text =
			 (const char *const[]){"[]", "['']", "[1]", "[{'type':'page'}]", "{}", "'key'", "1", NULL};
		 *text != NULL; text++)
		assert_false(compact_is(parse(&fixture->arena, *text)));
	read(fixture, "['key']");
	ASSERT_ALL(fixture, {"writeKey", "\"key\""}, {"batch", "nothing"}, {"sentAt", "nothing"});
	read(fixture, "['key','x',{'0':1},[],1,2,'w',null,3,{'a':[]},[]]");
	ASSERT_ALL(fixture, {"batch", "nothing"}, {"sentAt", "nothing"}, {"context.internal", "nothing"});
}

static void test_a_full_arena_is_no_batch(void **state)
{
	Fixture *fixture = *state;
	const JsonValue *list =
		parse(&fixture->arena, BATCH("[]", "['1-1-1,1'," VIEW ",1,'E'],['1-1-1,1'," VIEW ",3,[1,2,3,4,5]]"));
	bool is_read = false;
	for (size_t size = 64; size < 64U << 10U && !is_read; size += 64)
	{
		Arena small;
		arena_init(&small, size);
		is_read = compact_read(list, &small, &fixture->sent_ms) != NULL;
		arena_free(&small);
	}
	assert_true(is_read);
}

// Wherever the memory is missing for a moment, nothing is left out.
static void test_an_allocation_that_fails_is_no_batch(void **state)
{
	Fixture *fixture = *state;
	const JsonValue *list =
		parse(&fixture->arena, BATCH("[]", "['1-1-1,1'," VIEW ",1,'E'],['1-1-1,1'," VIEW ",3,[1,2,3,4,5]]"));
	bool has_failed = true;
	size_t places = 0;
	for (; has_failed && places < FIRST_BLOCK / ARENA_STEP; places++)
	{
		Arena arena;
		arena_init(&arena, 1U << 20U);
		assert_non_null(
			arena_allocate(&arena, FIRST_BLOCK - places * ARENA_STEP)); // so much is left of the first block
		memory_fail_at(1);
		const JsonValue *batch = compact_read(list, &arena, &fixture->sent_ms);
		has_failed = memory_fail_at(0) == 0;
		if (has_failed && batch != NULL)
			fail_msg("%zu bytes had room, and what came then was left out", places * ARENA_STEP);
		arena_free(&arena);
	}
	assert_false(has_failed);
	assert_in_range(places, 100, FIRST_BLOCK / ARENA_STEP);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_what_a_batch_says_of_all_its_messages),
		TEST(test_a_page_and_what_every_message_has_of_its_view),
		TEST(test_events_people_consent_and_leaves),
		TEST(test_a_clocks_difference_goes_into_all_times_alike),
		TEST(test_random_bits_and_the_counter_keep_to_their_places),
		TEST(test_what_is_no_id_stays_what_it_is),
		TEST(test_messages_of_no_known_kind_have_no_type),
		TEST(test_only_a_list_that_begins_with_a_key_is_meant),
		TEST(test_a_full_arena_is_no_batch),
		TEST(test_an_allocation_that_fails_is_no_batch),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
