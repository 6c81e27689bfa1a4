// What the loader remembers, and what it does where that is not all there is.
#include "harness/loading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MINUTE_MS ((int64_t) 60000)
#define BEGIN_MS ((int64_t) 1773100800000) // 2026-03-10T00:00:00Z

static Uuid id_at(int64_t minute, unsigned char number)
{
	return uuid7_from_hash(BEGIN_MS + minute * MINUTE_MS, (Hash128){{0, 0, 0, number}});
}

// A view of person 1 in the session that began at minute 0.
static Hit view_at(int64_t minute)
{
	Hit hit;
	hit_init(&hit, HIT_PAGE);
	hit.id = id_at(minute, 1);
	hit.user_id = 1;
	hit.session_id = id_at(0, 9);
	hit.sequence = minute + 1;
	hit.page_url = SLICE_LITERAL("/finder");
	return hit;
}

static void store_view(Loading *loading, size_t loader, int64_t minute, bool has_more)
{
	Hit hit = view_at(minute);
	Slice payload = loading_encode(loading, &hit);
	loading_store_stream(loading, loader, &payload, 1, has_more);
}

static void assert_value(Loading *loading, const char *sql, const char *wanted)
{
	assert_string_equal(test_postgres_value(loading->look, sql), wanted);
}

static const char *const view_count = "SELECT count(*) FROM page_views";
static const char *const session_state =
	"SELECT count(*) || ' ' || (max(last_activity_at) - min(started_at)) FROM user_sessions";

static void what_another_loader_stored_is_not_stored_again(void **state)
{
	Loading *loading = *state;
	store_view(loading, 0, 0, false);
	store_view(loading, 1, 1, false);
	store_view(loading, 0, 1, false);
	store_view(loading, 1, 0, false);
	assert_value(loading, view_count, "2");
	assert_value(loading, session_state, "1 PT1M");
}

// Against the rule that whoever writes leaves a mark.
static void rows_that_came_behind_the_loader_s_back_are_no_clash(void **state)
{
	Loading *loading = *state;
	store_view(loading, 0, 0, false);
	loading_restart(loading, 1, 1 << 20U);
	char *turn = strdup(test_postgres_value(loading->look, "SELECT turn FROM ingest_turn"));
	assert_non_null(turn);
	store_view(loading, 1, 1, false);
	char statement[128];
	(void) snprintf(statement, sizeof statement, "UPDATE ingest_turn SET turn = '%s'", turn);
	free(turn);
	(void) test_postgres_value(loading->look, statement);
	Hit hits[] = {view_at(1), view_at(2)};
	Slice payloads[] = {loading_encode(loading, &hits[0]), loading_encode(loading, &hits[1])};
	loading_store_stream(loading, 0, payloads, 2, false);
	assert_value(loading, view_count, "3");
	assert_value(loading, session_state, "1 PT2M");
	assert_value(loading, "SELECT count(*) FROM quarantine", "0");
}

static void rows_that_somebody_deleted_come_again(void **state)
{
	Loading *loading = *state;
	store_view(loading, 0, 0, false);
	store_view(loading, 0, 1, false);
	(void) test_postgres_value(loading->look,
		"WITH gone AS (DELETE FROM page_views), more AS (DELETE FROM user_sessions), rest AS (DELETE FROM "
		"session_attribution)"
		" UPDATE ingest_turn SET turn = gen_random_uuid()");
	store_view(loading, 0, 1, false);
	assert_value(loading, view_count, "1");
	assert_value(loading, session_state, "1 PT1M");
}

static void store_hit(Loading *loading, Hit hit)
{
	Slice payload = loading_encode(loading, &hit);
	loading_store_stream(loading, 0, &payload, 1, false);
}

static Hit anonymous_view_at(int64_t minute)
{
	Hit hit = view_at(minute);
	hit.user_id = HIT_NONE;
	hit.anonymous_id = -7;
	return hit;
}

