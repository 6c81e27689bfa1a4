#include "base/hash.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_checksums_depend_on_text_and_seed(void **state)
{
	(void) state;
	// The test vector of XXH3 for an empty text and no seed.
	assert_true(hash_checksum(SLICE_NONE, 0) == 0x2D06800538D394C2);
	assert_true(hash_checksum(SLICE_LITERAL("abc"), 0) == hash_checksum(SLICE_LITERAL("abc"), 0));
	assert_true(hash_checksum(SLICE_LITERAL("abc"), 0) != hash_checksum(SLICE_LITERAL("abc"), 1));
	assert_true(hash_checksum(SLICE_LITERAL("abc"), 0) != hash_checksum(SLICE_LITERAL("abd"), 0));
}

static void test_128_bits_are_in_canonical_order(void **state)
{
	(void) state;
	static const unsigned char expected[16] = {0x99, 0xAA, 0x06, 0xD3, 0x01, 0x47, 0x98, 0xD8, 0x60, 0x01, 0xC3, 0x24,
		0x46, 0x8D, 0x49, 0x7F};
	assert_memory_equal(hash_128(SLICE_NONE).bytes, expected, sizeof expected);
}

static void test_keyed_hashes_differ_by_key_and_domain(void **state)
{
	(void) state;
	HashKey key = {{1}};
	HashKey other_key = {{2}};
	Slice data = SLICE_LITERAL("data");
	Hash128 hash = hash_keyed(&key, "ip", data);
	Hash128 same = hash_keyed(&key, "ip", data);
	Hash128 other_domain = hash_keyed(&key, "person", data);
	Hash128 by_other_key = hash_keyed(&other_key, "ip", data);
	// The NUL between domain and data keeps these apart.
	Hash128 shifted = hash_keyed(&key, "ipd", SLICE_LITERAL("ata"));
	assert_memory_equal(hash.bytes, same.bytes, sizeof hash.bytes);
	assert_memory_not_equal(hash.bytes, other_domain.bytes, sizeof hash.bytes);
	assert_memory_not_equal(hash.bytes, by_other_key.bytes, sizeof hash.bytes);
	assert_memory_not_equal(hash.bytes, shifted.bytes, sizeof hash.bytes);
}

static void test_sha256_and_hmac_give_the_published_values(void **state)
{
	(void) state;
	char hex[HASH_HEX_SIZE];
	hash_sha256_hex(SLICE_LITERAL("abc"), hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	hash_sha256_hex(SLICE_NONE, hex);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	// RFC 4231, test case 2.
	hash_hmac_sha256_hex(SLICE_LITERAL("Jefe"), SLICE_LITERAL("what do ya want for nothing?"), hex);
	assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void test_constant_time_comparison(void **state)
{
	(void) state;
	assert_true(hash_equal_constant_time(SLICE_LITERAL("abc"), SLICE_LITERAL("abc")));
	assert_false(hash_equal_constant_time(SLICE_LITERAL("abc"), SLICE_LITERAL("abd")));
	assert_false(hash_equal_constant_time(SLICE_LITERAL("abc"), SLICE_LITERAL("ab")));
	assert_true(hash_equal_constant_time(SLICE_NONE, SLICE_LITERAL("")));
}

static void test_tokens_are_url_safe_and_different(void **state)
{
	(void) state;
	char text[4 * ((100 + 2) / 3) + 1];
	char other[sizeof text];
	for (size_t size = 0; size <= 100; size++)
	{
		memset(text, '#', sizeof text);
		random_token(size, text);
		assert_int_equal(strlen(text), (size * 8 + 5) / 6);
		assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
			strlen(text));
		random_token(size, other);
		assert_true(size < 8 || strcmp(text, other) != 0);
	}
	assert_true(random_uint64() != random_uint64());
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
		cmocka_unit_test(test_checksums_depend_on_text_and_seed),
		cmocka_unit_test(test_128_bits_are_in_canonical_order),
		cmocka_unit_test(test_keyed_hashes_differ_by_key_and_domain),
		cmocka_unit_test(test_sha256_and_hmac_give_the_published_values),
		cmocka_unit_test(test_constant_time_comparison),
		cmocka_unit_test(test_tokens_are_url_safe_and_different),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
