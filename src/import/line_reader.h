// Lines of a file or of standard input: plain, gzip or zstd, told by the first bytes. Memory is bounded: a block of the
// file and a block of what it unpacks to.
#pragma once
#include "base/error.h"
#include "base/slice.h"

#define LINE_READER_BLOCK_SIZE ((size_t) 1280 * 1024)

typedef struct LineReader LineReader;

// path "-" is standard input. Lines longer than line_size_max (less than LINE_READER_BLOCK_SIZE) are handed out cut.
bool line_reader_open(const char *path, size_t line_size_max, LineReader **reader, Error *error) MUST_USE;
void line_reader_close(LineReader *reader); // NULL is fine

typedef struct Line {
	Slice text;      // without its end ("\n" or "\r\n"); valid until the next call
	uint64_t number; // 1 and up
	bool is_cut;     // longer than line_size_max: its beginning
} Line;

// *has_line false at the end. A last line without "\n" is a line. ERROR_CORRUPT where a compressed file is damaged or cut
// off: all lines before that were handed out.
bool line_reader_next(LineReader *reader, Line *line, bool *has_line, Error *error) MUST_USE;
// Whether the next line may not be there yet: no whole line in memory, and the rest comes from a pipe.
bool line_reader_may_wait(const LineReader *reader);
// The beginning of what is still to come, up to a block, ending with a whole line where it holds one. Valid until the next
// call.
bool line_reader_peek(LineReader *reader, Slice *text, Error *error) MUST_USE;

// Bytes of the file (as it is stored) read so far and in all; all is 0 where that is not known.
uint64_t line_reader_bytes_read(const LineReader *reader);
uint64_t line_reader_bytes_all(const LineReader *reader);

// Called now and then by whoever reads lines; is_waiting: the next line may take long to come.
typedef bool (*LinePause)(void *context, const LineReader *reader, bool is_waiting, Error *error);
#define LINE_PAUSE_EVERY 256U
// Calls `pause` where it is time for it: before every LINE_PAUSE_EVERY-th line, and before a wait.
bool line_reader_pause(const LineReader *reader, LinePause pause, void *context, Error *error) MUST_USE;