static Hit sign_in_at(int64_t minute, int64_t user)
{
	Hit hit;
	hit_init(&hit, HIT_IDENTIFY);
	hit.id = id_at(minute, 2);
	hit.user_id = user;
	hit.anonymous_id = -7;
	return hit;
}

// An earlier sign-in that comes late takes all rows of the session away from person 1, and with them the session.
static void a_session_that_a_person_lost_and_comes_back_to_is_made_again(void **state)
{
	Loading *loading = *state;
	static const char persons[] = "SELECT string_agg(person_id::text, ' ' ORDER BY person_id) FROM user_sessions";
	store_hit(loading, anonymous_view_at(0));
	store_hit(loading, sign_in_at(5, 1));
	store_hit(loading, anonymous_view_at(1));
	store_hit(loading, anonymous_view_at(2));
	assert_value(loading, persons, "1");
	store_hit(loading, sign_in_at(3, 2));
	assert_value(loading, persons, "2");
	store_view(loading, 0, 10, false);
	assert_value(loading, persons, "1 2");
	assert_value(loading, "SELECT count(DISTINCT last_activity_at) FROM user_sessions", "1");
}

static void activity_is_put_off_until_no_hits_are_waiting(void **state)
{
	Loading *loading = *state;
	Error error = {0};
	size_t hits = 0;
	bool has_more = false;
	store_view(loading, 0, 0, true);
	store_view(loading, 0, 3, true);
	store_view(loading, 0, 2, true);
	store_view(loading, 0, 1, false);
	assert_value(loading, view_count, "4");
	assert_value(loading, session_state, "1 PT0S");
	assert_true(loader_step(loading->loaders[0], &hits, &has_more, &error));
	assert_value(loading, session_state, "1 PT3M");
	assert_value(loading, "SELECT count(*) FROM session_touches", "0");
}

#define MANY_SESSIONS 2000

// A view of each of many sessions, so many minutes after they began.
static void store_many(Loading *loading, int64_t minute)
{
	static Slice payloads[MANY_SESSIONS];
	for (unsigned at = 0; at < MANY_SESSIONS; at++)
	{
		Hash128 number = {{0, 0, 0, (unsigned char) (at >> 8U), (unsigned char) at}};
		Hit hit = view_at(minute);
		hit.id = uuid7_from_hash(BEGIN_MS + at + minute * MINUTE_MS, number);
		hit.session_id = uuid7_from_hash(BEGIN_MS + at, number);
		payloads[at] = loading_encode(loading, &hit);
	}
	loading_store_stream(loading, 0, payloads, MANY_SESSIONS, true);
}

static void activity_of_many_sessions_is_written_where_their_rows_are(void **state)
{
	Loading *loading = *state;
	Error error = {0};
	size_t hits = 0;
	bool has_more = false;
	static const char size[] =
		"SELECT sum(pg_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'user_sessions'::regclass";
	store_many(loading, 0);
	int64_t before = strtoll(test_postgres_value(loading->look, size), NULL, 10);
	store_many(loading, 1);
	store_many(loading, 2);
	assert_true(loader_step(loading->loaders[0], &hits, &has_more, &error));
	assert_value(loading, "SELECT count(*) FROM session_touches", "0");
	assert_value(loading,
		"SELECT count(*) FROM user_sessions WHERE last_activity_at - started_at = interval '2 minutes'", "2000");
	assert_true(strtoll(test_postgres_value(loading->look, size), NULL, 10) < before * 5 / 4); // at once: twice
}

static void without_hits_waiting_activity_comes_with_its_rows(void **state)
{
	Loading *loading = *state;
	store_view(loading, 0, 0, false);
	store_view(loading, 0, 3, false);
	assert_value(loading, session_state, "1 PT3M");
}

static void what_one_loader_put_off_another_writes(void **state)
{
	Loading *loading = *state;
	store_view(loading, 0, 0, true);
	store_view(loading, 0, 3, true);
	store_view(loading, 1, 1, false);
	assert_value(loading, session_state, "1 PT3M");
}

