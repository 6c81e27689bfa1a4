// Keys that flood a buffer, and what is left for the others.
#include "intake/share.h"

#include "harness/random_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define KEYS_MAX 12
#define BYTES_MAX ((uint64_t) 1 << 30U)
#define REQUEST_MAX ((uint64_t) 1 << 16U)

typedef struct World {
	ShareRoom room;
	uint64_t waiting[KEYS_MAX];
	size_t key_count;
} World;

// One request of a key, as big as may be; false where it is refused.
static bool send(World *world, size_t key, uint64_t bytes)
{
	if (share_is_over(world->waiting[key], &world->room) || bytes > world->room.bytes_max - world->room.waiting_bytes)
		return false;
	world->waiting[key] += bytes;
	world->room.appended_bytes += bytes;
	world->room.waiting_bytes += bytes;
	return true;
}

static void load(World *world, uint64_t bytes)
{
	ShareRoom before = world->room;
	world->room.waiting_bytes -= bytes;
	for (size_t key = 0; key < world->key_count; key++)
		world->waiting[key] = share_left(world->waiting[key], &before, &world->room);
}

static uint64_t free_bytes(const World *world)
{
	return world->room.bytes_max - world->room.waiting_bytes;
}

// Each of `count` keys sends in turn until all are refused.
static void flood(World *world, size_t from, size_t count, uint64_t bytes)
{
	bool is_any = true;
	while (is_any)
	{
		is_any = false;
		for (size_t key = from; key < from + count; key++)
			is_any |= send(world, key, bytes);
	}
}

static void a_flood_leaves_a_fifth_of_what_it_found(void **state)
{
	(void) state;
	RandomCase random = random_case_begin("share of floods");
	for (size_t i = random_case_count(100); i > 0; i--)
	{
		World world = {.room.bytes_max = BYTES_MAX / 2 + random_case_below(&random, BYTES_MAX), .key_count = KEYS_MAX};
		for (size_t key = 0; key < 4; key++)
		{
			uint64_t found = free_bytes(&world);
			flood(&world, key, 1, 1 + random_case_below(&random, REQUEST_MAX));
			assert_true(free_bytes(&world) >= found / (1 + SHARE_OF_ROOM) - REQUEST_MAX);
			assert_true(free_bytes(&world) <= found / (1 + SHARE_OF_ROOM) + REQUEST_MAX);
			assert_true(send(&world, KEYS_MAX - 1, 1000));
		}
	}
}

static void floods_at_once_leave_room_for_another(void **state)
{
	(void) state;
	RandomCase random = random_case_begin("share of floods at once");
	for (size_t i = random_case_count(30); i > 0; i--)
	{
		World world = {.room.bytes_max = BYTES_MAX / 2 + random_case_below(&random, BYTES_MAX), .key_count = KEYS_MAX};
		size_t flooders = 1 + random_case_below(&random, KEYS_MAX - 1);
		uint64_t left_least = world.room.bytes_max / (1 + SHARE_OF_ROOM * flooders) - 2 * flooders * REQUEST_MAX;
		for (size_t round = 0; round < 20; round++)
		{
			flood(&world, 0, flooders, REQUEST_MAX / 2 + random_case_below(&random, REQUEST_MAX / 2));
			assert_true(free_bytes(&world) >= left_least);
			assert_true(send(&world, KEYS_MAX - 1, 1000));
			load(&world, random_case_below(&random, world.room.waiting_bytes));
		}
	}
}

// What is counted for keys never sums up to more than waits, but for rounding, and is nothing where nothing waits.
static void the_counts_follow_what_waits(void **state)
{
	(void) state;
	RandomCase random = random_case_begin("share counts");
	for (size_t i = random_case_count(500); i > 0; i--)
	{
		World world = {.room.bytes_max = BYTES_MAX, .key_count = KEYS_MAX};
		world.room.waiting_bytes = random_case_below(&random, BYTES_MAX / 4); // of before the start
		for (size_t round = 0; round < 200; round++)
		{
			(void) send(&world, random_case_below(&random, KEYS_MAX), 1 + random_case_below(&random, REQUEST_MAX));
			if (random_case_below(&random, 4) == 0 && world.room.waiting_bytes > 0)
				load(&world, random_case_below(&random, world.room.waiting_bytes));
			uint64_t sum = 0;
			for (size_t key = 0; key < KEYS_MAX; key++)
				sum += world.waiting[key];
			assert_true(sum <= world.room.waiting_bytes + KEYS_MAX);
		}
		load(&world, world.room.waiting_bytes);
		for (size_t key = 0; key < KEYS_MAX; key++)
			assert_int_equal(world.waiting[key], 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flood_leaves_a_fifth_of_what_it_found),
		cmocka_unit_test(floods_at_once_leave_room_for_another),
		cmocka_unit_test(the_counts_follow_what_waits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
