#include "command/command.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "config/settings_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ARENA_SIZE_MAX ((size_t) 256 << 20U)
#define HELP_SIZE_MAX ((size_t) 1 << 20U)
#define NAME_COLUMN 12

// The command line, taken apart.
typedef struct Line {
	const Command *command;
	SettingFlag *flags;
	size_t flag_count;
	char **rest;
	size_t rest_count;
	const char *config;
	bool is_help;
	bool is_version;
	bool is_json;
	bool is_quiet;
} Line;

// ── What a command takes ──

static void argument_remove(CommandContext *context, size_t at, size_t count)
{
	memmove(&context->arguments[at], &context->arguments[at + count],
		(context->argument_count - at - count) * sizeof *context->arguments);
	context->argument_count -= count;
}

// Where the options end.
static size_t options_end(const CommandContext *context)
{
	size_t at = 0;
	while (at < context->argument_count && strcmp(context->arguments[at], "--") != 0)
		at++;
	return at;
}

// "--name" or "--name=…" gives what is behind the name, NULL for anything else.
static const char *behind_name(const char *argument, const char *name)
{
	size_t size = strlen(name);
	if (strncmp(argument, "--", 2) != 0 || strncmp(argument + 2, name, size) != 0)
		return NULL;
	const char *behind = argument + 2 + size;
	return *behind == '\0' || *behind == '=' ? behind : NULL;
}

bool command_flag(CommandContext *context, const char *name)
{
	bool is_found = false;
	for (size_t at = 0; at < options_end(context);)
	{
		const char *behind = behind_name(context->arguments[at], name);
		if (behind == NULL || *behind != '\0')
		{
			at++;
			continue;
		}
		argument_remove(context, at, 1);
		is_found = true;
	}
	return is_found;
}

// The first --name with its value; *value is NULL where there is none.
static bool option_take(CommandContext *context, const char *name, const char **value, Error *error)
{
	*value = NULL;
	for (size_t at = 0; at < options_end(context); at++)
	{
		const char *behind = behind_name(context->arguments[at], name);
		if (behind == NULL)
			continue;
		bool is_own = *behind == '=';
		if (!is_own && at + 1 >= options_end(context))
			return command_misused(context, error, "--%s needs a value", name);
		*value = is_own ? behind + 1 : context->arguments[at + 1];
		argument_remove(context, at, is_own ? 1 : 2);
		return true;
	}
	return true;
}

bool command_option(CommandContext *context, const char *name, const char **value, Error *error)
{
	for (const char *next = NULL;;)
	{
		if (!option_take(context, name, &next, error))
			return false;
		if (next == NULL)
			return true;
		*value = next;
	}
}

bool command_options(CommandContext *context, const char *name, const char **values, size_t count_max, size_t *count,
	Error *error)
{
	for (*count = 0;; ++*count)
	{
		const char *next = NULL;
		if (!option_take(context, name, &next, error))
			return false;
		if (next == NULL)
			return true;
		if (*count == count_max)
			return command_misused(context, error, "--%s is given more than %zu times", name, count_max);
		values[*count] = next;
	}
}

const char *command_argument(CommandContext *context)
{
	size_t end = options_end(context);
	for (size_t at = 0; at < context->argument_count; at++)
	{
		const char *argument = context->arguments[at];
		bool is_option = at < end && argument[0] == '-' && argument[1] != '\0';
		if (at == end || is_option)
			continue;
		argument_remove(context, at, 1);
		return argument;
	}
	return NULL;
}

bool command_end(const CommandContext *context, Error *error)
{
	for (size_t at = 0; at < context->argument_count; at++)
		if (strcmp(context->arguments[at], "--") != 0)
			return command_misused(context, error, "\"%s\" is not understood", context->arguments[at]);
	return true;
}

bool command_misused(const CommandContext *context, Error *error, const char *format, ...)
{
	char text[256];
	va_list arguments;
	va_start(arguments, format);
	(void) vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return error_set(error, ERROR_USAGE, "%s; usage: sojourn %s%s%s", text, context->command->name,
		*context->command->usage == '\0' ? "" : " ", context->command->usage);
}

// ── Taking the line apart ──

