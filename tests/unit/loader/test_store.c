// The loader against a real database: what each kind of hit leaves behind.
#include "base/clock.h"
#include "harness/loading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define MINUTE_MS ((int64_t) 60000)
#define DAY_MS (24 * 60 * MINUTE_MS)
#define BEGIN_MS ((int64_t) 1773100800000) // 2026-03-10T00:00:00Z

static int setup(void **state)
{
	static Loading loading;
	LoaderOptions options = LOADER_OPTIONS_DEFAULT;
	options.buffer_folder = "/nonexistent";
	loading_open(&loading, &options, BEGIN_MS + 10 * DAY_MS);
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
	Loading *loading = *state;
	loading_empty(loading);
	loading->now_ms = BEGIN_MS + 10 * DAY_MS;
	return 0;
}

static Uuid id_at(int64_t minute, unsigned char random)
{
	Hash128 hash = {{random}};
	return uuid7_from_hash(BEGIN_MS + minute * MINUTE_MS, hash);
}

static Hit view(int64_t minute, int64_t user, int64_t browser)
{
	Hit hit;
	hit_init(&hit, HIT_PAGE);
	hit.id = id_at(minute, (unsigned char) (minute * 7 + user + browser));
	hit.user_id = user == 0 ? HIT_NONE : user;
	hit.anonymous_id = browser == 0 ? HIT_NONE : browser;
	hit.source = SLICE_LITERAL("web");
	hit.page_url = SLICE_LITERAL("/finder");
	return hit;
}

static Hit in_session(Hit hit, Uuid session, int64_t sequence)
{
	hit.session_id = session;
	hit.sequence = sequence;
	return hit;
}

static Hit leave(Uuid view_id, int64_t minute, int64_t visible_ms)
{
	Hit hit;
	hit_init(&hit, HIT_LEAVE);
	hit.id = id_at(minute, 200);
	hit.page_view_id = view_id;
	hit.visible_ms = visible_ms;
	hit.scroll_percent = 40;
	hit.clicks = 2;
	hit.interactions = 3;
	return hit;
}

static Hit identify(int64_t minute, int64_t user, int64_t browser)
{
	Hit hit;
	hit_init(&hit, HIT_IDENTIFY);
	hit.id = id_at(minute, (unsigned char) (100 + user));
	hit.user_id = user;
	hit.anonymous_id = browser;
	return hit;
}

static void assert_value(Loading *loading, const char *sql, const char *wanted)
{
	assert_string_equal(test_postgres_value(loading->look, sql), wanted);
}

static void a_view_becomes_a_row_with_its_session_person_and_attribution(void **state)
{
	Loading *loading = *state;
	Hit hit = in_session(view(5, 42, -7), id_at(0, 1), 1);
	hit.page_title = SLICE_LITERAL("Finder");
	hit.query_params = SLICE_LITERAL("{\"q\":\"acid\"}");
	hit.utm_source = SLICE_LITERAL("newsletter");
	hit.browser = SLICE_LITERAL("Firefox");
	loading_store(loading, &hit, 1);
	assert_value(loading,
		"SELECT format('%s %s %s %s %s', person_id, page_url, page_title, query_params ->> 'q', page_sequence_number) "
		"FROM page_views",
		"42 /finder Finder acid 1");
	assert_value(loading,
		"SELECT format('%s %s %s %s %s %s', person_id, browser, duration_seconds, is_active, is_authenticated, "
		"utm_source) FROM user_sessions",
		"42 Firefox 300 f t newsletter");
	assert_value(loading,
		"SELECT format('%s %s %s', utm_source, landing_page_url, first_hit_at AT TIME ZONE 'UTC') FROM "
		"session_attribution",
		"newsletter /finder 2026-03-10 00:05:00");
	assert_value(loading, "SELECT format('%s %s', id, created_at AT TIME ZONE 'UTC') FROM persons WHERE id <> 0",
		"42 2026-03-10 00:05:00");
}

static void an_anonymous_person_has_no_row_in_persons(void **state)
{
	Loading *loading = *state;
	Hit hit = view(5, 0, -7);
	loading_store(loading, &hit, 1);
	assert_value(loading, "SELECT count(*) FROM persons WHERE id <> 0", "0");
	assert_value(loading, "SELECT format('%s %s', person_id, is_authenticated) FROM user_sessions", "-7 f");
}

