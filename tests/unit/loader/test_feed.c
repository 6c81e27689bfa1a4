// The loader on a buffer: nothing that was put in is passed over.
#include "buffer/buffer.h"
#include "harness/folder.h"
#include "harness/loading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BEGIN_MS ((int64_t) 1773100800000) // 2026-03-10T00:00:00Z
#define HITS 3
#define TEXT_SIZE ((size_t) 30000)

static const BufferOptions buffer = {.segment_bytes = 1 << 20, .unloaded_bytes_max = 16 << 20};

static void hits_put(Loading *loading, const char *folder)
{
	static char text[TEXT_SIZE + 16];
	Error error = {0};
	BufferWriter *writer = NULL;
	char live[TEST_FOLDER_SIZE + 8];
	(void) snprintf(live, sizeof live, "%s/live", folder);
	assert_true(buffer_writer_open(live, &buffer, &writer, &error));
	memcpy(text, "{\"a\":\"", 6);
	memset(text + 6, 'x', TEXT_SIZE);
	memcpy(text + 6 + TEXT_SIZE, "\"}", 3);
	for (unsigned char at = 0; at < HITS; at++)
	{
		Hit hit;
		hit_init(&hit, HIT_EVENT);
		hit.id = uuid7_from_hash(BEGIN_MS + at, (Hash128){{at}});
		hit.user_id = 1;
		hit.event_type = SLICE_LITERAL("click");
		hit.metadata = slice_from(text);
		assert_true(buffer_append(writer, loading_encode(loading, &hit), &error));
	}
	assert_true(buffer_sync(writer, &error));
	buffer_writer_close(writer);
}

// The lists of a batch this size are larger than its hits may be.
static void a_batch_may_be_of_any_size_that_is_set(void **state)
{
	(void) state;
	static Loading loading;
	char folder[TEST_FOLDER_SIZE];
	Error error = {0};
	LoaderOptions options = LOADER_OPTIONS_DEFAULT;
	test_folder_make(folder);
	options.buffer_folder = folder;
	options.buffer = &buffer;
	options.batch_hits_max = 133000;
	options.batch_bytes_max = (size_t) 64 << 10U;
	loading_open(&loading, &options, BEGIN_MS);
	hits_put(&loading, folder);
	for (int step = 0; step < HITS + 1; step++)
	{
		size_t hits = 0;
		bool has_more = false;
		assert_true(loader_step(loading.loaders[0], &hits, &has_more, &error));
		assert_int_equal(has_more, hits > 0); // which are as much as a batch may be
	}
	assert_string_equal(test_postgres_value(loading.look, "SELECT count(*) FROM user_events"), "3");
	loading_close(&loading);
	test_folder_remove(folder);
}

// Without the disk PostgreSQL might come back without what it committed.
static void the_buffer_is_told_only_what_is_on_the_disk_of_postgresql(void **state)
{
	(void) state;
	static Loading loading;
	char folder[TEST_FOLDER_SIZE];
	char live[TEST_FOLDER_SIZE + 8];
	char query[128];
	Error error = {0};
	LoaderOptions options = LOADER_OPTIONS_DEFAULT;
	test_folder_make(folder);
	(void) snprintf(live, sizeof live, "%s/live", folder);
	options.buffer_folder = folder;
	options.buffer = &buffer;
	loading_open(&loading, &options, BEGIN_MS);
	hits_put(&loading, folder);
	BufferPosition loaded = {0};
	size_t hits = 0;
	bool has_more = false;
	assert_true(loader_step(loading.loaders[0], &hits, &has_more, &error));
	assert_int_equal(hits, HITS);
	assert_false(has_more);
	assert_true(buffer_folder_loaded(live, &loaded, &error));
	assert_int_equal(loaded.segment, 0);
	(void) snprintf(query, sizeof query, "SELECT pg_current_wal_flush_lsn() >= '%s'",
		test_postgres_value(loading.look, "SELECT pg_current_wal_insert_lsn()"));
	while (loaded.segment == 0)
	{
		assert_true(
			loader_step(loading.loaders[0], &hits, &has_more, &error) && buffer_folder_loaded(live, &loaded, &error));
		if (loaded.segment != 0)
			assert_string_equal(test_postgres_value(loading.look, query), "t");
	}
	loading_close(&loading);
	test_folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_batch_may_be_of_any_size_that_is_set),
		cmocka_unit_test(the_buffer_is_told_only_what_is_on_the_disk_of_postgresql),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
