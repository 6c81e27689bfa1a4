#include "buffer/buffer.h"

#include "base/log.h"
#include "base/random.h"
#include "buffer/segment.h"
#include "harness/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SEGMENT_BYTES 4096U

typedef struct Fixture {
	char folder[TEST_FOLDER_SIZE];
	BufferOptions options;
	BufferWriter *writer;
	BufferReader *reader;
	Error error;
} Fixture;

static int set_up(void **state)
{
	static Fixture fixture;
	fixture =
		(Fixture){.options = {.segment_bytes = SEGMENT_BYTES, .unloaded_bytes_max = 1U << 20U, .look_again_ms = -1}};
	test_folder_make(fixture.folder);
	*state = &fixture;
	return 0;
}

static int tear_down(void **state)
{
	Fixture *fixture = *state;
	buffer_reader_close(fixture->reader);
	buffer_writer_close(fixture->writer);
	test_folder_remove(fixture->folder);
	return 0;
}

#define CHECK(call)                                                                                                    \
	do                                                                                                                 \
		if (!(call))                                                                                                   \
			fail_msg("%s", fixture->error.message);                                                                    \
	while (0)

static void writer_open(Fixture *fixture)
{
	buffer_writer_close(fixture->writer);
	CHECK(buffer_writer_open(fixture->folder, &fixture->options, &fixture->writer, &fixture->error));
}

static void reader_open(Fixture *fixture, BufferPosition from)
{
	buffer_reader_close(fixture->reader);
	CHECK(buffer_reader_open(fixture->folder, &fixture->options, from, &fixture->reader, &fixture->error));
}

// A frame that says its number, `size` bytes long.
static void append(Fixture *fixture, unsigned number, size_t size)
{
	static char payload[SEGMENT_PAYLOAD_SIZE_MAX];
	memset(payload, (int) ('a' + number % 26), size);
	(void) snprintf(payload, size, "%u", number);
	CHECK(buffer_append(fixture->writer, (Slice){payload, size}, &fixture->error));
}

static void sync_all(Fixture *fixture)
{
	CHECK(buffer_sync(fixture->writer, &fixture->error));
}

static void reads(Fixture *fixture, unsigned number, size_t size)
{
	Slice payload;
	bool has_frame;
	CHECK(buffer_read(fixture->reader, &payload, &has_frame, &fixture->error));
	assert_true(has_frame);
	assert_int_equal(payload.size, size);
	assert_int_equal(strtoul(payload.data, NULL, 10), number);
	assert_int_equal(payload.data[size - 1], size > 12 ? (int) ('a' + number % 26) : payload.data[size - 1]);
}

static void reads_nothing(Fixture *fixture)
{
	Slice payload;
	bool has_frame;
	CHECK(buffer_read(fixture->reader, &payload, &has_frame, &fixture->error));
	assert_false(has_frame);
}

static void test_what_is_synced_is_read_in_order(void **state)
{
	Fixture *fixture = *state;
	writer_open(fixture);
	for (unsigned i = 0; i < 200; i++)
	{
		append(fixture, i, 20 + i);
		if (i % 7 == 0)
			sync_all(fixture);
	}
	sync_all(fixture);
	reader_open(fixture, (BufferPosition){0});
	for (unsigned i = 0; i < 200; i++)
		reads(fixture, i, 20 + i);
	reads_nothing(fixture);
	assert_int_equal(buffer_position_compare(buffer_reader_position(fixture->reader),
						 buffer_writer_position(fixture->writer)),
		0);
	append(fixture, 1000, 100);
	sync_all(fixture);
	reads(fixture, 1000, 100);
	reads_nothing(fixture);
}

int main(void)
{
	Error error;
	if (!random_init(&error))
		return EXIT_FAILURE;
	log_init("test", LOG_ERROR);
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_synced_is_read_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
