// Which requests are held back, by a given clock and a buffer that is as full as a test says.
#include "tests/harness/folder.h"

#include "base/random.h"
#include "config/settings_load.h"
#include "intake/keys_file.h"
#include "intake/pressure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SECOND_US INT64_C(1000000)
#define BEGIN_US (77 * SECOND_US)
#define MIB (UINT64_C(1) << 20U)

typedef struct Fixture {
	char folder[TEST_FOLDER_SIZE];
	char path[TEST_FOLDER_SIZE + 32];
	Settings settings;
	Arena arena;
	Keys *keys;
	Pressure *pressure;
	ShareRoom room;
	int64_t now_us;
	int64_t retry_seconds;
	Error error;
} Fixture;

static ShareRoom look(void *context)
{
	return ((const Fixture *) context)->room;
}

static int set_up(void **state)
{
	static Fixture fixture;
	fixture = (Fixture){.now_us = BEGIN_US, .room.bytes_max = 100 * MIB};
	*state = &fixture;
	test_folder_make(fixture.folder);
	(void) snprintf(fixture.path, sizeof fixture.path, "%s/write_keys.json", fixture.folder);
	Slice origins[] = {SLICE_LITERAL("*")};
	const WriteKey drafts[] = {
		{.name = SLICE_LITERAL("shop"), .kind = KEY_BROWSER, .origins = origins, .origin_count = 1},
		{.name = SLICE_LITERAL("blog"), .kind = KEY_BROWSER, .origins = origins, .origin_count = 1, .rate_hits = 2},
		{.name = SLICE_LITERAL("free"),
			.kind = KEY_BROWSER,
			.origins = origins,
			.origin_count = 1,
			.rate_hits = KEY_RATE_ANY},
		{.name = SLICE_LITERAL("backend"), .kind = KEY_SERVER},
	};
	arena_init(&fixture.arena, 1U << 20U);
	SettingsSources sources = {.file = NULL};
	if (!random_init(&fixture.error) || !settings_load(&sources, &fixture.arena, &fixture.settings, &fixture.error))
		return -1;
	for (size_t at = 0; at < sizeof drafts / sizeof *drafts; at++)
	{
		char text[KEY_TEXT_SIZE];
		if (!keys_file_add(fixture.path, &drafts[at], 0, text, &fixture.error))
			return -1;
	}
	const PressureOptions options = {&fixture.settings, NULL, look, &fixture};
	PressureOptions opened = options;
	if (!keys_open(fixture.path, &fixture.keys, &fixture.error))
		return -1;
	opened.keys = fixture.keys;
	return pressure_open(&opened, &fixture.pressure, &fixture.error) ? 0 : -1;
}

static int tear_down(void **state)
{
	Fixture *fixture = *state;
	pressure_close(fixture->pressure);
	keys_close(fixture->keys);
	arena_free(&fixture->arena);
	test_folder_remove(fixture->folder);
	return 0;
}

static const WriteKey *key_named(const Fixture *fixture, const char *name)
{
	for (size_t at = 0; at < keys_count(fixture->keys); at++)
	{
		if (slice_equal_text(keys_at(fixture->keys, at)->name, name))
			return keys_at(fixture->keys, at);
	}
	fail_msg("there is no key %s", name);
	return NULL;
}

// A request of a million bytes in the buffer for each `mib`; 0, or the status it is refused with.
static int ask(Fixture *fixture, const char *key, const char *ip, int64_t hits, size_t bytes, uint64_t mib)
{
	const PressureRequest request = {key_named(fixture, key), slice_from(ip), hits, bytes};
	if (!pressure_begin(fixture->pressure, &request, fixture->now_us, &fixture->retry_seconds, &fixture->error))
		return error_http_status(fixture->error.code);
	fixture->room.appended_bytes += mib * MIB;
	fixture->room.waiting_bytes += mib * MIB;
	pressure_end(fixture->pressure, &request);
	return 0;
}

static int hits(Fixture *fixture, const char *key, const char *ip, int64_t count)
{
	return ask(fixture, key, ip, count, 100, 0);
}

