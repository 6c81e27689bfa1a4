// Whatever comes in whatever order, refreshed whenever, in whatever time zone: the roll-ups are what a second count makes of
// the raw rows, and the same rows give the same roll-ups. SOJOURN_TEST_CASES sets how many visits a month has.
#include "base/clock.h"
#include "harness/loading.h"
#include "harness/rollups.h"
#include "harness/traffic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define DAYS 30
#define VISITS_USUAL 80
#define PAGES_MAX 12 // of an hour and of a day, so that some are beyond it

typedef struct Month {
	const char *zone;
	const char *begin;
	const char *busy[3]; // changes of the clocks, midnights
} Month;

static const Month months[] = {
	{"UTC", "2026-02-10T00:00:00Z", {"2026-03-01T00:00:00Z", "2026-02-14T00:00:00Z", "2026-02-20T12:00:00Z"}},
	{"America/New_York", "2026-02-20T00:00:00Z",
		{"2026-03-08T07:00:00Z", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"}},
	{"America/New_York", "2026-10-15T00:00:00Z",
		{"2026-11-01T06:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"}},
	{"Asia/Kathmandu", "2026-03-15T00:00:00Z",
		{"2026-03-31T18:15:00Z", "2026-04-04T18:15:00Z", "2026-04-01T06:15:00Z"}},
	{"Australia/Lord_Howe", "2026-03-20T00:00:00Z",
		{"2026-04-04T15:00:00Z", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z"}},
	{"Australia/Lord_Howe", "2026-09-20T00:00:00Z",
		{"2026-10-03T15:30:00Z", "2026-10-03T13:30:00Z", "2026-10-04T13:00:00Z"}},
};

typedef struct World {
	Loading loading;
	RandomCase random;
} World;

static int64_t instant(const char *text)
{
	int64_t time_ms = 0;
	assert_true(clock_parse_iso8601(slice_from(text), &time_ms));
	return time_ms;
}

static bool one_in(World *world, size_t bound)
{
	return random_case_below(&world->random, bound) == 0;
}

// Some of what events do is a goal from now on, and what was one is none.
static void goals_set(World *world, const char *event)
{
	test_database_run(world->loading.look,
		"DELETE FROM saved; INSERT INTO saved (kind, name, definition)"
		" SELECT 'goal', pattern, jsonb_build_object('event', pattern) FROM (VALUES ('%s'), ('nothing')) AS goal "
		"(pattern)",
		event);
}

// All hits in a new order, through all loaders, with a refresh now and then, and one at the end, while goals come and go.
static void month_load(World *world, const Month *month, Traffic *traffic)
{
	Loading *loading = &world->loading;
	size_t count = 0;
	loading_empty(loading);
	rollups_begin(loading->look, month->zone, PAGES_MAX);
	Slice *payloads = traffic_deliver(&world->random, traffic, &count);
	for (size_t from = 0; from < count;)
	{
		size_t size = 1 + random_case_below(&world->random, one_in(world, 3) ? 20 : 200);
		size = size < count - from ? size : count - from;
		loading_store_stream(loading, random_case_below(&world->random, LOADING_LOADERS), payloads + from, size,
			one_in(world, 2));
		from += size;
		if (one_in(world, 8))
			loading_sweep(loading, loading->now_ms);
		if (one_in(world, 20))
			goals_set(world, one_in(world, 2) ? "Search" : "*e*");
		if (one_in(world, 5))
			rollups_refresh(loading->look);
		if (one_in(world, 5))
			loading_restart(loading, random_case_below(&world->random, LOADING_LOADERS), 1 << 16U);
	}
	loading_sweep(loading, loading->now_ms);
	goals_set(world, "C*");
	rollups_refresh(loading->look);
}

// The person of most sessions, one that shared a session, and a browser that nobody signed in on.
static void persons_erase(World *world)
{
	static const char *const persons[] =
		{"SELECT person_id FROM user_sessions WHERE person_id > 0 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
			"SELECT max(person_id) FROM user_sessions WHERE id IN (SELECT id FROM user_sessions GROUP BY id HAVING "
			"count(*) > 1)",
			"SELECT person_id FROM user_sessions WHERE person_id < 0 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"};
	PgConn *conn = world->loading.look;
	for (size_t at = 0; at < sizeof persons / sizeof *persons; at++)
	{
		int64_t person = 0;
		char sql[128];
		if (!slice_to_int64(slice_from(test_postgres_value(conn, persons[at])), &person))
			continue; // few visits, and none shared
		rollups_erase_person(conn, person);
		if (one_in(world, 2))
			rollups_refresh(conn);
		(void) snprintf(sql, sizeof sql, "SELECT count(*) > 0 FROM person_days WHERE person_id = %lld",
			(long long) person);
		rollups_refresh(conn);
		assert_string_equal(test_postgres_value(conn, sql), "f");
	}
}

static void month_is_right(World *world, const Month *month)
{
	int64_t busy[3];
	Traffic traffic;
	const TrafficOptions options = {.begin_ms = instant(month->begin),
		.days = DAYS,
		.sessions = random_case_count(VISITS_USUAL),
		.busy_ms = busy,
		.busy_count = 3};
	for (size_t at = 0; at < 3; at++)
		busy[at] = instant(month->busy[at]);
	traffic_make(&world->random, &options, &traffic);
	world->loading.now_ms = traffic.end_ms;
	month_load(world, month, &traffic);
	rollups_are_right(world->loading.look, 0);
	rollups_keep(world->loading.look, "kept_first");
	month_load(world, month, &traffic);
	rollups_are_right(world->loading.look, 100); // a few days at a time
	rollups_keep(world->loading.look, "kept_second");
	rollups_are_same(world->loading.look, "kept_first", "kept_second");
	persons_erase(world);
	rollups_are_right(world->loading.look, 0);
	traffic_free(&traffic);
}

static void thirty_days_of_hits_late_twice_and_out_of_turn(void **state)
{
	for (size_t at = 0; at < sizeof months / sizeof *months; at++)
		month_is_right(*state, &months[at]);
}

static int setup(void **state)
{
	static World world;
	LoaderOptions options = LOADER_OPTIONS_DEFAULT;
	options.buffer_folder = "/nonexistent";
	loading_open(&world.loading, &options, 0);
	world.random = random_case_begin("rollup verify");
	*state = &world;
	return 0;
}

static int teardown(void **state)
{
	loading_close(&((World *) *state)->loading);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thirty_days_of_hits_late_twice_and_out_of_turn),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
