// The loader on a buffer while things fail: the connection is cut at the n-th call of the database, before it or with its
// answer lost; the n-th allocation fails. Whatever it was, going on ends in the rows of an undisturbed run, none in quarantine.
#include "base/memory.h"
#include "buffer/buffer.h"
#include "harness/database.h"
#include "harness/folder.h"
#include "harness/hit_case.h"
#include "pg/cut.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STEPS_MAX 200 // a run that fails once takes far fewer
#define CALLS_MAX 400 // about what a case takes
#define ROUNDS 5
#define BATCH_HITS 7 // several batches a case

static const BufferOptions buffer = {.segment_bytes = 1 << 20, .unloaded_bytes_max = 16 << 20};

typedef struct World {
	Loading loading;
	char folder[TEST_FOLDER_SIZE];
	Case made;
} World;

static int setup(void **state)
{
	static World world;
	LoaderOptions options = LOADER_OPTIONS_DEFAULT;
	test_folder_make(world.folder);
	options.timeout_ms = TIMEOUT_MS;
	options.session_max_ms = SESSION_MAX_MS;
	options.buffer_folder = world.folder;
	options.buffer = &buffer;
	options.batch_hits_max = BATCH_HITS;
	loading_open(&world.loading, &options, BEGIN_MS + 3 * 60 * MINUTE_MS);
	*state = &world;
	return 0;
}

static int teardown(void **state)
{
	World *world = *state;
	loading_close(&world->loading);
	test_folder_remove(world->folder);
	return 0;
}

// The case's hits once more, in a stream of their own; the tables are empty.
static void world_begin(World *world)
{
	static unsigned run;
	Error error = {0};
	BufferWriter *writer = NULL;
	char stream[TEST_FOLDER_SIZE + 32];
	char emptied[TEST_FOLDER_SIZE + 32];
	(void) snprintf(stream, sizeof stream, "%s/run", world->folder);
	(void) snprintf(emptied, sizeof emptied, "%s/.run-%u", world->folder, ++run);
	if (rename(stream, emptied) != 0)
		assert_int_equal(errno, ENOENT);
	loading_empty(&world->loading);
	assert_true(buffer_writer_open(stream, &buffer, &writer, &error));
	for (size_t at = 0; at < world->made.count; at++)
		assert_true(buffer_append(writer, world->made.payloads[at], &error));
	assert_true(buffer_sync(writer, &error));
	buffer_writer_close(writer);
}

// A new loader, as a worker that was started again.
static void loader_renew(World *world)
{
	Loading *loading = &world->loading;
	Error error = {0};
	LoaderOptions options = LOADER_OPTIONS_DEFAULT;
	options.timeout_ms = TIMEOUT_MS;
	options.session_max_ms = SESSION_MAX_MS;
	options.buffer_folder = world->folder;
	options.buffer = &buffer;
	options.batch_hits_max = BATCH_HITS;
	loader_close(loading->loaders[0]);
	pg_close(loading->conns[0]);
	loading->conns[0] = test_postgres_open(loading->dsn, TEST_SCHEMA);
	assert_true(loader_open(&options, &loading->loaders[0], &error));
	assert_true(loader_attach(loading->loaders[0], loading->conns[0], &error));
}

// As the worker does: after a failure a new connection where the old one is gone, and on. Gives how often it failed.
static size_t world_load(World *world)
{
	Loading *loading = &world->loading;
	size_t failures = 0;
	size_t quiet = 0;
	for (size_t step = 0; step < STEPS_MAX && quiet < 2; step++)
	{
		Error error = {0};
		size_t hits = 0;
		bool has_more = false;
		if (pg_is_open(loading->conns[0]) && loader_step(loading->loaders[0], &hits, &has_more, &error))
		{
			quiet = hits == 0 ? quiet + 1 : 0;
			continue;
		}
		failures++;
		quiet = 0;
		if (pg_is_open(loading->conns[0]))
			continue;
		pg_close(loading->conns[0]);
		loading->conns[0] = test_postgres_open(loading->dsn, TEST_SCHEMA);
		if (!loader_attach(loading->loaders[0], loading->conns[0], &error))
			pg_close(loading->conns[0]), loading->conns[0] = NULL;
	}
	assert_true(quiet == 2);
	return failures;
}

static void world_check(World *world, const char *wanted, const char *fault, size_t nth)
{
	char *got = loading_dump(&world->loading, END_MS);
	if (strcmp(wanted, got) != 0)
	{
		hit_case_print(&world->made);
		(void) fprintf(stderr, "── undisturbed:\n%s\n── with a fault:\n%s\n", wanted, got);
		fail_msg("%s %zu: other rows", fault, nth);
	}
	free(got);
}

static char *world_wanted(World *world, RandomCase *random)
{
	hit_case_make(random, &world->made);
	world_begin(world);
	loader_renew(world);
	assert_int_equal(world_load(world), 0);
	return loading_dump(&world->loading, END_MS);
}

// How many calls an undisturbed run takes is not known before, so that the fault may come too late; then it says so.
typedef bool (*FaultArm)(size_t nth); // 0: off; gives whether the fault was still to come

// The n-th is left to chance within what a run has, so that every case tries other places.
static void fault_anywhere(World *world, const char *name, FaultArm arm)
{
	RandomCase random = random_case_begin(name);
	size_t made = 0;
	for (size_t at = 0; at < random_case_count(2); at++)
	{
		char *wanted = world_wanted(world, &random);
		size_t nth_max = CALLS_MAX;
		for (size_t round = 0; round < ROUNDS; round++)
		{
			size_t nth = 1 + random_case_below(&random, nth_max);
			world_begin(world);
			loader_renew(world);
			(void) arm(nth);
			(void) world_load(world);
			bool is_past = arm(0);
			world_check(world, wanted, name, nth);
			made += !is_past;
			if (is_past)
				nth_max = nth;
		}
		free(wanted);
		arena_free(&world->made.arena);
	}
	assert_true(made > 0);
}

static bool arm_cut_before(size_t nth)
{
	return pg_cut_at(PG_CUT_BEFORE, nth) > 0;
}

static bool arm_cut_after(size_t nth)
{
	return pg_cut_at(PG_CUT_AFTER, nth) > 0;
}

static bool arm_memory(size_t nth)
{
	return memory_fail_at(nth) > 0;
}

static void a_connection_cut_before_any_call_changes_nothing(void **state)
{
	fault_anywhere(*state, "loader, cut before call", arm_cut_before);
}

static void an_answer_lost_after_any_call_changes_nothing(void **state)
{
	fault_anywhere(*state, "loader, answer lost of call", arm_cut_after);
}

static void an_allocation_that_fails_changes_nothing(void **state)
{
	fault_anywhere(*state, "loader, allocation", arm_memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_cut_before_any_call_changes_nothing),
		cmocka_unit_test(an_answer_lost_after_any_call_changes_nothing),
		cmocka_unit_test(an_allocation_that_fails_changes_nothing),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
