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

static void replacements_are_expanded_and_trimmed(void **state)
{
	(void) state;
	static const DataPattern rows[] = {
		{"(A)(B)?(C) /(\\d+)", NULL, {"  $1$3$2-$9$ ", "$4.$4", " ", NULL, "$2"}},
		{"^(.{0,3})/( ?)(\\d*)", NULL, {NULL}},
		{NULL},
	};
	static const struct {
		const char *text;
		const char *parts[FAMILY_PARTS];
	} cases[] = {
		{"x AC /7", {"AC-$", "7.7", NULL, "7", NULL}},
		{"x ABC /7", {"ACB-$", "7.7", NULL, "7", "B"}},
		{" n / 1", {"n", NULL, "1", NULL, NULL}},
		{"a\xC3\xBC/", {"a\xC3\xBC", NULL, NULL, NULL, NULL}},
		{"nothing", {NULL}},
	};
	Patterns *patterns;
	Error error = {0};
	assert_true(patterns_open(rows, &patterns, &error));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		Family family;
		assert_true(family_find(patterns, slice_from(cases[i].text), &arena, &family, &error));
		for (size_t part = 0; part < FAMILY_PARTS; part++)
			if (!slice_equal(family.parts[part], slice_from(cases[i].parts[part])))
				fail_msg("part %zu of %s: \"%.*s\"", part, cases[i].text, SLICE_PRINT(family.parts[part]));
	}
	patterns_close(patterns);
}

// A pattern that counts bytes may cut a letter; what comes out is text all the same.
static void a_cut_letter_is_replaced(void **state)
{
	(void) state;
	static const DataPattern rows[] = {{"(a.)", NULL, {NULL}}, {NULL}};
	Patterns *patterns;
	Family family;
	Error error = {0};
	assert_true(patterns_open(rows, &patterns, &error));
	assert_true(family_find(patterns, SLICE_LITERAL("a\xC3\xBC"), &arena, &family, &error));
	assert_true(slice_equal_text(family.parts[0], "a\xEF\xBF\xBD"));
	patterns_close(patterns);
}

static void a_pattern_that_does_not_compile_is_told(void **state)
{
	(void) state;
	static const DataPattern rows[] = {{"(a", NULL, {NULL}}, {NULL}};
	Patterns *patterns;
	Error error = {0};
	assert_false(patterns_open(rows, &patterns, &error));
	assert_non_null(strstr(error.message, "\"(a\""));
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
		cmocka_unit_test(replacements_are_expanded_and_trimmed),
		cmocka_unit_test(a_cut_letter_is_replaced),
		cmocka_unit_test(a_pattern_that_does_not_compile_is_told),
		cmocka_unit_test(versions_are_short),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
