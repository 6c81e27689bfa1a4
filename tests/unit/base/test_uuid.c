#include "base/uuid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SAMPLE "017f22e2-79b0-7cc3-98c4-dc0c0c07398f" // RFC 9562, appendix A.6

static Uuid read_uuid(const char *text)
{
	Uuid uuid = {{0}};
	assert_true(uuid_parse(slice_from(text), &uuid));
	return uuid;
}

static void test_the_sample_of_the_rfc(void **state)
{
	(void) state;
	char text[UUID_TEXT_SIZE];
	Uuid uuid = read_uuid(SAMPLE);
	assert_true(uuid_is_7(uuid));
	assert_true(uuid7_time_ms(uuid) == 0x017F22E279B0);
	uuid_format(uuid, text);
	assert_string_equal(text, SAMPLE);
	assert_int_equal(uuid_compare(uuid, read_uuid("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")), 0);
}

static void test_what_is_no_uuid_is_refused(void **state)
{
	(void) state;
	static const char *const texts[] = {"", "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398ff", "017f22e279b07cc398c4dc0c0c07398f",
		"{17f22e2-79b0-7cc3-98c4-dc0c0c07398}", "017f22e2+79b0-7cc3-98c4-dc0c0c07398f",
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "017f22e27-9b0-7cc3-98c4-dc0c0c07398f",
		"017f22e2-79b0-7cc3-98c4-dc0c0c0739 f"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
	{
		Uuid uuid;
		if (uuid_parse(slice_from(texts[i]), &uuid))
			fail_msg("taken: %s", texts[i]);
	}
}

static void test_versions_are_told_apart(void **state)
{
	(void) state;
	assert_false(uuid_is_7(read_uuid("919108f7-52d1-4320-9bac-f847db4148a8")));
	assert_false(uuid_is_7(read_uuid("017f22e2-79b0-7cc3-18c4-dc0c0c07398f")));
	assert_true(uuid_is_nil(read_uuid("00000000-0000-0000-0000-000000000000")));
	assert_false(uuid_is_nil(read_uuid(SAMPLE)));
}

static void test_a_new_time_keeps_the_other_bits(void **state)
{
	(void) state;
	char text[UUID_TEXT_SIZE];
	uuid_format(uuid7_with_time(read_uuid(SAMPLE), 0x0123456789AB), text);
	assert_string_equal(text, "01234567-89ab-7cc3-98c4-dc0c0c07398f");
}

static void test_a_hash_fills_what_the_time_leaves(void **state)
{
	(void) state;
	char text[UUID_TEXT_SIZE];
	Hash128 hash;
	memset(hash.bytes, 0xFF, sizeof hash.bytes);
	uuid_format(uuid7_from_hash(0, hash), text);
	assert_string_equal(text, "00000000-0000-7fff-bfff-ffffffffffff");
	memset(hash.bytes, 0, sizeof hash.bytes);
	uuid_format(uuid7_from_hash(1, hash), text);
	assert_string_equal(text, "00000000-0001-7000-8000-000000000000");
}

static void test_times_out_of_range_are_moved_into_it(void **state)
{
	(void) state;
	assert_true(uuid7_time_ms(uuid7_make(-1)) == 0);
	assert_true(uuid7_time_ms(uuid7_make(INT64_MAX)) == UUID_TIME_MS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_sample_of_the_rfc),
		cmocka_unit_test(test_what_is_no_uuid_is_refused),
		cmocka_unit_test(test_versions_are_told_apart),
		cmocka_unit_test(test_a_new_time_keeps_the_other_bits),
		cmocka_unit_test(test_a_hash_fills_what_the_time_leaves),
		cmocka_unit_test(test_times_out_of_range_are_moved_into_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
