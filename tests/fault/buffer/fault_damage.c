// Bytes that change on the disk behind everybody's back. Whatever they are, the reader neither fails nor gives out anything
// that was not appended; every frame that is whole comes out, and what does not is told of.
#include "buffer/buffer.h"

#include "base/log.h"
#include "base/random.h"
#include "buffer/segment.h"
#include "harness/buffer_model.h"
#include "harness/folder.h"
#include "harness/random_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SEGMENT_BYTES 2048U
#define FRAMES 120U
#define SEGMENTS_MAX 256U
#define PATH_SIZE 128

typedef struct World {
	char folder[TEST_FOLDER_SIZE];
	RandomCase random;
	BufferOptions options;
	BufferModel model;
	BufferPosition ends[FRAMES + 2]; // of each frame, by its number
	bool is_hit[FRAMES + 2];
	bool is_header_hit[SEGMENTS_MAX];
	bool is_segment_hit[SEGMENTS_MAX];
	uint64_t segments; // highest number
} World;

// Appends up to frame `last`, `batch` of them for one sync, then closes.
static void write_frames(World *world, uint64_t last, unsigned batch)
{
	Error error;
	BufferWriter *writer;
	if (!buffer_writer_open(world->folder, &world->options, &writer, &error))
		fail_msg("%s", error.message);
	while (world->model.appended < last)
	{
		assert_true(buffer_model_append(&world->model, writer, &error));
		if (world->model.appended % batch == 0 || world->model.appended == last)
			assert_true(buffer_model_sync(&world->model, writer, &error));
	}
	world->segments = buffer_writer_position(writer).segment;
	assert_true(world->segments < SEGMENTS_MAX);
	buffer_writer_close(writer);
}

static void world_begin(World *world, uint64_t seed, unsigned batch)
{
	*world = (World){.random = {seed}};
	world->options =
		(BufferOptions){.segment_bytes = SEGMENT_BYTES, .unloaded_bytes_max = 1U << 24U, .look_again_ms = -1};
	test_folder_make(world->folder);
	buffer_model_init(&world->model, world->folder, seed);
	world->model.size_usual = 150;
	world->model.size_max = 400;
	write_frames(world, FRAMES, batch);
	BufferModel looking = world->model;
	for (uint64_t number = 1; number <= FRAMES; number++)
	{
		buffer_model_read(&looking, &world->options, 1, false);
		world->ends[number] = looking.position;
	}
	buffer_model_check_complete(&looking);
	buffer_model_end(&looking);
}

static void world_end(World *world)
{
	buffer_model_end(&world->model);
	test_folder_remove(world->folder);
}

static void frame_hit(World *world, uint64_t segment, uint64_t offset)
{
	world->is_segment_hit[segment] = true;
	world->is_header_hit[segment] |= offset < SEGMENT_HEADER_SIZE;
	for (uint64_t number = 1; number <= FRAMES; number++)
	{
		BufferPosition end = world->ends[number];
		uint64_t size = segment_frame_size(buffer_model_size(&world->model, number));
		world->is_hit[number] |= end.segment == segment && offset < end.offset && offset >= end.offset - size;
	}
}

