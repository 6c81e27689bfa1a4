#include "enrich/referrer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static Arena arena;
static Deny deny;

static int set_up(void **state)
{
	(void) state;
	static const Slice denied[] = {{"*token*", 7}};
	Error error;
	arena_init(&arena, 4U << 20U);
	return deny_open(denied, 1, &arena, &deny, &error) ? 0 : 1;
}

static int tear_down(void **state)
{
	(void) state;
	arena_free(&arena);
	return 0;
}

static void hosts_are_known_by_whole_labels(void **state)
{
	(void) state;
	static const struct {
		const char *host;
		const char *path;
		const char *category; // NULL: not known
	} cases[] = {
		{"t.co", "", "social"},
		{"T.CO", "", "social"},
		{"www.t.co", "", "social"},
		{"a.t.co", "", "social"},
		{"walmart.com", "", "shopping"}, // not the t.com at its end
		{"best.co", "", NULL},
		{"x.com", "", "social"},
		{"mobile.x.com", "", "social"},
		{"netflix.com", "", "video"},
		{"fedex.com", "", NULL},
		{"x.com.example.org", "", NULL},
		{"x.com", "/i/grok", "ai"},
		{"x.com", "/i/grok/share", "ai"},
		{"x.com", "/i/grokking", "social"},
		{"google.com", "", "search"},
		{"google.de", "", "search"},
		{"www.google.co.uk", "", "search"},
		{"google.com.br", "", "search"},
		{"google.example.com", "", NULL},
		{"google.ab.com", "", NULL},
		{"google", "", NULL},
		{"google.co", "", "search"},
		{"agoogle.com", "", NULL},
		{"docs.google.com", "", NULL},
		{"mail.google.com", "", "email"},
		{"plus.google.com", "", "social"},
		{"gemini.google.com", "", "ai"},
		{"images.google.it", "", "search"},
		{"search.yahoo.co.jp", "", "search"},
		{"yahoo.co.jp", "", "search"},
		{"sports.yahoo.co.jp", "", NULL},
		{"us.search.yahoo.com", "", "search"},
		{"cnn.com", "", "search"},
		{"www.cnn.com", "", "search"},
		{"edition.cnn.com", "", NULL},
		{"apollo.lv", "/portal/search", "search"},
		{"apollo.lv", "/portal/search/x", "search"},
		{"apollo.lv", "/news", NULL},
		{"com.google.android.gm", "", "email"},
		{"com.google.android.googlequicksearchbox", "/https/www.google.com", "search"},
		{"com", "", NULL},
		{"", "", NULL},
		{".", "", NULL},
		{"..t.co", "", "social"},
		{"www.", "", NULL},
		{"192.0.2.1", "", NULL},
		{"[2001:db8::1]", "", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		const DataReferrer *found = referrer_find(slice_from(cases[i].host), slice_from(cases[i].path));
		const char *category = found == NULL ? NULL : found->category;
		if (category == NULL ? cases[i].category != NULL
							 : cases[i].category == NULL || strcmp(category, cases[i].category) != 0)
			fail_msg("%s%s is %s, not %s", cases[i].host, cases[i].path, category, cases[i].category);
	}
	assert_null(referrer_find(SLICE_NONE, SLICE_NONE));
}

static void sources_are_known_by_name_and_by_host(void **state)
{
	(void) state;
	static const struct {
		const char *source;
		const char *category;
	} cases[] = {
		{"google", "search"},
		{"Google", "search"},
		{"google.com", "search"},
		{"facebook", "social"},
		{"FB", "social"},
		{"m.facebook.com", "social"},
		{"youtube", "video"},
		{"youtube.com", "video"},
		{"vimeo.com", "video"},
		{"amazon.co.uk", "shopping"},
		{"chatgpt.com", "ai"},
		{"fbx", NULL},
		{"=google", NULL},
		{"partner", NULL},
		{"", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		Slice found = referrer_source_category(slice_from(cases[i].source));
		if (!slice_equal_text(found, cases[i].category))
			fail_msg("%s is %.*s, not %s", cases[i].source, SLICE_PRINT(found), cases[i].category);
	}
}

static void searched_words_are_read_where_the_engine_gives_them(void **state)
{
	(void) state;
	static const struct {
		const char *url;
		const char *term;
	} cases[] = {
		{"https://www.google.com/", NULL},
		{"https://www.google.com/search?hl=de&q=web+analytics%20tool&x=1", "web analytics tool"},
		{"https://www.google.com/search?Q=x", "x"},
		{"https://www.google.com/search?q=&query=y", "y"},
		{"https://www.google.com/search?q=++", NULL},
		{"https://www.google.com/search?aq=x", NULL},
		{"https://www.google.com/search?q=bob%40example.com", NULL},
		{"https://www.google.com/search?q=token%3Dabc", NULL},
		{"https://search.yahoo.co.jp/search?p=%E6%97%A5%E6%9C%AC", "\xE6\x97\xA5\xE6\x9C\xAC"},
		{"https://search.yahoo.co.jp/search?p=%93%FA%96%7B", NULL}, // Shift JIS
		{"https://www.bing.com/search?q=caf%C3%A9", "caf\xC3\xA9"},
		{"https://yandex.ru/search/?text=x", "x"},
		{"https://www.baidu.com/s?ie=utf-8&wd=x", "x"},
		{"https://blekko.com/ws/some+words/more", "some words"},
		{"https://blekko.com/ws/", NULL},
		{"https://blekko.com/", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		Url url;
		assert_true(url_split(slice_from(cases[i].url), &url));
		const DataReferrer *engine = referrer_find(url.host, url.path);
		assert_non_null(engine);
		Slice term = referrer_search_term(engine, &url, &deny, &arena);
		if (!slice_equal_text(term, cases[i].term))
			fail_msg("%s: \"%.*s\" is not \"%s\"", cases[i].url, SLICE_PRINT(term), cases[i].term);
	}
}

static void own_hosts_count_with_all_below_them(void **state)
{
	(void) state;
	static const Slice own[] = {{"example.com", 11}, {"www.example.org", 15}, {"", 0}};
	assert_true(referrer_is_own(SLICE_LITERAL("example.com"), own, 3));
	assert_true(referrer_is_own(SLICE_LITERAL("app.example.com"), own, 3));
	assert_true(referrer_is_own(SLICE_LITERAL("shop.example.org"), own, 3));
	assert_false(referrer_is_own(SLICE_LITERAL("notexample.com"), own, 3));
	assert_false(referrer_is_own(SLICE_LITERAL("com"), own, 3));
	assert_false(referrer_is_own(SLICE_NONE, own, 3));
	assert_false(referrer_is_own(SLICE_LITERAL("example.com"), NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_are_known_by_whole_labels),
		cmocka_unit_test(sources_are_known_by_name_and_by_host),
		cmocka_unit_test(searched_words_are_read_where_the_engine_gives_them),
		cmocka_unit_test(own_hosts_count_with_all_below_them),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
