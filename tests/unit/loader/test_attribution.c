// Attribution: one row a session, all of it from the session's earliest hit, in whatever order hits come.
#include "harness/loading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MINUTE_MS ((int64_t) 60000)
#define BEGIN_MS ((int64_t) 1773100800000) // 2026-03-10T00:00:00Z
#define HITS 3

// Hit → column, where they are not called the same.
#define COLUMNS(X)                                                                                                     \
	X(utm_source, utm_source)                                                                                          \
	X(utm_medium, utm_medium)                                                                                          \
	X(utm_campaign, utm_campaign)                                                                                      \
	X(utm_term, utm_term)                                                                                              \
	X(utm_content, utm_content)                                                                                        \
	X(click_id_type, click_id_type)                                                                                    \
	X(click_id, click_id)                                                                                              \
	X(referrer_domain, referrer_domain)                                                                                \
	X(external_referrer, referrer_url)                                                                                 \
	X(referrer_category, referrer_category)                                                                            \
	X(search_term, search_term)                                                                                        \
	X(channel_type, channel_type)                                                                                      \
	X(channel_subtype, channel_subtype)                                                                                \
	X(page_host, landing_page_host)                                                                                    \
	X(page_url, landing_page_url)                                                                                      \
	X(page_category, landing_page_category)

static int setup(void **state)
{
	static Loading loading;
	LoaderOptions options = LOADER_OPTIONS_DEFAULT;
	options.buffer_folder = "/nonexistent";
	loading_open(&loading, &options, BEGIN_MS + 24 * 60 * MINUTE_MS);
	*state = &loading;
	return 0;
}

static int teardown(void **state)
{
	loading_close(*state);
	return 0;
}

// Every text of the hit is its column's name and the hit's number.
static void texts_set(Hit *hit, int number, Arena *arena)
{
#define X(field, column) hit->field = arena_format(arena, "/" #column " %d", number);
	COLUMNS(X)
#undef X
}

// Hits of one person on one browser, minutes apart; the second is an event. The first is the earliest.
static void hits_make(Hit hits[HITS], bool has_session, Arena *arena)
{
	for (int i = 0; i < HITS; i++)
	{
		Hash128 random = {{(unsigned char) (HITS - i)}};
		hit_init(&hits[i], i == 1 ? HIT_EVENT : HIT_PAGE);
		hits[i].id = uuid7_from_hash(BEGIN_MS + i * MINUTE_MS, random);
		hits[i].anonymous_id = -5;
		hits[i].source = SLICE_LITERAL("web");
		hits[i].event_type = SLICE_LITERAL("custom");
		hits[i].sequence = i + 1;
		texts_set(&hits[i], i, arena);
		if (has_session)
			hits[i].session_id = uuid7_from_hash(BEGIN_MS, (Hash128){{77}});
	}
}

static void attribution_check(const Loading *loading, const char *arrival)
{
	assert_string_equal(test_postgres_value(loading->look, "SELECT count(*) FROM session_attribution"), "1");
#define X(field, column)                                                                                               \
	if (strcmp(test_postgres_value(loading->look, "SELECT " #column " FROM session_attribution"), "/" #column " 0")    \
		!= 0)                                                                                                          \
		fail_msg("%s is \"%s\" after hits in the order %s", #column,                                                   \
			test_postgres_value(loading->look, "SELECT " #column " FROM session_attribution"), arrival);
	COLUMNS(X)
#undef X
	assert_string_equal(test_postgres_value(loading->look,
							"SELECT a.first_hit_id = v.id AND a.first_hit_at = v.viewed_at AND a.session_id = "
							"v.session_id "
							"AND a.person_id = -5 FROM session_attribution a, page_views v ORDER BY v.id LIMIT 1"),
		"t");
}

static void in_every_order(Loading *loading, bool has_session, size_t batch)
{
	static const int orders[][HITS] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	for (size_t order = 0; order < sizeof orders / sizeof *orders; order++)
	{
		Hit hits[HITS];
		Hit arrived[HITS];
		char text[16];
		loading_empty(loading);
		hits_make(hits, has_session, &loading->arena);
		for (int i = 0; i < HITS; i++)
			arrived[i] = hits[orders[order][i]];
		for (size_t from = 0; from < HITS; from += batch)
			loading_store(loading, arrived + from, batch);
		(void) snprintf(text, sizeof text, "%d %d %d", orders[order][0], orders[order][1], orders[order][2]);
		attribution_check(loading, text);
	}
}

static void of_a_clients_session_is_that_of_its_earliest_hit(void **state)
{
	in_every_order(*state, true, 1);
	in_every_order(*state, true, HITS);
}

static void of_a_session_made_by_the_loader_is_that_of_its_earliest_hit(void **state)
{
	in_every_order(*state, false, 1);
	in_every_order(*state, false, HITS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_a_clients_session_is_that_of_its_earliest_hit),
		cmocka_unit_test(of_a_session_made_by_the_loader_is_that_of_its_earliest_hit),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
