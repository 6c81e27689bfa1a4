#include "enrich/ip_ring.h"

#include "tests/harness/folder.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OLD "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define NEW "FFEEDDCCBBAA99887766554433221100ffeeddccbbaa99887766554433221100"
#define SEALED(bytes) ((Slice){(const char *) (bytes), IP_SEALED_SIZE})

static char folder[TEST_FOLDER_SIZE];
static char path[TEST_FOLDER_SIZE + 16];

static int set_up(void **state)
{
	(void) state;
	Error error;
	test_folder_make(folder);
	(void) snprintf(path, sizeof path, "%s/ip.keys", folder);
	return random_init(&error) ? 0 : 1;
}

static int tear_down(void **state)
{
	(void) state;
	test_folder_remove(folder);
	return 0;
}

static IpRing ring_of(const char *text)
{
	IpRing ring;
	Error error = {0};
	assert_true(file_replace(path, slice_from(text), 0600, &error));
	if (!ip_ring_read(path, &ring, &error))
		fail_msg("%s", error.message);
	return ring;
}

static Address address_of(const char *text)
{
	Address address;
	assert_true(address_parse(slice_from(text), &address));
	return address;
}

static void assert_opens(const IpRing *ring, Slice sealed, IpSealState wanted, const char *text)
{
	Address address;
	char opened[ADDRESS_TEXT_SIZE];
	assert_int_equal(ip_ring_open(ring, sealed, &address), wanted);
	if (text == NULL)
		return;
	address_write(&address, opened);
	assert_string_equal(opened, text);
}

static void the_newest_key_seals_and_all_open(void **state)
{
	(void) state;
	static const char *const texts[] = {"192.0.2.7", "2001:db8::7"};
	const IpRing old = ring_of(OLD "\n");
	const IpRing new = ring_of("# of the new machine\n" NEW);
	const IpRing both = ring_of("# old\r\n" OLD "\r\n\n  " NEW "  \n\n");
	assert_int_equal(both.count, 2);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
	{
		unsigned char sealed[IP_SEALED_SIZE];
		unsigned char again[IP_SEALED_SIZE];
		Address address = address_of(texts[i]);
		ip_ring_seal(&both, 20000 * CLOCK_DAY_MS, &address, sealed);
		ip_ring_seal(&new, 20001 * CLOCK_DAY_MS - 1, &address, again);
		assert_memory_equal(sealed, again, sizeof sealed);
		ip_ring_seal(&new, 20001 * CLOCK_DAY_MS, &address, again);
		assert_memory_not_equal(sealed + 9, again + 9, 24);
		assert_opens(&both, SEALED(sealed), IP_SEAL_NEWEST, texts[i]);
		assert_opens(&new, SEALED(sealed), IP_SEAL_NEWEST, texts[i]);
		assert_opens(&old, SEALED(sealed), IP_SEAL_UNKNOWN, NULL);
		ip_ring_seal(&old, 20000 * CLOCK_DAY_MS, &address, sealed);
		assert_opens(&both, SEALED(sealed), IP_SEAL_OLD, texts[i]);
		assert_opens(&new, SEALED(sealed), IP_SEAL_UNKNOWN, NULL);
	}
}

static void resealed_it_is_as_if_the_new_key_had_sealed_it(void **state)
{
	(void) state;
	const IpRing old = ring_of(OLD);
	const IpRing both = ring_of(OLD "\n" NEW);
	Address address = address_of("2001:db8::7");
	unsigned char sealed[IP_SEALED_SIZE];
	unsigned char fresh[IP_SEALED_SIZE];
	unsigned char wanted[IP_SEALED_SIZE];
	ip_ring_seal(&old, 20000 * CLOCK_DAY_MS, &address, sealed);
	ip_ring_seal(&both, 20000 * CLOCK_DAY_MS, &address, wanted);
	assert_int_equal(ip_ring_reseal(&both, SEALED(sealed), fresh), IP_SEAL_OLD);
	assert_memory_equal(fresh, wanted, sizeof fresh);
	assert_int_equal(ip_ring_reseal(&both, SEALED(wanted), fresh), IP_SEAL_NEWEST);
	assert_memory_equal(fresh, wanted, sizeof fresh);
	assert_int_equal(ip_ring_reseal(&old, SEALED(wanted), fresh), IP_SEAL_UNKNOWN);
}

static void what_was_changed_is_broken(void **state)
{
	(void) state;
	const IpRing ring = ring_of(OLD);
	Address address = address_of("192.0.2.7");
	unsigned char sealed[IP_SEALED_SIZE];
	ip_ring_seal(&ring, 20000 * CLOCK_DAY_MS, &address, sealed);
	for (size_t at = 0; at < IP_SEALED_SIZE; at++)
	{
		sealed[at] ^= 1U;
		assert_opens(&ring, SEALED(sealed), at >= 1 && at < 5 ? IP_SEAL_UNKNOWN : IP_SEAL_BROKEN, NULL);
		sealed[at] ^= 1U;
	}
	assert_opens(&ring, slice_sub(SEALED(sealed), 0, IP_SEALED_SIZE - 1), IP_SEAL_BROKEN, NULL);
	assert_opens(&ring, SLICE_NONE, IP_SEAL_BROKEN, NULL);
}

static void a_bad_key_file_is_one_sentence_without_the_key(void **state)
{
	(void) state;
	static const struct {
		const char *text;
		const char *said;
	} cases[] = {
		{"", "has no key"},
		{"# only this\n\n", "has no key"},
		{OLD "\n" OLD "0\n", "line 2 of"},
		{"\n00112233\n", "line 2 of"},
		{"zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", "line 1 of"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		IpRing ring;
		Error error = {0};
		assert_true(file_replace(path, slice_from(cases[i].text), 0600, &error));
		assert_false(ip_ring_read(path, &ring, &error));
		assert_int_equal(error.code, ERROR_BAD_INPUT);
		assert_non_null(strstr(error.message, cases[i].said));
		assert_non_null(strstr(error.message, path));
		assert_null(strstr(error.message, "112233"));
	}
	IpRing ring;
	Error error = {0};
	assert_false(ip_ring_read("/nowhere/ip.keys", &ring, &error));
	assert_int_equal(error.code, ERROR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_newest_key_seals_and_all_open, set_up, tear_down),
		cmocka_unit_test_setup_teardown(resealed_it_is_as_if_the_new_key_had_sealed_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_was_changed_is_broken, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_bad_key_file_is_one_sentence_without_the_key, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
