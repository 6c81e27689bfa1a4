// Compression with gzip in one go; decompression of gzip and zstd, as a stream with bounded memory or in one go with a bounded result. Files made of
// several members or frames, one behind the other, are read as one.
#pragma once
#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

typedef enum CompressFormat { COMPRESS_NONE, COMPRESS_GZIP, COMPRESS_ZSTD } CompressFormat;

// By the first bytes (four are enough).
CompressFormat compress_detect(Slice start);

// ── Stream ──
typedef struct Decompressor Decompressor;

// COMPRESS_NONE passes bytes through.
bool decompressor_open(CompressFormat format, Decompressor **decompressor, Error *error) MUST_USE;
void decompressor_close(Decompressor *decompressor); // NULL is fine
// Takes bytes off the front of *input and writes at most `size` to `output`, *written of them. Call again while *written
// is `size` or input is left. ERROR_CORRUPT on what is not of the format, ERROR_MEMORY.
bool decompressor_read(Decompressor *decompressor, Slice *input, char *output, size_t size, size_t *written,
	Error *error) MUST_USE;
// True where the input may end here: false means that it was cut off.
bool decompressor_is_complete(const Decompressor *decompressor);

// ── One go ──
// Appends to `output` what `data` unpacks to. ERROR_TOO_LARGE where that passes output->size_max, ERROR_CORRUPT where data
// is no gzip or is cut off.
bool compress_gunzip(Slice data, Buf *output, Error *error) MUST_USE;
// Appends `data` packed as small as gzip can, the same bytes each time. ERROR_TOO_LARGE where that could pass
// output->size_max.
bool compress_gzip(Slice data, Buf *output, Error *error) MUST_USE;