static void a_late_hit_bridges_two_sessions_into_the_earlier_one(void **state)
{
	Loading *loading = *state;
	Hit apart[] = {view(0, 9, 0), view(50, 9, 0)};
	loading_store(loading, apart, 2);
	assert_value(loading, "SELECT count(*) FROM user_sessions", "2");
	const char *earlier =
		test_postgres_value(loading->look, "SELECT id FROM user_sessions ORDER BY started_at LIMIT 1");
	char kept[64];
	(void) snprintf(kept, sizeof kept, "%s", earlier);
	Hit bridge = view(25, 9, 0);
	loading_store(loading, &bridge, 1);
	assert_value(loading, "SELECT id FROM user_sessions", kept);
	assert_value(loading, "SELECT string_agg(page_sequence_number::text, ' ' ORDER BY viewed_at) FROM page_views",
		"1 2 3");
	assert_value(loading, "SELECT count(DISTINCT session_id) FROM page_views", "1");
	assert_value(loading, "SELECT count(*) FROM session_attribution", "1");
}

static void a_late_hit_before_a_session_begins_it(void **state)
{
	Loading *loading = *state;
	Hit later = view(20, 9, 0);
	Hit earlier = view(0, 9, 0);
	loading_store(loading, &later, 1);
	loading_store(loading, &earlier, 1);
	assert_value(loading, "SELECT format('%s %s', started_at AT TIME ZONE 'UTC', duration_seconds) FROM user_sessions",
		"2026-03-10 00:00:00 1200");
}

static void two_browsers_of_one_person_have_sessions_of_their_own(void **state)
{
	Loading *loading = *state;
	Hit hits[] = {view(0, 9, -1), view(1, 9, -2), view(2, 9, 0)};
	loading_store(loading, hits, 3);
	assert_value(loading, "SELECT count(*) FROM user_sessions", "3");
}

static void a_client_s_session_is_not_split_on_gaps_but_at_every_full_day(void **state)
{
	Loading *loading = *state;
	Uuid session = id_at(0, 1);
	Hit hits[] = {in_session(view(0, 9, 0), session, 1), in_session(view(600, 9, 0), session, 2),
		in_session(view(1439, 9, 0), session, 3), in_session(view(1440, 9, 0), session, 4),
		in_session(view(2881, 9, 0), session, 5)};
	loading_store(loading, hits, 5);
	assert_value(loading,
		"SELECT string_agg(format('%s+%s', to_char(started_at AT TIME ZONE 'UTC', 'DD HH24:MI'), duration_seconds), ' "
		"' ORDER BY started_at) FROM user_sessions",
		"10 00:00+86340 11 00:00+0 12 00:00+60");
	assert_value(loading,
		"SELECT count(*) FROM page_views v JOIN user_sessions s ON s.id = v.session_id AND s.started_at = "
		"uuid7_ts(v.session_id)",
		"5");
}

static void the_greatest_totals_of_a_view_s_leaves_count(void **state)
{
	Loading *loading = *state;
	Hit hit = in_session(view(0, 9, 0), id_at(0, 1), 1);
	Hit leaves[] = {hit, leave(hit.id, 2, 61400), leave(hit.id, 1, 30000)};
	leaves[2].clicks = 5;
	loading_store(loading, leaves, 3);
	assert_value(loading,
		"SELECT format('%s %s %s %s %s', time_on_page_seconds, scroll_depth_percent, clicks_count, interactions_count, "
		"exited_at AT TIME ZONE 'UTC') FROM page_views",
		"61 40 5 3 2026-03-10 00:02:00");
	assert_value(loading, "SELECT duration_seconds FROM user_sessions", "120");
}

static void how_often_a_view_was_clicked_is_known_from_its_leave_on(void **state)
{
	Loading *loading = *state;
	const char *counts =
		"SELECT format('%s %s', coalesce(clicks_count, -1), coalesce(interactions_count, -1)) FROM page_views";
	Hit hit = in_session(view(0, 9, 0), id_at(0, 1), 1);
	loading_store(loading, &hit, 1);
	assert_value(loading, counts, "-1 -1");
	Hit unused = leave(hit.id, 1, 1000);
	unused.clicks = 0;
	unused.interactions = HIT_NONE; // a client that does not count them
	loading_store(loading, &unused, 1);
	assert_value(loading, counts, "0 -1");
}

