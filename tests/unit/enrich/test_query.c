#include "enrich/query.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct Fixture {
	Arena arena;
	Deny deny;
	Error error;
} Fixture;

static int set_up(void **state)
{
	static Fixture fixture;
	fixture = (Fixture){0};
	arena_init(&fixture.arena, 8U << 20U);
	*state = &fixture;
	static const Slice globs[] = {{"*token*", 7}, {"*PASSW*", 7}, {"email", 5}, {"sid", 3}, {"x-amz-*", 7},
		{"*_key", 5}, {"c?v*x", 5}, {"", 0}};
	return deny_open(globs, sizeof globs / sizeof *globs, &fixture.arena, &fixture.deny, &fixture.error) ? 0 : 1;
}

static int tear_down(void **state)
{
	arena_free(&((Fixture *) *state)->arena);
	return 0;
}

static Slice json_of(Fixture *fixture, Slice text)
{
	Query query;
	Slice json;
	assert_true(query_parse(text, &fixture->deny, NULL, &fixture->arena, &query, &fixture->error));
	assert_true(query_to_json(&query, &fixture->arena, &json, &fixture->error));
	return json;
}

static void what_may_be_kept_of_a_query(void **state)
{
	Fixture *fixture = *state;
	static const struct {
		const char *text;
		const char *json; // NULL: nothing
	} cases[] = {
		{"", NULL},
		{"&&=x&=", NULL},
		{"a=1&b=2", "{\"a\":\"1\",\"b\":\"2\"}"},
		{"a", "{\"a\":\"\"}"},
		{"a=", "{\"a\":\"\"}"},
		{"a=b=c", "{\"a\":\"b=c\"}"},
		{"q=two+words%21", "{\"q\":\"two words!\"}"},
		{"a=1&b=2&a=3", "{\"a\":\"3\",\"b\":\"2\"}"},
		{"a=100%&b=%zz&c=%4", "{\"a\":\"100%\",\"b\":\"%zz\",\"c\":\"%4\"}"},
		{"a=%FF%C3%BC%00x", "{\"a\":\"\xEF\xBF\xBD\xC3\xBCx\"}"},
		{"a=%22%5C%0A", "{\"a\":\"\\\"\\\\\\n\"}"},
		// names
		{"token=x&a=1", "{\"a\":\"1\"}"},
		{"Access_Token=x", NULL},
		{"%74oken=x", NULL},
		{"%2574oken=x", NULL},
		{"to%00ken=x", NULL},
		{"+token+=x", NULL},
		{"user%5Bpassword%5D=x", NULL},
		{"user[email]=x", NULL},
		{"sid=1&side=2", "{\"side\":\"2\"}"},
		{"token", NULL},
		{"x-amz-date=1&X-AMZ-=2&x-am=3", "{\"x-am\":\"3\"}"},
		{"API_KEY=1&api_keys=2&_key=3", "{\"api_keys\":\"2\"}"},
		{"cAvxx=1&cvx=2", "{\"cvx\":\"2\"}"},
		// values
		{"who=bob@example.com", NULL},
		{"who=bob@example.com.x", NULL},
		{"who=bob%40example.com&a=1", "{\"a\":\"1\"}"},
		{"who=bob%2540example.com", NULL},
		{"who=Bob+%3Cbob.b%2Btag%40mail.example.co.uk%3E", NULL},
		{"at=@example.com&b=user@host&c=1@2.x", "{\"at\":\"@example.com\",\"b\":\"user@host\",\"c\":\"1@2.x\"}"},
		{"bob@example.com=1", NULL},
		{"next=%2Freset%3Ftoken%3Dabc", NULL},
		{"next=%252Freset%253Ftoken%253Dabc", NULL},
		{"next=/a?b=c", "{\"next\":\"/a?b=c\"}"},
		{"state={\"password\":\"x\"}", NULL},
		{"state=token:abc", NULL},
		{"t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", NULL},
		{"t=eyJhbGciOiJIUzI1NiJ9", "{\"t\":\"eyJhbGciOiJIUzI1NiJ9\"}"},
		{"a=1&a=bob@example.com", NULL},
		{"a=%252525252525252541", NULL},
		{"k=ghp_16C7e42F292c6912E7710c838347Ae178B4a", NULL},
		{"c=Zm9vYmFyQmF6MTIzNDU2Nzg5MEFCQ0RFRkdISUpLTE1", NULL},
		{"c=b0f1c8a94e5d4a3f8f2e6b7c1d9e0a5f3b2c4d6e8f0a1b3c5d7e9f1a2b4c6d8e&d=1", "{\"d\":\"1\"}"},
		{"c=%5Am9vYmFyQmF6MTIzNDU2Nzg5MEFCQ0RFRkdISUpLTE1", NULL},
		{"Gclid=Zm9vYmFyQmF6MTIzNDU2Nzg5MEFCQ0RFRkdISUpLTE1",
			"{\"Gclid\":\"Zm9vYmFyQmF6MTIzNDU2Nzg5MEFCQ0RFRkdISUpLTE1\"}"},
		{"id=8f14e45f-ceea-467a-9575-6a6b2c1d2e3f", "{\"id\":\"8f14e45f-ceea-467a-9575-6a6b2c1d2e3f\"}"},
		{"t=10:30&u=https://example.com/x", "{\"t\":\"10:30\",\"u\":\"https://example.com/x\"}"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		Slice json = json_of(fixture, slice_from(cases[i].text));
		if (!slice_equal_text(json, cases[i].json))
			fail_msg("%s gives %.*s", cases[i].text, SLICE_PRINT(json));
	}
}

static void a_query_is_bounded_in_count_and_size(void **state)
{
	Fixture *fixture = *state;
	Buf text;
	buf_init(&text, 8U << 20U);
	for (int i = 0; i < 5000; i++)
		buf_append_format(&text, "n%d=%d&", i, i);
	Query query;
	assert_true(query_parse(buf_slice(&text), &fixture->deny, NULL, &fixture->arena, &query, &fixture->error));
	assert_int_equal(query.count, QUERY_PARAMETERS_MAX);
	assert_true(slice_equal_text(query_get(&query, "N63"), "63"));
	buf_reset(&text);
	for (int i = 0; i < 64; i++)
	{
		buf_append_format(&text, "n%d=", i);
		for (int j = 0; j < 600; j++)
			buf_append_text(&text, "%01");
		buf_append_byte(&text, '&');
	}
	Slice json = json_of(fixture, buf_slice(&text));
	assert_in_range(json.size, QUERY_JSON_SIZE_MAX - 4000, QUERY_JSON_SIZE_MAX + 1);
	assert_int_equal(json.data[json.size - 1], '}');
	buf_free(&text);
}

// An address that the cut would halve must not leave its first half.
static void a_long_value_is_looked_at_beyond_its_cut(void **state)
{
	Fixture *fixture = *state;
	char text[700];
	memset(text, 'x', sizeof text);
	memcpy(text, "a=", 2);
	memcpy(text + QUERY_VALUE_SIZE_MAX - 10, " bob.smith@example.com", 22);
	assert_null(json_of(fixture, (Slice){text, sizeof text}).data);
	memset(text + 2, 'x', sizeof text - 2);
	Slice json = json_of(fixture, (Slice){text, sizeof text});
	assert_int_equal(json.size, QUERY_VALUE_SIZE_MAX + 8);
	assert_true(slice_ends_with(json, SLICE_LITERAL("x…\"}")));
}

static void with_an_allow_list_only_what_is_on_it_is_kept(void **state)
{
	Fixture *fixture = *state;
	static const Slice allowed[] = {{"q", 1}, {"Page*", 5}, {"token", 5}};
	Query query;
	Slice json;
	Slice text = SLICE_LITERAL("q=1&pages=2&token=3&other=4&utm_source=news&Q=bob@example.com");
	assert_true(deny_allow_only(&fixture->deny, allowed, 3, &fixture->arena, &fixture->error));
	assert_true(query_parse(text, &fixture->deny, NULL, &fixture->arena, &query, &fixture->error));
	assert_true(query_to_json(&query, &fixture->arena, &json, &fixture->error));
	assert_true(slice_equal_text(json, "{\"q\":\"1\",\"pages\":\"2\"}"));
	assert_true(slice_equal_text(query_get(&query, "utm_source"), "news")); // a campaign is told all the same
	assert_null(json_of(fixture, SLICE_LITERAL("other=1")).data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_may_be_kept_of_a_query, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_query_is_bounded_in_count_and_size, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_long_value_is_looked_at_beyond_its_cut, set_up, tear_down),
		cmocka_unit_test_setup_teardown(with_an_allow_list_only_what_is_on_it_is_kept, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
