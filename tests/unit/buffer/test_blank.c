// Frames taken out of segments: what stands around them, and where, stays.
#include "buffer/blank.h"
#include "harness/buffer_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SIZE 100

// Frames whose number, in the order they are met, is divisible by `every`.
typedef struct Chosen {
	unsigned every;
	unsigned met;
} Chosen;

static bool choose(void *context, const Slice *payloads, size_t count, bool *is_gone, Error *error)
{
	(void) payloads;
	(void) error;
	Chosen *chosen = context;
	for (size_t at = 0; at < count; at++)
		is_gone[at] = chosen->met++ % chosen->every == 0;
	return true;
}

static uint64_t blank(BufferFixture *fixture, uint64_t below, unsigned every)
{
	uint64_t blanked = 0;
	Chosen chosen = {.every = every};
	assert_true(buffer_blank(fixture->folder, &fixture->options, below, choose, &chosen, &blanked, &fixture->error));
	return blanked;
}

static void blank_read(BufferFixture *fixture)
{
	Slice payload;
	bool has_frame = false;
	assert_true(buffer_read(fixture->reader, &payload, &has_frame, &fixture->error));
	assert_true(has_frame);
	assert_int_equal(payload.size, SIZE);
	assert_true(buffer_is_blank(payload));
}

static void what_is_chosen_goes_and_the_rest_stays_where_it_was(void **state)
{
	BufferFixture *fixture = *state;
	BufferPosition ends[200];
	uint64_t end = 0;
	fixture_writer_open(fixture);
	for (unsigned i = 0; i < 200; i++)
		fixture_append_synced(fixture, i, SIZE);
	fixture_reader_open(fixture, (BufferPosition){0});
	for (unsigned i = 0; i < 200; i++)
	{
		fixture_reads(fixture, i, SIZE);
		ends[i] = buffer_reader_position(fixture->reader);
	}
	buffer_writer_close(fixture->writer);
	fixture->writer = NULL;
	assert_true(buffer_numbers_end(fixture->folder, &end, &fixture->error));
	assert_int_equal(end, ends[199].segment + 1);
	assert_int_equal(blank(fixture, end, 3), 67);
	fixture_reader_open(fixture, (BufferPosition){0});
	for (unsigned i = 0; i < 200; i++)
	{
		if (i % 3 == 0)
			blank_read(fixture);
		else
			fixture_reads(fixture, i, SIZE);
		assert_int_equal(buffer_position_compare(buffer_reader_position(fixture->reader), ends[i]), 0);
	}
	fixture_reads_nothing(fixture);
	assert_true(buffer_reader_seek(fixture->reader, ends[99], &fixture->error));
	fixture_reads(fixture, 100, SIZE);
	// What is blank is not offered again; a writer goes on behind it.
	assert_int_equal(blank(fixture, end, 1), 133);
	fixture_writer_open(fixture);
	fixture_append_synced(fixture, 1000, SIZE);
	assert_true(buffer_reader_seek(fixture->reader, ends[199], &fixture->error));
	fixture_reads(fixture, 1000, SIZE);
}

static void a_segment_is_as_old_as_before_and_one_without_such_frames_is_not_touched(void **state)
{
	BufferFixture *fixture = *state;
	char path[FIXTURE_PATH_SIZE];
	struct stat before;
	struct stat after;
	fixture_writer_open(fixture);
	fixture_append_synced(fixture, 1, SIZE);
	buffer_writer_close(fixture->writer);
	fixture->writer = NULL;
	fixture_segment_path(fixture, 1, path);
	assert_int_equal(stat(path, &before), 0);
	assert_int_equal(blank(fixture, 1, 1), 0); // above
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(blank(fixture, 2, 1), 1);
	assert_int_equal(stat(path, &after), 0);
	assert_int_not_equal(before.st_ino, after.st_ino);
	assert_int_equal(before.st_mtim.tv_sec, after.st_mtim.tv_sec);
	assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
	assert_int_equal(before.st_size, after.st_size);
}

static void damage_is_passed_and_stays_damage(void **state)
{
	BufferFixture *fixture = *state;
	char path[FIXTURE_PATH_SIZE];
	fixture_writer_open(fixture);
	for (unsigned i = 0; i < 60; i++)
		fixture_append_synced(fixture, i, SIZE);
	fixture_segment_path(fixture, 1, path);
	FILE *file = fopen(path, "r+");
	assert_non_null(file);
	assert_int_equal(fseek(file, 80 + 128 + 40, SEEK_SET), 0); // in the second frame
	assert_int_equal(fputs("spoilt", file) >= 0, 1);
	assert_int_equal(fclose(file), 0);
	assert_true(blank(fixture, 2, 1) > 10);
	fixture_reader_open(fixture, (BufferPosition){0});
	blank_read(fixture);
	fixture_read_fails(fixture, ERROR_CORRUPT);
	assert_int_equal(fixture_skip(fixture), 128);
	blank_read(fixture);
}