static void rows_of_a_batch_are_stored_in_the_order_of_their_ids(void **state)
{
	Loading *loading = *state;
	Hit hits[] = {view(3, 9, 0), view(1, 9, 0), view(2, 9, 0), view(0, 9, 0)};
	loading_store(loading, hits, 4);
	assert_value(loading, "SELECT array_agg(id ORDER BY ctid) = array_agg(id ORDER BY id) FROM page_views", "t");
}

static void a_leave_before_its_view_waits_for_it(void **state)
{
	Loading *loading = *state;
	Hit hit = in_session(view(0, 9, 0), id_at(0, 1), 1);
	Hit early = leave(hit.id, 3, 90000);
	loading_store(loading, &early, 1);
	assert_value(loading, "SELECT count(*) FROM waiting_leaves", "1");
	loading_store(loading, &hit, 1);
	assert_value(loading, "SELECT count(*) FROM waiting_leaves", "0");
	assert_value(loading, "SELECT time_on_page_seconds FROM page_views", "90");
	assert_value(loading, "SELECT duration_seconds FROM user_sessions", "180");
}

static void a_leave_after_lunch_is_no_activity_until_the_gap_closes(void **state)
{
	Loading *loading = *state;
	Uuid session = id_at(0, 1);
	Hit hits[] = {in_session(view(0, 9, 0), session, 1), leave(view(0, 9, 0).id, 50, 1000)};
	loading_store(loading, hits, 2);
	assert_value(loading, "SELECT duration_seconds FROM user_sessions", "0");
	Hit between = in_session(view(25, 9, 0), session, 2);
	loading_store(loading, &between, 1);
	assert_value(loading, "SELECT duration_seconds FROM user_sessions", "3000");
	assert_value(loading, "SELECT count(*) FROM session_leaves", "0");
}

static void signing_in_moves_the_browser_s_rows_and_its_session(void **state)
{
	Loading *loading = *state;
	Uuid session = id_at(0, 1);
	Hit hits[] = {in_session(view(0, 0, -7), session, 1), view(300, 0, -7)};
	loading_store(loading, hits, 2);
	Hit sign_in = identify(400, 42, -7);
	loading_store(loading, &sign_in, 1);
	Hit later = view(500, 0, -7);
	loading_store(loading, &later, 1);
	assert_value(loading, "SELECT string_agg(DISTINCT person_id::text, ' ') FROM page_views", "42");
	assert_value(loading,
		"SELECT format('%s %s', count(*), string_agg(DISTINCT person_id::text, ' ')) FROM user_sessions", "3 42");
	assert_value(loading, "SELECT string_agg(DISTINCT person_id::text, ' ') FROM session_attribution", "42");
}

static void two_people_on_one_browser_keep_what_is_theirs(void **state)
{
	Loading *loading = *state;
	Uuid session = id_at(0, 1);
	Hit hits[] = {in_session(view(0, 0, -7), session, 1), identify(10, 1, -7), in_session(view(20, 0, -7), session, 2),
		identify(30, 2, -7), in_session(view(40, 0, -7), session, 3)};
	for (size_t at = 5; at > 0; at--) // the other way round
		loading_store(loading, &hits[at - 1], 1);
	assert_value(loading, "SELECT string_agg(person_id::text, ' ' ORDER BY viewed_at) FROM page_views", "1 1 2");
	assert_value(loading, "SELECT string_agg(person_id::text, ' ' ORDER BY person_id) FROM user_sessions", "1 2");
	assert_value(loading,
		"SELECT count(*) FROM page_views v LEFT JOIN user_sessions s ON s.id = v.session_id AND s.person_id = "
		"v.person_id WHERE s.id IS NULL",
		"0");
}

static void traits_are_those_of_the_latest_identify(void **state)
{
	Loading *loading = *state;
	Hit hits[] = {identify(20, 5, HIT_NONE), identify(10, 5, HIT_NONE)};
	hits[0].traits = SLICE_LITERAL("{\"plan\":\"pro\"}");
	hits[1].traits = SLICE_LITERAL("{\"plan\":\"free\",\"city\":\"Graz\"}");
	hits[1].created_ms = BEGIN_MS - DAY_MS;
	loading_store(loading, hits, 2);
	assert_value(loading, "SELECT traits FROM persons WHERE id = 5", "{\"city\": \"Graz\", \"plan\": \"pro\"}");
	assert_value(loading, "SELECT created_at AT TIME ZONE 'UTC' FROM persons WHERE id = 5", "2026-03-09 00:00:00");
}

