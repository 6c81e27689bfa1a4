// What the tables say of jobs, and who runs them, with a clock that the test sets.
#include "schedule/board.h"

#include "base/clock.h"
#include "board_fixture.h"
#include "schedule/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

// What the jobs of this test do and see.
static int runs;
static bool is_failing;
static bool is_switched_off; // while the job runs
static BoardFixture *world;  // where the other machine looks while the job runs here
static int other_runs;

static bool daily(PgConn *conn, const JobContext *context, Error *error)
{
	assert_true(context->now_ms == clock_fake_ms());
	if (is_switched_off)
		test_database_run(conn, "UPDATE jobs SET next_run_at = NULL WHERE name = 'daily'");
	runs++;
	return !is_failing || error_set(error, ERROR_SYSTEM, "the disk of the archive is full; make room");
}

static bool watched(PgConn *conn, const JobContext *context, Error *error)
{
	(void) conn;
	(void) context;
	(void) error;
	if (world == NULL)
		return true;
	Uuid run = uuid7_make(clock_fake_ms());
	PgConn *other = board_fixture_connect(world);
	// The other machine does not find it due; and one that found it so just before we took the lock does not begin it.
	other_runs += board_turn(world, other);
	runs++;
	int before = runs;
	assert_true(run_job(other, plan_find(&world->plan, SLICE_LITERAL("watched")), &world->settings, &run, clock_fake_ms,
		error));
	other_runs += runs - before;
	pg_close(other);
	return true;
}

static const Job jobs[] = {
	{.name = "daily", .cron = "0 1 * * *", .timeout_ms = CLOCK_HOUR_MS, .run = daily},
	{.name = "watched", .cron = "off", .timeout_ms = CLOCK_HOUR_MS, .run = watched},
	{.name = NULL},
};

static int open_all(void **state)
{
	clock_set("2026-01-01T12:00:00Z");
	*state = board_fixture_open(jobs, "UTC");
	return 0;
}

static int close_all(void **state)
{
	board_fixture_close(*state);
	return 0;
}

static int setup(void **state)
{
	BoardFixture *fixture = *state;
	runs = 0;
	other_runs = 0;
	is_failing = false;
	is_switched_off = false;
	world = NULL;
	clock_set("2026-01-01T12:00:00Z");
	test_database_run(fixture->conn, "TRUNCATE jobs CASCADE");
	board_fixture_sync(fixture, "", "UTC");
	return 0;
}

static void assert_next(const BoardFixture *fixture, const char *job, const char *expected)
{
	char text[CLOCK_ISO8601_SIZE];
	clock_format_iso8601(board_next_ms(fixture, job), text);
	assert_string_equal(text, expected);
}

static void ask(const BoardFixture *fixture, const char *job)
{
	test_database_run(fixture->conn, "INSERT INTO job_requests (job_name, requested_by) VALUES ('%s', 'a test')", job);
}

static void a_job_runs_at_its_time_and_once(void **state)
{
	const BoardFixture *fixture = *state;
	assert_next(fixture, "daily", "2026-01-02T01:00:00.000Z");
	assert_int_equal(board_turn(fixture, fixture->conn), 0);
	clock_set("2026-01-02T00:59:59.999Z");
	assert_int_equal(board_turn(fixture, fixture->conn), 0);
	clock_set("2026-01-02T01:00:00Z");
	assert_int_equal(board_turn(fixture, fixture->conn), 1);
	assert_int_equal(board_turn(fixture, fixture->conn), 0);
	assert_int_equal(runs, 1);
	assert_next(fixture, "daily", "2026-01-03T01:00:00.000Z");
	assert_string_equal(board_column(fixture, "daily", "last_outcome || ' ' || last_run_at || ' ' || failures"),
		"done 2026-01-02 01:00:00+00 0");
}