static void a_sweep_ends_sessions_at_the_activity_that_was_put_off(void **state)
{
	Loading *loading = *state;
	store_view(loading, 0, 0, true);
	store_view(loading, 0, 20, true);
	loading_sweep(loading, BEGIN_MS + 40 * MINUTE_MS);
	assert_value(loading, session_state, "1 PT20M");
	assert_value(loading, "SELECT ended_at IS NULL FROM user_sessions", "t");
	loading_sweep(loading, BEGIN_MS + 51 * MINUTE_MS);
	assert_value(loading, "SELECT ended_at - started_at FROM user_sessions", "PT20M");
}

static Hit leave_at(int64_t minute, int64_t view_minute, bool is_end)
{
	Hit hit;
	hit_init(&hit, HIT_LEAVE);
	hit.id = id_at(minute, 3);
	hit.user_id = 1;
	hit.page_view_id = id_at(view_minute, 1);
	hit.clicks = minute;
	hit.is_session_end = is_end ? 1 : HIT_NONE;
	return hit;
}

static void store_leave(Loading *loading, int64_t minute, int64_t view_minute, bool is_end)
{
	Hit hit = leave_at(minute, view_minute, is_end);
	Slice payload = loading_encode(loading, &hit);
	loading_store_stream(loading, 0, &payload, 1, true);
}

// Writes what was put off.
static void settle(Loading *loading)
{
	loading_sweep(loading, BEGIN_MS + 25 * MINUTE_MS);
}

static void a_leave_near_the_last_activity_is_put_off_with_it(void **state)
{
	Loading *loading = *state;
	store_view(loading, 0, 0, true);
	store_view(loading, 0, 3, true);
	store_leave(loading, 10, 0, false);
	store_leave(loading, 20, 3, false);
	assert_value(loading, "SELECT string_agg(clicks_count::text, ' ' ORDER BY viewed_at) FROM page_views", "10 20");
	assert_value(loading, session_state, "1 PT0S");
	settle(loading);
	assert_value(loading, session_state, "1 PT20M");
	assert_value(loading, "SELECT ended_at IS NULL FROM user_sessions", "t");
}

static void a_leave_of_a_session_that_memory_does_not_know_is_put_off(void **state)
{
	Loading *loading = *state;
	store_view(loading, 0, 0, true);
	store_view(loading, 0, 3, true);
	loading_restart(loading, 0, 1 << 20U);
	store_leave(loading, 10, 0, false);
	assert_value(loading, session_state, "1 PT0S");
	settle(loading);
	assert_value(loading, session_state, "1 PT10M");
}

static void a_leave_behind_an_earlier_first_hit_is_put_off(void **state)
{
	Loading *loading = *state;
	store_view(loading, 0, 5, true);
	store_view(loading, 0, 3, true);
	store_leave(loading, 10, 3, false);
	assert_value(loading, session_state, "1 PT5M");
	settle(loading);
	assert_value(loading, session_state, "1 PT10M");
}

static void a_leave_that_ends_the_session_ends_it_when_it_is_written(void **state)
{
	Loading *loading = *state;
	store_view(loading, 0, 0, true);
	store_leave(loading, 10, 0, true);
	settle(loading);
	assert_value(loading, "SELECT ended_at - started_at FROM user_sessions", "PT10M");
	store_leave(loading, 12, 0, false);
	settle(loading);
	assert_value(loading, session_state, "1 PT12M");
	assert_value(loading, "SELECT ended_at IS NULL FROM user_sessions", "t");
}

static void a_leave_that_is_far_behind_is_kept_until_the_gap_closes(void **state)
{
	Loading *loading = *state;
	store_view(loading, 0, 0, true);
	store_leave(loading, 35, 0, false);
	settle(loading);
	assert_value(loading, session_state, "1 PT0S");
	assert_value(loading, "SELECT count(*) FROM session_leaves", "1");
	store_leave(loading, 10, 0, false);
	settle(loading);
	assert_value(loading, session_state, "1 PT35M");
	assert_value(loading, "SELECT count(*) FROM session_leaves", "0");
}