static void a_writer_ends_its_segment_when_asked(void **state)
{
	BufferFixture *fixture = *state;
	bool is_asked = false;
	bool is_ended = false;
	fixture_writer_open(fixture);
	fixture_append_synced(fixture, 1, SIZE);
	fixture_append(fixture, 2, SIZE);
	assert_true(buffer_end_segment(fixture->folder, &is_asked, &is_ended, &fixture->error));
	assert_true(is_asked && !is_ended);
	buffer_writer_look(fixture->writer); // what is not synced keeps it
	assert_true(buffer_end_segment(fixture->folder, &is_asked, &is_ended, &fixture->error));
	assert_false(is_ended);
	fixture_sync(fixture);
	assert_true(buffer_end_segment(fixture->folder, &is_asked, &is_ended, &fixture->error));
	assert_true(is_ended);
	fixture_append_synced(fixture, 3, SIZE);
	assert_int_equal(buffer_writer_position(fixture->writer).segment, 2);
	assert_int_equal(blank(fixture, 2, 2), 1);
	fixture_reader_open(fixture, (BufferPosition){0});
	blank_read(fixture);
	fixture_reads(fixture, 2, SIZE);
	fixture_reads(fixture, 3, SIZE);
}

static void where_nobody_writes_every_segment_is_ended(void **state)
{
	BufferFixture *fixture = *state;
	bool is_asked = false;
	bool is_ended = false;
	fixture_writer_open(fixture);
	fixture_append_synced(fixture, 1, SIZE);
	buffer_writer_close(fixture->writer);
	fixture->writer = NULL;
	assert_true(buffer_end_segment(fixture->folder, &is_asked, &is_ended, &fixture->error));
	assert_true(is_ended && !is_asked);
}

static void one_at_a_time_is_at_it(void **state)
{
	BufferFixture *fixture = *state;
	char path[FIXTURE_PATH_SIZE];
	uint64_t blanked = 0;
	Chosen chosen = {.every = 1};
	int fd = -1;
	fixture_writer_open(fixture);
	fixture_append_synced(fixture, 1, SIZE);
	buffer_writer_close(fixture->writer);
	fixture->writer = NULL;
	(void) snprintf(path, sizeof path, "%s/blank.lock", fixture->folder);
	assert_true(file_lock(path, &fd, &fixture->error));
	assert_false(buffer_blank(fixture->folder, &fixture->options, 2, choose, &chosen, &blanked, &fixture->error));
	assert_int_equal(fixture->error.code, ERROR_BUSY);
	assert_int_equal(close(fd), 0);
	assert_int_equal(blank(fixture, 2, 1), 1);
}

static void what_a_killed_one_left_goes_also_where_nothing_is_to_be_done(void **state)
{
	BufferFixture *fixture = *state;
	char path[FIXTURE_PATH_SIZE];
	fixture_writer_open(fixture);
	fixture_file_write(fixture, "blanked.new", "hits", 4);
	(void) snprintf(path, sizeof path, "%s/blanked.new", fixture->folder);
	assert_true(file_exists(path));
	assert_int_equal(blank(fixture, 1, 1), 0);
	assert_false(file_exists(path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_chosen_goes_and_the_rest_stays_where_it_was, buffer_fixture_set_up,
			buffer_fixture_tear_down),
		cmocka_unit_test_setup_teardown(a_segment_is_as_old_as_before_and_one_without_such_frames_is_not_touched,
			buffer_fixture_set_up, buffer_fixture_tear_down),
		cmocka_unit_test_setup_teardown(damage_is_passed_and_stays_damage, buffer_fixture_set_up,
			buffer_fixture_tear_down),
		cmocka_unit_test_setup_teardown(a_writer_ends_its_segment_when_asked, buffer_fixture_set_up,
			buffer_fixture_tear_down),
		cmocka_unit_test_setup_teardown(what_a_killed_one_left_goes_also_where_nothing_is_to_be_done,
			buffer_fixture_set_up, buffer_fixture_tear_down),
		cmocka_unit_test_setup_teardown(one_at_a_time_is_at_it, buffer_fixture_set_up, buffer_fixture_tear_down),
		cmocka_unit_test_setup_teardown(where_nobody_writes_every_segment_is_ended, buffer_fixture_set_up,
			buffer_fixture_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