static void what_was_missed_is_made_up_once(void **state)
{
	const BoardFixture *fixture = *state;
	clock_set("2026-01-12T17:30:00Z");
	assert_int_equal(board_turn(fixture, fixture->conn), 1);
	assert_int_equal(board_turn(fixture, fixture->conn), 0);
	assert_next(fixture, "daily", "2026-01-13T01:00:00.000Z");
	assert_string_equal(test_postgres_value(fixture->conn, "SELECT string_agg(planned_at::text, ',') FROM job_runs"),
		"2026-01-02 01:00:00+00");
}

static void it_is_still_missed_after_a_start_with_another_time(void **state)
{
	BoardFixture *fixture = *state;
	clock_set("2026-01-12T17:30:00Z");
	board_fixture_sync(fixture, "daily=0 5 * * *", "UTC");
	assert_int_equal(board_turn(fixture, fixture->conn), 1);
	assert_next(fixture, "daily", "2026-01-13T05:00:00.000Z");
}

static void settings_and_zones_move_what_is_to_come(void **state)
{
	BoardFixture *fixture = *state;
	board_fixture_sync(fixture, " daily = 30 13 * * * ; ", "UTC");
	assert_next(fixture, "daily", "2026-01-01T13:30:00.000Z");
	board_fixture_sync(fixture, "", "America/New_York");
	assert_next(fixture, "daily", "2026-01-02T06:00:00.000Z");
	board_fixture_sync(fixture, "daily=off;watched=@every 1h", "UTC");
	assert_true(board_next_ms(fixture, "daily") == 0);
	assert_next(fixture, "watched", "2026-01-01T13:00:00.000Z");
	clock_set("2026-02-01T00:00:00Z");
	assert_int_equal(board_turn(fixture, fixture->conn), 1); // the other one
	board_fixture_sync(fixture, "", "UTC");
	assert_next(fixture, "daily", "2026-02-01T01:00:00.000Z");
	assert_int_equal(runs, 0);
}

static void a_job_that_the_program_has_no_more_is_forgotten(void **state)
{
	BoardFixture *fixture = *state;
	test_database_run(fixture->conn,
		"INSERT INTO jobs (name, cron, timezone, timeout_ms, next_run_at) VALUES ('old', '@daily', 'UTC', 1, now());"
		"INSERT INTO job_requests (job_name, requested_by) VALUES ('old', 'a test')");
	assert_int_equal(board_turn(fixture, fixture->conn), 0);
	board_fixture_sync(fixture, "", "UTC");
	assert_string_equal(test_postgres_value(fixture->conn, "SELECT string_agg(name, ',' ORDER BY name) FROM jobs"),
		"daily,watched");
}

static void a_failure_is_told_and_tried_again(void **state)
{
	const BoardFixture *fixture = *state;
	is_failing = true;
	clock_set("2026-01-02T01:00:00Z");
	assert_int_equal(board_turn(fixture, fixture->conn), 1);
	assert_string_equal(board_column(fixture, "daily", "last_outcome || ': ' || last_error"),
		"failed: the job daily: the disk of the archive is full; make room");
	assert_next(fixture, "daily", "2026-01-02T01:01:00.000Z");
	clock_set("2026-01-02T01:01:00Z");
	assert_int_equal(board_turn(fixture, fixture->conn), 1);
	assert_next(fixture, "daily", "2026-01-02T01:03:00.000Z");
	for (int i = 0; i < 12; i++)
	{
		clock_set_ms(board_next_ms(fixture, "daily"));
		assert_int_equal(board_turn(fixture, fixture->conn), 1);
	}
	assert_true(board_next_ms(fixture, "daily") - clock_fake_ms() == CLOCK_HOUR_MS);
	// A start does not make it wait until tomorrow.
	int64_t next_ms = board_next_ms(fixture, "daily");
	board_fixture_sync(*state, "", "UTC");
	assert_true(board_next_ms(fixture, "daily") == next_ms);
	is_failing = false;
	clock_set_ms(next_ms);
	assert_int_equal(board_turn(fixture, fixture->conn), 1);
	assert_string_equal(board_column(fixture, "daily", "last_outcome || coalesce(last_error, '') || failures"),
		"done0");
	assert_next(fixture, "daily", "2026-01-03T01:00:00.000Z");
}

