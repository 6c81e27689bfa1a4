// A scenario is run as often as it makes calls to the file system, and each time another one of them fails; then the power
// is cut, or the process killed, and the next process goes on. Whatever failed: what a sync covered comes out.
#include "buffer/buffer.h"

#include "base/log.h"
#include "base/random.h"
#include "harness/buffer_model.h"
#include "harness/faulty_files.h"
#include "harness/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define SEGMENT_BYTES 2048U
#define FOR_EVER 1000000U

typedef enum Ending { ENDING_POWER_CUT, ENDING_KILL, ENDING_CLOSE, ENDINGS } Ending;

typedef struct Plan {
	Fault fault;
	uint64_t nth;
	uint64_t count;
	Ending ending;
	bool is_in_recovery; // the calls count from the second process on
} Plan;

typedef struct World {
	char folder[TEST_FOLDER_SIZE];
	FaultyFiles *faulty;
	BufferOptions options;
	BufferOptions reading;
	BufferWriter *writer;
	BufferModel model;
	uint64_t refused;
} World;

// The life of one process: fourteen batches over several segments, with a reader that follows and trims.
static void process_run(World *world, unsigned batches)
{
	Error error;
	if (world->writer == NULL && !buffer_writer_open(world->folder, &world->options, &world->writer, &error))
	{
		world->refused++;
		return;
	}
	for (unsigned batch = 0; batch < batches; batch++)
	{
		for (unsigned i = 0; i <= batch % 4; i++)
			world->refused += !buffer_model_append(&world->model, world->writer, &error);
		world->refused += !buffer_model_sync(&world->model, world->writer, &error);
		buffer_model_read(&world->model, &world->reading, 3, false);
		if (batch % 5 == 4)
			world->refused += !buffer_trim(world->folder, &world->options, world->model.position, 0, &error);
	}
}

static void process_end(World *world, Ending ending)
{
	if (ending != ENDING_CLOSE)
		faulty_files_kill(world->faulty);
	buffer_writer_close(world->writer);
	world->writer = NULL;
	buffer_model_forget(&world->model);
	if (ending == ENDING_POWER_CUT)
	{
		buffer_model_reader_close(&world->model);
		faulty_files_power_cut(world->faulty);
	}
	faulty_files_restart(world->faulty);
}

// Returns the number of calls in the part of the scenario where the plan strikes.
static uint64_t scenario_run(const Plan *plan)
{
	static World world;
	uint64_t calls;
	uint64_t seed = plan->nth * 64 + plan->fault * 16 + plan->ending * 4 + plan->is_in_recovery * 2 + (plan->count > 1);
	world = (World){0};
	test_folder_make(world.folder);
	world.faulty = faulty_files_make(world.folder, seed);
	world.options = (BufferOptions){
		.files = faulty_files_table(world.faulty),
		.segment_bytes = SEGMENT_BYTES,
		.unloaded_bytes_max = 1U << 20U,
		.look_again_ms = -1,
	};
	world.reading = world.options;
	world.reading.files = NULL;
	buffer_model_init(&world.model, world.folder, 7); // the same frames each time
	if (!plan->is_in_recovery)
		faulty_files_fail(world.faulty, plan->fault, plan->nth, plan->count);
	process_run(&world, 14);
	calls = faulty_files_calls(world.faulty);
	process_end(&world, plan->ending);
	uint64_t calls_before = faulty_files_calls(world.faulty);
	if (plan->is_in_recovery)
		faulty_files_fail(world.faulty, plan->fault, plan->nth, plan->count);
	process_run(&world, 3);
	if (plan->is_in_recovery)
		calls = faulty_files_calls(world.faulty) - calls_before;
	// What a recovery called durable has to be.
	process_end(&world, ENDING_POWER_CUT);
	buffer_model_check_undamaged(&world.model, &world.reading);
	// And one that nothing happens to: it takes and gives all.
	world.refused = 0;
	process_run(&world, 5);
	assert_int_equal(world.refused, 0);
	process_end(&world, ENDING_CLOSE);
	buffer_model_read(&world.model, &world.reading, MODEL_FRAMES_MAX, false);
	buffer_model_check_complete(&world.model);
	buffer_model_end(&world.model);
	faulty_files_free(world.faulty);
	test_folder_remove(world.folder);
	return calls;
}

// Some faults strike few calls, and one that kills strikes only once.
static bool is_worth_while(const Plan *plan)
{
	switch (plan->fault)
	{
	case FAULT_SHORT:
	case FAULT_UNSUPPORTED:
		return plan->ending == ENDING_POWER_CUT;
	case FAULT_KILL:
		return plan->ending != ENDING_CLOSE && plan->count == 1;
	default:
		return true;
	}
}

static void each_call_fails(uint64_t count, bool is_in_recovery)
{
	for (Fault fault = 0; fault < FAULT_KINDS; fault++)
		for (Ending ending = 0; ending < ENDINGS; ending++)
		{
			Plan plan = {.fault = fault, .ending = ending, .count = count, .is_in_recovery = is_in_recovery};
			if (!is_worth_while(&plan))
				continue;
			plan.count = 0;
			uint64_t calls = scenario_run(&plan); // where nothing fails
			assert_true(calls > 10);
			for (plan.count = count; plan.nth < calls; plan.nth++)
				(void) scenario_run(&plan);
		}
}

static void test_any_call_may_fail_once_or_be_the_last(void **state)
{
	(void) state;
	each_call_fails(1, false);
}

static void test_any_call_and_all_after_it_may_fail(void **state)
{
	(void) state;
	each_call_fails(FOR_EVER, false);
}

static void test_any_call_of_a_recovery_may_fail_once_or_be_the_last(void **state)
{
	(void) state;
	each_call_fails(1, true);
}

static void test_any_call_of_a_recovery_and_all_after_it_may_fail(void **state)
{
	(void) state;
	each_call_fails(FOR_EVER, true);
}

int main(void)
{
	Error error;
	if (!random_init(&error))
		return EXIT_FAILURE;
	log_init("test", LOG_ERROR + 1); // what is made to fail here is no news
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_call_may_fail_once_or_be_the_last),
		cmocka_unit_test(test_any_call_and_all_after_it_may_fail),
		cmocka_unit_test(test_any_call_of_a_recovery_may_fail_once_or_be_the_last),
		cmocka_unit_test(test_any_call_of_a_recovery_and_all_after_it_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
