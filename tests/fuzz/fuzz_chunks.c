// A chunked body comes out the same however the network cuts it; and what was chunked, in pieces as the input says, comes out
// as it was.
#include "tests/fuzz/fuzz.h"

#include "base/memory.h"
#include "http/chunks.h"

#include <string.h>

#define BODY_SIZE_MAX ((size_t) 4096)

typedef struct Outcome {
	HttpChunksResult result;
	char *data; // the body, and behind it what belongs to the next request
	size_t body_size;
	size_t size;
} Outcome;

static Outcome decode(Slice coded, size_t step, Arena *arena)
{
	HttpChunks chunks = {0};
	Outcome outcome = {.result = HTTP_CHUNKS_MORE, .data = arena_allocate(arena, coded.size + 1)};
	size_t taken = 0;
	assert(outcome.data != NULL);
	while (outcome.result == HTTP_CHUNKS_MORE && taken < coded.size)
	{
		Slice piece = slice_sub(coded, taken, taken + step);
		memcpy(outcome.data + outcome.size, piece.data, piece.size);
		outcome.size += piece.size;
		taken += piece.size;
		outcome.result = http_chunks_decode(&chunks, outcome.data, &outcome.size, BODY_SIZE_MAX);
		assert(chunks.body_size <= outcome.size && outcome.size <= coded.size && chunks.body_size <= BODY_SIZE_MAX);
	}
	outcome.body_size = chunks.body_size;
	if (outcome.result == HTTP_CHUNKS_DONE) // what was not handed over yet is the next request's too
	{
		memcpy(outcome.data + outcome.size, coded.data + taken, coded.size - taken);
		outcome.size += coded.size - taken;
	}
	return outcome;
}

static void cuts_check(Slice coded, size_t step, Arena *arena)
{
	Outcome whole = decode(coded, coded.size + 1, arena);
	Outcome pieces = decode(coded, step, arena);
	bool is_refused = whole.result == HTTP_CHUNKS_BAD || whole.result == HTTP_CHUNKS_TOO_LARGE;
	assert(pieces.result == whole.result);
	assert(is_refused || pieces.body_size == whole.body_size);
	assert(is_refused || (pieces.size == whole.size && memcmp(pieces.data, whole.data, whole.size) == 0));
}

static void round_trip_check(Slice body, size_t step, Arena *arena)
{
	Buf buf;
	buf_init(&buf, 16 * BODY_SIZE_MAX);
	for (size_t from = 0; from < body.size; from += step)
	{
		Slice piece = slice_sub(body, from, from + step);
		buf_append_format(&buf, step % 2 == 0 ? "%zx\r\n" : "%zX;a=\"b\"\r\n", piece.size);
		buf_append_slice(&buf, piece);
		buf_append_text(&buf, "\r\n");
	}
	buf_append_text(&buf, "0\r\nTrailer: a\r\n\r\nnext");
	assert(buf_is_ok(&buf));
	Outcome outcome = decode(buf_slice(&buf), step, arena);
	assert(outcome.result == HTTP_CHUNKS_DONE && outcome.body_size == body.size && outcome.size == body.size + 4);
	assert(memcmp(outcome.data, body.data, body.size) == 0 && memcmp(outcome.data + body.size, "next", 4) == 0);
	buf_free(&buf);
}

void fuzz_one(Slice input, Arena *arena)
{
	size_t step = input.size == 0 ? 1 : 1 + (unsigned char) *input.data;
	Slice rest = slice_sub(input, 1, input.size);
	if (rest.data == NULL)
		return;
	cuts_check(rest, step, arena);
	round_trip_check(slice_sub(rest, 0, BODY_SIZE_MAX), step, arena);
}
