// What the loader remembers: bounded, exact about what it has forgotten.
#include "base/hash.h"
#include "base/random.h"
#include "loader/recent_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW_MS ((int64_t) 1773100800000)

typedef struct Entry {
	Uuid id;
	int64_t value;
} Entry;

static Uuid id_at(int64_t time_ms, uint64_t number)
{
	Hash128 hash = {{0}};
	memcpy(hash.bytes + 3, &number, 7); // behind the marks of version 7
	return uuid7_from_hash(time_ms, hash);
}

static RecentTable table_of(size_t entries)
{
	RecentTable table;
	recent_table_init(&table, sizeof(Entry), 3 * (entries + entries / 2 + 1) * sizeof(Entry));
	recent_table_clear(&table, NOW_MS - 1000);
	return table;
}

static void put(RecentTable *table, Uuid id, int64_t value)
{
	Entry *entry = recent_table_put(table, id, NOW_MS);
	assert_non_null(entry);
	entry->value = value;
}

static void what_was_put_is_found_as_it_was(void **state)
{
	(void) state;
	RecentTable table = table_of(100);
	for (uint64_t at = 0; at < 100; at++)
		put(&table, id_at(NOW_MS, at), (int64_t) at);
	for (uint64_t at = 0; at < 100; at++)
	{
		const Entry *entry = recent_table_find(&table, id_at(NOW_MS, at));
		assert_non_null(entry);
		assert_int_equal(entry->value, (int64_t) at);
	}
	assert_null(recent_table_find(&table, id_at(NOW_MS, 100)));
	recent_table_free(&table);
}

static void the_latest_entries_max_are_always_there(void **state)
{
	(void) state;
	RecentTable table = table_of(50);
	for (uint64_t at = 0; at < 1000; at++)
	{
		put(&table, id_at(NOW_MS - 500, at), (int64_t) at);
		for (uint64_t back = 0; back < table.entries_max && back <= at; back++)
			assert_non_null(recent_table_find(&table, id_at(NOW_MS - 500, at - back)));
	}
	recent_table_free(&table);
}

static void what_is_put_again_stays_with_its_value(void **state)
{
	(void) state;
	RecentTable table = table_of(20);
	put(&table, id_at(NOW_MS, 0), 42);
	for (uint64_t at = 1; at < 500; at++)
	{
		put(&table, id_at(NOW_MS, at), 1);
		if (at % 15 != 0)
			continue;
		const Entry *entry = recent_table_put(&table, id_at(NOW_MS, 0), NOW_MS);
		assert_non_null(entry);
		assert_int_equal(entry->value, 42);
	}
	recent_table_free(&table);
}

static void nothing_that_was_put_is_ever_taken_for_new(void **state)
{
	(void) state;
	RecentTable table = table_of(16);
	for (uint64_t at = 0; at < 2000; at++)
	{
		// some of them late, some from the future
		int64_t time_ms = NOW_MS - 999 + (int64_t) (at * 7919 % 1500);
		assert_true(recent_table_is_new(&table, id_at(time_ms, at)) || time_ms <= table.horizon_ms);
		put(&table, id_at(time_ms, at), 0);
		for (uint64_t before = 0; before <= at; before += 13)
			assert_false(recent_table_is_new(&table, id_at(NOW_MS - 999 + (int64_t) (before * 7919 % 1500), before)));
	}
	recent_table_free(&table);
}

static void a_few_ids_of_the_future_do_not_put_the_present_in_doubt(void **state)
{
	(void) state;
	RecentTable table = table_of(100);
	for (uint64_t at = 0; at < 10; at++)
		put(&table, id_at(NOW_MS + 1000000, at), 0);
	for (uint64_t at = 10; at < 10000; at++)
		put(&table, id_at(NOW_MS - 500 + (int64_t) at / 100, at), 0);
	assert_true(recent_table_is_new(&table, id_at(NOW_MS, 10000)));
	assert_false(recent_table_is_new(&table, id_at(NOW_MS + 1000000, 3)));
	recent_table_free(&table);
}

static void with_the_least_memory_it_still_tells_what_is_new(void **state)
{
	(void) state;
	RecentTable table;
	recent_table_init(&table, sizeof(Entry), 0);
	recent_table_clear(&table, INT64_MIN);
	for (uint64_t at = 0; at < 100; at++)
	{
		assert_true(recent_table_is_new(&table, id_at(NOW_MS - 200 + (int64_t) at, at)));
		put(&table, id_at(NOW_MS - 200 + (int64_t) at, at), 0);
		assert_false(recent_table_is_new(&table, id_at(NOW_MS - 200 + (int64_t) at, at)));
	}
	recent_table_free(&table);
}

static int setup(void **state)
{
	(void) state;
	Error error;
	return random_init(&error) ? 0 : 1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_put_is_found_as_it_was),
		cmocka_unit_test(the_latest_entries_max_are_always_there),
		cmocka_unit_test(what_is_put_again_stays_with_its_value),
		cmocka_unit_test(nothing_that_was_put_is_ever_taken_for_new),
		cmocka_unit_test(a_few_ids_of_the_future_do_not_put_the_present_in_doubt),
		cmocka_unit_test(with_the_least_memory_it_still_tells_what_is_new),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
