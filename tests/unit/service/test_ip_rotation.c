#include "service/ip_rotation.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/random.h"
#include "harness/database.h"
#include "harness/folder.h"
#include "hit/hit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OLD "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
#define NEW "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100\n"
#define LOST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
#define SESSIONS 2500
#define HEX_SIZE (2 * IP_SEALED_SIZE + 1)

typedef struct Fixture {
	PgConn *conn;
	char dsn[TEST_DSN_SIZE];
	IpRing old;
	IpRing both;
	IpRing lost;
	Arena arena;
} Fixture;

static IpRing ring_of(const char *text)
{
	char folder[TEST_FOLDER_SIZE];
	char path[TEST_FOLDER_SIZE + 8];
	IpRing ring;
	Error error = {0};
	test_folder_make(folder);
	(void) snprintf(path, sizeof path, "%s/ring", folder);
	if (!file_replace(path, slice_from(text), 0600, &error) || !ip_ring_read(path, &ring, &error))
		fail_msg("%s", error.message);
	test_folder_remove(folder);
	return ring;
}

static int set_up(void **state)
{
	Fixture *fixture = calloc(1, sizeof *fixture);
	*state = fixture;
	fixture->conn = test_database_open(fixture->dsn);
	fixture->old = ring_of(OLD);
	fixture->both = ring_of(OLD NEW);
	fixture->lost = ring_of(LOST);
	arena_init(&fixture->arena, 1U << 20U);
	return 0;
}

static int tear_down(void **state)
{
	Fixture *fixture = *state;
	pg_close(fixture->conn);
	arena_free(&fixture->arena);
	free(fixture);
	return 0;
}

static void sealed_hex(const IpRing *ring, const char *text, char hex[HEX_SIZE])
{
	Address address;
	unsigned char sealed[IP_SEALED_SIZE];
	assert_true(address_parse(slice_from(text), &address));
	ip_ring_seal(ring, clock_now_ms(), &address, sealed);
	hex_write(sealed, sizeof sealed, hex);
}

// Every second session has an address; what `hex` holds.
static void sessions_put(const Fixture *fixture, int count, const char *hex)
{
	test_database_run(fixture->conn,
		"INSERT INTO user_sessions (id, started_at, person_id, last_activity_at, first_hit_id, is_authenticated,"
		" is_made_by_loader, ip_address_encrypted) SELECT id, uuid7_ts(id), -1, uuid7_ts(id), id, false, false,"
		" CASE WHEN n %% 2 = 0 THEN decode('%s', 'hex') END FROM (SELECT n, (lpad(to_hex(ts_ms(now()) - n / 3), 12, "
		"'0')"
		" || '7000' || '8000' || substring(md5(n || '%s') FROM 1 FOR 12))::uuid AS id FROM generate_series(1, %d) n) x",
		hex, hex, 2 * count);
}

static void contexts_put(const Fixture *fixture, int count, const char *hex)
{
	test_database_run(fixture->conn,
		"INSERT INTO hit_contexts (id, ip_address_encrypted) SELECT gen_random_uuid(), decode('%s', 'hex')"
		" FROM generate_series(1, %d)",
		hex, count);
}

static void quarantine_put(Fixture *fixture, const char *hex)
{
	Hit hit;
	Buf buf;
	hit_init(&hit, HIT_PAGE);
	hit.id = uuid7_from_hash(CLOCK_DAY_MS, hash_128(SLICE_NONE));
	hit.page_title = SLICE_LITERAL("kept as it is");
	hit.ip_encrypted = hex == NULL ? SLICE_NONE : hex_decode(&fixture->arena, slice_from(hex));
	buf_init(&buf, HIT_ENCODED_SIZE_MAX);
	hit_encode(&hit, &buf);
	test_database_run(fixture->conn, "INSERT INTO quarantine (reason, payload) VALUES ('test', decode('%.*s', 'hex'))",
		SLICE_PRINT(hex_encode(&fixture->arena, buf_slice(&buf))));
	buf_free(&buf);
}

