#include "tests/harness/folder.h"

#include "base/file.h"
#include "base/random.h"
#include "intake/keys.h"
#include "intake/keys_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW_MS INT64_C(1763862000000)

typedef struct Fixture {
	char folder[TEST_FOLDER_SIZE];
	char path[TEST_FOLDER_SIZE + 32];
	Error error;
} Fixture;

static int set_up(void **state)
{
	static Fixture fixture;
	test_folder_make(fixture.folder);
	(void) snprintf(fixture.path, sizeof fixture.path, "%s/keys/write_keys.json", fixture.folder);
	*state = &fixture;
	return random_init(&fixture.error) ? 0 : -1;
}

static int tear_down(void **state)
{
	Fixture *fixture = *state;
	test_folder_remove(fixture->folder);
	return 0;
}

static void add(Fixture *fixture, const char *name, KeyKind kind, const char *origin, char text[KEY_TEXT_SIZE])
{
	Slice origins[] = {slice_from(origin)};
	WriteKey draft = {.name = slice_from(name),
		.kind = kind,
		.origins = origins,
		.origin_count = origin == NULL ? 0 : 1,
		.is_old_allowed = kind == KEY_SERVER};
	if (!keys_file_add(fixture->path, &draft, NOW_MS, text, &fixture->error))
		fail_msg("%s", fixture->error.message);
}

static void test_keys_are_found_by_what_was_given_out(void **state)
{
	Fixture *fixture = *state;
	char browser[KEY_TEXT_SIZE];
	char server[KEY_TEXT_SIZE];
	add(fixture, "shop", KEY_BROWSER, "https://*.shop.example", browser);
	add(fixture, "backend \"1\"", KEY_SERVER, NULL, server);
	Keys *keys = NULL;
	assert_true(keys_open(fixture->path, &keys, &fixture->error));
	assert_int_equal(keys_count(keys), 2);
	const WriteKey *found = keys_find(keys, slice_from(browser));
	assert_non_null(found);
	assert_true(slice_equal_text(found->name, "shop"));
	assert_int_equal(found->kind, KEY_BROWSER);
	assert_int_equal(found->created_ms, NOW_MS);
	assert_true(key_allows_origin(found, slice_from("https://www.shop.example")));
	assert_false(key_allows_origin(found, slice_from("https://other.example")));
	assert_true(keys_allow_origin(keys, slice_from("https://www.shop.example")));
	assert_false(keys_allow_origin(keys, slice_from("https://other.example")));
	found = keys_find(keys, slice_from(server));
	assert_non_null(found);
	assert_true(slice_equal_text(found->name, "backend \"1\""));
	assert_int_equal(found->kind, KEY_SERVER);
	assert_true(found->is_old_allowed);
	server[10] = server[10] == 'x' ? 'y' : 'x';
	assert_null(keys_find(keys, slice_from(server)));
	assert_null(keys_find(keys, SLICE_LITERAL("")));
	assert_null(keys_find(keys, SLICE_NONE));
	keys_close(keys);
}