static const Command *command_find(const Command *commands, const char *name)
{
	for (const Command *command = commands; command->name != NULL; command++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

// One of the global options; how many arguments it took, 0 where it is none.
static size_t global_read(Line *line, char **arguments, size_t count)
{
	const char *argument = arguments[0];
	const char *config = behind_name(argument, "config");
	if (config != NULL && (*config == '=' || count > 1))
	{
		line->config = *config == '=' ? config + 1 : arguments[1];
		return *config == '=' ? 1 : 2;
	}
	if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0)
		line->is_help = true;
	else if (strcmp(argument, "--version") == 0)
		line->is_version = true;
	else if (strcmp(argument, "--json") == 0)
		line->is_json = true;
	else if (strcmp(argument, "--quiet") == 0)
		line->is_quiet = true;
	else
		return 0;
	return 1;
}

// Global options and settings may stand before and behind the command's name.
static bool line_read(const Command *commands, char **arguments, size_t count, Line *line, Error *error)
{
	size_t at = 0;
	while (at < count && strcmp(arguments[at], "--") != 0)
	{
		size_t taken = global_read(line, arguments + at, count - at);
		if (taken == 0)
			taken = settings_flag_read(arguments + at, count - at, &line->flags[line->flag_count]);
		else
		{
			at += taken;
			continue;
		}
		if (taken > 0)
		{
			line->flag_count++;
			at += taken;
			continue;
		}
		char *argument = arguments[at++];
		if (line->command != NULL)
			line->rest[line->rest_count++] = argument;
		else if (argument[0] == '-')
			return error_set(error, ERROR_USAGE, "\"%s\" is not an option; see `sojourn --help`", argument);
		else if ((line->command = command_find(commands, argument)) == NULL)
			return error_set(error, ERROR_USAGE, "there is no command \"%s\"; see `sojourn --help`", argument);
	}
	while (at < count)
		line->rest[line->rest_count++] = arguments[at++];
	return true;
}

// ── Help ──

static void help_write(const Command *commands, const Command *one, Buf *buf)
{
	if (one != NULL)
		buf_append_format(buf, "usage: sojourn %s %s\n\n%s\n", one->name, one->usage, one->help);
	else
	{
		buf_append_text(buf, "usage: sojourn COMMAND [options] [settings]\n\nCommands:\n");
		for (const Command *command = commands; command->name != NULL; command++)
			buf_append_format(buf, "  %-*s %s\n", NAME_COLUMN, command->name, command->help);
	}
	buf_append_text(buf,
		"\nOptions of every command:\n"
		"  --config FILE   read settings from this file\n"
		"  --json          machine-readable output\n"
		"  --quiet         no progress, no remarks\n"
		"  --help          this text, or that of a command\n"
		"  --version       the version\n"
		"\nSettings, as flag, as SOJOURN_NAME in the environment, or in the file:\n");
	settings_help_write(buf);
}

static bool help_print(const Command *commands, const Command *one, Error *error)
{
	Buf buf;
	buf_init(&buf, HELP_SIZE_MAX);
	help_write(commands, one, &buf);
	bool is_ok = buf_is_ok(&buf) || error_set(error, ERROR_MEMORY, "out of memory for the help text");
	if (is_ok)
		(void) fwrite(buf.data, 1, buf.size, stdout);
	buf_free(&buf);
	return is_ok;
}

// ── Running ──

static bool command_call(const Line *line, Arena *arena, Error *error)
{
	Settings settings;
	const SettingsSources sources = {.flags = line->flags,
		.flags_count = line->flag_count,
		.environment = environ,
		.file = line->config};
	bool is_loaded = settings_load(&sources, arena, &settings, error);
	if (!is_loaded && !line->command->is_lenient)
		return false;
	log_init("sojourn", is_loaded ? settings.log_level : LOG_INFO);
	CommandContext context = {
		.settings = is_loaded ? &settings : NULL,
		.sources = &sources,
		.arena = arena,
		.command = line->command,
		.arguments = line->rest,
		.argument_count = line->rest_count,
		.is_json = line->is_json,
		.is_quiet = line->is_quiet,
	};
	return line->command->run(&context, error);
}

static bool line_run(const Command *commands, int argc, char **argv, Arena *arena, Error *error)
{
	size_t count = argc > 0 ? (size_t) argc - 1 : 0;
	Line line = {.flags = ARENA_ARRAY(arena, SettingFlag, count + 1), .rest = ARENA_ARRAY(arena, char *, count + 1)};
	if (line.flags == NULL || line.rest == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for the command line");
	if (!random_init(error) || !line_read(commands, argv + 1, count, &line, error))
		return false;
	if (line.is_version)
		return printf("sojourn %s\n", SOJOURN_VERSION) > 0;
	if (line.is_help)
		return help_print(commands, line.command, error);
	if (line.command == NULL)
		return error_set(error, ERROR_USAGE, "which command? see `sojourn --help`");
	return command_call(&line, arena, error);
}

int command_main(const Command *commands, int argc, char **argv)
{
	Arena arena;
	Error error = {.code = ERROR_NONE};
	arena_init(&arena, ARENA_SIZE_MAX);
	bool is_ok = line_run(commands, argc, argv, &arena, &error);
	if (is_ok && fflush(stdout) != 0)
		is_ok = error_set_errno(&error, ERROR_SYSTEM, "cannot write the output");
	if (!is_ok)
		(void) fprintf(stderr, "sojourn: %s\n", error.message);
	arena_free(&arena);
	return is_ok ? 0 : error_exit_status(error.code);
}
