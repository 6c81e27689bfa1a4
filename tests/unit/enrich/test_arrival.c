#include "config/settings_load.h"
#include "enrich/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static Arena arena;
static Rules *rules;

static int set_up(void **state)
{
	(void) state;
	const SettingFlag own = {SLICE_LITERAL("own-hosts"), "www.Example.net"};
	const SettingsSources sources = {.flags = &own, .flags_count = 1};
	Settings settings;
	Error error;
	arena_init(&arena, 4U << 20U);
	return settings_load(&sources, &arena, &settings, &error) && rules_open(&settings, &rules, &error) ? 0 : 1;
}

static int tear_down(void **state)
{
	(void) state;
	rules_close(rules);
	arena_free(&arena);
	return 0;
}

static Hit enrich(const char *referrer)
{
	const EnrichInput raw = {.referrer = slice_from(referrer), .campaign_name = SLICE_LITERAL("c")};
	const Query query = {0};
	Hit hit;
	Error error = {0};
	hit_init(&hit, HIT_PAGE);
	hit.page_host = SLICE_LITERAL("example.com");
	assert_true(arrival_enrich(&rules->arrival, &raw, &query, &arena, &hit, &error));
	arrival_classify(&rules->arrival, NULL, &hit);
	return hit;
}

static void assert_text(Slice text, const char *expected)
{
	if (!slice_equal_text(text, expected) || (text.data == NULL) != (expected == NULL))
		fail_msg("\"%.*s\" is not \"%s\"", SLICE_PRINT(text), expected == NULL ? "(not given)" : expected);
}

static void assert_same(const Hit *left, const Hit *right)
{
	assert_true(slice_equal(left->referrer_category, right->referrer_category));
	assert_true(slice_equal(left->search_term, right->search_term));
	assert_true(slice_equal(left->channel_type, right->channel_type));
	assert_true(slice_equal(left->channel_subtype, right->channel_subtype));
}

static void what_is_stored_comes_out_the_same_again(void **state)
{
	(void) state;
	static const char *const referrers[] = {NULL, "/a", "https://www.google.com/search?q=shoes",
		"https://blekko.com/ws/red+shoes", "https://t.co/x", "https://news.example.org/a", "https://app.example.net/"};
	for (size_t i = 0; i < sizeof referrers / sizeof *referrers; i++)
	{
		Hit fresh = enrich(referrers[i]);
		Hit again = fresh;
		again.referrer = SLICE_NONE; // is not kept
		arrival_classify_again(&rules->arrival, &arena, &again);
		assert_same(&fresh, &again);
	}
}

// The query that held them is gone, but a path that holds them is kept.
static void searched_words_stay_as_long_as_it_is_a_search_engine(void **state)
{
	(void) state;
	Hit hit = enrich("https://www.google.com/search?q=shoes");
	hit.external_referrer = SLICE_LITERAL("https://t.co/x");
	arrival_classify_again(&rules->arrival, &arena, &hit);
	assert_text(hit.referrer_category, "social");
	assert_text(hit.search_term, NULL);
	hit.external_referrer = SLICE_LITERAL("https://blekko.com/ws/red+shoes");
	arrival_classify_again(&rules->arrival, &arena, &hit);
	assert_text(hit.referrer_category, "search");
	assert_text(hit.search_term, "red shoes");
}

static void a_host_that_became_ones_own_is_internal(void **state)
{
	(void) state;
	Hit hit = enrich("https://www.google.com/search?q=shoes");
	hit.utm_campaign = SLICE_NONE;
	hit.external_referrer = SLICE_LITERAL("https://app.example.net/");
	arrival_classify_again(&rules->arrival, &arena, &hit);
	assert_text(hit.referrer_category, "internal");
	assert_text(hit.channel_subtype, "Direct");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_stored_comes_out_the_same_again),
		cmocka_unit_test(searched_words_stay_as_long_as_it_is_a_search_engine),
		cmocka_unit_test(a_host_that_became_ones_own_is_internal),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
