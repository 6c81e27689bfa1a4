// Hits that no tracker of ours would send, but that anybody may: they must neither stop the loader nor make what is stored
// depend on their order.
#include "harness/loading.h"
#include "sql/sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define MINUTE_MS ((int64_t) 60000)
#define BEGIN_MS ((int64_t) 1773100800000) // 2026-03-10T00:00:00Z

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

static int begin(void **state)
{
	loading_empty(*state);
	return 0;
}

static Hit hit_at(HitType type, int64_t minute, unsigned char random)
{
	Hit hit;
	hit_init(&hit, type);
	hit.id = uuid7_from_hash(BEGIN_MS + minute * MINUTE_MS, (Hash128){{random}});
	hit.source = SLICE_LITERAL("web");
	if (type == HIT_PAGE)
		hit.page_url = SLICE_LITERAL("/finder");
	if (type == HIT_EVENT)
		hit.event_type = SLICE_LITERAL("click");
	return hit;
}

static Hit of(Hit hit, int64_t user, int64_t browser)
{
	hit.user_id = user == 0 ? HIT_NONE : user;
	hit.anonymous_id = browser == 0 ? HIT_NONE : browser;
	return hit;
}

static void assert_value(Loading *loading, const char *sql, const char *wanted)
{
	assert_string_equal(test_postgres_value(loading->look, sql), wanted);
}

// Both at once, then each in turn, then backwards: the same answer every time.
static void assert_any_order(Loading *loading, const Hit hits[2], const char *sql, const char *wanted)
{
	for (int round = 0; round < 3; round++)
	{
		loading_empty(loading);
		if (round == 0)
			loading_store(loading, hits, 2);
		else
		{
			loading_store(loading, &hits[round - 1], 1);
			loading_store(loading, &hits[2 - round], 1);
		}
		assert_value(loading, sql, wanted);
	}
}

static void a_view_and_an_event_with_one_id_on_two_browsers_make_two_sessions(void **state)
{
	Loading *loading = *state;
	const Hit hits[] = {of(hit_at(HIT_PAGE, 5, 1), 1, -7), of(hit_at(HIT_EVENT, 5, 1), 1, -8)};
	assert_any_order(loading, hits,
		"SELECT string_agg(format('%s: %s %s', browser_id, (SELECT count(*) FROM page_views v WHERE v.session_id = "
		"s.id),"
		" (SELECT count(*) FROM user_events e WHERE e.session_id = s.id)), ', ' ORDER BY browser_id) FROM "
		"user_sessions s",
		"-8: 0 1, -7: 1 0");
}

static void of_a_yes_and_a_no_at_one_time_the_no_counts(void **state)
{
	Loading *loading = *state;
	Hit hits[] = {of(hit_at(HIT_CONSENT, 5, 1), 1, 0), of(hit_at(HIT_CONSENT, 5, 2), 1, 0)};
	hits[0].analytics_consent = 1;
	hits[0].marketing_consent = 0;
	hits[1].analytics_consent = 0;
	hits[1].marketing_consent = 1;
	assert_any_order(loading, hits, "SELECT format('%s %s', analytics_consent, marketing_consent) FROM user_consent",
		"f f");
}

static void a_trait_named_like_the_sign_up_time_does_not_hide_it(void **state)
{
	Loading *loading = *state;
	Hit hits[] = {of(hit_at(HIT_IDENTIFY, 5, 1), 1, -7), of(hit_at(HIT_IDENTIFY, 6, 2), 1, -7)};
	hits[0].created_ms = BEGIN_MS - MINUTE_MS;
	hits[1].traits = SLICE_LITERAL("{\"createdAt\":\"yesterday\",\"plan\":\"pro\"}");
	assert_any_order(loading, hits,
		"SELECT format('%s %s', created_at AT TIME ZONE 'UTC', traits) FROM persons WHERE id = 1",
		"2026-03-09 23:59:00 {\"plan\": \"pro\"}");
}

static void a_leave_timed_before_its_view_is_no_activity_of_the_session_before(void **state)
{
	Loading *loading = *state;
	Hit hits[] = {of(hit_at(HIT_PAGE, 0, 1), 1, -7), of(hit_at(HIT_PAGE, 120, 2), 1, -7), hit_at(HIT_LEAVE, 20, 3)};
	hits[2].page_view_id = hits[1].id;
	loading_store(loading, hits, 3);
	assert_value(loading, "SELECT string_agg(duration_seconds::text, ' ' ORDER BY started_at) FROM user_sessions",
		"0 0");
}

