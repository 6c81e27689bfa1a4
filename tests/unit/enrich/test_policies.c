// What the settings make of whole hits, and that they are taken over while running.
#include "enrich/enrich.h"

#include "base/file.h"
#include "base/random.h"
#include "config/settings_load.h"
#include "tests/harness/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct Fixture {
	Arena arena;
	char folder[TEST_FOLDER_SIZE];
	char categories[TEST_FOLDER_SIZE + 16];
	Settings settings;
	Enricher *enricher;
	Error error;
} Fixture;

static int set_up(void **state)
{
	static Fixture fixture;
	static const Slice persons[] = {{"42", 2}};
	static const Slice hosts[] = {{"example.org", 11}};
	static const char rules[] = "/shop/* Shop\n/ Home\n";
	fixture = (Fixture){0};
	arena_init(&fixture.arena, 16U << 20U);
	test_folder_make(fixture.folder);
	(void) snprintf(fixture.categories, sizeof fixture.categories, "%s/pages.txt", fixture.folder);
	*state = &fixture;
	if (!random_init(&fixture.error) || !file_replace(fixture.categories, slice_from(rules), 0600, &fixture.error)
		|| !settings_load(&(SettingsSources){0}, &fixture.arena, &fixture.settings, &fixture.error))
		return 1;
	fixture.settings.page_category_file = fixture.categories;
	fixture.settings.team_persons = (SettingList){persons, 1};
	fixture.settings.page_hosts = (SettingList){hosts, 1};
	fixture.settings.path_trailing_slash = TRAILING_SLASH_REMOVE;
	fixture.settings.path_case = PATH_CASE_LOWER;
	return enricher_open(&fixture.settings, fixture.folder, &fixture.enricher, &fixture.error) ? 0 : 1;
}

static int tear_down(void **state)
{
	Fixture *fixture = *state;
	enricher_close(fixture->enricher);
	arena_free(&fixture->arena);
	test_folder_remove(fixture->folder);
	return 0;
}

static Hit enrich(Fixture *fixture, HitType type, const EnrichInput *raw, const char *category)
{
	Hit hit;
	hit_init(&hit, type);
	hit.id = uuid7_make(INT64_C(1763862000000));
	hit.page_category = slice_from(category);
	if (!enrich_hit(fixture->enricher, raw, &fixture->arena, &hit, &fixture->error))
		fail_msg("%s", fixture->error.message);
	return hit;
}

static void pages_are_named_by_rules_where_they_do_not_say_it(void **state)
{
	Fixture *fixture = *state;
	const EnrichInput shop = {.page_url = SLICE_LITERAL("https://example.org/Shop/Shoes/"),
		.referrer = SLICE_LITERAL("https://example.org/Shop/")};
	Hit hit = enrich(fixture, HIT_PAGE, &shop, NULL);
	assert_true(slice_equal_text(hit.page_url, "/shop/shoes"));
	assert_true(slice_equal_text(hit.referrer, "/shop"));
	assert_true(slice_equal_text(hit.page_category, "Shop"));
	assert_true(slice_equal_text(enrich(fixture, HIT_PAGE, &shop, "Sale").page_category, "Sale"));
	assert_true(slice_equal_text(enrich(fixture, HIT_EVENT, &shop, NULL).page_category, "Shop"));
	assert_null(enrich(fixture, HIT_LEAVE, &shop, NULL).page_category.data);
	const EnrichInput home = {.page_url = SLICE_LITERAL("https://example.org")};
	assert_true(slice_equal_text(enrich(fixture, HIT_PAGE, &home, NULL).page_category, "Home"));
	const EnrichInput other = {.page_url = SLICE_LITERAL("https://example.org/about")};
	assert_null(enrich(fixture, HIT_PAGE, &other, NULL).page_category.data);
}

static void what_is_kept_out_stands_with_the_robots(void **state)
{
	Fixture *fixture = *state;
	const EnrichInput person = {.user_id = SLICE_LITERAL("42")};
	const EnrichInput host = {.page_url = SLICE_LITERAL("https://copy.example/")};
	const EnrichInput robot = {.user_id = SLICE_LITERAL("42"), .user_agent = SLICE_LITERAL("curl/8.0")};
	assert_true(slice_equal_text(enrich(fixture, HIT_EVENT, &person, NULL).robot_kind, "team person"));
	assert_true(slice_equal_text(enrich(fixture, HIT_IDENTIFY, &person, NULL).robot_kind, "team person"));
	assert_true(slice_equal_text(enrich(fixture, HIT_PAGE, &host, NULL).robot_kind, "unknown host"));
	assert_true(slice_equal_text(enrich(fixture, HIT_EVENT, &robot, NULL).robot_kind, "curl"));
	// A no, or a yes, is kept whoever says it.
	assert_null(enrich(fixture, HIT_CONSENT, &person, NULL).robot_kind.data);
}

static void a_reload_takes_the_new_rules_or_none(void **state)
{
	Fixture *fixture = *state;
	const EnrichInput home = {.page_url = SLICE_LITERAL("https://example.org/")};
	assert_true(file_replace(fixture->categories, SLICE_LITERAL("/ Start\n"), 0600, &fixture->error));
	assert_true(enricher_reload(fixture->enricher, &fixture->settings, &fixture->error));
	assert_true(slice_equal_text(enrich(fixture, HIT_PAGE, &home, NULL).page_category, "Start"));
	assert_true(file_replace(fixture->categories, SLICE_LITERAL("/\n"), 0600, &fixture->error));
	assert_false(enricher_reload(fixture->enricher, &fixture->settings, &fixture->error));
	assert_non_null(strstr(fixture->error.message, "pages.txt:1: "));
	assert_false(enricher_check(&fixture->settings, &fixture->error));
	assert_true(slice_equal_text(enrich(fixture, HIT_PAGE, &home, NULL).page_category, "Start"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(pages_are_named_by_rules_where_they_do_not_say_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_kept_out_stands_with_the_robots, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_reload_takes_the_new_rules_or_none, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
