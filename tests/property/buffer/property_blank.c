// Any frames taken out of any segments, any number of times, between runs of a writer that may be killed: what is left comes out at
// the place where it was, from any position, and what is out stays out.
#include "buffer/blank.h"

#include "base/log.h"
#include "base/random.h"
#include "harness/buffer_fixture.h"
#include "harness/random_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define FRAMES_MAX 400U
#define ROUNDS 6

typedef struct Frame {
	size_t size;
	BufferPosition begin; // where reading it begins
	BufferPosition end;
	bool is_wanted_gone;
	bool is_gone;
} Frame;

typedef struct World {
	BufferFixture *fixture;
	RandomCase random;
	Frame frames[FRAMES_MAX];
	unsigned count;
} World;

static void frames_write(World *world)
{
	BufferFixture *fixture = world->fixture;
	fixture_writer_open(fixture);
	for (size_t left = random_case_below(&world->random, FRAMES_MAX / ROUNDS); left > 0; left--)
	{
		Frame *frame = &world->frames[world->count];
		*frame = (Frame){.size = 17 + random_case_below(&world->random, left % 16 == 0 ? 6000 : 300)};
		fixture_append(fixture, world->count++, frame->size);
		if (left == 1 || random_case_below(&world->random, 3) == 0)
			fixture_sync(fixture);
	}
	if (random_case_below(&world->random, 2) == 0)
		faulty_files_kill(fixture->faulty); // its segment is not ended
	buffer_writer_close(fixture->writer);
	fixture->writer = NULL;
	faulty_files_restart(fixture->faulty);
}

static void frame_read(World *world, unsigned number)
{
	BufferFixture *fixture = world->fixture;
	const Frame *frame = &world->frames[number];
	Slice payload;
	bool has_frame = false;
	if (!frame->is_gone)
	{
		fixture_reads(fixture, number, frame->size);
		return;
	}
	assert_true(buffer_read(fixture->reader, &payload, &has_frame, &fixture->error));
	assert_true(has_frame && payload.size == frame->size && buffer_is_blank(payload));
}

static void all_read(World *world)
{
	BufferFixture *fixture = world->fixture;
	fixture_reader_open(fixture, (BufferPosition){0});
	for (unsigned number = 0; number < world->count; number++)
	{
		Frame *frame = &world->frames[number];
		BufferPosition begin = buffer_reader_position(fixture->reader);
		frame_read(world, number);
		BufferPosition end = buffer_reader_position(fixture->reader);
		assert_true(frame->end.segment == 0
			|| (buffer_position_compare(frame->end, end) == 0 && buffer_position_compare(frame->begin, begin) == 0));
		frame->begin = begin;
		frame->end = end;
	}
	fixture_reads_nothing(fixture);
	for (int tries = 0; world->count > 0 && tries < 20; tries++)
	{
		unsigned number = (unsigned) random_case_below(&world->random, world->count);
		assert_true(buffer_reader_seek(fixture->reader, world->frames[number].begin, &fixture->error));
		frame_read(world, number);
	}
}

static bool choose(void *context, const Slice *payloads, size_t count, bool *is_gone, Error *error)
{
	(void) error;
	World *world = context;
	for (size_t at = 0; at < count; at++)
	{
		Frame *frame = &world->frames[strtoul(payloads[at].data, NULL, 10)];
		assert_int_equal(frame->size, payloads[at].size);
		is_gone[at] = frame->is_wanted_gone;
		frame->is_gone = frame->is_wanted_gone;
	}
	return true;
}

static void some_blank(World *world)
{
	BufferFixture *fixture = world->fixture;
	size_t chance = random_case_below(&world->random, 5);
	uint64_t blanked = 0;
	uint64_t expected = 0;
	uint64_t end = 0;
	bool is_loaded = false;
	assert_true(buffer_numbers_end(fixture->folder, &end, &fixture->error));
	uint64_t below = random_case_below(&world->random, 3) == 0 ? 1 + random_case_below(&world->random, end) : end;
	for (unsigned number = 0; number < world->count; number++)
	{
		Frame *frame = &world->frames[number];
		bool is_met = frame->end.segment < below && !frame->is_gone;
		frame->is_wanted_gone = frame->is_gone || random_case_below(&world->random, 5) < chance;
		expected += is_met && frame->is_wanted_gone;
	}
	for (int tries = 0; world->count > 0 && tries < 10; tries++)
	{
		const Frame *frame = &world->frames[random_case_below(&world->random, world->count)];
		const Frame *last = &world->frames[world->count - 1];
		assert_true(buffer_is_loaded(fixture->folder, &fixture->options, end, frame->end, &is_loaded, &fixture->error));
		assert_int_equal(is_loaded, frame == last);
	}
	if (!buffer_blank(fixture->folder, &fixture->options, below, choose, world, &blanked, &fixture->error))
		fail_msg("%s", fixture->error.message);
	assert_int_equal(blanked, expected);
}

static void test_what_is_left_stays_where_it_was(void **state)
{
	(void) state;
	static World world;
	RandomCase random = random_case_begin("blank");
	for (size_t i = random_case_count(60); i > 0; i--)
	{
		void *made = NULL;
		world = (World){.random = {random_case_next(&random)}};
		(void) buffer_fixture_set_up(&made);
		world.fixture = made;
		for (int round = 0; round < ROUNDS; round++)
		{
			frames_write(&world);
			all_read(&world);
			some_blank(&world);
			all_read(&world);
		}
		(void) buffer_fixture_tear_down(&made);
	}
}

int main(void)
{
	Error error;
	if (!random_init(&error))
		return EXIT_FAILURE;
	log_init("test", LOG_ERROR + 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_left_stays_where_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
