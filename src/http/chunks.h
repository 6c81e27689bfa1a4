// The chunked transfer coding, undone in place while it arrives: the data of the chunks moves to the front of the buffer,
// one behind the other, and the framing between them disappears, so that a body costs its own size, however it is cut.
#pragma once
#include "base/error.h"
#include "base/slice.h"

#define HTTP_CHUNK_LINE_MAX ((size_t) 1024)   // a chunk's size with its extensions, which are not read
#define HTTP_TRAILERS_MAX ((size_t) 8 * 1024) // header lines behind the last chunk, which are not read either

typedef enum HttpChunksPart {
	HTTP_CHUNKS_SIZE,
	HTTP_CHUNKS_DATA,
	HTTP_CHUNKS_DATA_END,
	HTTP_CHUNKS_TRAILER
} HttpChunksPart;

typedef struct HttpChunks {
	HttpChunksPart part;
	size_t left;         // of this chunk's data
	size_t body_size;    // decoded so far
	size_t trailer_size; // read so far
} HttpChunks;            // all zero at first

typedef enum HttpChunksResult {
	HTTP_CHUNKS_MORE,
	HTTP_CHUNKS_DONE,
	HTTP_CHUNKS_BAD,
	HTTP_CHUNKS_TOO_LARGE
} HttpChunksResult;

// `data` holds the body decoded so far and *size - body_size bytes as they came. Afterwards the same, further on; *size is
// smaller by the framing that was taken out. When done, what lies behind the body belongs to the next request.
HttpChunksResult http_chunks_decode(HttpChunks *chunks, char *data, size_t *size, size_t body_size_max);
