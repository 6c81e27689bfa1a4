#include "base/seal.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXT SLICE_LITERAL("0123456789abcdef")
#define SEALED_SIZE (16 + SEAL_OVERHEAD)

static SealKey key_of_byte(unsigned char byte)
{
	HashKey secret;
	memset(secret.bytes, byte, sizeof secret.bytes);
	return seal_key(&secret);
}

static Slice slice_of(const unsigned char sealed[SEALED_SIZE])
{
	return (Slice){(const char *) sealed, SEALED_SIZE};
}

static void test_what_was_closed_opens_with_key_and_header(void **state)
{
	(void) state;
	SealKey key = key_of_byte(1);
	SealKey other = key_of_byte(2);
	unsigned char sealed[SEALED_SIZE];
	unsigned char text[16];
	seal_close(&key, SLICE_LITERAL("header"), TEXT, sealed);
	assert_true(seal_open(&key, SLICE_LITERAL("header"), slice_of(sealed), text));
	assert_memory_equal(text, TEXT.data, sizeof text);
	assert_false(seal_open(&key, SLICE_LITERAL("Header"), slice_of(sealed), text));
	assert_false(seal_open(&key, SLICE_NONE, slice_of(sealed), text));
	assert_false(seal_open(&other, SLICE_LITERAL("header"), slice_of(sealed), text));
}

static void test_no_bit_can_be_changed_and_no_byte_left_out(void **state)
{
	(void) state;
	SealKey key = key_of_byte(1);
	unsigned char sealed[SEALED_SIZE];
	unsigned char text[16];
	seal_close(&key, SLICE_NONE, TEXT, sealed);
	for (size_t bit = 0; bit < SEALED_SIZE * 8; bit++)
	{
		sealed[bit / 8] ^= (unsigned char) (1U << bit % 8);
		assert_false(seal_open(&key, SLICE_NONE, slice_of(sealed), text));
		sealed[bit / 8] ^= (unsigned char) (1U << bit % 8);
	}
	for (size_t size = 0; size < SEALED_SIZE; size++)
		assert_false(seal_open(&key, SLICE_NONE, slice_sub(slice_of(sealed), 0, size), text));
}

static void test_equal_seals_tell_that_all_is_equal(void **state)
{
	(void) state;
	SealKey keys[] = {key_of_byte(1), key_of_byte(2)};
	const Slice headers[] = {SLICE_NONE, SLICE_LITERAL("a"), SLICE_LITERAL("a0")};
	const Slice texts[] = {TEXT, SLICE_LITERAL("0123456789abcdeF")};
	unsigned char sealed[12][SEALED_SIZE];
	for (size_t i = 0; i < 12; i++)
	{
		unsigned char again[SEALED_SIZE];
		seal_close(&keys[i % 2], headers[i / 2 % 3], texts[i / 6], sealed[i]);
		seal_close(&keys[i % 2], headers[i / 2 % 3], texts[i / 6], again);
		assert_memory_equal(sealed[i], again, SEALED_SIZE);
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(sealed[i], sealed[j], 24); // the nonce already
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
		cmocka_unit_test(test_what_was_closed_opens_with_key_and_header),
		cmocka_unit_test(test_no_bit_can_be_changed_and_no_byte_left_out),
		cmocka_unit_test(test_equal_seals_tell_that_all_is_equal),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
