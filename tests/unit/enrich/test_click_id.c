#include "enrich/click_id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static Arena arena;

static Query parsed(const char *text)
{
	static const Slice none[1];
	static Deny deny;
	Query query;
	Error error;
	arena_reset(&arena);
	assert_true(deny_open(none, 0, &arena, &deny, &error));
	assert_true(query_parse(slice_from(text), &deny, NULL, &arena, &query, &error));
	return query;
}

static void the_first_click_id_of_the_table_counts(void **state)
{
	(void) state;
	Slice type = SLICE_NONE;
	Slice id = SLICE_NONE;
	Query query = parsed("fbclid=F&GCLID=G&gclid=");
	assert_true(click_id_of(&query, &type, &id));
	assert_true(slice_equal_text(type, "gclid") && slice_equal_text(id, "G"));
	query = parsed("ScCid=S");
	assert_true(click_id_of(&query, &type, &id));
	assert_true(slice_equal_text(type, "sccid") && slice_equal_text(id, "S"));
	query = parsed("clid=1&gclid=");
	assert_false(click_id_of(&query, &type, &id));
	query = parsed("");
	assert_false(click_id_of(&query, &type, &id));
}

static void a_click_id_tells_of_its_source(void **state)
{
	(void) state;
	assert_string_equal(click_id_find(SLICE_LITERAL("msclkid"))->source, "bing");
	assert_string_equal(click_id_find(SLICE_LITERAL("FBCLID"))->source, "facebook");
	assert_string_equal(click_id_find(SLICE_LITERAL("dclid"))->medium, "display");
	assert_null(click_id_find(SLICE_LITERAL("clid")));
	assert_null(click_id_find(SLICE_NONE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_click_id_of_the_table_counts),
		cmocka_unit_test(a_click_id_tells_of_its_source),
	};
	arena_init(&arena, 1U << 20U);
	int status = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return status;
}
