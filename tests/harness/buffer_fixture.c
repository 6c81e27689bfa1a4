#include "harness/buffer_fixture.h"

#include "buffer/segment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define CHECK(call)                                                                                                    \
	do                                                                                                                 \
		if (!(call))                                                                                                   \
			fail_msg("%s", fixture->error.message);                                                                    \
	while (0)

int buffer_fixture_set_up(void **state)
{
	static BufferFixture fixture;
	fixture = (BufferFixture){0};
	test_folder_make(fixture.folder);
	fixture.faulty = faulty_files_make(fixture.folder, 1);
	fixture.options = (BufferOptions){
		.files = faulty_files_table(fixture.faulty),
		.segment_bytes = FIXTURE_SEGMENT_BYTES,
		.unloaded_bytes_max = 1U << 20U,
		.look_again_ms = -1,
	};
	*state = &fixture;
	return 0;
}

int buffer_fixture_tear_down(void **state)
{
	BufferFixture *fixture = *state;
	buffer_reader_close(fixture->reader);
	buffer_writer_close(fixture->writer);
	faulty_files_free(fixture->faulty);
	test_folder_remove(fixture->folder);
	return 0;
}

void fixture_writer_open(BufferFixture *fixture)
{
	buffer_writer_close(fixture->writer);
	CHECK(buffer_writer_open(fixture->folder, &fixture->options, &fixture->writer, &fixture->error));
}

void fixture_reader_open(BufferFixture *fixture, BufferPosition from)
{
	buffer_reader_close(fixture->reader);
	CHECK(buffer_reader_open(fixture->folder, &fixture->options, from, &fixture->reader, &fixture->error));
}

bool fixture_try_append(BufferFixture *fixture, unsigned number, size_t size)
{
	static char payload[SEGMENT_PAYLOAD_SIZE_MAX];
	memset(payload, (int) ('a' + number % 26), size);
	(void) snprintf(payload, size, "%u", number);
	return buffer_append(fixture->writer, (Slice){payload, size}, &fixture->error);
}

void fixture_append(BufferFixture *fixture, unsigned number, size_t size)
{
	CHECK(fixture_try_append(fixture, number, size));
}

void fixture_sync(BufferFixture *fixture)
{
	CHECK(buffer_sync(fixture->writer, &fixture->error));
}

void fixture_append_synced(BufferFixture *fixture, unsigned number, size_t size)
{
	fixture_append(fixture, number, size);
	fixture_sync(fixture);
}

void fixture_reads(BufferFixture *fixture, unsigned number, size_t size)
{
	Slice payload;
	bool has_frame;
	CHECK(buffer_read(fixture->reader, &payload, &has_frame, &fixture->error));
	assert_true(has_frame);
	assert_int_equal(strtoul(payload.data, NULL, 10), number);
	assert_int_equal(payload.size, size);
	if (size > 16)
		assert_int_equal(payload.data[size - 1], 'a' + number % 26);
}

void fixture_reads_nothing(BufferFixture *fixture)
{
	Slice payload;
	bool has_frame;
	CHECK(buffer_read(fixture->reader, &payload, &has_frame, &fixture->error));
	assert_false(has_frame);
}

void fixture_read_fails(BufferFixture *fixture, ErrorCode code)
{
	Slice payload;
	bool has_frame;
	assert_false(buffer_read(fixture->reader, &payload, &has_frame, &fixture->error));
	assert_int_equal(fixture->error.code, code);
}

uint64_t fixture_skip(BufferFixture *fixture)
{
	uint64_t bytes;
	CHECK(buffer_reader_skip(fixture->reader, &bytes, &fixture->error));
	return bytes;
}

void fixture_trim(BufferFixture *fixture, BufferPosition flushed)
{
	CHECK(buffer_trim(fixture->folder, &fixture->options, flushed, 0, &fixture->error));
}

void fixture_segment_path(const BufferFixture *fixture, uint64_t number, char path[FIXTURE_PATH_SIZE])
{
	(void) snprintf(path, FIXTURE_PATH_SIZE, "%s/%016llu.segment", fixture->folder, (unsigned long long) number);
}

bool fixture_has_segment(const BufferFixture *fixture, uint64_t number)
{
	char path[FIXTURE_PATH_SIZE];
	fixture_segment_path(fixture, number, path);
	return file_exists(path);
}

void fixture_file_write(const BufferFixture *fixture, const char *name, const void *bytes, size_t size)
{
	char path[FIXTURE_PATH_SIZE];
	(void) snprintf(path, sizeof path, "%s/%s", fixture->folder, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), (ssize_t) size);
	(void) close(fd);
}
