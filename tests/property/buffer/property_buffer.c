#include "buffer/buffer.h"

#include "base/log.h"
#include "base/random.h"
#include "harness/buffer_model.h"
#include "harness/faulty_files.h"
#include "harness/folder.h"
#include "harness/random_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define STEPS 400

// One buffer, its writer's file system and the model beside it.
typedef struct World {
	char folder[TEST_FOLDER_SIZE];
	RandomCase random;
	FaultyFiles *faulty;
	BufferOptions options; // of the writer
	BufferOptions reading; // of the reader, another process: only sees what the system's memory shows
	BufferWriter *writer;
	BufferModel model;
	bool is_full;
} World;

static void writer_open(World *world)
{
	Error error;
	if (!buffer_writer_open(world->folder, &world->options, &world->writer, &error))
	{
		// A full disk may keep the very first writer from making the stream's name.
		if (!world->is_full || error.code != ERROR_FULL)
			fail_msg("%s", error.message);
	}
}

static void append(World *world)
{
	Error error;
	uint64_t size = buffer_model_size(&world->model, world->model.appended + 1);
	if (world->writer == NULL || buffer_model_append(&world->model, world->writer, &error))
		return;
	assert_int_equal(error.code, ERROR_FULL);
	bool is_at_bound = buffer_unloaded_bytes(world->writer) + size + 32 > world->options.unloaded_bytes_max;
	assert_true(world->is_full || is_at_bound);
}

static void sync_all(World *world)
{
	Error error;
	uint64_t bytes;
	if (world->writer == NULL)
		return;
	if (!buffer_model_sync(&world->model, world->writer, &error))
		fail_msg("%s", error.message);
	if (!buffer_folder_unloaded_bytes(world->folder, &bytes, &error))
		fail_msg("%s", error.message);
	assert_true(bytes <= world->options.unloaded_bytes_max);
}

static void trim(World *world)
{
	Error error;
	uint64_t bytes;
	if (world->is_full || world->model.position.segment == 0)
		return;
	if (!buffer_trim(world->folder, &world->options, world->model.position, 0, &error))
		fail_msg("%s", error.message);
	// The writer looks at what is loaded when it appends; after that both counts are the same.
	sync_all(world);
	append(world);
	sync_all(world);
	if (!buffer_folder_unloaded_bytes(world->folder, &bytes, &error))
		fail_msg("%s", error.message);
	assert_int_equal(bytes, buffer_unloaded_bytes(world->writer));
}

static void writer_end(World *world)
{
	buffer_writer_close(world->writer);
	world->writer = NULL;
	buffer_model_forget(&world->model);
}

static void step(World *world)
{
	size_t choice = random_case_below(&world->random, 100);
	if (choice < 45)
		append(world);
	else if (choice < 65)
		sync_all(world);
	else if (choice < 82)
		buffer_model_read(&world->model, &world->reading, random_case_below(&world->random, 20), false);
	else if (choice < 88)
		trim(world);
	else if (choice < 90)
		buffer_model_reader_close(&world->model);
	else if (choice < 93)
		faulty_files_set_full(world->faulty, world->is_full = !world->is_full && choice == 90);
	else
	{
		if (choice >= 95)
			faulty_files_kill(world->faulty);
		writer_end(world);
		if (choice >= 97)
		{
			buffer_model_reader_close(&world->model);
			faulty_files_power_cut(world->faulty);
		}
		faulty_files_restart(world->faulty);
		writer_open(world);
	}
}

static void world_run(World *world, uint64_t seed)
{
	world->random = (RandomCase){seed};
	test_folder_make(world->folder);
	world->faulty = faulty_files_make(world->folder, seed);
	world->options = (BufferOptions){
		.files = faulty_files_table(world->faulty),
		.segment_bytes = 1024 + random_case_below(&world->random, 8192),
		.unloaded_bytes_max = 20000 + random_case_below(&world->random, 100000),
		.look_again_ms = -1,
	};
	world->reading = world->options;
	world->reading.files = NULL;
	buffer_model_init(&world->model, world->folder, seed);
	writer_open(world);
	for (int i = 0; i < STEPS; i++)
		step(world);
	// In the end all that was durable comes out, and a buffer that is read out takes frames again.
	faulty_files_set_full(world->faulty, world->is_full = false);
	writer_end(world);
	writer_open(world);
	buffer_model_read(&world->model, &world->reading, MODEL_FRAMES_MAX, false);
	buffer_model_check_complete(&world->model);
	buffer_model_check_undamaged(&world->model, &world->reading);
	trim(world);
	Error error;
	assert_true(buffer_model_append(&world->model, world->writer, &error));
	assert_true(buffer_model_sync(&world->model, world->writer, &error));
	buffer_model_read(&world->model, &world->reading, MODEL_FRAMES_MAX, false);
	buffer_model_check_complete(&world->model);
	writer_end(world);
	buffer_model_end(&world->model);
	faulty_files_free(world->faulty);
	test_folder_remove(world->folder);
}

static void test_every_synced_frame_comes_out_once_and_in_order_whatever_happens(void **state)
{
	(void) state;
	static World world;
	RandomCase random = random_case_begin("buffer");
	for (size_t i = random_case_count(60); i > 0; i--)
	{
		uint64_t seed = random_case_next(&random);
		world = (World){0};
		world_run(&world, seed);
	}
}

int main(void)
{
	Error error;
	if (!random_init(&error))
		return EXIT_FAILURE;
	log_init("test", LOG_ERROR + 1); // what is made to fail here is no news
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_synced_frame_comes_out_once_and_in_order_whatever_happens),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
