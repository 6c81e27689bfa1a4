#include "base/uuid.h"

#include "base/random.h"
#include "harness/random_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int64_t random_time_ms(RandomCase *random)
{
	return (int64_t) (random_case_next(random) % ((uint64_t) UUID_TIME_MS_MAX + 1));
}

static Uuid random_uuid(RandomCase *random)
{
	Hash128 hash;
	uint64_t halves[2] = {random_case_next(random), random_case_next(random)};
	memcpy(hash.bytes, halves, sizeof hash.bytes);
	return uuid7_from_hash(random_time_ms(random), hash);
}

static void test_text_and_time_are_read_back(void **state)
{
	(void) state;
	RandomCase random = random_case_begin("uuid");
	for (size_t i = random_case_count(100000); i > 0; i--)
	{
		int64_t time_ms = random_time_ms(&random);
		Uuid uuid =
			random_case_below(&random, 2) == 0 ? uuid7_make(time_ms) : uuid7_with_time(random_uuid(&random), time_ms);
		Uuid read;
		char text[UUID_TEXT_SIZE];
		assert_true(uuid_is_7(uuid));
		assert_true(uuid7_time_ms(uuid) == time_ms);
		uuid_format(uuid, text);
		assert_int_equal(strlen(text), UUID_TEXT_SIZE - 1);
		assert_true(uuid_parse(slice_from(text), &read));
		assert_int_equal(uuid_compare(uuid, read), 0);
	}
}

static void test_order_of_bytes_and_text_is_order_of_time(void **state)
{
	(void) state;
	RandomCase random = random_case_begin("uuid order");
	for (size_t i = random_case_count(100000); i > 0; i--)
	{
		Uuid left = random_uuid(&random);
		Uuid right = random_uuid(&random);
		char left_text[UUID_TEXT_SIZE];
		char right_text[UUID_TEXT_SIZE];
		uuid_format(left, left_text);
		uuid_format(right, right_text);
		bool is_before = uuid7_time_ms(left) < uuid7_time_ms(right);
		assert_int_equal(uuid_compare(left, right) < 0, is_before);
		assert_int_equal(strcmp(left_text, right_text) < 0, is_before);
	}
}

static void test_moving_the_time_there_and_back_changes_nothing(void **state)
{
	(void) state;
	RandomCase random = random_case_begin("uuid moved");
	for (size_t i = random_case_count(100000); i > 0; i--)
	{
		Uuid uuid = random_uuid(&random);
		Uuid moved = uuid7_with_time(uuid, random_time_ms(&random));
		assert_true(uuid_is_7(moved));
		assert_int_equal(uuid_compare(uuid7_with_time(moved, uuid7_time_ms(uuid)), uuid), 0);
	}
}

static int start(void **state)
{
	(void) state;
	Error error;
	return random_init(&error) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_and_time_are_read_back),
		cmocka_unit_test(test_order_of_bytes_and_text_is_order_of_time),
		cmocka_unit_test(test_moving_the_time_there_and_back_changes_nothing),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
