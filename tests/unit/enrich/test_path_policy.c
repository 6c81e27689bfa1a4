#include "enrich/path_policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void paths_end_as_the_setting_says(void **state)
{
	(void) state;
	static const struct {
		const char *path;
		const char *removed;
		const char *added;
		const char *lower;
	} cases[] = {
		{"/", "/", "/", "/"},
		{"//", "/", "//", "//"},
		{"/a", "/a", "/a/", "/a"},
		{"/a/", "/a", "/a/", "/a/"},
		{"/a//", "/a", "/a//", "/a//"},
		{"/A/b.HTML", "/A/b.HTML", "/A/b.HTML", "/a/b.html"},
		{"/v1.2/B", "/v1.2/B", "/v1.2/B/", "/v1.2/b"},
		{"/\xC3\x84/%C3", "/\xC3\x84/%C3", "/\xC3\x84/%C3/", "/\xC3\x84/%c3"},
	};
	Arena arena;
	arena_init(&arena, 1U << 20U);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		Slice path = slice_from(cases[i].path);
		const PathPolicy keep = {TRAILING_SLASH_KEEP, PATH_CASE_KEEP};
		const PathPolicy remove = {TRAILING_SLASH_REMOVE, PATH_CASE_KEEP};
		const PathPolicy add = {TRAILING_SLASH_ADD, PATH_CASE_KEEP};
		const PathPolicy lower = {TRAILING_SLASH_KEEP, PATH_CASE_LOWER};
		assert_ptr_equal(path_by_policy(&keep, path, &arena).data, path.data);
		assert_true(slice_equal_text(path_by_policy(&remove, path, &arena), cases[i].removed));
		assert_true(slice_equal_text(path_by_policy(&add, path, &arena), cases[i].added));
		assert_true(slice_equal_text(path_by_policy(&lower, path, &arena), cases[i].lower));
	}
	const PathPolicy both = {TRAILING_SLASH_REMOVE, PATH_CASE_LOWER};
	assert_true(slice_equal_text(path_by_policy(&both, SLICE_LITERAL("/Shop/"), &arena), "/shop"));
	assert_null(path_by_policy(&both, SLICE_NONE, &arena).data);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(paths_end_as_the_setting_says)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