static void of_two_machines_one_runs_it(void **state)
{
	world = *state;
	ask(world, "watched");
	assert_int_equal(board_turn(world, world->conn), 1);
	assert_int_equal(runs, 1);
	assert_int_equal(other_runs, 0);
	// Nor does the other one when the lock is free again.
	PgConn *other = board_fixture_connect(world);
	assert_int_equal(board_turn(world, other), 0);
	pg_close(other);
}

static void a_machine_whose_clock_is_behind_does_not_run_it_again(void **state)
{
	BoardFixture *fixture = *state;
	clock_set("2026-01-02T01:00:00Z");
	assert_int_equal(board_turn(fixture, fixture->conn), 1);
	clock_set("2026-01-02T00:58:00Z");
	assert_int_equal(board_turn(fixture, fixture->conn), 0);
	board_fixture_sync(fixture, "", "UTC"); // it starts, and finds 01:00 to come
	clock_set("2026-01-02T01:00:00Z");
	assert_int_equal(board_turn(fixture, fixture->conn), 0);
	assert_int_equal(runs, 1);
	assert_next(fixture, "daily", "2026-01-03T01:00:00.000Z");
}

static void a_clock_that_was_years_ahead_is_got_over(void **state)
{
	BoardFixture *fixture = *state;
	clock_set("2030-06-01T00:00:00Z");
	assert_int_equal(board_turn(fixture, fixture->conn), 1);
	clock_set("2026-01-02T00:00:00Z");
	board_fixture_sync(fixture, "", "UTC");
	assert_next(fixture, "daily", "2026-01-02T01:00:00.000Z");
}

static void asked_for_it_runs_at_once_and_its_time_stays(void **state)
{
	const BoardFixture *fixture = *state;
	ask(fixture, "daily");
	assert_int_equal(board_turn(fixture, fixture->conn), 1);
	assert_int_equal(board_turn(fixture, fixture->conn), 0);
	assert_int_equal(runs, 1);
	assert_next(fixture, "daily", "2026-01-02T01:00:00.000Z");
	assert_string_equal(test_postgres_value(fixture->conn,
							"SELECT outcome || coalesce(planned_at::text, '') FROM job_requests JOIN job_runs ON "
							"job_runs.id = run_id"),
		"done");
	ask(fixture, "watched"); // off is only off by itself
	assert_int_equal(board_turn(fixture, fixture->conn), 1);
	assert_true(board_next_ms(fixture, "watched") == 0);
}

// As a kill: the session ends, and nobody says how the run did.
static void run_lose(const BoardFixture *fixture, const char *job)
{
	char zone_name[ZONE_NAME_SIZE_MAX];
	bool is_begun = false;
	Error error;
	Uuid run = uuid7_make(clock_fake_ms());
	PgConn *conn = board_fixture_connect(fixture);
	assert_true(board_begin(conn, plan_find(&fixture->plan, slice_from(job)), &run, clock_fake_ms(), &is_begun,
		zone_name, &error));
	assert_true(is_begun);
	assert_int_equal(board_turn(fixture, fixture->conn), 0);
	int backend = 0;
	(void) sscanf(test_postgres_value(conn, "SELECT pg_backend_pid()"), "%d", &backend);
	pg_close(conn);
	char sql[128];
	(void) snprintf(sql, sizeof sql, "SELECT count(*) FROM pg_stat_activity WHERE pid = %d", backend);
	while (strcmp(test_postgres_value(fixture->conn, sql), "0") != 0)
		continue;
}

