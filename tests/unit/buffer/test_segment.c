#include "buffer/segment.h"

#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define OFFSET 4096U

static SegmentHeader example(char bytes[SEGMENT_HEADER_SIZE])
{
	SegmentHeader header = {
		.stream = {"0123456789abcde"},
		.number = 42,
		.created_ms = 1769900000123,
		.previous_number = 40,
		.previous_end = 123456,
	};
	segment_header_encode(&header, bytes);
	return header;
}

static void test_a_header_is_read_back(void **state)
{
	(void) state;
	char bytes[SEGMENT_HEADER_SIZE];
	SegmentHeader header = example(bytes);
	SegmentHeader read = {0};
	Error error;
	assert_memory_equal(bytes, "SOJOURN\n\1\0\0\0\120\0\0\0", 16);
	assert_true(segment_header_decode(bytes, &read, &error));
	assert_memory_equal(&read, &header, sizeof read);
}

static void test_a_header_with_any_other_bit_is_refused(void **state)
{
	(void) state;
	char bytes[SEGMENT_HEADER_SIZE];
	(void) example(bytes);
	for (size_t bit = 0; bit < sizeof bytes * 8; bit++)
	{
		SegmentHeader read;
		Error error;
		char mask = (char) (1U << bit % 8);
		bytes[bit / 8] ^= mask;
		assert_false(segment_header_decode(bytes, &read, &error));
		assert_int_equal(error.code, ERROR_CORRUPT);
		bytes[bit / 8] ^= mask;
	}
}

static void test_a_header_of_a_later_version_is_told_from_damage(void **state)
{
	(void) state;
	char bytes[SEGMENT_HEADER_SIZE];
	SegmentHeader read;
	Error error;
	(void) example(bytes);
	bytes[8] = 2;
	uint64_t checksum = hash_checksum((Slice){bytes, SEGMENT_HEADER_SIZE - sizeof checksum}, 0);
	memcpy(bytes + SEGMENT_HEADER_SIZE - sizeof checksum, &checksum, sizeof checksum);
	assert_false(segment_header_decode(bytes, &read, &error));
	assert_int_equal(error.code, ERROR_BAD_INPUT);
	assert_non_null(strstr(error.message, "version 2"));
}

static void test_frames_of_every_size_are_read_back(void **state)
{
	(void) state;
	static char payload[SEGMENT_PAYLOAD_SIZE_MAX];
	static char bytes[SEGMENT_FRAME_SIZE_MAX + SEGMENT_ALIGNMENT];
	char header_bytes[SEGMENT_HEADER_SIZE];
	SegmentHeader header = example(header_bytes);
	for (size_t i = 0; i < sizeof payload; i++)
		payload[i] = (char) (i * 7 + i / 251);
	for (size_t size = 1; size <= sizeof payload; size = size < 300 ? size + 1 : size * 2 - 1)
	{
		SegmentFrame frame;
		size_t frame_size = segment_frame_size(size);
		assert_int_equal(frame_size % SEGMENT_ALIGNMENT, 0);
		segment_frame_encode(&header, OFFSET, OFFSET - 8, (Slice){payload, size}, bytes);
		assert_int_equal(segment_frame_decode(&header, OFFSET, (Slice){bytes, sizeof bytes}, &frame),
			SEGMENT_FRAME_VALID);
		assert_int_equal(frame.size, frame_size);
		assert_int_equal(frame.synced, OFFSET - 8);
		assert_int_equal(frame.payload.size, size);
		assert_memory_equal(frame.payload.data, payload, size);
	}
}

static void test_a_frame_that_is_not_all_there_says_how_much_it_needs(void **state)
{
	(void) state;
	char bytes[128];
	char header_bytes[SEGMENT_HEADER_SIZE];
	SegmentHeader header = example(header_bytes);
	SegmentFrame frame;
	segment_frame_encode(&header, OFFSET, OFFSET, SLICE_LITERAL("a payload of 27 bytes, odd."), bytes);
	for (size_t size = 0; size < 56; size++)
	{
		assert_int_equal(segment_frame_decode(&header, OFFSET, (Slice){bytes, size}, &frame), SEGMENT_FRAME_CUT);
		assert_int_equal(frame.size, size < SEGMENT_FRAME_HEADER_SIZE ? SEGMENT_FRAME_HEADER_SIZE : 56);
	}
	assert_int_equal(segment_frame_decode(&header, OFFSET, (Slice){bytes, 56}, &frame), SEGMENT_FRAME_VALID);
}

static void test_a_frame_with_any_other_bit_is_not_valid(void **state)
{
	(void) state;
	char bytes[56];
	char header_bytes[SEGMENT_HEADER_SIZE];
	SegmentHeader header = example(header_bytes);
	SegmentFrame frame;
	segment_frame_encode(&header, OFFSET, OFFSET, SLICE_LITERAL("a payload of 27 bytes, odd."), bytes);
	for (size_t bit = 0; bit < sizeof bytes * 8; bit++)
	{
		char mask = (char) (1U << bit % 8);
		bytes[bit / 8] ^= mask;
		assert_int_not_equal(segment_frame_decode(&header, OFFSET, (Slice){bytes, sizeof bytes}, &frame),
			SEGMENT_FRAME_VALID);
		bytes[bit / 8] ^= mask;
	}
}

static void test_a_frame_of_another_place_or_segment_is_not_valid(void **state)
{
	(void) state;
	char bytes[56];
	char header_bytes[SEGMENT_HEADER_SIZE];
	SegmentHeader header = example(header_bytes);
	SegmentHeader other = header;
	SegmentFrame frame;
	Slice whole = {bytes, sizeof bytes};
	segment_frame_encode(&header, OFFSET, OFFSET, SLICE_LITERAL("a payload of 27 bytes, odd."), bytes);
	assert_int_equal(segment_frame_decode(&header, OFFSET, whole, &frame), SEGMENT_FRAME_VALID);
	assert_int_equal(segment_frame_decode(&header, OFFSET + 8, whole, &frame), SEGMENT_FRAME_INVALID);
	other.number++;
	segment_header_encode(&other, header_bytes);
	assert_int_equal(segment_frame_decode(&other, OFFSET, whole, &frame), SEGMENT_FRAME_INVALID);
}

static void test_empty_space_is_not_a_frame(void **state)
{
	(void) state;
	char bytes[64] = {0};
	char header_bytes[SEGMENT_HEADER_SIZE];
	SegmentHeader header = example(header_bytes);
	SegmentFrame frame;
	assert_int_equal(segment_frame_decode(&header, OFFSET, (Slice){bytes, sizeof bytes}, &frame),
		SEGMENT_FRAME_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_header_is_read_back),
		cmocka_unit_test(test_a_header_with_any_other_bit_is_refused),
		cmocka_unit_test(test_a_header_of_a_later_version_is_told_from_damage),
		cmocka_unit_test(test_frames_of_every_size_are_read_back),
		cmocka_unit_test(test_a_frame_that_is_not_all_there_says_how_much_it_needs),
		cmocka_unit_test(test_a_frame_with_any_other_bit_is_not_valid),
		cmocka_unit_test(test_a_frame_of_another_place_or_segment_is_not_valid),
		cmocka_unit_test(test_empty_space_is_not_a_frame),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