static int segment_open(const World *world, uint64_t segment)
{
	char path[PATH_SIZE];
	(void) snprintf(path, sizeof path, "%s/%016llu.segment", world->folder, (unsigned long long) segment);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static void byte_flip(World *world, uint64_t segment)
{
	int fd = segment_open(world, segment);
	off_t size = lseek(fd, 0, SEEK_END);
	off_t offset = (off_t) random_case_below(&world->random, (size_t) size);
	unsigned char byte;
	assert_int_equal(pread(fd, &byte, 1, offset), 1);
	byte ^= (unsigned char) (1U << random_case_below(&world->random, 8));
	assert_int_equal(pwrite(fd, &byte, 1, offset), 1);
	(void) close(fd);
	frame_hit(world, segment, (uint64_t) offset);
}

static void check(World *world)
{
	bool is_lost = false;
	buffer_model_read(&world->model, &world->options, MODEL_FRAMES_MAX, true);
	for (uint64_t number = 1; number <= FRAMES; number++)
	{
		uint64_t segment = world->ends[number].segment;
		// A frame is found by the headers of its own segment and of the next.
		bool is_header_lost = world->is_header_hit[segment] || world->is_header_hit[segment + 1];
		is_lost |= !world->model.is_read[number];
		if (!world->model.is_read[number] && !world->is_hit[number] && !is_header_lost)
			fail_msg("frame %llu is whole and does not come out", (unsigned long long) number);
		assert_false(world->model.is_read[number] && world->is_hit[number] && !is_header_lost);
	}
	assert_true(world->model.is_read[FRAMES + 1]);
	bool is_told = world->model.skips > 0;
	for (uint64_t segment = 1; segment < world->segments; segment++)
		is_told |= world->is_segment_hit[segment] && world->is_header_hit[segment + 1]; // the log tells
	assert_true(is_told || !is_lost);
	assert_true(world->model.skips > 0 || world->model.skipped_bytes == 0);
}

static void test_whole_frames_come_out_whatever_bytes_change(void **state)
{
	(void) state;
	static World world;
	RandomCase random = random_case_begin("damage");
	for (size_t i = random_case_count(300); i > 0; i--)
	{
		world_begin(&world, random_case_next(&random), 1 + (unsigned) random_case_below(&random, 5));
		uint64_t segments = world.segments;
		write_frames(&world, FRAMES + 1, 1); // so that none of them is the newest
		for (size_t flips = 1 + random_case_below(&random, 4); flips > 0; flips--)
			byte_flip(&world, 1 + random_case_below(&random, segments));
		check(&world);
		world_end(&world);
	}
}

static void test_a_recovery_does_not_cut_off_frames_that_were_answered_for(void **state)
{
	(void) state;
	static World world;
	RandomCase random = random_case_begin("damage before recovery");
	for (size_t i = random_case_count(300); i > 0; i--)
	{
		// Each frame had a sync of its own, so each frame says that the one before it was durable.
		world_begin(&world, random_case_next(&random), 1);
		byte_flip(&world, world.segments);
		bool is_last = world.is_hit[FRAMES];
		write_frames(&world, FRAMES + 1, 1);
		buffer_model_read(&world.model, &world.options, MODEL_FRAMES_MAX, true);
		for (uint64_t number = 1; number <= FRAMES + 1; number++)
		{
			bool is_gone = world.is_hit[number]
				|| (world.ends[number].segment != 0 && world.is_header_hit[world.ends[number].segment]);
			assert_int_equal(world.model.is_read[number], !is_gone);
		}
		// Only of the very last frame nobody can know that it was durable: its loss looks like a torn write.
		assert_true(world.model.skips == 1 || is_last);
		world_end(&world);
	}
}

static void test_a_segment_that_was_cut_short_is_damage(void **state)
{
	(void) state;
	static World world;
	RandomCase random = random_case_begin("cut short");
	for (size_t i = random_case_count(200); i > 0; i--)
	{
		world_begin(&world, random_case_next(&random), 3);
		uint64_t segment = 1 + random_case_below(&random, world.segments);
		write_frames(&world, FRAMES + 1, 1);
		int fd = segment_open(&world, segment);
		off_t size = lseek(fd, 0, SEEK_END);
		off_t left = (off_t) random_case_below(&random, (size_t) size);
		assert_int_equal(ftruncate(fd, left), 0);
		(void) close(fd);
		for (uint64_t offset = (uint64_t) left; offset < (uint64_t) size; offset++)
			frame_hit(&world, segment, offset);
		check(&world);
		world_end(&world);
	}
}

static void test_no_bytes_make_the_reader_fail(void **state)
{
	(void) state;
	static World world;
	RandomCase random = random_case_begin("garbage");
	for (size_t i = random_case_count(200); i > 0; i--)
	{
		world_begin(&world, random_case_next(&random), 4);
		write_frames(&world, FRAMES + 1, 1);
		for (size_t holes = 1 + random_case_below(&random, 5); holes > 0; holes--)
		{
			char garbage[SEGMENT_BYTES];
			size_t size = 1 + random_case_below(&random, sizeof garbage);
			bool is_zero = random_case_below(&random, 2) == 0;
			for (size_t at = 0; at < size; at++)
				garbage[at] = is_zero ? 0 : (char) random_case_next(&random);
			int fd = segment_open(&world, 1 + random_case_below(&random, world.segments));
			off_t offset = (off_t) random_case_below(&random, SEGMENT_BYTES);
			assert_int_equal(pwrite(fd, garbage, size, offset), (ssize_t) size);
			(void) close(fd);
		}
		// Also in the newest segment, which a new writer then recovers.
		write_frames(&world, FRAMES + 2, 1);
		buffer_model_read(&world.model, &world.options, MODEL_FRAMES_MAX, true);
		assert_true(world.model.is_read[FRAMES + 2]);
		world_end(&world);
	}
}

int main(void)
{
	Error error;
	if (!random_init(&error))
		return EXIT_FAILURE;
	log_init("test", LOG_ERROR + 1); // what is made to fail here is no news
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_frames_come_out_whatever_bytes_change),
		cmocka_unit_test(test_a_recovery_does_not_cut_off_frames_that_were_answered_for),
		cmocka_unit_test(test_a_segment_that_was_cut_short_is_damage),
		cmocka_unit_test(test_no_bytes_make_the_reader_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
