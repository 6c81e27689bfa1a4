// Any order, repetition and grouping of the same hits, over any number of loaders, gives the same rows, whatever they remember
// of what they stored, whenever they begin anew, and whether or not more hits were waiting; and the sessions among them are
// those of a plain recount from the definitions.
#include "harness/recount.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// From none at all to more than a case needs.
static size_t pick_memory(RandomCase *random)
{
	static const size_t sizes[] = {0, 2048, 8192, 1 << 20U};
	return sizes[random_case_below(random, sizeof sizes / sizeof sizes[0])];
}

// A hit that is sent again. One without a time of its own comes with that of its arrival, which is a later one now.
static Slice sent_again(RandomCase *random, Case *made, size_t at)
{
	Hit hit = made->hits[at];
	Buf buf;
	if (hit.is_time_arrival != 1)
		return made->payloads[at];
	hit.id = uuid7_with_time(hit.id, hit_time_ms(&hit) + (int64_t) random_case_below(random, 200) * MINUTE_MS);
	buf_init(&buf, 1 << 16U);
	hit_encode(&hit, &buf);
	Slice payload = arena_copy(&made->arena, buf_slice(&buf));
	buf_free(&buf);
	assert_non_null(payload.data);
	return payload;
}

static void store_shuffled(Loading *world, RandomCase *random, Case *made)
{
	size_t order[2 * HITS_MAX]; // places in the case
	Slice shuffled[2 * HITS_MAX];
	bool is_sent[HITS_MAX] = {false};
	size_t count = 0;
	for (size_t at = 0; at < made->count; at++)
	{
		order[count++] = at;
		if (random_case_below(random, 4) == 0)
			order[count++] = at;
	}
	for (size_t at = count; at > 1; at--)
	{
		size_t other = random_case_below(random, at);
		size_t swapped = order[at - 1];
		order[at - 1] = order[other];
		order[other] = swapped;
	}
	for (size_t at = 0; at < count; at++)
	{
		shuffled[at] = is_sent[order[at]] ? sent_again(random, made, order[at]) : made->payloads[order[at]];
		is_sent[order[at]] = true;
	}
	size_t loader = 0;
	bool is_one_loader = random_case_below(random, 2) == 0; // which remembers more, and puts off more
	for (size_t from = 0; from < count;)
	{
		size_t size = 1 + random_case_below(random, random_case_below(random, 2) == 0 ? 3 : count);
		if (size > count - from)
			size = count - from;
		if (!is_one_loader && random_case_below(random, 2) == 0) // two turns in a row are what a loader's memory is for
			loader = random_case_below(random, LOADING_LOADERS);
		if (random_case_below(random, 12) == 0)
			loading_restart(world, loader, pick_memory(random));
		if (random_case_below(random, is_one_loader ? 40 : 8) == 0)
			loading_sweep(world, world->now_ms);
		loading_store_stream(world, loader, shuffled + from, size,
			random_case_below(random, is_one_loader ? 8 : 2) != 0);
		from += size;
	}
}

static void any_order_gives_the_same_rows(void **state)
{
	Loading *world = *state;
	RandomCase random = random_case_begin("loader order");
	for (size_t at = 0; at < random_case_count(24); at++)
	{
		static Case made;
		hit_case_make(&random, &made);
		loading_empty(world);
		loading_store_payloads(world, 0, made.payloads, made.count);
		char *wanted = loading_dump(world, END_MS);
		for (size_t round = 0; round < 3; round++)
		{
			loading_empty(world);
			store_shuffled(world, &random, &made);
			char *got = loading_dump(world, END_MS);
			if (strcmp(wanted, got) != 0)
			{
				hit_case_print(&made);
				(void) fprintf(stderr, "── in one batch:\n%s\n── shuffled:\n%s\n", wanted, got);
				fail_msg("case %zu: another order gave other rows", at);
			}
			free(got);
		}
		free(wanted);
		arena_free(&made.arena);
	}
}

static void sessions_are_those_of_a_recount(void **state)
{
	Loading *world = *state;
	RandomCase random = random_case_begin("loader recount");
	for (size_t at = 0; at < random_case_count(30); at++)
	{
		static Case made;
		static Recount recount;
		char wanted[HITS_MAX * 120] = "";
		hit_case_make(&random, &made);
		loading_empty(world);
		store_shuffled(world, &random, &made);
		loading_sweep(world, END_MS); // what was put off is written
		recount_make(&made, &recount);
		for (size_t session = 0; session < recount.count; session++)
		{
			const Counted *counted = &recount.sessions[session];
			size_t used = strlen(wanted);
			(void) snprintf(wanted + used, sizeof wanted - used, "%lld %lld %lld %d %d\n", (long long) counted->person,
				(long long) (counted->started_ms - BEGIN_MS) / MINUTE_MS,
				(long long) (counted->last_ms - BEGIN_MS) / MINUTE_MS, counted->views, counted->events);
		}
		const char *got = test_postgres_value(world->look,
			"SELECT string_agg(format(E'%s %s %s %s %s\\n', person_id, m0, m1, views, events), '' ORDER BY person_id, "
			"m0, m1, views, events)"
			" FROM (SELECT person_id, (ts_ms(started_at) - 1773100800000) / 60000 AS m0, (ts_ms(last_activity_at) - "
			"1773100800000) / 60000 AS m1,"
			" (SELECT count(*) FROM page_views v WHERE v.session_id = s.id AND v.person_id = s.person_id) AS views,"
			" (SELECT count(*) FROM user_events e WHERE e.session_id = s.id AND e.person_id = s.person_id) AS events "
			"FROM user_sessions s) s");
		if (strcmp(wanted, got) != 0)
		{
			hit_case_print(&made);
			(void) fprintf(stderr,
				"── recounted (person, start, last activity in min, views, events):\n%s── stored:\n%s", wanted, got);
			fail_msg("case %zu: the sessions are not those of a recount", at);
		}
		arena_free(&made.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_order_gives_the_same_rows),
		cmocka_unit_test(sessions_are_those_of_a_recount),
	};
	return cmocka_run_group_tests(tests, hit_case_set_up, hit_case_tear_down);
}