static void a_run_that_was_lost_is_made_again(void **state)
{
	const BoardFixture *fixture = *state;
	clock_set("2026-01-02T01:00:00Z");
	run_lose(fixture, "daily");
	assert_int_equal(board_turn(fixture, fixture->conn), 1);
	assert_int_equal(runs, 1);
	assert_string_equal(test_postgres_value(fixture->conn,
							"SELECT string_agg(outcome, ',' ORDER BY outcome DESC) FROM job_runs"),
		"lost,done");
	assert_next(fixture, "daily", "2026-01-03T01:00:00.000Z");
}

static void so_is_one_that_was_asked_for(void **state)
{
	const BoardFixture *fixture = *state;
	ask(fixture, "daily");
	run_lose(fixture, "daily");
	assert_int_equal(board_turn(fixture, fixture->conn), 1);
	assert_int_equal(runs, 1);
	assert_string_equal(test_postgres_value(fixture->conn,
							"SELECT outcome FROM job_requests JOIN job_runs ON job_runs.id = run_id"),
		"done");
}

static void one_that_is_lost_again_and_again_is_given_time(void **state)
{
	const BoardFixture *fixture = *state;
	clock_set("2026-01-02T01:00:00Z");
	run_lose(fixture, "daily");
	run_lose(fixture, "daily");
	run_lose(fixture, "daily");
	assert_int_equal(board_turn(fixture, fixture->conn), 1); // which only notes the loss
	assert_int_equal(runs, 0);
	assert_next(fixture, "daily", "2026-01-02T01:04:00.000Z");
}

static void a_stopped_run_stays_due(void **state)
{
	const BoardFixture *fixture = *state;
	const PlanEntry *entry = plan_find(&fixture->plan, SLICE_LITERAL("daily"));
	char zone_name[ZONE_NAME_SIZE_MAX];
	bool is_begun = false;
	Error error;
	Uuid run = uuid7_make(clock_fake_ms());
	clock_set("2026-01-02T01:00:00Z");
	assert_true(board_begin(fixture->conn, entry, &run, clock_fake_ms(), &is_begun, zone_name, &error) && is_begun);
	assert_true(board_end(fixture->conn, entry, zone_name, &run, BOARD_STOPPED, "the worker was stopped",
		clock_fake_ms(), &error));
	// What is said twice of one run counts once.
	assert_true(board_end(fixture->conn, entry, zone_name, &run, BOARD_FAILED, "late", clock_fake_ms(), &error));
	board_leave(fixture->conn, entry);
	assert_string_equal(board_column(fixture, "daily", "last_outcome || failures"), "stopped0");
	assert_int_equal(board_turn(fixture, fixture->conn), 1);
	assert_next(fixture, "daily", "2026-01-03T01:00:00.000Z");
}

static void a_job_that_is_switched_off_while_it_runs_stays_off(void **state)
{
	const BoardFixture *fixture = *state;
	is_switched_off = true;
	clock_set("2026-01-02T01:00:00Z");
	assert_int_equal(board_turn(fixture, fixture->conn), 1);
	assert_string_equal(board_column(fixture, "daily", "last_outcome || ' ' || coalesce(next_run_at::text, 'off')"),
		"done off");
}

static void old_runs_are_forgotten(void **state)
{
	BoardFixture *fixture = *state;
	board_fixture_sync(fixture, "daily=@every 1s", "UTC");
	for (int i = 0; i < 110; i++)
	{
		clock_set_ms(clock_fake_ms() + CLOCK_SECOND_MS);
		ask(fixture, "daily");
		assert_int_equal(board_turn(fixture, fixture->conn), 1);
	}
	assert_string_equal(test_postgres_value(fixture->conn,
							"SELECT count(*) || ' ' || min(planned_at) || ' ' || (SELECT count(*) FROM job_requests)"
							" FROM job_runs"),
		"100 2026-01-01 12:00:11+00 100");
}

