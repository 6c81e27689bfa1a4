// Argument: the file that make_mmdb.py writes.
#include "enrich/ip.h"

#include "tests/harness/folder.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "enrich/ip_ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define KEY "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"

static const char *mmdb;
static char folder[TEST_FOLDER_SIZE];
static char ring_path[TEST_FOLDER_SIZE + 16];
static char key_path[TEST_FOLDER_SIZE + 16];
static Arena arena;

static int set_up(void **state)
{
	(void) state;
	Error error;
	test_folder_make(folder);
	(void) snprintf(ring_path, sizeof ring_path, "%s/ring", folder);
	(void) snprintf(key_path, sizeof key_path, "%s/ip.key", folder);
	arena_init(&arena, 1U << 16U);
	return random_init(&error) && file_replace(ring_path, SLICE_LITERAL(KEY), 0600, &error) ? 0 : 1;
}

static int tear_down(void **state)
{
	(void) state;
	arena_free(&arena);
	test_folder_remove(folder);
	return 0;
}

static Settings all_on(void)
{
	return (Settings){.ip_hash = true,
		.ip_key_rotation = KEY_ROTATION_DAY,
		.hit_age_days_max = 7,
		.ip_encryption_key_file = ring_path,
		.geo_file = mmdb};
}

static Ip *ip_of(Settings settings)
{
	Ip *ip = NULL;
	Error error = {0};
	if (!ip_open(&settings, folder, &ip, &error))
		fail_msg("%s", error.message);
	return ip;
}

static Hit hit_at(Ip *ip, int64_t time_ms, const char *address)
{
	Hit hit;
	Error error = {0};
	hit_init(&hit, HIT_PAGE);
	hit.id = uuid7_from_hash(time_ms, hash_128(SLICE_NONE));
	if (!ip_enrich(ip, slice_from(address), &arena, &hit, &error))
		fail_msg("%s", error.message);
	return hit;
}

static void all_that_is_wanted_is_kept_and_nothing_else(void **state)
{
	(void) state;
	for (unsigned bits = 0; bits < 8; bits++)
	{
		Settings settings = all_on();
		settings.ip_hash = (bits & 1U) != 0;
		settings.ip_encryption_key_file = (bits & 2U) != 0 ? ring_path : "";
		settings.geo_file = (bits & 4U) != 0 ? mmdb : "";
		assert_false(file_exists(key_path));
		Ip *ip = ip_of(settings);
		Hit hit = hit_at(ip, clock_now_ms(), "203.0.113.7");
		assert_int_equal(hit.ip_hash.size, (bits & 1U) != 0 ? 16 : 0);
		assert_int_equal(hit.ip_encrypted.size, (bits & 2U) != 0 ? IP_SEALED_SIZE : 0);
		assert_true(slice_equal_text(hit.country, (bits & 4U) != 0 ? "DE" : NULL));
		assert_true(slice_equal_text(hit.region, (bits & 4U) != 0 ? "DE-BY" : NULL));
		ip_close(ip);
		assert_int_equal(file_exists(key_path), settings.ip_hash); // no key where none is needed
		(void) remove(key_path);
	}
}

static void what_is_no_address_leaves_nothing(void **state)
{
	(void) state;
	static const char *const texts[] = {NULL, "", "unknown", "_hidden", "-", "203.0.113"};
	Ip *ip = ip_of(all_on());
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
	{
		Hit hit = hit_at(ip, clock_now_ms(), texts[i]);
		assert_null(hit.ip_hash.data);
		assert_null(hit.ip_encrypted.data);
		assert_null(hit.country.data);
		assert_null(hit.region.data);
	}
	ip_close(ip);
}

// Arriving an hour later changes nothing; happening on another day does.
static void the_event_s_time_counts_and_not_the_arrival(void **state)
{
	(void) state;
	int64_t midnight = clock_now_ms() / CLOCK_DAY_MS * CLOCK_DAY_MS;
	Ip *ip = ip_of(all_on());
	Hit late = hit_at(ip, midnight - 1, "203.0.113.7");
	Hit early = hit_at(ip, midnight, "203.0.113.7");
	Hit again = hit_at(ip, midnight - CLOCK_HOUR_MS, "[::ffff:203.0.113.7]:80");
	assert_false(slice_equal(late.ip_hash, early.ip_hash));
	assert_false(slice_equal(late.ip_encrypted, early.ip_encrypted));
	assert_true(slice_equal(late.ip_hash, again.ip_hash));
	assert_true(slice_equal(late.ip_encrypted, again.ip_encrypted));
	ip_close(ip);
}

static void keys_are_forgotten_once_hits_are_too_old_for_them(void **state)
{
	(void) state;
	int64_t now = clock_now_ms();
	Error error;
	Ip *ip = ip_of(all_on());
	Hit oldest = hit_at(ip, now - 7 * CLOCK_DAY_MS, "203.0.113.7");
	Hit today = hit_at(ip, now, "203.0.113.7");
	assert_true(ip_advance(ip, now, &error));
	assert_true(slice_equal(hit_at(ip, now - 7 * CLOCK_DAY_MS, "203.0.113.7").ip_hash, oldest.ip_hash));
	assert_true(ip_advance(ip, now + CLOCK_DAY_MS, &error));
	assert_false(slice_equal(hit_at(ip, now - 7 * CLOCK_DAY_MS, "203.0.113.7").ip_hash, oldest.ip_hash));
	assert_true(slice_equal(hit_at(ip, now, "203.0.113.7").ip_hash, today.ip_hash));
	ip_close(ip);
}

static void files_that_are_named_must_be_there(void **state)
{
	(void) state;
	Settings settings[] = {all_on(), all_on()};
	settings[0].ip_encryption_key_file = "/nowhere/ring";
	settings[1].geo_file = "/nowhere/geo.mmdb";
	for (size_t i = 0; i < 2; i++)
	{
		Ip *ip = NULL;
		Error error = {0};
		assert_false(ip_open(&settings[i], folder, &ip, &error));
		assert_non_null(strstr(error.message, "/nowhere/"));
	}
}

int main(int argc, char **argv)
{
	assert_true(argc == 2);
	mmdb = argv[1];
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_that_is_wanted_is_kept_and_nothing_else, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_address_leaves_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_event_s_time_counts_and_not_the_arrival, set_up, tear_down),
		cmocka_unit_test_setup_teardown(keys_are_forgotten_once_hits_are_too_old_for_them, set_up, tear_down),
		cmocka_unit_test_setup_teardown(files_that_are_named_must_be_there, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