static void a_repeated_hit_changes_nothing(void **state)
{
	Loading *loading = *state;
	Hit hits[] = {view(0, 9, 0), view(1, 9, 0), view(0, 9, 0)};
	loading_store(loading, hits, 3);
	loading_store(loading, hits, 2);
	assert_value(loading, "SELECT count(*) FROM page_views", "2");
	assert_value(loading, "SELECT format('%s %s', count(*), max(duration_seconds)) FROM user_sessions", "1 60");
}

static void a_repeat_that_brings_no_time_gets_that_of_the_first(void **state)
{
	Loading *loading = *state;
	Hit hits[] = {view(0, 9, 0), view(0, 9, 0)};
	for (size_t at = 0; at < 2; at++)
	{
		hits[at].is_time_arrival = 1;
		hits[at].message_id = SLICE_LITERAL("order-77");
	}
	hits[1].id = uuid7_with_time(hits[0].id, BEGIN_MS + 90 * MINUTE_MS);
	loading_store(loading, &hits[0], 1);
	loading_store(loading, &hits[1], 1);
	assert_value(loading, "SELECT count(*) FROM page_views", "1");
}

static void equal_message_ids_of_two_sources_are_two_messages(void **state)
{
	Loading *loading = *state;
	Hit hits[] = {view(0, 9, 0), view(5, 9, 0)};
	for (size_t at = 0; at < 2; at++)
	{
		hits[at].is_time_arrival = 1;
		hits[at].message_id = SLICE_LITERAL("1");
		hits[at].source = at == 0 ? SLICE_LITERAL("shop") : SLICE_LITERAL("app");
	}
	loading_store(loading, hits, 2);
	assert_value(loading, "SELECT format('%s %s', count(*), max(viewed_at) - min(viewed_at)) FROM page_views",
		"2 PT5M");
}

// A retry may come up to eight days later, and counts once; what is forgotten afterwards bounds the table.
static void messages_without_a_time_are_known_for_eight_days(void **state)
{
	Loading *loading = *state;
	Hit hits[] = {view(0, 9, 0), view(0, 9, 0)};
	for (size_t at = 0; at < 2; at++)
	{
		hits[at].is_time_arrival = 1;
		hits[at].message_id = SLICE_LITERAL("order-78");
	}
	hits[1].id = uuid7_with_time(hits[0].id, BEGIN_MS + 8 * DAY_MS - MINUTE_MS);
	loading_store(loading, &hits[0], 1);
	loading_sweep(loading, BEGIN_MS + 8 * DAY_MS);
	loading_store(loading, &hits[1], 1);
	assert_value(loading, "SELECT count(*) FROM page_views", "1");
	assert_value(loading, "SELECT count(*) FROM message_times", "1");
	loading_sweep(loading, BEGIN_MS + 10 * DAY_MS);
	assert_value(loading, "SELECT count(*) FROM message_times", "0");
}

static void robots_stand_apart(void **state)
{
	Loading *loading = *state;
	Hit hit = view(0, 0, -7);
	hit.robot_kind = SLICE_LITERAL("Googlebot");
	hit.user_agent = SLICE_LITERAL("Googlebot/2.1");
	loading_store(loading, &hit, 1);
	loading_store(loading, &hit, 1);
	assert_value(loading, "SELECT format('%s %s', robot_kind, hit_type) FROM robots", "Googlebot page");
	assert_value(loading, "SELECT (SELECT count(*) FROM page_views) + (SELECT count(*) FROM user_sessions)", "0");
}

static void hits_of_long_ago_get_their_own_months(void **state)
{
	Loading *loading = *state;
	Hit hit = view(0, 9, 0);
	hit.id = uuid7_with_time(hit.id, 1431857100000); // 2015-05-17
	loading_store(loading, &hit, 1);
	assert_value(loading, "SELECT tableoid::regclass FROM page_views", "page_views_2015_05");
}

