#include "base/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void addresses_are_read_as_people_write_them(void **state)
{
	(void) state;
	static const struct {
		const char *given;
		const char *address; // NULL: none
	} cases[] = {
		{"192.0.2.7", "192.0.2.7"},
		{" 192.0.2.7\t", "192.0.2.7"},
		{"192.0.2.7:4711", "192.0.2.7"},
		{"\"192.0.2.7:4711\"", "192.0.2.7"},
		{"::ffff:192.0.2.7", "192.0.2.7"},
		{"[::ffff:c000:207]:80", "192.0.2.7"},
		{"0:0:0:0:0:FFFF:192.0.2.7", "192.0.2.7"},
		{"2001:db8::7", "2001:db8::7"},
		{"2001:0DB8:0000::0007", "2001:db8::7"},
		{"[2001:db8::7]", "2001:db8::7"},
		{"[2001:db8::7]:4711", "2001:db8::7"},
		{"\"[2001:db8::7]:4711\"", "2001:db8::7"},
		{"\"[2001:db8::7%eth0]:4711\"", "2001:db8::7"},
		{"fe80::7%eth0", "fe80::7"},
		{"::1", "::1"},
		{"::", "::"},
		{"unknown", NULL},
		{"_hidden", NULL},
		{"-", NULL},
		{"", NULL},
		{"\"\"", NULL},
		{"\"", NULL},
		{"[]", NULL},
		{"[", NULL},
		{":", NULL},
		{"%", NULL},
		{"192.0.2", NULL},
		{"192.0.2.256", NULL},
		{"192.0.2.07", NULL},
		{"0xC0000207", NULL},
		{"192.0.2.7.example", NULL},
		{"localhost", NULL},
		{"192.0.2.7, 192.0.2.8", NULL},
		{"2001:db8::7::1", NULL},
		{"2001:db8:1:2:3:4:5:6:7:8:9:a:b:c:d:e:f:0:1:2:3:4", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		Address address;
		char text[ADDRESS_TEXT_SIZE] = "";
		bool is_address = address_parse(slice_from(cases[i].given), &address);
		if (is_address)
			address_write(&address, text);
		if (is_address != (cases[i].address != NULL) || (is_address && strcmp(text, cases[i].address) != 0))
			fail_msg("%s: %s is not %s", cases[i].given, is_address ? text : "none", cases[i].address);
	}
	Address address;
	assert_false(address_parse(SLICE_NONE, &address));
	assert_false(address_parse((Slice){"192.0.2.7\0", 10}, &address));
}

static void packing_loses_nothing(void **state)
{
	(void) state;
	static const char *const texts[] = {"0.0.0.0", "192.0.2.7", "255.255.255.255", "::", "::192.0.2.7", "2001:db8::7"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
	{
		Address address;
		unsigned char packed[ADDRESS_PACKED_SIZE];
		char text[ADDRESS_TEXT_SIZE];
		assert_true(address_parse(slice_from(texts[i]), &address));
		address_pack(&address, packed);
		memset(&address, 0xAA, sizeof address);
		address_unpack(packed, &address);
		address_write(&address, text);
		assert_string_equal(text, texts[i]);
	}
}

static bool is_one_network(const char *left, const char *right)
{
	Address addresses[2];
	assert_true(address_parse(slice_from(left), &addresses[0]) && address_parse(slice_from(right), &addresses[1]));
	return slice_equal(address_network(&addresses[0]), address_network(&addresses[1]));
}

static void a_visitor_is_known_by_the_network(void **state)
{
	(void) state;
	assert_false(is_one_network("192.0.2.7", "192.0.2.8"));
	assert_true(is_one_network("192.0.2.7", "::ffff:192.0.2.7"));
	assert_true(is_one_network("2001:db8:1:2::7", "2001:db8:1:2:ffff::8"));
	assert_false(is_one_network("2001:db8:1:2::7", "2001:db8:1:3::7"));
	assert_false(is_one_network("0.0.0.0", "::"));
}

static void networks_of_ones_own_are_known(void **state)
{
	(void) state;
	static const char *const own[] = {"127.0.0.1", "127.255.0.1", "10.0.0.1", "172.16.0.1", "172.31.255.255",
		"192.168.0.1", "169.254.3.4", "100.64.0.1", "100.127.255.255", "::1", "fc00::1", "fdff::1", "fe80::1",
		"febf::1", "::ffff:10.0.0.1"};
	static const char *const others[] = {"126.0.0.1", "128.0.0.1", "11.0.0.1", "172.15.0.1", "172.32.0.1",
		"192.167.0.1", "192.169.0.1", "169.253.0.1", "100.63.0.1", "100.128.0.1", "192.0.2.7", "::2", "fb00::1",
		"fec0::1", "2001:db8::7", "::ffff:192.0.2.7"};
	Address address;
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
	{
		if (!address_parse(slice_from(own[i]), &address) || !address_is_private(&address))
			fail_msg("%s", own[i]);
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
	{
		if (!address_parse(slice_from(others[i]), &address) || address_is_private(&address))
			fail_msg("%s", others[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_read_as_people_write_them),
		cmocka_unit_test(packing_loses_nothing),
		cmocka_unit_test(a_visitor_is_known_by_the_network),
		cmocka_unit_test(networks_of_ones_own_are_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
