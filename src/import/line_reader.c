#include "import/line_reader.h"

#include "base/compress.h"
#include "base/memory.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC_SIZE 4

struct LineReader {
	const char *path;
	int fd;
	size_t line_size_max;
	uint64_t bytes_read;
	uint64_t bytes_all;
	uint64_t line_number;
	Decompressor *decompressor;
	Slice packed; // read from the file and not unpacked yet; points into packed_block
	bool is_file_end;
	bool is_end;          // nothing more will be unpacked
	bool is_rest_skipped; // what comes up to the next "\n" belongs to a line that was handed out cut
	size_t from;          // of what is unpacked and not handed out, in block
	size_t to;
	char packed_block[LINE_READER_BLOCK_SIZE];
	char block[LINE_READER_BLOCK_SIZE];
};

static Slice block_slice(const LineReader *reader)
{
	return (Slice){reader->block + reader->from, reader->to - reader->from};
}

static const char *shown_path(const LineReader *reader)
{
	return reader->fd == STDIN_FILENO ? "standard input" : reader->path;
}

// Reads on from the file, behind what is in packed_block.
static bool packed_fill(LineReader *reader, Error *error)
{
	size_t kept = reader->packed.size;
	if (kept > 0 && reader->packed.data != reader->packed_block)
		memmove(reader->packed_block, reader->packed.data, kept);
	ssize_t got;
	do
		got = read(reader->fd, reader->packed_block + kept, sizeof reader->packed_block - kept);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot read %s", shown_path(reader));
	reader->is_file_end = got == 0;
	reader->bytes_read += (uint64_t) got;
	reader->packed = (Slice){reader->packed_block, kept + (size_t) got};
	return true;
}

static bool format_detect(LineReader *reader, Error *error)
{
	while (reader->packed.size < MAGIC_SIZE && !reader->is_file_end)
		if (!packed_fill(reader, error))
			return false;
	return decompressor_open(compress_detect(reader->packed), &reader->decompressor, error);
}

bool line_reader_open(const char *path, size_t line_size_max, LineReader **reader, Error *error)
{
	assert(line_size_max < LINE_READER_BLOCK_SIZE);
	struct stat status;
	LineReader *opened = memory_allocate_zeroed(1, sizeof *opened);
	if (opened == NULL)
		return error_set(error, ERROR_MEMORY, "no memory to read %s", path);
	opened->path = path;
	opened->line_size_max = line_size_max;
	opened->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (opened->fd < 0)
	{
		(void) error_set_errno(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_SYSTEM, "cannot open %s", path);
		memory_free(opened);
		return false;
	}
	if (fstat(opened->fd, &status) == 0 && S_ISREG(status.st_mode))
		opened->bytes_all = (uint64_t) status.st_size;
	if (!format_detect(opened, error))
	{
		line_reader_close(opened);
		return false;
	}
	*reader = opened;
	return true;
}

void line_reader_close(LineReader *reader)
{
	if (reader == NULL)
		return;
	decompressor_close(reader->decompressor);
	if (reader->fd > STDIN_FILENO)
		(void) close(reader->fd);
	memory_free(reader);
}

bool line_reader_may_wait(const LineReader *reader)
{
	Slice text = block_slice(reader);
	return reader->bytes_all == 0 && !reader->is_end && slice_find(text, '\n', 0) == text.size;
}

uint64_t line_reader_bytes_read(const LineReader *reader)
{
	return reader->bytes_read - reader->packed.size;
}

uint64_t line_reader_bytes_all(const LineReader *reader)
{
	return reader->bytes_all;
}

// Unpacks once more into what is free at the block's end; sets is_end where there is nothing more.
static bool block_fill(LineReader *reader, Error *error)
{
	if (reader->from > 0)
	{
		memmove(reader->block, reader->block + reader->from, reader->to - reader->from);
		reader->to -= reader->from;
		reader->from = 0;
	}
	assert(reader->to < sizeof reader->block); // what is handed out cut is shorter
	size_t written = 0;
	while (written == 0 && !reader->is_end)
	{
		if (reader->packed.size == 0 && !reader->is_file_end && !packed_fill(reader, error))
			return false;
		bool is_last = reader->packed.size == 0 && reader->is_file_end;
		if (!decompressor_read(reader->decompressor, &reader->packed, reader->block + reader->to,
				sizeof reader->block - reader->to, &written, error))
			return error_prefix(error, "%s: ", shown_path(reader));
		reader->to += written;
		if (is_last && written == 0)
			reader->is_end = true;
	}
	if (reader->is_end && !decompressor_is_complete(reader->decompressor))
		return error_set(error, ERROR_CORRUPT, "%s is cut off: its compressed data does not end", shown_path(reader));
	return true;
}

// What is left of a line that was handed out cut.
static bool rest_skip(LineReader *reader, Error *error)
{
	while (reader->is_rest_skipped)
	{
		Slice text = block_slice(reader);
		size_t end = slice_find(text, '\n', 0);
		bool is_found = end < text.size;
		reader->from += is_found ? end + 1 : end;
		reader->is_rest_skipped = !is_found && !reader->is_end;
		if (reader->is_rest_skipped && !block_fill(reader, error))
			return false;
	}
	return true;
}

static Slice without_return(Slice text)
{
	bool has_return = text.size > 0 && text.data[text.size - 1] == '\r';
	return slice_sub(text, 0, text.size - (has_return ? 1 : 0));
}

bool line_reader_next(LineReader *reader, Line *line, bool *has_line, Error *error)
{
	*has_line = false;
	if (!rest_skip(reader, error))
		return false;
	for (size_t looked = 0;;)
	{
		Slice text = block_slice(reader);
		size_t end = slice_find(text, '\n', looked);
		bool is_found = end < text.size;
		bool is_cut = end > reader->line_size_max;
		if (is_found || is_cut || (reader->is_end && text.size > 0))
		{
			line->is_cut = is_cut;
			line->number = ++reader->line_number;
			line->text = is_cut ? slice_sub(text, 0, reader->line_size_max) : without_return(slice_sub(text, 0, end));
			reader->from += is_found ? end + 1 : end;
			reader->is_rest_skipped = is_cut && !is_found;
			*has_line = true;
			return true;
		}
		if (reader->is_end)
			return true;
		looked = text.size;
		if (!block_fill(reader, error))
			return false;
	}
}

bool line_reader_peek(LineReader *reader, Slice *text, Error *error)
{
	while (!reader->is_end && (reader->from > 0 || reader->to < sizeof reader->block))
		if (!block_fill(reader, error))
			return false;
	*text = block_slice(reader);
	for (size_t end = text->size; end > 0 && !reader->is_end; end--)
		if (text->data[end - 1] == '\n')
		{
			*text = slice_sub(*text, 0, end);
			break;
		}
	return true;
}

bool line_reader_pause(const LineReader *reader, LinePause pause, void *context, Error *error)
{
	bool is_waiting = line_reader_may_wait(reader);
	bool is_due = is_waiting || reader->line_number % LINE_PAUSE_EVERY == 0;
	return !is_due || pause(context, reader, is_waiting, error);
}
