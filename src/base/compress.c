#include "base/compress.h"

#include "base/memory.h"

#include <limits.h>
#include <string.h>
// zlib reads through next_in and never writes; only so does its type say it.
#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>

#define GUNZIP_STEP_SIZE ((size_t) 16 * 1024)
// zlib's own number for "gzip only, window of 32 KiB".
#define GZIP_WINDOW_BITS (15 + 16)
#define GZIP_MEMORY_LEVEL 9 // the most
// Frames that want a larger window are refused: 128 MiB is what zstd itself takes without being asked.
#define ZSTD_WINDOW_LOG_MAX 27

struct Decompressor {
	CompressFormat format;
	bool is_between; // members or frames: nothing is open
	z_stream gzip;
	ZSTD_DStream *zstd;
};

CompressFormat compress_detect(Slice start)
{
	if (slice_starts_with(start, SLICE_LITERAL("\x1F\x8B")))
		return COMPRESS_GZIP;
	if (slice_starts_with(start, SLICE_LITERAL("\x28\xB5\x2F\xFD")))
		return COMPRESS_ZSTD;
	return COMPRESS_NONE;
}

static bool zstd_open(Decompressor *decompressor)
{
	decompressor->zstd = ZSTD_createDStream();
	return decompressor->zstd != NULL
		&& !ZSTD_isError(ZSTD_DCtx_setParameter(decompressor->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX));
}

bool decompressor_open(CompressFormat format, Decompressor **decompressor, Error *error)
{
	Decompressor *made = memory_allocate_zeroed(1, sizeof *made);
	if (made == NULL)
		return error_set(error, ERROR_MEMORY, "No memory to decompress with.");
	made->format = format;
	made->is_between = true;
	bool is_open = true;
	if (format == COMPRESS_GZIP)
		is_open = inflateInit2(&made->gzip, GZIP_WINDOW_BITS) == Z_OK;
	if (format == COMPRESS_ZSTD)
		is_open = zstd_open(made);
	if (!is_open)
	{
		decompressor_close(made);
		return error_set(error, ERROR_MEMORY, "No memory to decompress with.");
	}
	*decompressor = made;
	return true;
}

void decompressor_close(Decompressor *decompressor)
{
	if (decompressor == NULL)
		return;
	if (decompressor->format == COMPRESS_GZIP)
		(void) inflateEnd(&decompressor->gzip);
	(void) ZSTD_freeDStream(decompressor->zstd);
	memory_free(decompressor);
}

static bool plain_read(Slice *input, char *output, size_t size, size_t *written)
{
	*written = input->size < size ? input->size : size;
	if (*written > 0)
		memcpy(output, input->data, *written);
	*input = slice_sub(*input, *written, input->size);
	return true;
}

static unsigned step(size_t size)
{
	return size > UINT_MAX / 2 ? UINT_MAX / 2 : (unsigned) size;
}

static bool gzip_read(Decompressor *decompressor, Slice *input, char *output, size_t size, size_t *written,
	Error *error)
{
	z_stream *stream = &decompressor->gzip;
	while (*written < size && (input->size > 0 || !decompressor->is_between))
	{
		unsigned input_size = step(input->size);
		unsigned output_size = step(size - *written);
		stream->next_in = (const Bytef *) input->data;
		stream->avail_in = input_size;
		stream->next_out = (Bytef *) output + *written;
		stream->avail_out = output_size;
		int status = inflate(stream, Z_NO_FLUSH);
		*input = slice_sub(*input, input_size - stream->avail_in, input->size);
		*written += output_size - stream->avail_out;
		if (status == Z_STREAM_END)
		{
			decompressor->is_between = true;
			(void) inflateReset(stream);
			continue;
		}
		if (status == Z_BUF_ERROR) // wants more input
			return true;
		if (status == Z_MEM_ERROR)
			return error_set(error, ERROR_MEMORY, "No memory to decompress with.");
		if (status != Z_OK)
			return error_set(error, ERROR_CORRUPT, "This is not gzip, or it is damaged: %s.",
				stream->msg == NULL ? "unexpected data" : stream->msg);
		decompressor->is_between = false;
	}
	return true;
}

