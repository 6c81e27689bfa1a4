#include "enrich/category.h"

#include "base/file.h"
#include "tests/harness/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct Fixture {
	Arena arena;
	char folder[TEST_FOLDER_SIZE];
	char path[TEST_FOLDER_SIZE + 16];
	Categories categories;
	Error error;
} Fixture;

static int set_up(void **state)
{
	static Fixture fixture;
	arena_init(&fixture.arena, 4U << 20U);
	test_folder_make(fixture.folder);
	(void) snprintf(fixture.path, sizeof fixture.path, "%s/pages.txt", fixture.folder);
	*state = &fixture;
	return 0;
}

static int tear_down(void **state)
{
	Fixture *fixture = *state;
	arena_free(&fixture->arena);
	test_folder_remove(fixture->folder);
	return 0;
}

static bool open_text(Fixture *fixture, const char *text)
{
	assert_true(file_replace(fixture->path, slice_from(text), 0600, &fixture->error));
	return categories_open(fixture->path, &fixture->arena, &fixture->categories, &fixture->error);
}

static void the_first_rule_that_matches_names_the_page(void **state)
{
	Fixture *fixture = *state;
	static const char rules[] = "# our pages\n"
								"\n"
								"/                       Home\r\n"
								"  /blog/*\tBlog posts  \n"
								"/blog*                  Blog\n"
								"docs.example.org/*      Documentation\n"
								"*.example.org/shop/??   Shop, by country\n"
								"/*/edit                 Editing";
	static const struct {
		const char *host;
		const char *path;
		const char *name; // NULL: none
		unsigned line;
	} cases[] = {
		{"example.org", "/", "Home", 3},
		{NULL, "/", "Home", 3},
		{"example.org", "/blog", "Blog", 5},
		{"example.org", "/Blog/2026/x", "Blog posts", 4},
		{"docs.example.org", "/a/edit", "Documentation", 6},
		{"DOCS.example.org", "/a", "Documentation", 6},
		{"www.docs.example.org", "/a", "Documentation", 6},
		{"docs.example.org.evil.example", "/a", NULL, 0},
		{"evil.example", "/docs.example.org/a", NULL, 0},
		{"at.example.org", "/shop/de", "Shop, by country", 7},
		{"example.org", "/shop/de", NULL, 0},
		{"at.example.org", "/shop/deu", NULL, 0},
		{"example.org", "/a/b/edit", "Editing", 8},
		{NULL, "/edit", NULL, 0},
	};
	if (!open_text(fixture, rules))
		fail_msg("%s", fixture->error.message);
	assert_int_equal(fixture->categories.count, 6);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		const CategoryRule *rule =
			categories_find(&fixture->categories, slice_from(cases[i].host), slice_from(cases[i].path));
		if (cases[i].name == NULL ? rule != NULL : rule == NULL || rule->line != cases[i].line)
			fail_msg("%s%s: line %u", cases[i].host, cases[i].path, rule == NULL ? 0 : rule->line);
		assert_true(rule == NULL || slice_equal_text(rule->name, cases[i].name));
	}
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
	Fixture *fixture = *state;
	char long_name[140] = "/a ";
	memset(long_name + 3, 'x', 101);
	const struct {
		const char *text;
		const char *told;
	} cases[] = {
		{"/a A\n/b\n", ":2: behind the glob \"/b\" a name is missing"},
		{"shop.example.org Shop", ":1: \"shop.example.org\" is no glob of a page"},
		{"/a \xFF", ":1: the line is not UTF-8"},
		{long_name, ":1: the name is longer than 100 bytes"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		assert_false(open_text(fixture, cases[i].text));
		assert_int_equal(fixture->error.code, ERROR_BAD_INPUT);
		assert_non_null(strstr(fixture->error.message, fixture->path));
		if (strstr(fixture->error.message, cases[i].told) == NULL)
			fail_msg("%s", fixture->error.message);
	}
	assert_false(categories_open("/nowhere/pages.txt", &fixture->arena, &fixture->categories, &fixture->error));
	assert_non_null(strstr(fixture->error.message, "page_category_file"));
	assert_true(categories_open("", &fixture->arena, &fixture->categories, &fixture->error));
	assert_null(categories_find(&fixture->categories, SLICE_NONE, SLICE_LITERAL("/")));
}

static void the_count_of_rules_is_bounded(void **state)
{
	Fixture *fixture = *state;
	static char text[(CATEGORY_RULES_MAX + 1) * 5 + 1];
	for (size_t i = 0; i <= CATEGORY_RULES_MAX; i++)
		memcpy(text + i * 5, "/a A\n", 5);
	assert_false(open_text(fixture, text));
	assert_non_null(strstr(fixture->error.message, ":2001: more than 2000 rules"));
	text[(size_t) CATEGORY_RULES_MAX * 5] = '\0';
	assert_true(open_text(fixture, text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_first_rule_that_matches_names_the_page, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_wrong_is_told_with_its_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_count_of_rules_is_bounded, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