static void test_a_servers_secret_is_not_in_the_file(void **state)
{
	Fixture *fixture = *state;
	char server[KEY_TEXT_SIZE];
	add(fixture, "backend", KEY_SERVER, NULL, server);
	Arena arena;
	arena_init(&arena, 1U << 20U);
	Slice content = SLICE_NONE;
	assert_true(file_read(fixture->path, 1U << 20U, &arena, &content, &fixture->error));
	assert_null(strstr(content.data, server));
	arena_free(&arena);
	struct stat status;
	assert_int_equal(stat(fixture->path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void test_a_changed_file_is_noticed_and_a_broken_one_changes_nothing(void **state)
{
	Fixture *fixture = *state;
	char first[KEY_TEXT_SIZE];
	char second[KEY_TEXT_SIZE];
	Keys *keys = NULL;
	assert_true(keys_open(fixture->path, &keys, &fixture->error)); // there is no file yet
	assert_int_equal(keys_count(keys), 0);
	keys_refresh(keys, NOW_MS);
	add(fixture, "one", KEY_BROWSER, "*", first);
	keys_refresh(keys, NOW_MS + 999); // too early to look
	assert_int_equal(keys_count(keys), 0);
	keys_refresh(keys, NOW_MS + 1000);
	assert_int_equal(keys_count(keys), 1);
	assert_non_null(keys_find(keys, slice_from(first)));
	add(fixture, "two", KEY_BROWSER, "*", second);
	assert_true(keys_file_revoke(fixture->path, SLICE_LITERAL("one"), &fixture->error));
	keys_refresh(keys, NOW_MS + 2000);
	assert_null(keys_find(keys, slice_from(first)));
	assert_non_null(keys_find(keys, slice_from(second)));
	assert_true(file_replace(fixture->path, SLICE_LITERAL("{\"keys\":"), 0600, &fixture->error));
	keys_refresh(keys, NOW_MS + 3000);
	assert_non_null(keys_find(keys, slice_from(second)));
	keys_close(keys);
}

static void test_a_key_made_a_moment_ago_is_found(void **state)
{
	Fixture *fixture = *state;
	char text[KEY_TEXT_SIZE];
	Keys *keys = NULL;
	assert_true(keys_open(fixture->path, &keys, &fixture->error));
	keys_refresh(keys, NOW_MS);
	add(fixture, "one", KEY_SERVER, NULL, text);
	assert_non_null(keys_find(keys, slice_from(text)));
	keys_close(keys);
}

static void test_names_are_taken_once_and_revoked_once(void **state)
{
	Fixture *fixture = *state;
	char text[KEY_TEXT_SIZE];
	add(fixture, "one", KEY_BROWSER, "*", text);
	WriteKey draft = {.name = SLICE_LITERAL("one"), .kind = KEY_SERVER};
	assert_false(keys_file_add(fixture->path, &draft, NOW_MS, text, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_BAD_INPUT);
	assert_true(keys_file_revoke(fixture->path, SLICE_LITERAL("one"), &fixture->error));
	assert_false(keys_file_revoke(fixture->path, SLICE_LITERAL("one"), &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_NOT_FOUND);
}

static void test_bad_names_and_origins_are_refused(void **state)
{
	Fixture *fixture = *state;
	char text[KEY_TEXT_SIZE];
	char long_name[KEY_NAME_SIZE_MAX + 2];
	memset(long_name, 'a', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	const char *const names[] = {"", "a\nb", long_name};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
	{
		WriteKey draft = {.name = slice_from(names[i]), .kind = KEY_SERVER};
		assert_false(keys_file_add(fixture->path, &draft, NOW_MS, text, &fixture->error));
		assert_int_equal(fixture->error.code, ERROR_BAD_INPUT);
	}
	Slice origins[] = {SLICE_LITERAL("shop.example")};
	WriteKey draft = {.name = SLICE_LITERAL("a"), .kind = KEY_BROWSER, .origins = origins, .origin_count = 1};
	assert_false(keys_file_add(fixture->path, &draft, NOW_MS, text, &fixture->error));
	assert_non_null(strstr(fixture->error.message, "shop.example"));
}

static void test_a_file_with_mistakes_is_refused_with_a_sentence(void **state)
{
	Fixture *fixture = *state;
	static const char *const rows[] = {"", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[1]}",
		"{\"keys\":[{\"name\":\"a\",\"kind\":\"browser\"}]}",
		"{\"keys\":[{\"name\":\"a\",\"kind\":\"server\",\"sha256\":\"abc\"}]}",
		"{\"keys\":[{\"name\":\"a\",\"kind\":\"other\",\"key\":\"b\",\"sha256\":\"c\"}]}",
		"{\"keys\":[{\"name\":\"a\",\"kind\":\"browser\",\"key\":\"b\",\"origins\":[\"nonsense\"]}]}"};
	char folder[TEST_FOLDER_SIZE + 8];
	(void) snprintf(folder, sizeof folder, "%s/keys", fixture->folder);
	assert_true(file_make_directory(folder, 0700, &fixture->error));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		assert_true(file_replace(fixture->path, slice_from(rows[i]), 0600, &fixture->error));
		Keys *keys = NULL;
		if (keys_open(fixture->path, &keys, &fixture->error))
			fail_msg("%s is taken", rows[i]);
		assert_int_equal(fixture->error.code, ERROR_CORRUPT);
		assert_non_null(strstr(fixture->error.message, "write_keys.json"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_keys_are_found_by_what_was_given_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_servers_secret_is_not_in_the_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_changed_file_is_noticed_and_a_broken_one_changes_nothing, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(test_a_key_made_a_moment_ago_is_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_names_are_taken_once_and_revoked_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bad_names_and_origins_are_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_file_with_mistakes_is_refused_with_a_sentence, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("intake/keys", tests, NULL, NULL);
}
