#include "loader/chain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MINUTE_MS ((int64_t) 60000)
#define HOUR_MS (60 * MINUTE_MS)
#define BEGIN_MS ((int64_t) 1773100800000)

static const LoaderRules rules = {.timeout_ms = 30 * MINUTE_MS, .session_max_ms = 24 * HOUR_MS};

static ChainPoint hit(int64_t minute)
{
	Hash128 hash = {{(unsigned char) minute, (unsigned char) (minute >> 8U)}};
	int64_t time_ms = BEGIN_MS + minute * MINUTE_MS;
	return (ChainPoint){.time_ms = time_ms, .id = uuid7_from_hash(time_ms, hash), .is_view = true};
}

static ChainPoint leave(const ChainPoint *view, int64_t minute)
{
	return (ChainPoint){.time_ms = BEGIN_MS + minute * MINUTE_MS, .id = view->id, .is_leave = true};
}

static size_t make(ChainPoint *points, size_t count, ChainPart *parts)
{
	ChainPrior none = {0};
	int64_t last_ms = 0;
	return chain_make(points, count, &none, &rules, parts, &last_ms);
}

static int64_t minutes(int64_t time_ms)
{
	return (time_ms - BEGIN_MS) / MINUTE_MS;
}

static void a_gap_of_exactly_the_timeout_does_not_end_a_session(void **state)
{
	(void) state;
	ChainPoint points[] = {hit(0), hit(30), hit(61)};
	ChainPart parts[4];
	assert_int_equal(make(points, 3, parts), 2);
	assert_int_equal(minutes(parts[0].last_activity_ms), 30);
	assert_int_equal(minutes(parts[1].started_ms), 61);
	assert_int_equal(points[1].part, 0);
	assert_int_equal(points[2].part, 1);
}

static void a_session_s_id_is_made_from_its_first_hit_and_holds_its_time(void **state)
{
	(void) state;
	ChainPoint points[] = {hit(7), hit(8)};
	ChainPart parts[3];
	assert_int_equal(make(points, 2, parts), 1);
	assert_int_equal(uuid7_time_ms(parts[0].id), points[0].time_ms);
	assert_memory_equal(parts[0].id.bytes, chain_session_id(points[0].id, 0).bytes, 16);
	assert_memory_not_equal(parts[0].id.bytes, points[0].id.bytes, 16);
}

static void a_run_is_split_at_every_full_day_from_its_start(void **state)
{
	(void) state;
	ChainPoint points[3 * 48 + 2];
	size_t count = sizeof points / sizeof points[0];
	for (size_t at = 0; at < count; at++)
		points[at] = hit((int64_t) at * 29); // 29 minutes apart for almost three days
	ChainPart parts[sizeof points / sizeof points[0] + 1];
	assert_int_equal(make(points, count, parts), 3);
	assert_int_equal(minutes(parts[1].started_ms), 50 * 29);  // first hit at or behind minute 1440
	assert_int_equal(minutes(parts[2].started_ms), 100 * 29); // first at or behind 2880
	assert_int_equal(parts[2].run_started_ms, BEGIN_MS);
}

static void a_leave_near_enough_is_activity_and_carries_the_run_on(void **state)
{
	(void) state;
	ChainPoint first = hit(0);
	ChainPoint points[] = {first, leave(&first, 25), hit(50)};
	ChainPart parts[4];
	assert_int_equal(make(points, 3, parts), 1);
	assert_int_equal(minutes(parts[0].last_activity_ms), 50);
}

static void a_leave_too_far_behind_is_no_activity(void **state)
{
	(void) state;
	ChainPoint first = hit(0);
	ChainPoint points[] = {first, leave(&first, 31), hit(40)};
	ChainPart parts[4];
	assert_int_equal(make(points, 3, parts), 2);
	assert_int_equal(minutes(parts[0].last_activity_ms), 0);
	assert_false(points[1].is_counted);
}

static void a_leave_of_an_earlier_run_does_not_carry_a_later_one_on(void **state)
{
	(void) state;
	ChainPoint first = hit(0);
	ChainPoint points[] = {first, hit(40), leave(&first, 50)};
	ChainPart parts[4];
	assert_int_equal(make(points, 3, parts), 2);
	assert_int_equal(minutes(parts[1].last_activity_ms), 40);
}

static void going_on_from_before_gives_the_open_session_the_next_hit(void **state)
{
	(void) state;
	ChainPoint points[] = {hit(20), hit(55)};
	ChainPart parts[3];
	ChainPrior prior = {.is_given = true,
		.run_started_ms = BEGIN_MS,
		.last_activity_ms = BEGIN_MS,
		.is_part_open = true,
		.part_id = hit(0).id,
		.part_started_ms = BEGIN_MS};
	int64_t last_ms = 0;
	assert_int_equal(chain_make(points, 2, &prior, &rules, parts, &last_ms), 2);
	assert_true(parts[0].is_prior);
	assert_int_equal(minutes(parts[0].last_activity_ms), 20);
	assert_int_equal(points[0].part, 0);
	assert_int_equal(minutes(last_ms), 55);
}

static void parts_of_a_client_s_session_have_their_own_ids_and_times(void **state)
{
	(void) state;
	Uuid session = hit(0).id;
	assert_int_equal(chain_client_part(session, BEGIN_MS + 24 * HOUR_MS - 1, &rules), 0);
	assert_int_equal(chain_client_part(session, BEGIN_MS + 24 * HOUR_MS, &rules), 1);
	assert_int_equal(chain_client_part(session, BEGIN_MS - HOUR_MS, &rules), 0);
	assert_memory_equal(chain_client_part_id(session, 0, &rules).bytes, session.bytes, 16);
	Uuid second = chain_client_part_id(session, 1, &rules);
	assert_int_equal(uuid7_time_ms(second), BEGIN_MS + 24 * HOUR_MS);
	assert_memory_equal(second.bytes, chain_client_part_id(session, 1, &rules).bytes, 16);
}

static void points_sort_by_time_with_leaves_behind_hits(void **state)
{
	(void) state;
	ChainPoint view = hit(5);
	ChainPoint left = leave(&view, 5);
	ChainPoint later = hit(6);
	assert_true(chain_point_compare(&view, &left) < 0);
	assert_true(chain_point_compare(&left, &later) < 0);
	assert_int_equal(chain_point_compare(&view, &view), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gap_of_exactly_the_timeout_does_not_end_a_session),
		cmocka_unit_test(a_session_s_id_is_made_from_its_first_hit_and_holds_its_time),
		cmocka_unit_test(a_run_is_split_at_every_full_day_from_its_start),
		cmocka_unit_test(a_leave_near_enough_is_activity_and_carries_the_run_on),
		cmocka_unit_test(a_leave_too_far_behind_is_no_activity),
		cmocka_unit_test(a_leave_of_an_earlier_run_does_not_carry_a_later_one_on),
		cmocka_unit_test(going_on_from_before_gives_the_open_session_the_next_hit),
		cmocka_unit_test(parts_of_a_client_s_session_have_their_own_ids_and_times),
		cmocka_unit_test(points_sort_by_time_with_leaves_behind_hits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
