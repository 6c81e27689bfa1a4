#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "buffer/segment.h"
#include "harness/buffer_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_what_is_synced_is_read_in_order(void **state)
{
	BufferFixture *fixture = *state;
	fixture_writer_open(fixture);
	for (unsigned i = 0; i < 200; i++)
	{
		fixture_append(fixture, i, 20 + i);
		if (i % 7 == 0)
			fixture_sync(fixture);
	}
	fixture_sync(fixture);
	fixture_reader_open(fixture, (BufferPosition){0});
	for (unsigned i = 0; i < 200; i++)
		fixture_reads(fixture, i, 20 + i);
	fixture_reads_nothing(fixture);
	BufferPosition read = buffer_reader_position(fixture->reader);
	assert_int_equal(buffer_position_compare(read, buffer_writer_position(fixture->writer)), 0);
	assert_true(read.segment > 3);
	fixture_append_synced(fixture, 1000, 100);
	fixture_reads(fixture, 1000, 100);
	fixture_reads_nothing(fixture);
}

static void test_a_second_writer_is_refused(void **state)
{
	BufferFixture *fixture = *state;
	BufferWriter *second;
	fixture_writer_open(fixture);
	assert_false(buffer_writer_open(fixture->folder, &fixture->options, &second, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_BUSY);
	fixture_writer_open(fixture); // the first one is closed
}

static void test_sizes_out_of_bounds_are_refused(void **state)
{
	BufferFixture *fixture = *state;
	fixture_writer_open(fixture);
	assert_false(buffer_append(fixture->writer, SLICE_LITERAL(""), &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_BAD_INPUT);
	Slice large = {"", SEGMENT_PAYLOAD_SIZE_MAX + 1};
	assert_false(buffer_append(fixture->writer, large, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_TOO_LARGE);
	fixture_sync(fixture);
	assert_false(fixture_has_segment(fixture, 1));
}

static void test_a_frame_larger_than_a_segment_gets_its_own(void **state)
{
	BufferFixture *fixture = *state;
	fixture->options.unloaded_bytes_max = UINT64_MAX;
	fixture_writer_open(fixture);
	fixture_append(fixture, 1, 100);
	fixture_append(fixture, 2, 10 * FIXTURE_SEGMENT_BYTES);
	fixture_append(fixture, 3, SEGMENT_PAYLOAD_SIZE_MAX);
	fixture_append(fixture, 4, 100);
	fixture_sync(fixture);
	fixture_reader_open(fixture, (BufferPosition){0});
	fixture_reads(fixture, 1, 100);
	fixture_reads(fixture, 2, 10 * FIXTURE_SEGMENT_BYTES);
	fixture_reads(fixture, 3, SEGMENT_PAYLOAD_SIZE_MAX);
	fixture_reads(fixture, 4, 100);
	assert_int_equal(buffer_writer_position(fixture->writer).segment, 4);
}

static void test_a_large_batch_is_one_batch(void **state)
{
	BufferFixture *fixture = *state;
	fixture->options.segment_bytes = 8U << 20U;
	fixture->options.unloaded_bytes_max = 16U << 20U;
	fixture_writer_open(fixture);
	for (unsigned i = 0; i < 40; i++)
		fixture_append(fixture, i, 100000);
	assert_int_equal(buffer_writer_position(fixture->writer).offset, 0);
	fixture_sync(fixture);
	fixture_reader_open(fixture, (BufferPosition){0});
	for (unsigned i = 0; i < 40; i++)
		fixture_reads(fixture, i, 100000);
	assert_int_equal(buffer_writer_position(fixture->writer).segment, 1);
}

static void test_the_bound_refuses_and_trimming_makes_room(void **state)
{
	BufferFixture *fixture = *state;
	fixture->options.unloaded_bytes_max = 3000;
	fixture_writer_open(fixture);
	unsigned taken = 0;
	while (fixture_try_append(fixture, taken, 100))
		taken++;
	assert_int_equal(fixture->error.code, ERROR_FULL);
	assert_int_equal(taken, 3000 / segment_frame_size(100));
	fixture_sync(fixture);
	fixture_reader_open(fixture, (BufferPosition){0});
	fixture_reads(fixture, 0, 100);
	fixture_reads(fixture, 1, 100);
	assert_false(fixture_try_append(fixture, taken, 100));
	fixture_trim(fixture, buffer_reader_position(fixture->reader));
	fixture_append(fixture, taken, 100);
	fixture_append(fixture, taken + 1, 100);
	assert_false(fixture_try_append(fixture, taken + 2, 100));
	fixture_sync(fixture);
	// The database is set back: what it has to load again counts again.
	fixture_trim(fixture, (BufferPosition){1, 0});
	assert_false(fixture_try_append(fixture, 0, 1));
	assert_int_equal(buffer_unloaded_bytes(fixture->writer), (taken + 2) * segment_frame_size(100));
}

static void test_a_reopened_writer_counts_what_waits(void **state)
{
	BufferFixture *fixture = *state;
	uint64_t bytes;
	fixture_writer_open(fixture);
	for (unsigned i = 0; i < 100; i++)
		fixture_append_synced(fixture, i, 100);
	uint64_t unloaded = buffer_unloaded_bytes(fixture->writer);
	assert_int_equal(unloaded, 100 * segment_frame_size(100));
	assert_true(buffer_folder_unloaded_bytes(fixture->folder, &bytes, &fixture->error));
	assert_int_equal(bytes, unloaded);
	fixture_writer_open(fixture);
	assert_int_equal(buffer_unloaded_bytes(fixture->writer), unloaded);
}

static void test_a_folder_that_is_not_there_has_nothing_to_load(void **state)
{
	BufferFixture *fixture = *state;
	uint64_t bytes = 1;
	assert_true(buffer_folder_unloaded_bytes("/nowhere/at/all", &bytes, &fixture->error));
	assert_int_equal(bytes, 0);
}

static void test_a_full_disk_refuses_and_room_is_found_again(void **state)
{
	BufferFixture *fixture = *state;
	fixture_writer_open(fixture);
	fixture_append(fixture, 0, 100);
	faulty_files_set_full(fixture->faulty, true);
	// What is allocated already can be used up, and nothing that was taken is lost.
	unsigned taken = 1;
	while (fixture_try_append(fixture, taken, 100))
		taken++;
	assert_int_equal(fixture->error.code, ERROR_FULL);
	assert_int_equal(taken, (FIXTURE_SEGMENT_BYTES - SEGMENT_HEADER_SIZE) / segment_frame_size(100));
	fixture_sync(fixture);
	assert_false(fixture_try_append(fixture, taken, 100));
	fixture_sync(fixture);
	faulty_files_set_full(fixture->faulty, false);
	fixture_append_synced(fixture, taken, 100);
	fixture_reader_open(fixture, (BufferPosition){0});
	for (unsigned i = 0; i <= taken; i++)
		fixture_reads(fixture, i, 100);
	fixture_reads_nothing(fixture);
}

static void test_a_writer_starts_on_a_full_disk(void **state)
{
	BufferFixture *fixture = *state;
	fixture_writer_open(fixture);
	fixture_append_synced(fixture, 1, 100);
	faulty_files_set_full(fixture->faulty, true);
	fixture_writer_open(fixture);
	assert_false(fixture_try_append(fixture, 2, 100));
	assert_int_equal(fixture->error.code, ERROR_FULL);
	faulty_files_set_full(fixture->faulty, false);
	fixture_append_synced(fixture, 2, 100);
}

static void test_a_full_disk_is_not_asked_again_at_each_frame(void **state)
{
	BufferFixture *fixture = *state;
	fixture->options.look_again_ms = 1000000;
	fixture_writer_open(fixture);
	faulty_files_set_full(fixture->faulty, true);
	assert_false(fixture_try_append(fixture, 1, 100));
	uint64_t calls = faulty_files_calls(fixture->faulty);
	assert_false(fixture_try_append(fixture, 1, 100));
	assert_int_equal(fixture->error.code, ERROR_FULL);
	assert_int_equal(faulty_files_calls(fixture->faulty), calls);
}

static void test_a_file_system_that_cannot_allocate_ahead_will_do(void **state)
{
	BufferFixture *fixture = *state;
	fixture_writer_open(fixture);
	faulty_files_fail(fixture->faulty, FAULT_UNSUPPORTED, 0, 1000000);
	for (unsigned i = 0; i < 100; i++)
		fixture_append_synced(fixture, i, 100);
	fixture_reader_open(fixture, (BufferPosition){0});
	for (unsigned i = 0; i < 100; i++)
		fixture_reads(fixture, i, 100);
	fixture_reads_nothing(fixture);
}

static void test_after_a_failed_sync_the_segment_is_given_up(void **state)
{
	BufferFixture *fixture = *state;
	fixture_writer_open(fixture);
	fixture_append_synced(fixture, 1, 100);
	BufferPosition good = buffer_writer_position(fixture->writer);
	fixture_append(fixture, 2, 100);
	faulty_files_fail(fixture->faulty, FAULT_INPUT_OUTPUT, 1, 1); // the write succeeds, the sync does not
	assert_false(buffer_sync(fixture->writer, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_SYSTEM);
	assert_int_equal(buffer_position_compare(buffer_writer_position(fixture->writer), good), 0);
	fixture_sync(fixture); // told once
	fixture_append_synced(fixture, 3, 100);
	assert_int_equal(buffer_writer_position(fixture->writer).segment, good.segment + 1);
	fixture_reader_open(fixture, (BufferPosition){0});
	fixture_reads(fixture, 1, 100);
	fixture_reads(fixture, 3, 100);
	fixture_reads_nothing(fixture);
}

static void test_a_given_up_segment_that_cannot_be_cut_does_not_stop_the_reader(void **state)
{
	BufferFixture *fixture = *state;
	fixture_writer_open(fixture);
	fixture_append_synced(fixture, 1, 100);
	fixture_append(fixture, 2, 1000);
	faulty_files_fail(fixture->faulty, FAULT_NO_SPACE, 0, 2); // the write, and the cut
	assert_false(buffer_sync(fixture->writer, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_FULL);
	fixture_append_synced(fixture, 3, 100);
	fixture_reader_open(fixture, (BufferPosition){0});
	fixture_reads(fixture, 1, 100);
	fixture_reads(fixture, 3, 100); // 2 is torn
	fixture_reads_nothing(fixture);
	assert_int_equal(buffer_unloaded_bytes(fixture->writer), 2 * segment_frame_size(100));
}

static void test_a_loss_inside_an_append_is_told_by_the_sync(void **state)
{
	BufferFixture *fixture = *state;
	fixture_writer_open(fixture);
	fixture_append(fixture, 1, 2000);
	faulty_files_fail(fixture->faulty, FAULT_INPUT_OUTPUT, 1, 1); // after the look at `loaded`
	assert_false(fixture_try_append(fixture, 2, 3000));           // does not fit: 1 is synced first
	assert_int_equal(fixture->error.code, ERROR_SYSTEM);
	assert_false(fixture_try_append(fixture, 3, 10)); // would be answered for with 1
	assert_false(buffer_sync(fixture->writer, &fixture->error));
	fixture_append_synced(fixture, 4, 2000);
	fixture_reader_open(fixture, (BufferPosition){0});
	fixture_reads(fixture, 4, 2000);
}

static void test_without_memory_a_frame_is_refused_and_the_others_stay(void **state)
{
	BufferFixture *fixture = *state;
	fixture->options.segment_bytes = 1U << 20U;
	fixture_writer_open(fixture);
	fixture_append(fixture, 1, 100);
	memory_fail_at(1);
	assert_false(fixture_try_append(fixture, 2, 10000));
	memory_fail_at(0);
	assert_int_equal(fixture->error.code, ERROR_MEMORY);
	fixture_append_synced(fixture, 3, 100);
	fixture_reader_open(fixture, (BufferPosition){0});
	fixture_reads(fixture, 1, 100);
	fixture_reads(fixture, 3, 100);
	fixture_reads_nothing(fixture);
}

static void test_closing_keeps_what_was_appended(void **state)
{
	BufferFixture *fixture = *state;
	fixture_writer_open(fixture);
	fixture_append(fixture, 1, 100);
	buffer_writer_close(fixture->writer);
	fixture->writer = NULL;
	fixture_reader_open(fixture, (BufferPosition){0});
	fixture_reads(fixture, 1, 100);
}

int main(void)
{
	Error error;
	if (!random_init(&error))
		return EXIT_FAILURE;
	log_init("test", LOG_ERROR + 1); // what is made to fail here is no news
#define TEST(name) cmocka_unit_test_setup_teardown(name, buffer_fixture_set_up, buffer_fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_synced_is_read_in_order),
		TEST(test_a_second_writer_is_refused),
		TEST(test_sizes_out_of_bounds_are_refused),
		TEST(test_a_frame_larger_than_a_segment_gets_its_own),
		TEST(test_a_large_batch_is_one_batch),
		TEST(test_the_bound_refuses_and_trimming_makes_room),
		TEST(test_a_reopened_writer_counts_what_waits),
		TEST(test_a_folder_that_is_not_there_has_nothing_to_load),
		TEST(test_a_full_disk_refuses_and_room_is_found_again),
		TEST(test_a_writer_starts_on_a_full_disk),
		TEST(test_a_full_disk_is_not_asked_again_at_each_frame),
		TEST(test_a_file_system_that_cannot_allocate_ahead_will_do),
		TEST(test_after_a_failed_sync_the_segment_is_given_up),
		TEST(test_a_given_up_segment_that_cannot_be_cut_does_not_stop_the_reader),
		TEST(test_a_loss_inside_an_append_is_told_by_the_sync),
		TEST(test_without_memory_a_frame_is_refused_and_the_others_stay),
		TEST(test_closing_keeps_what_was_appended),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
