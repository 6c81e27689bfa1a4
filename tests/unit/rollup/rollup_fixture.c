#include "rollup_fixture.h"

#include "harness/rollups.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const functions =
	"CREATE TABLE numbered (number integer PRIMARY KEY, id uuid, started_at timestamptz);"
	"CREATE FUNCTION id_at(at timestamptz, number bigint) RETURNS uuid LANGUAGE sql AS $$"
	" SELECT (lpad(to_hex(ts_ms(at)), 12, '0') || '70008000' || lpad(to_hex(number), 12, '0'))::uuid $$;"
	"CREATE FUNCTION note(session integer) RETURNS void LANGUAGE sql AS $$"
	" INSERT INTO changed_sessions (session_ids) SELECT ARRAY[id] FROM numbered WHERE number = session $$;"
	"CREATE FUNCTION session_write(session integer, person bigint, at timestamptz, seconds integer, is_over boolean)"
	" RETURNS void LANGUAGE sql AS $$"
	" SELECT ensure_months(at - interval '2 days', at + interval '2 days');"
	" INSERT INTO numbered SELECT session, id_at(at, session), at ON CONFLICT DO NOTHING;"
	" INSERT INTO user_sessions (id, started_at, person_id, last_activity_at, ended_at, first_hit_id, is_authenticated,"
	"  is_made_by_loader, device_type, browser)"
	" SELECT id_at(at, session), at, person, at + seconds * interval '1 second',"
	"  CASE WHEN is_over THEN at + seconds * interval '1 second' END, id_at(at, session), person > 0, false, 'mobile',"
	"  'Firefox';"
	" INSERT INTO session_attribution (session_id, started_at, person_id, first_hit_at, first_hit_id, utm_source)"
	" SELECT id_at(at, session), at, person, at, id_at(at, session), 'newsletter';"
	" SELECT note(session) $$;"
	"CREATE FUNCTION session_add(session integer, person bigint, at timestamptz, seconds integer) RETURNS void"
	" LANGUAGE sql AS $$ SELECT session_write(session, person, at, seconds, true) $$;"
	"CREATE FUNCTION session_open(session integer, person bigint, at timestamptz, seconds integer) RETURNS void"
	" LANGUAGE sql AS $$ SELECT session_write(session, person, at, seconds, false) $$;"
	"CREATE FUNCTION session_share(session integer, person bigint) RETURNS void LANGUAGE sql AS $$"
	" SELECT session_write(session, person, s.started_at, s.duration_seconds, s.ended_at IS NOT NULL)"
	" FROM user_sessions s JOIN numbered USING (id) WHERE number = session LIMIT 1 $$;"
	"CREATE SEQUENCE row_number;"
	"CREATE FUNCTION view_add(session integer, person bigint, sequence integer, at timestamptz, url text,"
	"  seconds integer DEFAULT NULL) RETURNS void LANGUAGE sql AS $$"
	" INSERT INTO page_views (id, session_id, viewed_at, person_id, page_sequence_number, page_url, "
	"time_on_page_seconds)"
	" SELECT id_at(at, nextval('row_number')), id, at, person, sequence, url, seconds FROM numbered WHERE number = "
	"session;"
	" SELECT note(session) $$;"
	"CREATE FUNCTION event_add(session integer, person bigint, at timestamptz, category text, value numeric,"
	"  action text DEFAULT NULL)"
	" RETURNS void LANGUAGE sql AS $$"
	" INSERT INTO user_events (id, session_id, created_at, person_id, event_type, event_category, event_value, "
	"event_action)"
	" SELECT id_at(at, nextval('row_number')), id, at, person, 'click', category, value, action FROM numbered WHERE "
	"number = "
	"session;"
	" SELECT note(session) $$;";

int rollup_set_up(void **state)
{
	static RollupWorld world;
	world.conn = test_database_open(world.dsn);
	arena_init(&world.arena, (size_t) 16 << 20U);
	test_database_run(world.conn, "%s", functions);
	*state = &world;
	return 0;
}

int rollup_tear_down(void **state)
{
	RollupWorld *world = *state;
	arena_free(&world->arena);
	pg_close(world->conn);
	return 0;
}

void rollup_empty(RollupWorld *world, const char *zone, int pages_max)
{
	test_database_run(world->conn,
		"TRUNCATE user_sessions, page_views, user_events, session_attribution, numbered;"
		"ALTER SEQUENCE row_number RESTART");
	rollups_empty(world->conn);
	rollups_begin(world->conn, zone, pages_max);
}

static Slice slice_keep(Arena *arena, Slice text)
{
	return text.data == NULL ? text : arena_copy(arena, text);
}

static bool difference_keep(void *context, const VerifyDifference *difference, Error *error)
{
	RollupWorld *world = context;
	(void) error;
	assert_true(world->told_count < ROLLUP_TOLD_MAX);
	world->told[world->told_count++] = (VerifyDifference){.table = slice_keep(&world->arena, difference->table),
		.key = slice_keep(&world->arena, difference->key),
		.column = slice_keep(&world->arena, difference->column),
		.stored = slice_keep(&world->arena, difference->stored),
		.recounted = slice_keep(&world->arena, difference->recounted)};
	return true;
}

void rollup_verify(RollupWorld *world, const char *from, const char *to)
{
	const VerifyOptions options = {.from = from, .to = to, .told_max = ROLLUP_TOLD_MAX, .is_quiet = true};
	Error error = {0};
	arena_reset(&world->arena);
	world->told_count = 0;
	if (!verify_run(world->conn, &options, difference_keep, world, &world->counts, &error))
		fail_msg("%s", error.message);
}

void rollup_is_right(RollupWorld *world)
{
	rollups_refresh(world->conn);
	rollups_are_right(world->conn, 0);
}

void rollup_expect(RollupWorld *world, const char *sql, const char *wanted)
{
	assert_string_equal(test_postgres_value(world->conn, sql), wanted);
}
