#include "intake/forwarded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PEER "203.0.113.1"

typedef struct Case {
	int64_t hops;
	const char *lines[4];
	const char *address; // NULL: none
} Case;

static void check(const Case *cases, size_t count, bool is_rfc7239)
{
	for (size_t i = 0; i < count; i++)
	{
		Slice lines[4];
		size_t line_count = 0;
		for (; line_count < 4 && cases[i].lines[line_count] != NULL; line_count++)
			lines[line_count] = slice_from(cases[i].lines[line_count]);
		Slice address = forwarded_address(lines, line_count, cases[i].hops, is_rfc7239, slice_from(PEER));
		if (!slice_equal_text(address, cases[i].address))
			fail_msg("case %zu: \"%.*s\" is not \"%s\"", i, SLICE_PRINT(address), cases[i].address);
	}
}

static void the_hops_count_from_the_right(void **state)
{
	(void) state;
	static const Case cases[] = {
		{0, {"198.51.100.1"}, PEER},
		{1, {NULL}, PEER},
		{1, {"198.51.100.1"}, "198.51.100.1"},
		{1, {"10.9.9.9, 198.51.100.1"}, "198.51.100.1"},
		{1, {"10.9.9.9,198.51.100.1:4711 "}, "198.51.100.1:4711"},
		{2, {"10.9.9.9, 198.51.100.1, 192.0.2.1"}, "198.51.100.1"},
		{2, {"10.9.9.9 ,[2001:db8::1]:80 , 192.0.2.1"}, "[2001:db8::1]:80"},
		// lines are one list, in order
		{1, {"10.9.9.9", "198.51.100.1"}, "198.51.100.1"},
		{2, {"10.9.9.9", "198.51.100.1", "192.0.2.1"}, "198.51.100.1"},
		{2, {"10.9.9.9", "10.9.9.8, 198.51.100.1", "192.0.2.1"}, "198.51.100.1"},
		{3, {"198.51.100.1", "192.0.2.2, 192.0.2.1"}, "198.51.100.1"},
		// fewer than hops: what the outermost proxy saw that added
		{2, {"198.51.100.1"}, "198.51.100.1"},
		{5, {"198.51.100.1", "192.0.2.1"}, "198.51.100.1"},
		{2, {NULL}, PEER},
		// no address is none, and not its neighbour's
		{1, {"10.9.9.9, unknown"}, "unknown"},
		{1, {"10.9.9.9,"}, ""},
		{1, {""}, ""},
		{2, {"198.51.100.1, "}, "198.51.100.1"},
		// a quote of the client's own
		{1, {"\"10.9.9.9, 198.51.100.1"}, "198.51.100.1"},
	};
	check(cases, sizeof cases / sizeof *cases, false);
}

static void forwarded_is_read_by_its_grammar(void **state)
{
	(void) state;
	static const Case cases[] = {
		{0, {"for=198.51.100.1"}, PEER},
		{1, {NULL}, PEER},
		{1, {"for=198.51.100.1"}, "198.51.100.1"},
		{1, {"For = 198.51.100.1 ; proto=https;by=192.0.2.1"}, "198.51.100.1"},
		{1, {"proto=http;by=\"[2001:db8::2]\";for=\"[2001:db8::1]:4711\""}, "\"[2001:db8::1]:4711\""},
		{1, {"for=10.9.9.9, for=198.51.100.1;host=a.example"}, "198.51.100.1"},
		{2, {"for=10.9.9.9", "for=198.51.100.1, for=192.0.2.1"}, "198.51.100.1"},
		{1, {"for=10.9.9.9, for=_hidden"}, "_hidden"},
		{1, {"for=10.9.9.9, proto=https"}, NULL},
		{1, {"for=10.9.9.9, 198.51.100.1"}, NULL},
		{1, {"for=10.9.9.9,"}, NULL},
		// quoted separators, and quotes that a client left open
		{1, {"host=\"a,for=10.9.9.9;for=10.9.9.8\";for=198.51.100.1"}, "198.51.100.1"},
		{1, {"host=\"a\\\";for=10.9.9.9,b\";for=198.51.100.1"}, "198.51.100.1"},
		{1, {"for=\"10.9.9.9, for=198.51.100.1"}, "198.51.100.1"},
		{2, {"for=\"10.9.9.9, for=198.51.100.1, for=\"[2001:db8::2]\""}, "198.51.100.1"},
	};
	check(cases, sizeof cases / sizeof *cases, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hops_count_from_the_right),
		cmocka_unit_test(forwarded_is_read_by_its_grammar),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
