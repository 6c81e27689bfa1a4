#include "command/password.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static bool line_read(char *line, size_t size, Error *error)
{
	if (fgets(line, (int) size, stdin) == NULL)
		return error_set(error, ERROR_BAD_INPUT, "no password was given; type it, or write it to standard input");
	if (strchr(line, '\n') == NULL && !feof(stdin))
		return error_set(error, ERROR_BAD_INPUT, "the password is too long");
	line[strcspn(line, "\r\n")] = '\0';
	return true;
}

static bool prompt(const char *words, const char *name, char *line, size_t size, Error *error)
{
	(void) fprintf(stderr, words, name);
	bool is_ok = line_read(line, size, error);
	(void) fputc('\n', stderr);
	return is_ok;
}

static bool terminal_read(const char *name, char *password, size_t size, Error *error)
{
	char again[1024];
	bool is_ok = prompt("Password for %s: ", name, password, size, error)
		&& prompt("Once more for %s: ", name, again, sizeof again, error)
		&& (strcmp(password, again) == 0 || error_set(error, ERROR_BAD_INPUT, "the two passwords are different"));
	explicit_bzero(again, sizeof again);
	return is_ok;
}

// Only so that reading ends and the terminal shows again what is typed.
static void interrupt(int signal)
{
	(void) signal;
}

bool command_password_read(const char *name, char *password, size_t size, Error *error)
{
	struct termios usual;
	if (tcgetattr(STDIN_FILENO, &usual) != 0)
		return line_read(password, size, error);
	struct sigaction before;
	(void) sigaction(SIGINT, &(struct sigaction){.sa_handler = interrupt}, &before);
	struct termios hidden = usual;
	hidden.c_lflag &= ~(tcflag_t) ECHO;
	(void) tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	bool is_ok = terminal_read(name, password, size, error);
	(void) tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual);
	(void) sigaction(SIGINT, &before, NULL);
	return is_ok;
}
