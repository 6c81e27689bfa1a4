// A no that was set in somebody's name: from then until a later yes nothing of theirs is stored, and all of it is counted.
#include "harness/loading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MINUTE_MS ((int64_t) 60000)
#define BEGIN_MS ((int64_t) 1773100800000) // 2026-03-10T00:00:00Z

// Of the person 1, who signed in on the browser -7, from the tenth minute on.
static const char no_set[] = "UPDATE user_consent SET denied_at = '2026-03-10 00:10Z' WHERE person_id = 1";
static const char views_stored[] = "SELECT string_agg(format('%s at %s', person_id, extract(minute FROM viewed_at)), "
								   "', ' ORDER BY viewed_at, id) FROM page_views";
static const char counted[] = "SELECT coalesce(sum(hits), 0) FROM ingest_counts WHERE reason = 'no_consent'";

static void open(Loading *loading, bool is_consent_off)
{
	LoaderOptions options = LOADER_OPTIONS_DEFAULT;
	options.buffer_folder = "/nonexistent";
	options.is_consent_off = is_consent_off;
	loading_open(loading, &options, BEGIN_MS + 24 * 60 * MINUTE_MS);
}

static Hit hit(HitType type, int64_t minute, int64_t user, int64_t browser)
{
	static unsigned char random;
	Hit made;
	hit_init(&made, type);
	made.id = uuid7_from_hash(BEGIN_MS + minute * MINUTE_MS, (Hash128){{++random}});
	made.source = SLICE_LITERAL("web");
	made.user_id = user == 0 ? HIT_NONE : user;
	made.anonymous_id = browser == 0 ? HIT_NONE : browser;
	if (type == HIT_PAGE)
		made.page_url = SLICE_LITERAL("/finder");
	return made;
}

static void assert_value(Loading *loading, const char *sql, const char *wanted)
{
	assert_string_equal(test_postgres_value(loading->look, sql), wanted);
}

static int set_up(void **state)
{
	static Loading loading;
	open(&loading, false);
	*state = &loading;
	return 0;
}

static int tear_down(void **state)
{
	loading_close(*state);
	return 0;
}

// Somebody signs in, and a letter of theirs says no.
static int begin(void **state)
{
	Loading *loading = *state;
	const Hit sign_in = hit(HIT_IDENTIFY, 1, 1, -7);
	loading_empty(loading);
	loading_store(loading, &sign_in, 1);
	(void) test_postgres_value(loading->look, "SELECT person_consent(1, false, NULL, 'letter')");
	(void) test_postgres_value(loading->look, no_set);
	return 0;
}

static void what_comes_behind_it_is_refused_whoever_of_theirs_it_names(void **state)
{
	Loading *loading = *state;
	Hit hits[] = {hit(HIT_PAGE, 9, 1, 0), hit(HIT_PAGE, 10, 1, 0), hit(HIT_PAGE, 11, 1, -7), hit(HIT_PAGE, 12, 0, -7),
		hit(HIT_PAGE, 13, 2, 0), hit(HIT_PAGE, 14, 0, -8), hit(HIT_IDENTIFY, 15, 1, -8)};
	hits[1].analytics_consent = 1; // what a browser says of itself is older than the letter
	loading_store(loading, hits, 7);
	assert_value(loading, views_stored, "1 at 9, 2 at 13, -8 at 14");
	assert_value(loading, counted, "4");
	assert_value(loading, "SELECT count(*) FROM person_aliases", "1");
	assert_value(loading,
		"SELECT count(*) FROM user_sessions WHERE started_at >= '2026-03-10 00:10Z' AND person_id = 1", "0");
}

static void a_later_yes_is_the_end_of_it_also_for_what_comes_with_it(void **state)
{
	Loading *loading = *state;
	Hit hits[] = {hit(HIT_CONSENT, 5, 1, 0), hit(HIT_PAGE, 15, 1, 0), hit(HIT_CONSENT, 20, 1, 0),
		hit(HIT_PAGE, 21, 1, 0)};
	hits[0].analytics_consent = 1; // from before the no
	hits[2].analytics_consent = 1;
	loading_store(loading, hits, 4);
	assert_value(loading, views_stored, "1 at 21");
	assert_value(loading, counted, "1");
	const Hit late = hit(HIT_PAGE, 19, 1, 0);
	loading_store(loading, &late, 1);
	assert_value(loading, counted, "2");
	(void) test_postgres_value(loading->look, "SELECT person_consent(1, false, NULL, 'another letter')");
	(void) test_postgres_value(loading->look, no_set);
	const Hit again = hit(HIT_PAGE, 30, 1, 0);
	loading_store(loading, &again, 1);
	assert_value(loading, views_stored, "1 at 21");
	(void) test_postgres_value(loading->look, "SELECT person_consent(1, true, NULL, 'telephone')");
	assert_value(loading, "SELECT allowed_at > now() - interval '1 minute' FROM user_consent", "t");
}

static void where_consent_is_off_it_does_not_count(void **state)
{
	(void) state;
	static Loading loading;
	open(&loading, true);
	void *of_it = &loading;
	(void) begin(&of_it);
	const Hit view = hit(HIT_PAGE, 15, 1, 0);
	loading_store(&loading, &view, 1);
	assert_value(&loading, views_stored, "1 at 15");
	loading_close(&loading);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_comes_behind_it_is_refused_whoever_of_theirs_it_names, begin),
		cmocka_unit_test_setup(a_later_yes_is_the_end_of_it_also_for_what_comes_with_it, begin),
		cmocka_unit_test(where_consent_is_off_it_does_not_count),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