static void what_is_read_of_a_browsers_sign_ins_does_not_grow_with_their_number(void **state)
{
	Loading *loading = *state;
	Hit hits[300];
	Error error = {0};
	PgResult *result = NULL;
	for (int at = 0; at < 300; at++)
		hits[at] = of(hit_at(HIT_IDENTIFY, at, 1), 1 + at % 2, -7);
	loading_store(loading, hits, 300);
	char id[UUID_TEXT_SIZE];
	char ids[UUID_TEXT_SIZE + 2];
	uuid_format(hits[200].id, id);
	(void) snprintf(ids, sizeof ids, "{%s}", id);
	const PgParam params[] = {pg_param("{-7}"), pg_param(ids)};
	assert_true(pg_query(loading->look, sql_loader_aliases_read, params, 2, &result, &error));
	assert_int_equal(pg_rows(result), 3);
	pg_result_free(result);
}

static void a_client_may_end_a_session_at_its_latest_moment(void **state)
{
	Loading *loading = *state;
	Hit hits[] = {of(hit_at(HIT_PAGE, 5, 1), 1, -7), of(hit_at(HIT_EVENT, 5, 2), 1, -7)};
	Uuid session = hit_at(HIT_PAGE, 5, 9).id;
	hits[0].session_id = session;
	hits[0].sequence = 1;
	hits[1].session_id = session;
	hits[1].is_session_end = 1;
	loading->now_ms = BEGIN_MS + 6 * MINUTE_MS;
	assert_any_order(loading, hits, "SELECT is_active::text FROM user_sessions", "false");
	loading->now_ms = BEGIN_MS + 24 * 60 * MINUTE_MS;
}

// From here on statements bring back so many rows.
static void read_at_most(Loading *loading, size_t rows)
{
	loading->options.read_rows_max = rows;
	loading_restart(loading, 0, loading->options.recent_bytes_max);
}

static const char *const quarantined = "SELECT string_agg(format('%s: %s', hit_id, reason), ', ') FROM quarantine";

static void assert_quarantined(Loading *loading, const Hit *hit)
{
	char id[UUID_TEXT_SIZE];
	char wanted[256];
	uuid_format(hit->id, id);
	(void) snprintf(wanted, sizeof wanted,
		"%s: A batch of hits has to read back more than 5 rows of their sessions; smaller ones will be tried.", id);
	assert_value(loading, quarantined, wanted);
}

static void a_session_that_is_more_than_can_be_read_back_takes_no_late_hit(void **state)
{
	Loading *loading = *state;
	read_at_most(loading, 5);
	for (int64_t minute = 0; minute < 12; minute += 2) // in order they need not be read back
	{
		Hit hit = of(hit_at(HIT_EVENT, minute, 1), 1, -7);
		loading_store(loading, &hit, 1);
	}
	const Hit hits[] = {of(hit_at(HIT_EVENT, 3, 2), 1, -7), of(hit_at(HIT_EVENT, 3, 3), 2, -8)};
	loading_store(loading, hits, 2);
	assert_quarantined(loading, &hits[0]);
	assert_value(loading,
		"SELECT string_agg(c::text, ' ') FROM (SELECT count(*) AS c FROM user_events GROUP BY session_id ORDER BY 1) s",
		"1 6");
	read_at_most(loading, LOADER_OPTIONS_DEFAULT.read_rows_max);
}

static void a_browser_with_more_sessions_than_can_be_read_back_signs_nobody_in(void **state)
{
	Loading *loading = *state;
	read_at_most(loading, 5);
	for (unsigned char at = 0; at < 6; at++)
	{
		Hit hit = of(hit_at(HIT_PAGE, at, at), 0, -7);
		hit.session_id = hit.id;
		hit.sequence = 1;
		loading_store(loading, &hit, 1);
	}
	const Hit sign_in = of(hit_at(HIT_IDENTIFY, 9, 9), 1, -7);
	loading_store(loading, &sign_in, 1);
	assert_quarantined(loading, &sign_in);
	assert_value(loading, "SELECT format('%s %s', count(*), max(person_id)) FROM page_views", "6 -7");
	assert_value(loading, "SELECT count(*) FROM person_aliases", "0");
	read_at_most(loading, LOADER_OPTIONS_DEFAULT.read_rows_max);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_view_and_an_event_with_one_id_on_two_browsers_make_two_sessions, begin),
		cmocka_unit_test_setup(of_a_yes_and_a_no_at_one_time_the_no_counts, begin),
		cmocka_unit_test_setup(a_trait_named_like_the_sign_up_time_does_not_hide_it, begin),
		cmocka_unit_test_setup(a_leave_timed_before_its_view_is_no_activity_of_the_session_before, begin),
		cmocka_unit_test_setup(what_is_read_of_a_browsers_sign_ins_does_not_grow_with_their_number, begin),
		cmocka_unit_test_setup(a_client_may_end_a_session_at_its_latest_moment, begin),
		cmocka_unit_test_setup(a_session_that_is_more_than_can_be_read_back_takes_no_late_hit, begin),
		cmocka_unit_test_setup(a_browser_with_more_sessions_than_can_be_read_back_signs_nobody_in, begin),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
