#include "enrich/exclude.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const Slice networks[] = {{"192.0.2.0/24", 12}, {"198.51.100.7", 12}, {"10.0.0.0/7", 10},
	{"2001:db8:1::/47", 15}, {"203.0.113.9/0032", 16}};
static const Slice persons[] = {{"42", 2}, {"ann@example.org", 15}};
static const Slice hosts[] = {{"example.org", 11}, {"*.Example.org", 13}, {"localhost", 9}};

static void what_is_kept_out(void **state)
{
	(void) state;
	const Settings settings = {.team_networks = {networks, 5}, .team_persons = {persons, 2}, .page_hosts = {hosts, 3}};
	static const struct {
		const char *ip;
		const char *user_id;
		const char *host;
		bool is_team;
		const char *kind; // NULL: it counts
	} cases[] = {
		{NULL, NULL, NULL, false, NULL},
		{"192.0.3.1", "43", "example.org", false, NULL},
		{"192.0.2.255", NULL, NULL, false, EXCLUDE_NETWORK},
		{"::ffff:192.0.2.1", NULL, NULL, false, EXCLUDE_NETWORK},
		{"[::ffff:192.0.2.1]:80", NULL, NULL, false, EXCLUDE_NETWORK},
		{"192.0.1.255", NULL, NULL, false, NULL},
		{"198.51.100.7:4711", NULL, NULL, false, EXCLUDE_NETWORK},
		{"198.51.100.8", NULL, NULL, false, NULL},
		{"11.255.255.255", NULL, NULL, false, EXCLUDE_NETWORK},
		{"12.0.0.0", NULL, NULL, false, NULL},
		{"2001:db8:1::1", NULL, NULL, false, EXCLUDE_NETWORK},
		{"2001:db8:0:ffff::1", NULL, NULL, false, EXCLUDE_NETWORK},
		{"2001:db8:2::1", NULL, NULL, false, NULL},
		{"203.0.113.9", NULL, NULL, false, EXCLUDE_NETWORK},
		{"unknown", NULL, NULL, false, NULL},
		{NULL, NULL, NULL, true, EXCLUDE_BROWSER},
		{"192.0.2.1", "42", "evil.example", true, EXCLUDE_NETWORK},
		{NULL, "42", NULL, false, EXCLUDE_PERSON},
		{NULL, "ann@example.org", NULL, false, EXCLUDE_PERSON},
		{NULL, "Ann@example.org", NULL, false, NULL},
		{NULL, "4", NULL, false, NULL},
		{NULL, NULL, "shop.example.org", false, NULL},
		{NULL, NULL, "www.example.org", false, NULL},
		{NULL, NULL, "www.localhost", false, NULL},
		{NULL, NULL, "example.org.evil.example", false, EXCLUDE_HOST},
		{NULL, NULL, "translate.example", false, EXCLUDE_HOST},
	};
	Arena arena;
	Exclude exclude;
	Error error;
	arena_init(&arena, 1U << 20U);
	assert_true(exclude_open(&settings, &arena, &exclude, &error));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		const EnrichInput raw = {.ip = slice_from(cases[i].ip),
			.user_id = slice_from(cases[i].user_id),
			.is_team = cases[i].is_team};
		const char *kind = exclude_kind(&exclude, &raw, slice_from(cases[i].host));
		if ((kind == NULL) != (cases[i].kind == NULL) || (kind != NULL && strcmp(kind, cases[i].kind) != 0))
			fail_msg("case %zu: %s", i, kind);
		assert_true(kind == NULL || exclude_is_kind(slice_from(kind)));
	}
	arena_free(&arena);
}

static void without_settings_nothing_is_kept_out_but_what_says_so_itself(void **state)
{
	(void) state;
	const Settings settings = {0};
	const EnrichInput raw = {.ip = SLICE_LITERAL("192.0.2.1"), .user_id = SLICE_LITERAL("42")};
	Arena arena;
	Exclude exclude;
	Error error;
	arena_init(&arena, 1U << 20U);
	assert_true(exclude_open(&settings, &arena, &exclude, &error));
	assert_null(exclude_kind(&exclude, &raw, SLICE_LITERAL("any.example")));
	assert_non_null(exclude_kind(&exclude, &(EnrichInput){.is_team = true}, SLICE_NONE));
	assert_false(exclude_is_kind(SLICE_LITERAL("Googlebot")));
	arena_free(&arena);
}

static void a_network_that_is_none_is_told(void **state)
{
	(void) state;
	static const Slice wrong[] = {{"192.0.2.0/33", 12}, {"192.0.2/24", 10}, {"2001:db8::/129", 14}, {"office", 6},
		{"192.0.2.0/", 10}, {"192.0.2.0/-1", 12}};
	Arena arena;
	Exclude exclude;
	Error error;
	arena_init(&arena, 1U << 20U);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
	{
		const Settings settings = {.team_networks = {&wrong[i], 1}};
		assert_false(exclude_open(&settings, &arena, &exclude, &error));
		assert_int_equal(error.code, ERROR_BAD_INPUT);
		assert_non_null(strstr(error.message, wrong[i].data));
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_kept_out),
		cmocka_unit_test(without_settings_nothing_is_kept_out_but_what_says_so_itself),
		cmocka_unit_test(a_network_that_is_none_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
