#include "base/hash.h"
#include "base/log.h"
#include "base/random.h"
#include "buffer/segment.h"
#include "harness/buffer_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FRAME_BYTES 1000U // three in a segment

static void frames_write(BufferFixture *fixture, unsigned from, unsigned to)
{
	fixture_writer_open(fixture);
	for (unsigned i = from; i < to; i++)
		fixture_append_synced(fixture, i, FRAME_BYTES);
}

static void byte_change(BufferFixture *fixture, uint64_t segment, off_t offset)
{
	char path[FIXTURE_PATH_SIZE];
	fixture_segment_path(fixture, segment, path);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	char byte;
	assert_int_equal(pread(fd, &byte, 1, offset), 1);
	byte ^= 1;
	assert_int_equal(pwrite(fd, &byte, 1, offset), 1);
	(void) close(fd);
}

static void test_the_stream_has_one_name_for_ever(void **state)
{
	BufferFixture *fixture = *state;
	assert_false(
		buffer_reader_open(fixture->folder, &fixture->options, (BufferPosition){0}, &fixture->reader, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_NOT_FOUND);
	fixture_writer_open(fixture);
	fixture_reader_open(fixture, (BufferPosition){0});
	Uuid stream = buffer_reader_stream(fixture->reader);
	assert_true(uuid_is_7(stream));
	fixture_reads_nothing(fixture);
	fixture_writer_open(fixture);
	fixture_reader_open(fixture, (BufferPosition){0});
	assert_int_equal(uuid_compare(stream, buffer_reader_stream(fixture->reader)), 0);
}

static void test_segments_without_a_name_are_refused(void **state)
{
	BufferFixture *fixture = *state;
	char path[FIXTURE_PATH_SIZE];
	frames_write(fixture, 0, 1);
	buffer_writer_close(fixture->writer);
	fixture->writer = NULL;
	(void) snprintf(path, sizeof path, "%s/stream", fixture->folder);
	assert_int_equal(unlink(path), 0);
	assert_false(buffer_writer_open(fixture->folder, &fixture->options, &fixture->writer, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_CORRUPT);
	fixture_file_write(fixture, "stream", "no uuid\n", 8);
	assert_false(buffer_writer_open(fixture->folder, &fixture->options, &fixture->writer, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_CORRUPT);
}

static void test_reading_goes_on_from_any_position_that_was_given_out(void **state)
{
	BufferFixture *fixture = *state;
	BufferPosition positions[20];
	frames_write(fixture, 0, 20);
	fixture_reader_open(fixture, (BufferPosition){0});
	for (unsigned i = 0; i < 20; i++)
	{
		positions[i] = buffer_reader_position(fixture->reader);
		fixture_reads(fixture, i, FRAME_BYTES);
	}
	for (unsigned i = 20; i-- > 0;)
	{
		if (i % 2 == 0)
			fixture_reader_open(fixture, positions[i]);
		else
			assert_true(buffer_reader_seek(fixture->reader, positions[i], &fixture->error));
		fixture_reads(fixture, i, FRAME_BYTES);
	}
	assert_false(buffer_reader_seek(fixture->reader, (BufferPosition){1, 81}, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_BAD_INPUT);
	assert_false(buffer_reader_seek(fixture->reader, (BufferPosition){1, UINT64_MAX - 7}, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_BAD_INPUT);
}

static void test_a_position_behind_the_end_of_a_cut_segment_leads_to_the_next(void **state)
{
	BufferFixture *fixture = *state;
	frames_write(fixture, 0, 2);
	fixture_reader_open(fixture, (BufferPosition){1, 1U << 20U});
	fixture_reads_nothing(fixture);
	frames_write(fixture, 2, 3);
	fixture_reads(fixture, 2, FRAME_BYTES);
}

static void test_trimming_deletes_what_is_wholly_loaded(void **state)
{
	BufferFixture *fixture = *state;
	frames_write(fixture, 0, 10);
	fixture_reader_open(fixture, (BufferPosition){0});
	for (unsigned i = 0; i < 7; i++)
		fixture_reads(fixture, i, FRAME_BYTES);
	BufferPosition loaded = buffer_reader_position(fixture->reader);
	assert_int_equal(loaded.segment, 3);
	assert_true(buffer_trim(fixture->folder, &fixture->options, loaded, 3600000, &fixture->error));
	assert_true(fixture_has_segment(fixture, 1)); // too young
	fixture_trim(fixture, loaded);
	assert_false(fixture_has_segment(fixture, 1));
	assert_false(fixture_has_segment(fixture, 2));
	assert_true(fixture_has_segment(fixture, 3));
	// A position before the first segment, or none, begins at the first.
	fixture_reader_open(fixture, (BufferPosition){0});
	fixture_reads(fixture, 6, FRAME_BYTES);
	fixture_reader_open(fixture, (BufferPosition){2, 104});
	fixture_reads(fixture, 6, FRAME_BYTES);
	fixture_reader_open(fixture, loaded);
	fixture_reads(fixture, 7, FRAME_BYTES);
}

static void test_numbers_are_never_used_again(void **state)
{
	BufferFixture *fixture = *state;
	char path[FIXTURE_PATH_SIZE];
	frames_write(fixture, 0, 4);
	fixture_trim(fixture, (BufferPosition){7, 80});
	buffer_writer_close(fixture->writer);
	fixture->writer = NULL;
	for (uint64_t number = 1; number <= 2; number++)
	{
		fixture_segment_path(fixture, number, path);
		(void) unlink(path);
	}
	frames_write(fixture, 4, 5);
	assert_true(fixture_has_segment(fixture, 8));
	fixture_reader_open(fixture, (BufferPosition){7, 80});
	fixture_reads(fixture, 4, FRAME_BYTES);
}

static void test_segments_without_a_header_are_passed_where_nothing_was_in_them(void **state)
{
	BufferFixture *fixture = *state;
	static char zeros[FIXTURE_SEGMENT_BYTES];
	frames_write(fixture, 0, 4);
	fixture_file_write(fixture, "0000000000000003.segment", "", 0);
	fixture_file_write(fixture, "0000000000000004.segment", zeros, sizeof zeros);
	memcpy(zeros, "SOJOURN\n\1\0\0\0\120", 13); // torn
	fixture_file_write(fixture, "0000000000000005.segment", zeros, sizeof zeros);
	fixture_file_write(fixture, "0000000000000006.segment", zeros, 20);
	fixture_file_write(fixture, "garbage.segment", zeros, 20);
	fixture_file_write(fixture, "segment.new", zeros, 20);
	fixture_reader_open(fixture, (BufferPosition){0});
	for (unsigned i = 0; i < 4; i++)
		fixture_reads(fixture, i, FRAME_BYTES);
	fixture_reads_nothing(fixture);
	frames_write(fixture, 4, 5);
	assert_true(fixture_has_segment(fixture, 7));
	fixture_reads(fixture, 4, FRAME_BYTES);
	fixture_reads_nothing(fixture);
}

static void test_a_segment_with_a_damaged_header_is_told_and_skipped(void **state)
{
	BufferFixture *fixture = *state;
	frames_write(fixture, 0, 8);
	buffer_writer_close(fixture->writer);
	fixture->writer = NULL;
	byte_change(fixture, 2, 40);
	byte_change(fixture, 3, 40); // the newest
	frames_write(fixture, 8, 9);
	fixture_reader_open(fixture, (BufferPosition){0});
	for (unsigned i = 0; i < 3; i++)
		fixture_reads(fixture, i, FRAME_BYTES);
	fixture_read_fails(fixture, ERROR_CORRUPT);
	fixture_read_fails(fixture, ERROR_CORRUPT);
	assert_int_equal(fixture_skip(fixture), SEGMENT_HEADER_SIZE + 3 * segment_frame_size(FRAME_BYTES));
	fixture_read_fails(fixture, ERROR_CORRUPT);
	assert_int_equal(fixture_skip(fixture), SEGMENT_HEADER_SIZE + 2 * segment_frame_size(FRAME_BYTES));
	fixture_reads(fixture, 8, FRAME_BYTES);
}

static void test_a_damaged_frame_is_told_and_skipped_alone(void **state)
{
	BufferFixture *fixture = *state;
	frames_write(fixture, 0, 5);
	byte_change(fixture, 1, (off_t) (SEGMENT_HEADER_SIZE + segment_frame_size(FRAME_BYTES) + 500));
	fixture_reader_open(fixture, (BufferPosition){0});
	fixture_reads(fixture, 0, FRAME_BYTES);
	fixture_read_fails(fixture, ERROR_CORRUPT);
	assert_int_equal(fixture_skip(fixture), segment_frame_size(FRAME_BYTES));
	for (unsigned i = 2; i < 5; i++)
		fixture_reads(fixture, i, FRAME_BYTES);
	uint64_t bytes;
	assert_false(buffer_reader_skip(fixture->reader, &bytes, &fixture->error)); // nothing says where the newest ends
	assert_int_equal(fixture->error.code, ERROR_USAGE);
}

static void test_a_header_of_a_later_version_stops_reader_and_writer(void **state)
{
	BufferFixture *fixture = *state;
	char bytes[SEGMENT_HEADER_SIZE] = "SOJOURN\n\2";
	frames_write(fixture, 0, 1);
	uint64_t checksum = hash_checksum((Slice){bytes, sizeof bytes - sizeof checksum}, 0);
	memcpy(bytes + sizeof bytes - sizeof checksum, &checksum, sizeof checksum);
	fixture_file_write(fixture, "0000000000000002.segment", bytes, sizeof bytes);
	fixture_reader_open(fixture, (BufferPosition){1, 80});
	fixture_reads(fixture, 0, FRAME_BYTES);
	fixture_read_fails(fixture, ERROR_BAD_INPUT);
	buffer_writer_close(fixture->writer);
	assert_false(buffer_writer_open(fixture->folder, &fixture->options, &fixture->writer, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_BAD_INPUT);
}

static void test_what_the_disk_cannot_read_is_told_and_can_be_skipped(void **state)
{
	BufferFixture *fixture = *state;
	frames_write(fixture, 0, 4);
	fixture_reader_open(fixture, (BufferPosition){0});
	fixture_reads(fixture, 0, FRAME_BYTES);
	BufferPosition position = buffer_reader_position(fixture->reader);
	fixture_reader_open(fixture, position);
	faulty_files_fail(fixture->faulty, FAULT_INPUT_OUTPUT, 1, 1);
	fixture_read_fails(fixture, ERROR_SYSTEM);
	fixture_reads(fixture, 1, FRAME_BYTES); // it could this time
	fixture_reader_open(fixture, position);
	faulty_files_fail(fixture->faulty, FAULT_INPUT_OUTPUT, 1, 1000);
	for (unsigned tries = 1; tries < 10; tries++)
		fixture_read_fails(fixture, ERROR_SYSTEM);
	fixture_read_fails(fixture, ERROR_CORRUPT);                   // it will not be read
	faulty_files_fail(fixture->faulty, FAULT_INPUT_OUTPUT, 3, 1); // behind the look at the next header
	assert_int_equal(fixture_skip(fixture), 2 * segment_frame_size(FRAME_BYTES));
	fixture_reads(fixture, 3, FRAME_BYTES);
}

static void test_a_garbled_loaded_file_counts_as_nothing_loaded(void **state)
{
	BufferFixture *fixture = *state;
	frames_write(fixture, 0, 4);
	uint64_t unloaded = buffer_unloaded_bytes(fixture->writer);
	fixture_file_write(fixture, "loaded", "2 x80\n", 6);
	fixture_writer_open(fixture);
	assert_int_equal(buffer_unloaded_bytes(fixture->writer), unloaded);
	fixture_append_synced(fixture, 4, FRAME_BYTES);
	fixture_trim(fixture, (BufferPosition){2, 80}); // writes it anew
	fixture_append_synced(fixture, 5, FRAME_BYTES);
	assert_int_equal(buffer_unloaded_bytes(fixture->writer), 3 * segment_frame_size(FRAME_BYTES));
}

int main(void)
{
	Error error;
	if (!random_init(&error))
		return EXIT_FAILURE;
	log_init("test", LOG_ERROR + 1); // what is made to fail here is no news
#define TEST(name) cmocka_unit_test_setup_teardown(name, buffer_fixture_set_up, buffer_fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_the_stream_has_one_name_for_ever),
		TEST(test_segments_without_a_name_are_refused),
		TEST(test_reading_goes_on_from_any_position_that_was_given_out),
		TEST(test_a_position_behind_the_end_of_a_cut_segment_leads_to_the_next),
		TEST(test_trimming_deletes_what_is_wholly_loaded),
		TEST(test_numbers_are_never_used_again),
		TEST(test_segments_without_a_header_are_passed_where_nothing_was_in_them),
		TEST(test_a_segment_with_a_damaged_header_is_told_and_skipped),
		TEST(test_a_damaged_frame_is_told_and_skipped_alone),
		TEST(test_a_header_of_a_later_version_stops_reader_and_writer),
		TEST(test_what_the_disk_cannot_read_is_told_and_can_be_skipped),
		TEST(test_a_garbled_loaded_file_counts_as_nothing_loaded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
