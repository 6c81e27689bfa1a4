#include "http/chunks.h"

#include <string.h>

// One line with its CRLF off the front of *raw; false when it is not all there.
static bool take_line(Slice *raw, Slice *line)
{
	size_t end = slice_find(*raw, '\n', 0);
	if (end == raw->size)
		return false;
	*line = slice_sub(*raw, 0, end);
	*raw = slice_sub(*raw, end + 1, raw->size);
	return true;
}

static bool cut_return(Slice *line)
{
	if (line->size == 0 || line->data[line->size - 1] != '\r')
		return false;
	line->size--;
	return true;
}

static int hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

// Hexadecimal digits, then nothing or an extension behind a semicolon.
static bool size_parse(Slice line, size_t *size)
{
	size_t result = 0;
	size_t at = 0;
	for (; at < line.size && hex_value(line.data[at]) >= 0; at++)
	{
		if (result > SIZE_MAX / 32)
			return false;
		result = result * 16 + (size_t) hex_value(line.data[at]);
	}
	Slice rest = slice_trim(slice_sub(line, at, line.size));
	*size = result;
	return at > 0 && (rest.size == 0 || rest.data[0] == ';');
}

static HttpChunksResult size_read(HttpChunks *chunks, Slice *raw, size_t body_size_max)
{
	Slice line;
	if (!take_line(raw, &line))
		return raw->size > HTTP_CHUNK_LINE_MAX ? HTTP_CHUNKS_BAD : HTTP_CHUNKS_MORE;
	if (line.size > HTTP_CHUNK_LINE_MAX || !cut_return(&line) || !size_parse(line, &chunks->left))
		return HTTP_CHUNKS_BAD;
	if (chunks->left > body_size_max - chunks->body_size)
		return HTTP_CHUNKS_TOO_LARGE;
	chunks->part = chunks->left == 0 ? HTTP_CHUNKS_TRAILER : HTTP_CHUNKS_DATA;
	return HTTP_CHUNKS_DONE;
}

static HttpChunksResult data_end_read(HttpChunks *chunks, Slice *raw)
{
	if (raw->size < 2)
		return raw->size == 1 && raw->data[0] != '\r' ? HTTP_CHUNKS_BAD : HTTP_CHUNKS_MORE;
	if (memcmp(raw->data, "\r\n", 2) != 0)
		return HTTP_CHUNKS_BAD;
	*raw = slice_sub(*raw, 2, raw->size);
	chunks->part = HTTP_CHUNKS_SIZE;
	return HTTP_CHUNKS_DONE;
}

// DONE: one line is read; *is_last tells whether it was the blank one.
static HttpChunksResult trailer_read(HttpChunks *chunks, Slice *raw, bool *is_last)
{
	Slice line;
	if (!take_line(raw, &line))
		return raw->size > HTTP_TRAILERS_MAX - chunks->trailer_size ? HTTP_CHUNKS_BAD : HTTP_CHUNKS_MORE;
	if (line.size > HTTP_TRAILERS_MAX - chunks->trailer_size || !cut_return(&line))
		return HTTP_CHUNKS_BAD;
	chunks->trailer_size += line.size;
	*is_last = line.size == 0;
	return HTTP_CHUNKS_DONE;
}

HttpChunksResult http_chunks_decode(HttpChunks *chunks, char *data, size_t *size, size_t body_size_max)
{
	Slice raw = {data + chunks->body_size, *size - chunks->body_size};
	HttpChunksResult result = HTTP_CHUNKS_DONE;
	bool is_last = false;
	while (result == HTTP_CHUNKS_DONE && !is_last)
	{
		switch (chunks->part)
		{
		case HTTP_CHUNKS_SIZE:
			result = size_read(chunks, &raw, body_size_max);
			break;
		case HTTP_CHUNKS_DATA:
		{
			size_t count = raw.size < chunks->left ? raw.size : chunks->left;
			memmove(data + chunks->body_size, raw.data, count);
			chunks->body_size += count;
			chunks->left -= count;
			raw = slice_sub(raw, count, raw.size);
			if (chunks->left == 0)
				chunks->part = HTTP_CHUNKS_DATA_END;
			else
				result = HTTP_CHUNKS_MORE;
			break;
		}
		case HTTP_CHUNKS_DATA_END:
			result = data_end_read(chunks, &raw);
			break;
		case HTTP_CHUNKS_TRAILER:
		default:
			result = trailer_read(chunks, &raw, &is_last);
			break;
		}
	}
	memmove(data + chunks->body_size, raw.data, raw.size);
	*size = chunks->body_size + raw.size;
	return result;
}
