// Roll-ups that were refreshed at any moments, some of them killed, while hits came in any order, are those that are made from
// nothing of all that is stored in the end; and they say what the big tables say.
#include "harness/hit_case.h"
#include "harness/rollups.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void refresh_somehow(Loading *world, RandomCase *random, const RollupOptions *options)
{
	if (random_case_below(random, 3) == 0)
		rollups_refresh_killed(world->dsn, options, (int) random_case_below(random, 60000));
	else
		rollups_refresh_with(world->look, options);
}

static void store_and_refresh(Loading *world, RandomCase *random, Case *made, const RollupOptions *options)
{
	for (size_t at = made->count; at > 1; at--)
	{
		size_t other = random_case_below(random, at);
		Slice swapped = made->payloads[at - 1];
		made->payloads[at - 1] = made->payloads[other];
		made->payloads[other] = swapped;
	}
	for (size_t from = 0; from < made->count;)
	{
		size_t size = 1 + random_case_below(random, made->count / 2 + 1);
		if (size > made->count - from)
			size = made->count - from;
		loading_store_stream(world, 0, made->payloads + from, size, random_case_below(random, 2) == 0);
		if (random_case_below(random, 8) == 0)
			loading_sweep(world, world->now_ms);
		if (random_case_below(random, 2) == 0)
			refresh_somehow(world, random, options);
		from += size;
	}
}

static void compare(Loading *world, const RollupOptions *options, const Case *made, size_t at)
{
	rollups_refresh_with(world->look, options);
	char *got = rollups_dump(world->look);
	rollups_match_rows(world->look, options);
	rollups_remake(world->look, options);
	char *wanted = rollups_dump(world->look);
	if (strcmp(wanted, got) != 0)
	{
		hit_case_print(made);
		(void) fprintf(stderr, "── from nothing:\n%s\n── refreshed:\n%s\n", wanted, got);
		fail_msg("case %zu: the roll-ups are not those of what is stored", at);
	}
	free(got);
	free(wanted);
}

static void refreshes_at_any_moment_equal_a_recount(void **state)
{
	static const char *const zones[] = {"UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"};
	Loading *world = *state;
	RandomCase random = random_case_begin("rollup");
	for (size_t at = 0; at < random_case_count(12); at++)
	{
		static Case made;
		RollupOptions options = ROLLUPS_OPTIONS;
		options.timezone = zones[at % (sizeof zones / sizeof *zones)];
		hit_case_make(&random, &made);
		loading_empty(world);
		store_and_refresh(world, &random, &made, &options);
		compare(world, &options, &made, at);
		loading_sweep(world, END_MS); // all have ended
		compare(world, &options, &made, at);
		arena_free(&made.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refreshes_at_any_moment_equal_a_recount),
	};
	return cmocka_run_group_tests(tests, hit_case_set_up, hit_case_tear_down);
}