static void a_poison_hit_goes_to_quarantine_alone(void **state)
{
	Loading *loading = *state;
	Hit hits[5];
	for (size_t at = 0; at < 5; at++)
		hits[at] = view((int64_t) at, 9, 0);
	hits[3].metadata = SLICE_NONE;
	hits[3].query_params = SLICE_LITERAL("{\"broken\":");
	loading_store(loading, hits, 5);
	assert_value(loading, "SELECT count(*) FROM page_views", "4");
	assert_value(loading, "SELECT format('%s %s %s', count(*), max(sqlstate), max(user_id)) FROM quarantine",
		"1 22P02 9");
	assert_value(loading, "SELECT max(duration_seconds) FROM user_sessions", "240");
}

static void what_is_no_hit_at_all_goes_to_quarantine(void **state)
{
	Loading *loading = *state;
	Hit fine = view(0, 9, 0);
	Slice payloads[] = {SLICE_LITERAL("\x01\x01garbage"), loading_encode(loading, &fine), SLICE_LITERAL("\x09")};
	loading_store_payloads(loading, 0, payloads, 3);
	assert_value(loading, "SELECT count(*) FROM page_views", "1");
	assert_value(loading, "SELECT count(*) FROM quarantine", "2");
}

static void what_is_mended_leaves_quarantine_and_what_is_not_stays(void **state)
{
	Loading *loading = *state;
	Error error = {0};
	assert_true(
		pg_script(loading->look, "ALTER TABLE page_views ADD CONSTRAINT no_nines CHECK (person_id <> 9)", &error));
	Hit hits[] = {view(0, 9, 0), view(1, 8, 0), view(2, 7, 0)};
	hits[2].query_params = SLICE_LITERAL("[");
	loading_store(loading, hits, 3);
	assert_value(loading, "SELECT count(*) FROM quarantine", "2");
	assert_true(pg_script(loading->look, "ALTER TABLE page_views DROP CONSTRAINT no_nines", &error));
	int64_t stored = 0;
	int64_t kept = 0;
	if (!loader_quarantine_retry(loading->loaders[0], 0, loading->now_ms, &stored, &kept, &error))
		fail_msg("%s", error.message);
	assert_int_equal(stored, 1);
	assert_int_equal(kept, 1);
	assert_value(loading, "SELECT count(*) FROM page_views", "2");
	assert_value(loading, "SELECT count(*) FROM quarantine", "1");
}

static void user_ids_that_lead_to_the_same_person_are_refused(void **state)
{
	Loading *loading = *state;
	Hit hits[] = {view(0, 9, 0), view(1, 9, 0)};
	hits[0].user_id = ((int64_t) 1 << 62U) + 5;
	hits[0].external_id = SLICE_LITERAL("ada@example");
	hits[1].user_id = hits[0].user_id;
	hits[1].external_id = SLICE_LITERAL("eve@example");
	loading_store(loading, &hits[0], 1);
	loading_store(loading, &hits[1], 1);
	assert_value(loading,
		"SELECT format('%s %s', count(*), (SELECT external_id FROM persons WHERE id <> 0)) FROM page_views",
		"1 ada@example");
	assert_value(loading, "SELECT count(*) FROM quarantine", "1");
}

static void sessions_end_after_the_timeout_at_their_last_activity(void **state)
{
	Loading *loading = *state;
	loading->now_ms = BEGIN_MS + 40 * MINUTE_MS;
	Hit hits[] = {in_session(view(0, 9, 0), id_at(0, 1), 1), in_session(view(12, 9, 0), id_at(0, 1), 2)};
	loading_store(loading, hits, 2);
	assert_value(loading, "SELECT is_active FROM user_sessions", "t");
	loading_sweep(loading, BEGIN_MS + 42 * MINUTE_MS);
	assert_value(loading, "SELECT is_active FROM user_sessions", "t");
	loading_sweep(loading, BEGIN_MS + 42 * MINUTE_MS + 1);
	assert_value(loading, "SELECT format('%s %s', ended_at = last_activity_at, duration_seconds) FROM user_sessions",
		"t 720");
	Hit late = in_session(view(14, 9, 0), id_at(0, 1), 3);
	loading->now_ms = BEGIN_MS + 60 * MINUTE_MS;
	loading_store(loading, &late, 1);
	assert_value(loading, "SELECT format('%s %s', ended_at = last_activity_at, duration_seconds) FROM user_sessions",
		"t 840");
}

