#include "base/progress.h"

#include "base/buf.h"
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DRAWN_EVERY_US ((int64_t) 100000)
#define BAR_WIDTH ((size_t) 24)
#define LINE_SIZE_MAX ((size_t) 1024)
#define WIDTH_DEFAULT ((size_t) 80)

void progress_begin(Progress *progress, const char *label, bool is_quiet)
{
	*progress = (Progress){
		.label = label,
		.fd = !is_quiet && isatty(STDERR_FILENO) ? STDERR_FILENO : -1,
		.started_us = clock_monotonic_us(),
		.hidden_us = PROGRESS_HIDDEN_US,
	};
}

bool progress_is_due(const Progress *progress)
{
	if (progress->fd < 0)
		return false;
	int64_t now_us = clock_monotonic_us();
	return progress->is_drawn ? now_us - progress->drawn_us >= DRAWN_EVERY_US
							  : now_us - progress->started_us >= progress->hidden_us;
}

void progress_format_number(uint64_t number, char text[PROGRESS_NUMBER_SIZE])
{
	char digits[PROGRESS_NUMBER_SIZE];
	size_t size = (size_t) snprintf(digits, sizeof digits, "%llu", (unsigned long long) number);
	char *target = text;
	for (size_t i = 0; i < size; i++)
	{
		if (i > 0 && (size - i) % 3 == 0)
			*target++ = ',';
		*target++ = digits[i];
	}
	*target = '\0';
}

static void append_time_left(Buf *line, const Progress *progress, uint64_t done, uint64_t total)
{
	double passed_s = (double) (clock_monotonic_us() - progress->started_us) / 1e6;
	if (done == 0 || done >= total || passed_s < 1)
		return;
	double left_s = passed_s * (double) (total - done) / (double) done;
	long long minutes = (long long) (left_s / 60);
	if (minutes >= 60)
		buf_append_format(line, "  %lld h %lld min left", minutes / 60, minutes % 60);
	else if (minutes >= 1)
		buf_append_format(line, "  %lld min left", minutes);
	else
		buf_append_format(line, "  %.0f s left", left_s);
}

static void append_bar(Buf *line, uint64_t done, uint64_t total)
{
	double share = done >= total ? 1.0 : (double) done / (double) total;
	size_t filled = (size_t) (share * (double) BAR_WIDTH);
	buf_append_text(line, "  [");
	for (size_t i = 0; i < BAR_WIDTH; i++)
		buf_append_byte(line, i < filled ? '=' : i == filled ? '>' : ' ');
	buf_append_format(line, "] %3d %%", (int) (share * 100));
}

static size_t terminal_width(int fd)
{
	struct winsize size;
	return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : WIDTH_DEFAULT;
}

// A terminal that takes no more loses a picture of the bar, nothing else.
static void draw(int fd, Slice line)
{
	ssize_t written = write(fd, line.data, line.size);
	(void) written;
}

void progress_update(Progress *progress, uint64_t done, uint64_t total, const char *note)
{
	if (!progress_is_due(progress))
		return;
	Buf line;
	buf_init(&line, LINE_SIZE_MAX);
	buf_append_text(&line, progress->label);
	if (total > 0)
	{
		append_bar(&line, done, total);
		append_time_left(&line, progress, done, total);
	}
	if (note != NULL)
		buf_append_format(&line, "  %s", note);
	if (buf_is_ok(&line))
	{
		Slice shown = slice_cut_utf8(buf_slice(&line), terminal_width(progress->fd) - 1);
		char picture[LINE_SIZE_MAX + 8];
		int size = snprintf(picture, sizeof picture, "\r%.*s\x1B[K", SLICE_PRINT(shown));
		draw(progress->fd, (Slice){picture, (size_t) size});
		progress->is_drawn = true;
		progress->drawn_us = clock_monotonic_us();
	}
	buf_free(&line);
}

void progress_end(Progress *progress)
{
	if (progress->is_drawn)
		draw(progress->fd, SLICE_LITERAL("\r\x1B[K"));
	progress->fd = -1;
	progress->is_drawn = false;
}