static void a_zone_that_is_none_is_utc(void **state)
{
	const BoardFixture *fixture = *state;
	static const char *const names[] = {"Europe/Nowhere", "foo5", "", "posix/Europe/Vienna"};
	char name[ZONE_NAME_SIZE_MAX];
	bool is_known = true;
	Error error;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
	{
		assert_true(board_zone(fixture->conn, names[i], name, &is_known, &error));
		assert_false(is_known);
		assert_string_equal(name, "UTC");
		assert_non_null(strstr(error.message, names[i]));
	}
	assert_true(board_zone(fixture->conn, "europe/vienna", name, &is_known, &error) && is_known);
	assert_string_equal(name, "Europe/Vienna");
}

static void settings_that_cannot_be_are_refused(void **state)
{
	const BoardFixture *fixture = *state;
	static const char *const cases[][2] = {
		{"daily=61 * * * *", "the setting jobs: the schedule \"61 * * * *\""},
		{"weekly=@weekly", "the setting jobs: there is no job \"weekly\""},
		{"daily", "the setting jobs: \"daily\" is no NAME=VALUE"},
	};
	Settings settings = fixture->settings;
	Plan plan;
	Error error;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		settings.jobs = cases[i][0];
		assert_false(plan_make(jobs, &settings, &plan, &error));
		assert_int_equal(error.code, ERROR_USAGE);
		if (strstr(error.message, cases[i][1]) == NULL)
			fail_msg("%s", error.message);
	}
	settings.jobs = "";
	settings.job_timeouts = "daily=90s";
	assert_true(plan_make(jobs, &settings, &plan, &error));
	assert_true(plan.entries[0].timeout_ms == 90 * CLOCK_SECOND_MS);
	settings.job_timeouts = "daily=1d";
	assert_false(plan_make(jobs, &settings, &plan, &error));
	assert_non_null(strstr(error.message, "the setting job_timeouts: \"1d\""));
}

// A job that may take a day says what one statement of it may take, so that one that hangs is found.
static void a_statement_may_take_what_the_job_says_and_no_longer_than_the_run(void **state)
{
	(void) state;
	const Job job = {.name = "long", .statement_timeout_ms = 15 * CLOCK_MINUTE_MS};
	PlanEntry entry = {.job = &job, .timeout_ms = 24 * CLOCK_HOUR_MS};
	assert_true(plan_statement_timeout_ms(&entry) == 15 * CLOCK_MINUTE_MS);
	entry.timeout_ms = 90 * CLOCK_SECOND_MS;
	assert_true(plan_statement_timeout_ms(&entry) == 150 * CLOCK_SECOND_MS);
	entry.job = &jobs[0];
	entry.timeout_ms = CLOCK_HOUR_MS;
	assert_true(plan_statement_timeout_ms(&entry) == CLOCK_HOUR_MS + CLOCK_MINUTE_MS);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_job_runs_at_its_time_and_once),
		TEST(what_was_missed_is_made_up_once),
		TEST(it_is_still_missed_after_a_start_with_another_time),
		TEST(settings_and_zones_move_what_is_to_come),
		TEST(a_job_that_the_program_has_no_more_is_forgotten),
		TEST(a_failure_is_told_and_tried_again),
		TEST(of_two_machines_one_runs_it),
		TEST(a_machine_whose_clock_is_behind_does_not_run_it_again),
		TEST(a_clock_that_was_years_ahead_is_got_over),
		TEST(asked_for_it_runs_at_once_and_its_time_stays),
		TEST(a_run_that_was_lost_is_made_again),
		TEST(so_is_one_that_was_asked_for),
		TEST(one_that_is_lost_again_and_again_is_given_time),
		TEST(a_stopped_run_stays_due),
		TEST(a_job_that_is_switched_off_while_it_runs_stays_off),
		TEST(old_runs_are_forgotten),
		TEST(a_zone_that_is_none_is_utc),
		TEST(settings_that_cannot_be_are_refused),
		TEST(a_statement_may_take_what_the_job_says_and_no_longer_than_the_run),
	};
	return cmocka_run_group_tests(tests, open_all, close_all);
}
