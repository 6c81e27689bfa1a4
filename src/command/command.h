// A subcommand: one file, one function. Global options and settings are taken out before it is called; it takes its own with
// command_option and its siblings, and asks command_end whether anything is left.
//
// It returns true for exit status 0; else the error gives the status (2 for ERROR_USAGE, 1 for the rest) and one sentence on
// standard error.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "config/settings_load.h"

typedef struct CommandContext {
	const Settings *settings;
	const SettingsSources *sources; // where they came from: for reloading, and for handing on to children
	Arena *arena;
	const struct Command *command;
	char **arguments; // what is left of the command line, without the command's name
	size_t argument_count;
	bool is_json;
	bool is_quiet;
} CommandContext;

typedef bool (*CommandRun)(CommandContext *context, Error *error);

typedef struct Command {
	const char *name;
	const char *usage; // behind the name, "[--status]"
	const char *help;  // one line
	CommandRun run;
	bool is_lenient; // runs even where the settings cannot be read: `settings` is then NULL
} Command;

// `commands` ends with a NULL name. Returns the exit status.
int command_main(const Command *commands, int argc, char **argv);

// ── For the commands ──
// --name alone.
bool command_flag(CommandContext *context, const char *name);
// --name VALUE or --name=VALUE; the last one counts. *value stays as it is where there is none. ERROR_USAGE where the value
// is missing.
bool command_option(CommandContext *context, const char *name, const char **value, Error *error) MUST_USE;
// The same, where each one counts; more than count_max is ERROR_USAGE.
bool command_options(CommandContext *context, const char *name, const char **values, size_t count_max, size_t *count,
	Error *error) MUST_USE;
// The next argument that is no option; NULL when there is none. Behind "--" everything is one.
const char *command_argument(CommandContext *context);
// ERROR_USAGE when something is left that nobody took.
bool command_end(const CommandContext *context, Error *error) MUST_USE;
// ERROR_USAGE with how the command is used.
bool command_misused(const CommandContext *context, Error *error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