static void a_key_sends_as_many_as_it_may_and_is_told_when_it_may_again(void **state)
{
	Fixture *fixture = *state;
	fixture->settings.rate_limit_key_hits = 5; // and 50 at once
	assert_int_equal(hits(fixture, "shop", "10.0.0.1", 50), 0);
	assert_int_equal(hits(fixture, "shop", "10.0.0.2", 7), 429);
	assert_int_equal(fixture->retry_seconds, 2); // 1.4 s
	assert_int_equal(hits(fixture, "backend", "10.0.0.1", 50), 0);
	fixture->now_us += fixture->retry_seconds * SECOND_US;
	assert_int_equal(hits(fixture, "shop", "10.0.0.1", 7), 0);
}

static void a_key_may_have_a_rate_of_its_own_or_none(void **state)
{
	Fixture *fixture = *state;
	fixture->settings.rate_limit_address_hits = 0;
	assert_int_equal(hits(fixture, "blog", "192.0.2.1", 20), 0);
	assert_int_equal(hits(fixture, "blog", "192.0.2.1", 1), 429);
	assert_int_equal(hits(fixture, "shop", "192.0.2.1", 1000000), 0);
	assert_int_equal(hits(fixture, "shop", "192.0.2.1", 1000000), 0);
	fixture->settings.rate_limit_key_hits = 5;
	assert_int_equal(hits(fixture, "free", "192.0.2.1", 1000000), 0);
	assert_int_equal(hits(fixture, "free", "192.0.2.1", 1000000), 0);
}

static void one_address_is_limited_whatever_key_it_uses(void **state)
{
	Fixture *fixture = *state;
	fixture->settings.rate_limit_address_hits = 10;
	assert_int_equal(hits(fixture, "shop", "192.0.2.1", 60), 0);
	assert_int_equal(hits(fixture, "free", "192.0.2.1:4711", 40), 0);
	assert_int_equal(hits(fixture, "shop", "::ffff:192.0.2.1", 10), 429);
	assert_int_equal(fixture->retry_seconds, 1);
	assert_int_equal(hits(fixture, "shop", "192.0.2.2", 100), 0);
	assert_int_equal(hits(fixture, "shop", "2001:db8:1:2::7", 100), 0);
	assert_int_equal(hits(fixture, "shop", "2001:db8:1:2:ffff::8", 1), 429); // the same network
	assert_int_equal(hits(fixture, "shop", "2001:db8:1:3::7", 100), 0);
	fixture->now_us += SECOND_US;
	assert_int_equal(hits(fixture, "shop", "192.0.2.1", 10), 0);
}

static void servers_own_networks_and_unknown_addresses_are_not_limited_by_address(void **state)
{
	Fixture *fixture = *state;
	fixture->settings.rate_limit_address_hits = 10;
	static const char *const others[] = {"127.0.0.1", "::1", "10.2.3.4", "172.20.0.1", "192.168.1.1", "100.64.3.2",
		"169.254.1.1", "fd00::1", "fe80::1%eth0", "unknown", ""};
	for (size_t at = 0; at < sizeof others / sizeof *others; at++)
	{
		for (size_t again = 0; again < 3; again++)
		{
			if (hits(fixture, "shop", others[at], 1000) != 0)
				fail_msg("%s is held back", others[at]);
		}
	}
	for (size_t again = 0; again < 3; again++)
		assert_int_equal(hits(fixture, "backend", "192.0.2.1", 1000), 0);
}

static void large_requests_count_by_their_size(void **state)
{
	Fixture *fixture = *state;
	fixture->settings.rate_limit_key_hits = 10;
	assert_int_equal(ask(fixture, "shop", "10.0.0.1", 1, 100 * PRESSURE_HIT_BYTES, 0), 0);
	assert_int_equal(hits(fixture, "shop", "10.0.0.1", 1), 429);
	assert_int_equal(hits(fixture, "shop", "10.0.0.1", 0), 0); // brings nothing
}