static void the_client_s_word_ends_a_session_at_once(void **state)
{
	Loading *loading = *state;
	loading->now_ms = BEGIN_MS + 5 * MINUTE_MS;
	Hit hits[] = {in_session(view(0, 9, 0), id_at(0, 1), 1), leave(view(0, 9, 0).id, 2, 1000)};
	hits[1].is_session_end = 1;
	loading_store(loading, hits, 2);
	assert_value(loading, "SELECT format('%s %s', is_active, duration_seconds) FROM user_sessions", "f 120");
	Hit later = in_session(view(4, 9, 0), id_at(0, 1), 2);
	loading_store(loading, &later, 1);
	assert_value(loading, "SELECT format('%s %s', is_active, duration_seconds) FROM user_sessions", "t 240");
}

static void the_ledger_moves_with_the_rows_and_another_loader_s_turn_is_seen(void **state)
{
	Loading *loading = *state;
	Error error = {0};
	Hit hits[] = {view(0, 9, 0), view(1, 9, 0)};
	Slice payloads[] = {loading_encode(loading, &hits[0]), loading_encode(loading, &hits[1])};
	BufferPosition ends[] = {{1, 100}, {1, 200}};
	LoaderSource source = {.stream = id_at(0, 77), .name = "live", .ends = ends};
	assert_true(loader_store(loading->loaders[0], payloads, 2, &source, loading->now_ms, &error));
	assert_value(loading, "SELECT format('%s %s %s', segment, byte_offset, name) FROM ingest_ledger", "1 200 live");
	assert_false(loader_store(loading->loaders[1], payloads, 2, &source, loading->now_ms, &error));
	assert_int_equal(error.code, ERROR_BUSY);
}

static void a_leave_whose_view_never_comes_is_counted_in_the_end(void **state)
{
	Loading *loading = *state;
	Hit early = leave(view(0, 9, 0).id, 3, 90000);
	loading_store(loading, &early, 1);
	loading_sweep(loading, clock_now_ms() + 8 * DAY_MS);
	assert_value(loading, "SELECT count(*) FROM waiting_leaves", "1");
	loading_sweep(loading, clock_now_ms() + 10 * DAY_MS);
	assert_value(loading, "SELECT count(*) FROM waiting_leaves", "0");
	assert_value(loading, "SELECT format('%s %s', reason, hits) FROM ingest_counts", "leave_without_view 1");
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_view_becomes_a_row_with_its_session_person_and_attribution),
		TEST(an_anonymous_person_has_no_row_in_persons),
		TEST(a_late_hit_bridges_two_sessions_into_the_earlier_one),
		TEST(a_late_hit_before_a_session_begins_it),
		TEST(two_browsers_of_one_person_have_sessions_of_their_own),
		TEST(a_client_s_session_is_not_split_on_gaps_but_at_every_full_day),
		TEST(the_greatest_totals_of_a_view_s_leaves_count),
		TEST(how_often_a_view_was_clicked_is_known_from_its_leave_on),
		TEST(rows_of_a_batch_are_stored_in_the_order_of_their_ids),
		TEST(a_leave_before_its_view_waits_for_it),
		TEST(a_leave_after_lunch_is_no_activity_until_the_gap_closes),
		TEST(signing_in_moves_the_browser_s_rows_and_its_session),
		TEST(two_people_on_one_browser_keep_what_is_theirs),
		TEST(traits_are_those_of_the_latest_identify),
		TEST(a_repeated_hit_changes_nothing),
		TEST(a_repeat_that_brings_no_time_gets_that_of_the_first),
		TEST(equal_message_ids_of_two_sources_are_two_messages),
		TEST(messages_without_a_time_are_known_for_eight_days),
		TEST(robots_stand_apart),
		TEST(hits_of_long_ago_get_their_own_months),
		TEST(a_poison_hit_goes_to_quarantine_alone),
		TEST(what_is_no_hit_at_all_goes_to_quarantine),
		TEST(what_is_mended_leaves_quarantine_and_what_is_not_stays),
		TEST(user_ids_that_lead_to_the_same_person_are_refused),
		TEST(sessions_end_after_the_timeout_at_their_last_activity),
		TEST(the_client_s_word_ends_a_session_at_once),
		TEST(a_leave_whose_view_never_comes_is_counted_in_the_end),
		TEST(the_ledger_moves_with_the_rows_and_another_loader_s_turn_is_seen),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
