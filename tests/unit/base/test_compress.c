#include "base/compress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include <cmocka.h>

#define TEXT_SIZE ((size_t) 300000)

typedef struct Fixture {
	char *text;
	char *packed;
	size_t packed_size;
	Buf output;
} Fixture;

static int set_up(void **state)
{
	Fixture *fixture = calloc(1, sizeof *fixture);
	fixture->text = malloc(TEXT_SIZE);
	fixture->packed = malloc(TEXT_SIZE * 2);
	unsigned seed = 7;
	for (size_t i = 0; i < TEXT_SIZE; i++)
	{
		seed = seed * 1103515245U + 12345U;
		fixture->text[i] = (char) ('a' + (seed >> 16U) % 13U);
	}
	buf_init(&fixture->output, TEXT_SIZE * 4);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	Fixture *fixture = *state;
	buf_free(&fixture->output);
	free(fixture->text);
	free(fixture->packed);
	free(fixture);
	return 0;
}

static void gzip_append(Fixture *fixture, const char *data, size_t size)
{
	z_stream stream = {0};
	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	unsigned char *copy = malloc(size + 1);
	memcpy(copy, data, size);
	stream.next_in = copy;
	stream.avail_in = (unsigned) size;
	stream.next_out = (unsigned char *) fixture->packed + fixture->packed_size;
	stream.avail_out = (unsigned) (TEXT_SIZE * 2 - fixture->packed_size);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	fixture->packed_size += stream.total_out;
	(void) deflateEnd(&stream);
	free(copy);
}

static void zstd_append(Fixture *fixture, const char *data, size_t size)
{
	size_t written =
		ZSTD_compress(fixture->packed + fixture->packed_size, TEXT_SIZE * 2 - fixture->packed_size, data, size, 3);
	assert_false(ZSTD_isError(written));
	fixture->packed_size += written;
}

static Slice packed(const Fixture *fixture)
{
	return (Slice){fixture->packed, fixture->packed_size};
}

// Reads with input pieces and output pieces of the given sizes; what came is in fixture->output.
static bool stream(Fixture *fixture, CompressFormat format, size_t input_step, size_t output_step, bool *is_complete)
{
	Decompressor *decompressor = NULL;
	Error error;
	assert_true(decompressor_open(format, &decompressor, &error));
	char *piece = malloc(output_step);
	buf_reset(&fixture->output);
	bool is_good = true;
	for (size_t from = 0; from < fixture->packed_size && is_good; from += input_step)
	{
		Slice input = slice_sub(packed(fixture), from, from + input_step);
		size_t written = 0;
		do
		{
			is_good = decompressor_read(decompressor, &input, piece, output_step, &written, &error);
			if (is_good)
				buf_append(&fixture->output, piece, written);
		} while (is_good && (written == output_step || input.size > 0));
	}
	*is_complete = decompressor_is_complete(decompressor);
	decompressor_close(decompressor);
	free(piece);
	return is_good;
}

static void assert_output(const Fixture *fixture, size_t repeats)
{
	assert_int_equal(fixture->output.size, TEXT_SIZE * repeats);
	for (size_t i = 0; i < repeats; i++)
		assert_memory_equal(fixture->output.data + i * TEXT_SIZE, fixture->text, TEXT_SIZE);
}

static void test_formats_are_told_apart(void **state)
{
	Fixture *fixture = *state;
	gzip_append(fixture, "x", 1);
	assert_int_equal(compress_detect(packed(fixture)), COMPRESS_GZIP);
	fixture->packed_size = 0;
	zstd_append(fixture, "x", 1);
	assert_int_equal(compress_detect(packed(fixture)), COMPRESS_ZSTD);
	assert_int_equal(compress_detect(SLICE_LITERAL("127.0.0.1 - - [")), COMPRESS_NONE);
	assert_int_equal(compress_detect(SLICE_NONE), COMPRESS_NONE);
}

static void test_streams_give_the_same_in_pieces_of_any_size(void **state)
{
	Fixture *fixture = *state;
	static const size_t steps[] = {1, 7, 4096, 1000000};
	for (int format = COMPRESS_NONE; format <= COMPRESS_ZSTD; format++)
	{
		fixture->packed_size = 0;
		if (format == COMPRESS_GZIP)
			gzip_append(fixture, fixture->text, TEXT_SIZE);
		else if (format == COMPRESS_ZSTD)
			zstd_append(fixture, fixture->text, TEXT_SIZE);
		else
		{
			memcpy(fixture->packed, fixture->text, TEXT_SIZE);
			fixture->packed_size = TEXT_SIZE;
		}
		for (size_t i = 0; i < 16; i++)
		{
			bool is_complete = false;
			assert_true(stream(fixture, (CompressFormat) format, steps[i % 4], steps[i / 4], &is_complete));
			assert_true(is_complete);
			assert_output(fixture, 1);
		}
	}
}