static void what_is_refused_by_one_rate_does_not_count_for_the_other(void **state)
{
	Fixture *fixture = *state;
	fixture->settings.rate_limit_address_hits = 10;
	for (size_t again = 0; again < 1000; again++)
		(void) hits(fixture, "blog", "192.0.2.1", 20); // once taken, then over the key's rate
	assert_int_equal(hits(fixture, "shop", "192.0.2.1", 80), 0);
	for (size_t again = 0; again < 1000; again++)
		assert_int_equal(hits(fixture, "blog", "192.0.2.1", 20), 429);
	fixture->now_us += 10 * SECOND_US;
	assert_int_equal(hits(fixture, "blog", "192.0.2.1", 20), 0);
}

static void a_key_that_floods_the_buffer_leaves_room_for_the_others(void **state)
{
	Fixture *fixture = *state;
	int count = 0;
	while (count < 200 && ask(fixture, "free", "10.0.0.1", 1, 100, 1) == 0)
		count++;
	assert_int_equal(count, 80);
	assert_int_equal(error_http_status(fixture->error.code), 503);
	assert_true(fixture->retry_seconds > 0);
	assert_int_equal(ask(fixture, "shop", "10.0.0.1", 1, 100, 1), 0);
	assert_int_equal(ask(fixture, "backend", "10.0.0.1", 1, 100, 1), 0);
	// Half of it is loaded, and there is room for that key as well.
	fixture->room.waiting_bytes /= 2;
	assert_int_equal(ask(fixture, "free", "10.0.0.1", 1, 100, 1), 0);
}

static void what_waited_before_the_start_is_nobodys(void **state)
{
	Fixture *fixture = *state;
	fixture->room.waiting_bytes = 90 * MIB;
	assert_int_equal(ask(fixture, "shop", "10.0.0.1", 1, 100, 1), 0);
	fixture->room.waiting_bytes = 0;
	for (int count = 0; count < 79; count++)
		assert_int_equal(ask(fixture, "shop", "10.0.0.1", 1, 100, 1), 0);
}

static void a_key_that_is_alone_may_fill_the_buffer(void **state)
{
	Fixture *fixture = *state;
	static const char *const others[] = {"shop", "blog", "backend"};
	for (size_t at = 0; at < 3; at++)
		assert_true(keys_file_revoke(fixture->path, slice_from(others[at]), &fixture->error));
	keys_refresh(fixture->keys, 1000);
	assert_int_equal(keys_count(fixture->keys), 1);
	for (int count = 0; count < 100; count++)
		assert_int_equal(ask(fixture, "free", "10.0.0.1", 1, 100, 1), 0);
}

static void a_key_is_remembered_when_the_file_is_read_again(void **state)
{
	Fixture *fixture = *state;
	assert_int_equal(hits(fixture, "blog", "10.0.0.1", 20), 0);
	assert_true(keys_file_revoke(fixture->path, SLICE_LITERAL("shop"), &fixture->error));
	keys_refresh(fixture->keys, 1000);
	assert_int_equal(keys_count(fixture->keys), 3);
	assert_int_equal(key_named(fixture, "blog")->rate_hits, 2);
	assert_int_equal(key_named(fixture, "free")->rate_hits, KEY_RATE_ANY);
	assert_int_equal(key_named(fixture, "backend")->rate_hits, 0);
	assert_int_equal(hits(fixture, "blog", "10.0.0.1", 1), 429);
	assert_int_equal(hits(fixture, "free", "10.0.0.1", 1), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_key_sends_as_many_as_it_may_and_is_told_when_it_may_again),
		TEST(a_key_may_have_a_rate_of_its_own_or_none),
		TEST(one_address_is_limited_whatever_key_it_uses),
		TEST(servers_own_networks_and_unknown_addresses_are_not_limited_by_address),
		TEST(large_requests_count_by_their_size),
		TEST(what_is_refused_by_one_rate_does_not_count_for_the_other),
		TEST(a_key_that_floods_the_buffer_leaves_room_for_the_others),
		TEST(what_waited_before_the_start_is_nobodys),
		TEST(a_key_that_is_alone_may_fill_the_buffer),
		TEST(a_key_is_remembered_when_the_file_is_read_again),
	};
	return cmocka_run_group_tests_name("intake/pressure", tests, NULL, NULL);
}
