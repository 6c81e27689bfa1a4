// uap-core's own test cases, part by part.
#include "enrich/families.h"

#include "agent_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static Arena arena;

static int set_up(void **state)
{
	(void) state;
	arena_init(&arena, 1U << 20U);
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	arena_free(&arena);
	return 0;
}

static int differences(const FamilyCase *cases, const DataPattern *rows, size_t parts)
{
	Patterns *patterns;
	Error error = {0};
	int count = 0;
	if (!patterns_open(rows, &patterns, &error))
		fail_msg("%s", error.message);
	for (const FamilyCase *one = cases; one->file != NULL; one++)
	{
		Family family;
		arena_reset(&arena);
		assert_true(family_find(patterns, slice_from(one->user_agent), &arena, &family, &error));
		Slice name = family.parts[0].data == NULL ? SLICE_LITERAL("Other") : family.parts[0];
		for (size_t part = 0; part < parts; part++)
		{
			Slice found = part == 0 ? name : family.parts[part];
			if (slice_equal(found, slice_from(one->parts[part])))
				continue;
			print_message("%s: %s: \"%.*s\" and not \"%s\"\n", one->file, one->user_agent, SLICE_PRINT(found),
				one->parts[part] == NULL ? "" : one->parts[part]);
			count++;
		}
	}
	patterns_close(patterns);
	return count;
}

static size_t count_of(const FamilyCase *cases, const char *file)
{
	size_t count = 0;
	for (const FamilyCase *one = cases; one->file != NULL; one++)
		count += strcmp(one->file, file) == 0 ? 1 : 0;
	return count;
}

static void need(const FamilyCase *cases, const char *file)
{
	if (count_of(cases, file) > 0)
		return;
	print_message("the package uap-core came without its %s\n", file);
	skip();
}

static void browsers_are_what_uap_core_says(void **state)
{
	(void) state;
	need(browser_cases, "test_ua.yaml");
	assert_int_equal(differences(browser_cases, data_browsers, 4), 0);
}

static void systems_are_what_uap_core_says(void **state)
{
	(void) state;
	need(system_cases, "test_os.yaml");
	assert_int_equal(differences(system_cases, data_systems, FAMILY_PARTS), 0);
}

// A pattern is not tried where its literals are not found: that must never hide a match.
static void literals_hide_no_match(void **state)
{
	(void) state;
	static DataPattern bare[2048];
	static const DataPattern *const lists[] = {data_robots, data_browsers, data_systems, data_devices};
	for (size_t list = 0; list < sizeof lists / sizeof *lists; list++)
	{
		Patterns *patterns;
		Patterns *all;
		Error error = {0};
		size_t count = 0;
		for (; lists[list][count].pattern != NULL; count++)
		{
			bare[count] = lists[list][count];
			bare[count].literals = NULL;
		}
		bare[count] = (DataPattern){NULL};
		assert_true(patterns_open(lists[list], &patterns, &error) && patterns_open(bare, &all, &error));
		for (const FamilyCase *one = browser_cases; one->file != NULL; one++)
		{
			PatternMatch with;
			PatternMatch without;
			bool is_found = patterns_find(patterns, slice_from(one->user_agent), &with);
			assert_int_equal(patterns_find(all, slice_from(one->user_agent), &without), is_found);
			if (is_found && with.row - lists[list] != without.row - bare)
				fail_msg("%s: %s and not %s", one->user_agent, with.row->pattern, without.row->pattern);
		}
		patterns_close(patterns);
		patterns_close(all);
	}
}

static void versions_are_short(void **state)
{
	(void) state;
	static const struct {
		const char *parts[FAMILY_PARTS];
		const char *version; // NULL: none
	} cases[] = {
		{{"Chrome", "120", "0", "6099"}, "120.0.6099"},
		{{"Windows", "XP"}, "XP"},
		{{"Firefox"}, NULL},
		{{"A", "1", NULL, "3"}, "1"},
		{{"A", "1", "2", "34567890123456789"}, "1.2"},
		{{"A", "1", "2", "3456789012345678"}, "1.2.3456789012345678"},
		{{"A", "1", "2", "3", ".4"}, "1.2.3.4"},
		{{"A", "123456789012345678901"}, "12345678901234567890"},
		{{"A", "1234567890123456789\xC3\xBC"}, "1234567890123456789"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		Family family = {0};
		Slice version;
		Error error = {0};
		for (size_t part = 0; part < FAMILY_PARTS; part++)
			family.parts[part] = slice_from(cases[i].parts[part]);
		assert_true(family_version(&family, 20, &arena, &version, &error));
		if (!slice_equal(version, slice_from(cases[i].version)))
			fail_msg("%.*s and not %s", SLICE_PRINT(version), cases[i].version);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(browsers_are_what_uap_core_says),
		cmocka_unit_test(systems_are_what_uap_core_says),
		cmocka_unit_test(literals_hide_no_match),
		cmocka_unit_test(versions_are_short),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