static void a_leave_that_is_far_behind_what_is_known_has_nothing_written(void **state)
{
	Loading *loading = *state;
	store_view(loading, 0, 0, true);
	store_view(loading, 0, 3, true);
	store_leave(loading, 40, 3, false);
	assert_value(loading, session_state, "1 PT0S");
	assert_value(loading, "SELECT count(*) FROM session_leaves", "1");
	store_leave(loading, 20, 0, false);
	assert_value(loading, session_state, "1 PT0S");
	assert_value(loading, "SELECT count(*) FROM session_leaves", "0");
	settle(loading);
	assert_value(loading, session_state, "1 PT40M");
}

static void a_leave_is_far_only_from_what_was_put_off_before(void **state)
{
	Loading *loading = *state;
	store_view(loading, 0, 0, true);
	store_view(loading, 0, 12, true);
	loading_restart(loading, 0, 1 << 20U);
	store_leave(loading, 40, 12, false);
	settle(loading);
	assert_value(loading, session_state, "1 PT40M");
	assert_value(loading, "SELECT count(*) FROM session_leaves", "0");
}

static void a_leave_waits_for_its_view_while_others_are_applied(void **state)
{
	Loading *loading = *state;
	store_view(loading, 0, 0, true);
	Hit hits[] = {leave_at(5, 0, false), leave_at(6, 1, false)};
	loading_store(loading, hits, 2);
	assert_value(loading, "SELECT count(*) FROM waiting_leaves", "1");
	store_view(loading, 0, 1, true);
	assert_value(loading, "SELECT string_agg(clicks_count::text, ' ' ORDER BY viewed_at) FROM page_views", "5 6");
	assert_value(loading, "SELECT count(*) FROM waiting_leaves", "0");
	settle(loading);
	assert_value(loading, session_state, "1 PT6M");
}

static int setup(void **state)
{
	static Loading loading;
	LoaderOptions options = LOADER_OPTIONS_DEFAULT;
	options.buffer_folder = "/nonexistent";
	loading_open(&loading, &options, BEGIN_MS + 25 * MINUTE_MS);
	*state = &loading;
	return 0;
}

static int begin(void **state)
{
	loading_empty(*state);
	return 0;
}

static int teardown(void **state)
{
	loading_close(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_another_loader_stored_is_not_stored_again, begin),
		cmocka_unit_test_setup(rows_that_came_behind_the_loader_s_back_are_no_clash, begin),
		cmocka_unit_test_setup(rows_that_somebody_deleted_come_again, begin),
		cmocka_unit_test_setup(a_session_that_a_person_lost_and_comes_back_to_is_made_again, begin),
		cmocka_unit_test_setup(activity_of_many_sessions_is_written_where_their_rows_are, begin),
		cmocka_unit_test_setup(activity_is_put_off_until_no_hits_are_waiting, begin),
		cmocka_unit_test_setup(without_hits_waiting_activity_comes_with_its_rows, begin),
		cmocka_unit_test_setup(what_one_loader_put_off_another_writes, begin),
		cmocka_unit_test_setup(a_sweep_ends_sessions_at_the_activity_that_was_put_off, begin),
		cmocka_unit_test_setup(a_leave_near_the_last_activity_is_put_off_with_it, begin),
		cmocka_unit_test_setup(a_leave_of_a_session_that_memory_does_not_know_is_put_off, begin),
		cmocka_unit_test_setup(a_leave_behind_an_earlier_first_hit_is_put_off, begin),
		cmocka_unit_test_setup(a_leave_that_ends_the_session_ends_it_when_it_is_written, begin),
		cmocka_unit_test_setup(a_leave_that_is_far_behind_is_kept_until_the_gap_closes, begin),
		cmocka_unit_test_setup(a_leave_that_is_far_behind_what_is_known_has_nothing_written, begin),
		cmocka_unit_test_setup(a_leave_is_far_only_from_what_was_put_off_before, begin),
		cmocka_unit_test_setup(a_leave_waits_for_its_view_while_others_are_applied, begin),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
