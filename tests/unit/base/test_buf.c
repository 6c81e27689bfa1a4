#include "base/buf.h"

#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_appends_stand_one_behind_the_other(void **state)
{
	(void) state;
	Buf buf;
	buf_init(&buf, 1U << 20U);
	assert_int_equal(buf_slice(&buf).size, 0);
	buf_append_text(&buf, "a");
	buf_append_slice(&buf, SLICE_LITERAL("bc"));
	buf_append_slice(&buf, SLICE_NONE);
	buf_append_byte(&buf, 'd');
	buf_append_format(&buf, "%03d", 7);
	assert_true(slice_equal_text(buf_slice(&buf), "abcd007"));
	buf_free(&buf);
}

static void test_it_grows_without_losing_anything(void **state)
{
	(void) state;
	Buf buf;
	buf_init(&buf, 1U << 20U);
	for (unsigned i = 0; i < 100000; i++)
		buf_append_byte(&buf, (char) (i % 251));
	assert_true(buf_is_ok(&buf));
	for (unsigned i = 0; i < 100000; i++)
		assert_int_equal((unsigned char) buf.data[i], i % 251);
	buf_free(&buf);
}

static void test_past_the_maximum_it_fails_once_for_all(void **state)
{
	(void) state;
	Buf buf;
	buf_init(&buf, 1000);
	for (unsigned i = 0; i < 1000; i++)
		buf_append_byte(&buf, 'x');
	assert_true(buf_is_ok(&buf));
	assert_int_equal(buf.size, 1000);
	buf_append_byte(&buf, 'y');
	assert_false(buf_is_ok(&buf));
	buf_append(&buf, "", 0);
	assert_int_equal(buf.size, 1000);
	assert_null(buf_reserve(&buf, 0));
	buf_reset(&buf);
	assert_true(buf_is_ok(&buf));
	buf_append_text(&buf, "again");
	assert_true(slice_equal_text(buf_slice(&buf), "again"));
	assert_null(buf_reserve(&buf, SIZE_MAX));
	buf_free(&buf);
}

static void test_no_memory_fails_it(void **state)
{
	(void) state;
	Buf buf;
	buf_init(&buf, 1000);
	memory_fail_at(1);
	buf_append_text(&buf, "x");
	assert_false(buf_is_ok(&buf));
	memory_fail_at(0);
	buf_reset(&buf);
	buf_append_text(&buf, "x");
	assert_true(buf_is_ok(&buf));
	buf_free(&buf);
}

static void test_numbers_are_big_endian(void **state)
{
	(void) state;
	Buf buf;
	buf_init(&buf, 1000);
	buf_append_be16(&buf, 0x0102);
	buf_append_be32(&buf, 0x03040506);
	buf_append_be64(&buf, 0x0708090A0B0C0D0E);
	assert_memory_equal(buf.data, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E", 14);
	buf_free(&buf);
}

static void test_varints_hold_every_size(void **state)
{
	(void) state;
	Buf buf;
	buf_init(&buf, 1000);
	for (unsigned shift = 0; shift < 64; shift++)
	{
		uint64_t value = ((uint64_t) 1 << shift) + (shift == 63 ? UINT64_MAX / 2 : 0);
		buf_reset(&buf);
		buf_append_varint(&buf, value);
		uint64_t read = 0;
		for (size_t i = 0; i < buf.size; i++)
		{
			read |= (uint64_t) ((unsigned char) buf.data[i] & 0x7FU) << (7 * i);
			assert_int_equal((unsigned char) buf.data[i] >> 7U, i + 1 < buf.size);
		}
		assert_true(read == value);
	}
	buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_appends_stand_one_behind_the_other),
		cmocka_unit_test(test_it_grows_without_losing_anything),
		cmocka_unit_test(test_past_the_maximum_it_fails_once_for_all),
		cmocka_unit_test(test_no_memory_fails_it),
		cmocka_unit_test(test_numbers_are_big_endian),
		cmocka_unit_test(test_varints_hold_every_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
