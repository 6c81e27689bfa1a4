#include "board_fixture.h"

#include "base/clock.h"
#include "schedule/board.h"
#include "schedule/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static int64_t fake_ms;

void clock_set_ms(int64_t time_ms)
{
	fake_ms = time_ms;
}

void clock_set(const char *time)
{
	assert_true(clock_parse_iso8601(slice_from(time), &fake_ms));
}

int64_t clock_fake_ms(void)
{
	return fake_ms;
}

PgConn *board_fixture_connect(const BoardFixture *fixture)
{
	PgConn *conn = test_postgres_open(fixture->dsn, TEST_SCHEMA);
	test_database_run(conn, "SET jit = off");
	return conn;
}

void board_fixture_sync(BoardFixture *fixture, const char *setting, const char *zone_name)
{
	Zone zone;
	Error error;
	const Job *jobs = fixture->plan.entries[0].job;
	fixture->settings.jobs = setting;
	if (!plan_make(jobs, &fixture->settings, &fixture->plan, &error)
		|| !zone_load(fixture->conn, zone_name, fake_ms, &zone, &error)
		|| !board_sync(fixture->conn, &fixture->plan, zone_name, &zone, fake_ms, &error))
		fail_msg("%s", error.message);
}

BoardFixture *board_fixture_open(const Job *jobs, const char *zone)
{
	BoardFixture *fixture = calloc(1, sizeof *fixture);
	fixture->conn = test_database_open(fixture->dsn);
	fixture->settings.job_timeouts = "";
	fixture->plan.entries[0].job = jobs;
	test_database_run(fixture->conn, "SET jit = off");
	board_fixture_sync(fixture, "", zone);
	return fixture;
}

void board_fixture_close(BoardFixture *fixture)
{
	pg_close(fixture->conn);
	free(fixture);
}

int board_turn(const BoardFixture *fixture, PgConn *conn)
{
	bool is_due[PLAN_JOBS_MAX];
	Error error;
	int count = 0;
	if (!board_due(conn, &fixture->plan, fake_ms, is_due, &error))
		fail_msg("%s", error.message);
	for (size_t i = 0; i < fixture->plan.count; i++)
	{
		Uuid run = uuid7_make(fake_ms);
		if (!is_due[i])
			continue;
		if (!run_job(conn, &fixture->plan.entries[i], &fixture->settings, &run, clock_fake_ms, &error))
			fail_msg("%s", error.message);
		count++;
	}
	return count;
}

const char *board_column(const BoardFixture *fixture, const char *job, const char *column)
{
	char sql[256];
	(void) snprintf(sql, sizeof sql, "SELECT %s FROM jobs WHERE name = '%s'", column, job);
	return test_postgres_value(fixture->conn, sql);
}

int64_t board_next_ms(const BoardFixture *fixture, const char *job)
{
	int64_t next_ms = 0;
	return slice_to_int64(slice_from(board_column(fixture, job, "ts_ms(next_run_at)")), &next_ms) ? next_ms : 0;
}
