#include "base/progress.h"

#include "base/slice.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

#define DRAWN_WITHIN_MS 10000

// A pseudo-terminal of 60 columns: what is drawn on `screen` is read from `keeper`.
typedef struct Terminal {
	int keeper;
	int screen;
} Terminal;

static void terminal_open(Terminal *terminal)
{
	struct winsize size = {.ws_row = 24, .ws_col = 60};
	terminal->keeper = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	assert_true(terminal->keeper >= 0);
	assert_int_equal(grantpt(terminal->keeper), 0);
	assert_int_equal(unlockpt(terminal->keeper), 0);
	terminal->screen = open(ptsname(terminal->keeper), O_RDWR | O_NOCTTY);
	assert_true(terminal->screen >= 0);
	assert_int_equal(ioctl(terminal->screen, TIOCSWINSZ, &size), 0);
}

// What is drawn reaches the keeper a moment later.
static Slice terminal_read(const Terminal *terminal, int wait_ms, char *text, size_t size)
{
	struct pollfd waiting = {.fd = terminal->keeper, .events = POLLIN};
	(void) poll(&waiting, 1, wait_ms);
	ssize_t got = read(terminal->keeper, text, size);
	return (Slice){text, got < 0 ? 0 : (size_t) got};
}

static void terminal_close(Terminal *terminal)
{
	close(terminal->screen);
	close(terminal->keeper);
}

static void a_bar_is_drawn_within_the_terminal_and_wiped_at_the_end(void **state)
{
	(void) state;
	Terminal terminal;
	char text[4096];
	terminal_open(&terminal);
	Progress progress;
	progress_begin(&progress, "import access.log", false);
	progress.fd = terminal.screen;
	progress.hidden_us = 0;
	progress_update(&progress, 50, 100, "50 lines and many more words that do not fit");
	Slice drawn = terminal_read(&terminal, DRAWN_WITHIN_MS, text, sizeof text);
	assert_int_equal(drawn.size, 1 + 59 + 3);
	assert_memory_equal(drawn.data, "\rimport access.log  [============>           ]  50 %  50 lines", 59);
	progress_update(&progress, 51, 100, NULL);
	assert_int_equal(terminal_read(&terminal, 0, text, sizeof text).size, 0); // too soon after the last
	progress_end(&progress);
	drawn = terminal_read(&terminal, DRAWN_WITHIN_MS, text, sizeof text);
	assert_true(slice_equal(drawn, SLICE_LITERAL("\r\x1B[K")));
	terminal_close(&terminal);
}

static void nothing_is_drawn_before_two_seconds_or_when_quiet(void **state)
{
	(void) state;
	Terminal terminal;
	char text[64];
	terminal_open(&terminal);
	int saved = dup(STDERR_FILENO);
	assert_int_equal(dup2(terminal.screen, STDERR_FILENO), STDERR_FILENO);
	Progress progress;
	progress_begin(&progress, "early", false);
	int early_fd = progress.fd;
	progress_update(&progress, 1, 2, NULL);
	progress_end(&progress);
	Progress quiet;
	progress_begin(&quiet, "quiet", true);
	quiet.hidden_us = 0;
	progress_update(&quiet, 1, 2, NULL);
	progress_end(&quiet);
	assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
	close(saved);
	assert_int_equal(early_fd, STDERR_FILENO);
	assert_int_equal(terminal_read(&terminal, 0, text, sizeof text).size, 0);
	terminal_close(&terminal);
}

static void nothing_is_drawn_where_stderr_is_no_terminal(void **state)
{
	(void) state;
	int saved = dup(STDERR_FILENO);
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	Progress progress;
	progress_begin(&progress, "piped", false);
	assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
	assert_int_equal(progress.fd, -1);
	assert_false(progress_is_due(&progress));
	close(saved);
	close(ends[0]);
	close(ends[1]);
}

static void numbers_are_grouped_by_thousands(void **state)
{
	(void) state;
	char text[PROGRESS_NUMBER_SIZE];
	progress_format_number(0, text);
	assert_string_equal(text, "0");
	progress_format_number(999, text);
	assert_string_equal(text, "999");
	progress_format_number(1000, text);
	assert_string_equal(text, "1,000");
	progress_format_number(UINT64_MAX, text);
	assert_string_equal(text, "18,446,744,073,709,551,615");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bar_is_drawn_within_the_terminal_and_wiped_at_the_end),
		cmocka_unit_test(nothing_is_drawn_before_two_seconds_or_when_quiet),
		cmocka_unit_test(nothing_is_drawn_where_stderr_is_no_terminal),
		cmocka_unit_test(numbers_are_grouped_by_thousands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