static const char *count_of(const Fixture *fixture, const char *table, const char *hex)
{
	char sql[512];
	(void) snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE ip_address_encrypted = decode('%s', 'hex')", table,
		hex);
	return test_postgres_value(fixture->conn, sql);
}

// Up to `steps` batches; false where it was not done by then.
static bool run(const Fixture *fixture, const IpRing *ring, int steps, IpRotation *rotation)
{
	Error error = {0};
	bool is_done = false;
	if (!ip_rotation_begin(rotation, ring, fixture->conn, &error))
		fail_msg("%s", error.message);
	while (steps-- > 0 && !is_done)
		if (!ip_rotation_step(rotation, &is_done, &error))
			fail_msg("%s", error.message);
	ip_rotation_end(rotation);
	return is_done;
}

static void all_that_an_old_key_holds_comes_under_the_newest(void **state)
{
	Fixture *fixture = *state;
	char old[HEX_SIZE];
	char new[HEX_SIZE];
	char lost[HEX_SIZE];
	IpRotation rotation;
	sealed_hex(&fixture->old, "192.0.2.7", old);
	sealed_hex(&fixture->both, "192.0.2.7", new);
	sealed_hex(&fixture->lost, "192.0.2.7", lost);
	sessions_put(fixture, SESSIONS, old);
	sessions_put(fixture, 10, new);
	sessions_put(fixture, 3, lost);
	sessions_put(fixture, 2, "01");
	contexts_put(fixture, 5, old);
	contexts_put(fixture, 1, lost);
	quarantine_put(fixture, old);
	quarantine_put(fixture, new);
	quarantine_put(fixture, NULL);
	quarantine_put(fixture, lost);
	test_database_run(fixture->conn, "INSERT INTO quarantine (reason, payload) VALUES ('test', 'no hit')");

	// Stopped after two batches, and begun again.
	assert_false(run(fixture, &fixture->both, 2, &rotation));
	assert_int_equal(rotation.all, SESSIONS + 3 + 2 + 5 + 1);
	assert_int_equal(rotation.seen, 2000);
	assert_string_equal(count_of(fixture, "user_sessions", new), "2010");
	assert_true(run(fixture, &fixture->both, 100, &rotation));
	assert_int_equal(rotation.resealed, SESSIONS - 2000 + 5 + 1);
	assert_int_equal(rotation.unknown, 5);
	assert_int_equal(rotation.broken, 2);
	assert_int_equal(rotation.seen, rotation.all);
	assert_string_equal(count_of(fixture, "user_sessions", old), "0");
	assert_string_equal(count_of(fixture, "user_sessions", new), "2510");
	assert_string_equal(count_of(fixture, "user_sessions", lost), "3");
	assert_string_equal(count_of(fixture, "hit_contexts", new), "5");
	assert_string_equal(count_of(fixture, "hit_contexts", lost), "1");

	// In quarantine the first is as the second now, and the rest as it was.
	assert_string_equal(test_postgres_value(fixture->conn,
							"SELECT count(DISTINCT payload) || ' ' || count(*) || ' ' || max(convert_from(payload, "
							"'UTF8'))"
							" FILTER (WHERE payload = 'no hit') FROM quarantine"),
		"4 5 no hit");
	assert_true(run(fixture, &fixture->both, 100, &rotation));
	assert_int_equal(rotation.resealed, 0);
}

static void nothing_encrypted_is_nothing_to_do(void **state)
{
	const Fixture *fixture = *state;
	IpRotation rotation;
	assert_true(run(fixture, &fixture->both, 10, &rotation));
	assert_int_equal(rotation.all, 0);
	assert_int_equal(rotation.resealed + rotation.unknown + rotation.broken, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_that_an_old_key_holds_comes_under_the_newest, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_encrypted_is_nothing_to_do, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
