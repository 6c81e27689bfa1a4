// What leaves bring of a view that the browser measured: running totals, in any order, also before their view.
#include "harness/loading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MINUTE_MS ((int64_t) 60000)
#define BEGIN_MS ((int64_t) 1773100800000) // 2026-03-10T00:00:00Z

static int setup(void **state)
{
	static Loading loading;
	LoaderOptions options = LOADER_OPTIONS_DEFAULT;
	options.buffer_folder = "/nonexistent";
	loading_open(&loading, &options, BEGIN_MS + 60 * MINUTE_MS);
	*state = &loading;
	return 0;
}

static int teardown(void **state)
{
	loading_close(*state);
	return 0;
}

static int begin(void **state)
{
	loading_empty(*state);
	return 0;
}

static Uuid id_at(int64_t minute, unsigned char random)
{
	return uuid7_from_hash(BEGIN_MS + minute * MINUTE_MS, (Hash128){{random}});
}

static Hit view(void)
{
	Hit hit;
	hit_init(&hit, HIT_PAGE);
	hit.id = id_at(0, 1);
	hit.session_id = id_at(0, 2);
	hit.sequence = 1;
	hit.anonymous_id = -7;
	hit.page_url = SLICE_LITERAL("/finder");
	hit.load_ms = 700;
	return hit;
}

static Hit leave(int64_t minute)
{
	Hit hit;
	hit_init(&hit, HIT_LEAVE);
	hit.id = id_at(minute, 3);
	hit.anonymous_id = -7;
	hit.page_view_id = view().id;
	return hit;
}

static void assert_measured(Loading *loading, const char *wanted)
{
	assert_string_equal(test_postgres_value(loading->look,
							"SELECT format('%s %s %s %s %s', page_load_time_ms, time_to_interactive_ms, "
							"largest_contentful_paint_ms, interaction_to_next_paint_ms, cumulative_layout_shift) "
							"FROM page_views"),
		wanted);
}

static void the_greatest_of_what_leaves_measured_counts(void **state)
{
	Loading *loading = *state;
	Hit hit = view();
	Hit leaves[] = {leave(1), leave(2), leave(3)};
	leaves[0].load_ms = 900;
	leaves[0].largest_paint_ms = 1300;
	leaves[0].layout_shift = 9999999;
	leaves[1].load_ms = 800;
	leaves[1].next_paint_ms = 96;
	leaves[2].layout_shift = 835;
	loading_store(loading, leaves, 1);
	loading_store(loading, &hit, 1);
	assert_measured(loading, "900  1300  999.9999");
	loading_store(loading, leaves + 1, 2);
	assert_measured(loading, "900  1300 96 999.9999");
	leaves[1].interactive_ms = 400;
	loading_store(loading, leaves + 1, 2);
	assert_measured(loading, "900 400 1300 96 999.9999");
}

static void leaves_of_one_moment_wait_as_one(void **state)
{
	Loading *loading = *state;
	Hit hit = view();
	Hit leaves[] = {leave(1), leave(1)};
	leaves[0].interactive_ms = 400;
	leaves[0].layout_shift = 835;
	leaves[1].largest_paint_ms = 1300;
	leaves[1].next_paint_ms = 96;
	leaves[1].layout_shift = 0;
	loading_store(loading, &leaves[0], 1);
	loading_store(loading, &leaves[1], 1);
	loading_store(loading, &hit, 1);
	assert_measured(loading, "700 400 1300 96 0.0835");
}

static void what_was_not_measured_is_not_known(void **state)
{
	Loading *loading = *state;
	Hit hits[] = {view(), leave(1)};
	hits[0].load_ms = HIT_NONE;
	hits[1].visible_ms = 1000;
	loading_store(loading, hits, 2);
	assert_measured(loading, "    ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_greatest_of_what_leaves_measured_counts, begin),
		cmocka_unit_test_setup(leaves_of_one_moment_wait_as_one, begin),
		cmocka_unit_test_setup(what_was_not_measured_is_not_known, begin),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