static void test_members_and_frames_are_joined(void **state)
{
	Fixture *fixture = *state;
	bool is_complete = false;
	gzip_append(fixture, fixture->text, TEXT_SIZE / 2);
	gzip_append(fixture, "", 0);
	gzip_append(fixture, fixture->text + TEXT_SIZE / 2, TEXT_SIZE / 2);
	assert_true(stream(fixture, COMPRESS_GZIP, 100, 1000, &is_complete));
	assert_true(is_complete);
	assert_output(fixture, 1);
	fixture->packed_size = 0;
	zstd_append(fixture, fixture->text, TEXT_SIZE);
	zstd_append(fixture, fixture->text, TEXT_SIZE);
	assert_true(stream(fixture, COMPRESS_ZSTD, 100, 1000, &is_complete));
	assert_true(is_complete);
	assert_output(fixture, 2);
}

static void test_a_cut_stream_is_not_complete(void **state)
{
	Fixture *fixture = *state;
	bool is_complete = true;
	gzip_append(fixture, fixture->text, TEXT_SIZE);
	fixture->packed_size -= 3;
	assert_true(stream(fixture, COMPRESS_GZIP, 4096, 4096, &is_complete));
	assert_false(is_complete);
	fixture->packed_size = 0;
	zstd_append(fixture, fixture->text, TEXT_SIZE);
	fixture->packed_size -= 3;
	assert_true(stream(fixture, COMPRESS_ZSTD, 4096, 4096, &is_complete));
	assert_false(is_complete);
}

static void test_damage_is_found(void **state)
{
	Fixture *fixture = *state;
	bool is_complete = true;
	gzip_append(fixture, fixture->text, TEXT_SIZE);
	fixture->packed[fixture->packed_size - 6] ^= 1; // of the checksum
	assert_false(stream(fixture, COMPRESS_GZIP, 4096, 4096, &is_complete));
	fixture->packed_size = 0;
	zstd_append(fixture, fixture->text, TEXT_SIZE);
	memset(fixture->packed + 4, 0xFF, 20);
	assert_false(stream(fixture, COMPRESS_ZSTD, 4096, 4096, &is_complete));
}

static void test_gunzip_gives_all_or_says_why(void **state)
{
	Fixture *fixture = *state;
	Error error;
	gzip_append(fixture, fixture->text, TEXT_SIZE);
	assert_true(compress_gunzip(packed(fixture), &fixture->output, &error));
	assert_output(fixture, 1);
	buf_reset(&fixture->output);
	fixture->packed_size--;
	assert_false(compress_gunzip(packed(fixture), &fixture->output, &error));
	assert_int_equal(error.code, ERROR_CORRUPT);
	assert_false(compress_gunzip(SLICE_NONE, &fixture->output, &error));
	assert_int_equal(error.code, ERROR_CORRUPT);
	assert_false(compress_gunzip(SLICE_LITERAL("{\"not\":\"gzip\"}"), &fixture->output, &error));
	assert_int_equal(error.code, ERROR_CORRUPT);
}

static void test_gunzip_stops_at_the_maximum(void **state)
{
	Fixture *fixture = *state;
	Error error;
	gzip_append(fixture, fixture->text, TEXT_SIZE);
	buf_free(&fixture->output);
	buf_init(&fixture->output, TEXT_SIZE);
	assert_true(compress_gunzip(packed(fixture), &fixture->output, &error));
	assert_output(fixture, 1);
	buf_free(&fixture->output);
	buf_init(&fixture->output, TEXT_SIZE - 1);
	assert_false(compress_gunzip(packed(fixture), &fixture->output, &error));
	assert_int_equal(error.code, ERROR_TOO_LARGE);
	assert_true(fixture->output.capacity <= TEXT_SIZE - 1);
}

static void test_what_is_packed_unpacks_to_the_same(void **state)
{
	Fixture *fixture = *state;
	Error error;
	Buf packed_buf;
	const size_t sizes[] = {0, 1, TEXT_SIZE};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
	{
		buf_init(&packed_buf, TEXT_SIZE * 2);
		buf_reset(&fixture->output);
		assert_true(compress_gzip((Slice){fixture->text, sizes[i]}, &packed_buf, &error));
		assert_true(compress_gunzip(buf_slice(&packed_buf), &fixture->output, &error));
		assert_true(slice_equal(buf_slice(&fixture->output), (Slice){fixture->text, sizes[i]}));
		buf_free(&packed_buf);
	}
	buf_init(&packed_buf, 100);
	assert_false(compress_gzip((Slice){fixture->text, TEXT_SIZE}, &packed_buf, &error));
	assert_int_equal(error.code, ERROR_TOO_LARGE);
	buf_free(&packed_buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_formats_are_told_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_streams_give_the_same_in_pieces_of_any_size, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_members_and_frames_are_joined, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_cut_stream_is_not_complete, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_damage_is_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_gunzip_gives_all_or_says_why, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_gunzip_stops_at_the_maximum, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_packed_unpacks_to_the_same, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("base/compress", tests, NULL, NULL);
}
