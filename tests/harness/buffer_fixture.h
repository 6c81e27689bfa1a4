// One buffer in a folder of its own, with a faulty file system under its writer, for unit tests. Any failure that the test
// does not ask for ends it.
#pragma once
#include "buffer/buffer.h"
#include "harness/faulty_files.h"
#include "harness/folder.h"

#define FIXTURE_SEGMENT_BYTES 4096U
#define FIXTURE_PATH_SIZE 256

typedef struct BufferFixture {
	char folder[TEST_FOLDER_SIZE];
	FaultyFiles *faulty;
	BufferOptions options; // segments of 4,096 bytes, a bound of 1 MB, nothing remembered of `loaded`
	BufferWriter *writer;
	BufferReader *reader;
	Error error;
} BufferFixture;

int buffer_fixture_set_up(void **state);
int buffer_fixture_tear_down(void **state);

// Closes what was open before.
void fixture_writer_open(BufferFixture *fixture);
void fixture_reader_open(BufferFixture *fixture, BufferPosition from);

// A frame that says its number, `size` bytes long.
bool fixture_try_append(BufferFixture *fixture, unsigned number, size_t size) MUST_USE;
void fixture_append(BufferFixture *fixture, unsigned number, size_t size);
void fixture_sync(BufferFixture *fixture);
void fixture_append_synced(BufferFixture *fixture, unsigned number, size_t size);

void fixture_reads(BufferFixture *fixture, unsigned number, size_t size);
void fixture_reads_nothing(BufferFixture *fixture);
void fixture_read_fails(BufferFixture *fixture, ErrorCode code);
uint64_t fixture_skip(BufferFixture *fixture);
void fixture_trim(BufferFixture *fixture, BufferPosition flushed);

void fixture_segment_path(const BufferFixture *fixture, uint64_t number, char path[FIXTURE_PATH_SIZE]);
bool fixture_has_segment(const BufferFixture *fixture, uint64_t number);
// Makes or replaces a file in the folder, behind the buffer's back.
void fixture_file_write(const BufferFixture *fixture, const char *name, const void *bytes, size_t size);
