// Jobs that a test hands in, a clock that it sets, and a process that watches it, as far as one turn goes.
#pragma once
#include "harness/database.h"
#include "schedule/plan.h"

typedef struct BoardFixture {
	char dsn[TEST_DSN_SIZE];
	PgConn *conn;
	Settings settings;
	Plan plan;
} BoardFixture;

// A fresh database, with that plan in it, by that zone.
BoardFixture *board_fixture_open(const Job *jobs, const char *zone);
void board_fixture_close(BoardFixture *fixture);
// Another machine's connection.
PgConn *board_fixture_connect(const BoardFixture *fixture);
// Makes the table what the plan is, with the setting `jobs`, as a start of the program would.
void board_fixture_sync(BoardFixture *fixture, const char *setting, const char *zone);

void clock_set(const char *time);
void clock_set_ms(int64_t time_ms);
int64_t clock_fake_ms(void);

// One turn: whatever is due runs, one after another. How many jobs that were.
int board_turn(const BoardFixture *fixture, PgConn *conn);
// Of a job: one column of its row.
const char *board_column(const BoardFixture *fixture, const char *job, const char *column);
// When it runs next, 0 for never.
int64_t board_next_ms(const BoardFixture *fixture, const char *job);