static bool zstd_read(Decompressor *decompressor, Slice *input, char *output, size_t size, size_t *written,
	Error *error)
{
	ZSTD_inBuffer in = {input->data, input->size, 0};
	ZSTD_outBuffer out = {output, size, 0};
	bool is_good = true;
	while (out.pos < out.size && (in.pos < in.size || !decompressor->is_between))
	{
		size_t in_before = in.pos;
		size_t out_before = out.pos;
		size_t hint = ZSTD_decompressStream(decompressor->zstd, &out, &in);
		if (ZSTD_isError(hint))
		{
			is_good =
				error_set(error, ERROR_CORRUPT, "This is not zstd, or it is damaged: %s.", ZSTD_getErrorName(hint));
			break;
		}
		decompressor->is_between = hint == 0;
		if (in.pos == in_before && out.pos == out_before) // wants more input
			break;
	}
	*input = slice_sub(*input, in.pos, input->size);
	*written = out.pos;
	return is_good;
}

bool decompressor_read(Decompressor *decompressor, Slice *input, char *output, size_t size, size_t *written,
	Error *error)
{
	*written = 0;
	switch (decompressor->format)
	{
	case COMPRESS_GZIP:
		return gzip_read(decompressor, input, output, size, written, error);
	case COMPRESS_ZSTD:
		return zstd_read(decompressor, input, output, size, written, error);
	case COMPRESS_NONE:
	default:
		return plain_read(input, output, size, written);
	}
}

bool decompressor_is_complete(const Decompressor *decompressor)
{
	return decompressor->is_between;
}

// One byte past the maximum is tried before the end is known, into a place of its own.
static bool is_at_end(Decompressor *decompressor, Slice *data, Error *error)
{
	char extra;
	size_t written = 0;
	if (!decompressor_read(decompressor, data, &extra, 1, &written, error))
		return false;
	if (written > 0)
		return error_set(error, ERROR_TOO_LARGE, "It unpacks to more bytes than the limit.");
	return true;
}

static bool gunzip_into(Decompressor *decompressor, Slice data, Buf *output, Error *error)
{
	size_t written = 0;
	do
	{
		size_t room = output->size_max - output->size;
		if (room == 0)
		{
			if (!is_at_end(decompressor, &data, error))
				return false;
			break;
		}
		size_t size = room < GUNZIP_STEP_SIZE ? room : GUNZIP_STEP_SIZE;
		char *target = buf_reserve(output, size);
		if (target == NULL)
			return error_set(error, ERROR_MEMORY, "No memory to decompress with.");
		if (!decompressor_read(decompressor, &data, target, size, &written, error))
			return false;
		output->size += written;
	} while (written > 0 || data.size > 0);
	if (!decompressor_is_complete(decompressor))
		return error_set(error, ERROR_CORRUPT, "The gzip data is cut off.");
	return true;
}

bool compress_gunzip(Slice data, Buf *output, Error *error)
{
	if (data.size == 0)
		return error_set(error, ERROR_CORRUPT, "The gzip data is empty.");
	Decompressor *decompressor = NULL;
	if (!decompressor_open(COMPRESS_GZIP, &decompressor, error))
		return false;
	bool is_good = gunzip_into(decompressor, data, output, error);
	decompressor_close(decompressor);
	return is_good;
}

bool compress_gzip(Slice data, Buf *output, Error *error)
{
	z_stream stream = {.next_in = (const Bytef *) data.data};
	if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW_BITS, GZIP_MEMORY_LEVEL, Z_DEFAULT_STRATEGY)
		!= Z_OK)
		return error_set(error, ERROR_MEMORY, "No memory to compress with.");
	size_t bound = deflateBound(&stream, data.size);
	char *target = data.size <= UINT_MAX / 2 && bound <= UINT_MAX ? buf_reserve(output, bound) : NULL;
	if (target == NULL)
	{
		(void) deflateEnd(&stream);
		return error_set(error, ERROR_TOO_LARGE, "There are too many bytes to compress in one go.");
	}
	stream.avail_in = (unsigned) data.size;
	stream.next_out = (Bytef *) target;
	stream.avail_out = (unsigned) bound;
	int status = deflate(&stream, Z_FINISH);
	output->size += bound - stream.avail_out;
	(void) deflateEnd(&stream);
	return status == Z_STREAM_END || error_set(error, ERROR_SYSTEM, "zlib could not pack %zu bytes.", data.size);
}
