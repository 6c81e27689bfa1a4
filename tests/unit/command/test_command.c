// The command line, taken apart. Commands of the test's own stand in for the real ones.
#include "base/file.h"
#include "base/random.h"
#include "command/command.h"
#include "command/table.h"
#include "harness/folder.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ARGUMENTS_MAX 16
#define OUTPUT_SIZE 20000

// What the command met, for the test to look at.
static struct {
	char state_dir[64];
	char address[64];
	char option[64];
	char each[3][64]; // --each
	size_t each_count;
	char arguments[4][64];
	size_t argument_count;
	bool is_flag;
	bool is_json;
	bool is_quiet;
	bool has_settings;
} seen;

static bool echo(CommandContext *context, Error *error)
{
	const char *option = "none";
	const char *argument = NULL;
	const char *each[3];
	memset(&seen, 0, sizeof seen);
	seen.is_flag = command_flag(context, "flag");
	if (!command_option(context, "option", &option, error)
		|| !command_options(context, "each", each, 3, &seen.each_count, error))
		return false;
	for (size_t i = 0; i < seen.each_count; i++)
		(void) snprintf(seen.each[i], sizeof seen.each[i], "%s", each[i]);
	while (seen.argument_count < 4 && (argument = command_argument(context)) != NULL)
		(void) snprintf(seen.arguments[seen.argument_count++], 64, "%s", argument);
	(void) snprintf(seen.option, sizeof seen.option, "%s", option);
	seen.is_json = context->is_json;
	seen.is_quiet = context->is_quiet;
	seen.has_settings = context->settings != NULL;
	if (context->settings != NULL)
	{
		(void) snprintf(seen.state_dir, sizeof seen.state_dir, "%s", context->settings->state_dir);
		(void) snprintf(seen.address, sizeof seen.address, "%s", context->settings->collect_listen);
	}
	return command_end(context, error);
}

static bool go_wrong(CommandContext *context, Error *error)
{
	(void) context;
	return error_set(error, ERROR_NOT_FOUND, "there is no such thing");
}

static bool table(CommandContext *context, Error *error)
{
	static const char *const columns[] = {"name", "what it is", NULL};
	CommandTable rows;
	command_table_init(&rows, columns);
	for (int i = 0; i < 40; i++) // more than it begins with
	{
		Slice *cells = command_table_row(&rows, context->arena);
		assert_non_null(cells);
		cells[0] = arena_format(context->arena, "row %d", i);
	}
	rows.cells[0] = SLICE_LITERAL("grüße");
	rows.cells[1] = SLICE_LITERAL("\"quoted\"\033[2J");
	return command_table_print(&rows, context, error);
}

static const Command commands[] = {
	{"echo", "[--flag] [--option VALUE] ARGUMENTS", "says what it was given", echo},
	{"fail", "", "fails", go_wrong},
	{"table", "", "prints a table", table},
	{"lenient", "", "runs whatever the settings are", echo, .is_lenient = true},
	{.name = NULL},
};

static char output[OUTPUT_SIZE];
static char complaint[OUTPUT_SIZE];

// Runs `sojourn ARGUMENTS…` with standard output and error in files.
#define sojourn(...) sojourn_run((const char *const[]){__VA_ARGS__, NULL})

static int sojourn_run(const char *const *arguments)
{
	static char texts[ARGUMENTS_MAX][256];
	char *argv[ARGUMENTS_MAX + 1] = {texts[0]};
	int argc = 1;
	(void) snprintf(texts[0], sizeof texts[0], "sojourn");
	for (; *arguments != NULL; arguments++)
	{
		(void) snprintf(texts[argc], sizeof texts[argc], "%s", *arguments);
		argv[argc] = texts[argc];
		argc++;
	}
	FILE *files[2] = {tmpfile(), tmpfile()};
	int saved[2] = {dup(STDOUT_FILENO), dup(STDERR_FILENO)};
	(void) fflush(NULL);
	assert_true(dup2(fileno(files[0]), STDOUT_FILENO) >= 0 && dup2(fileno(files[1]), STDERR_FILENO) >= 0);
	int status = command_main(commands, argc, argv);
	(void) fflush(NULL);
	for (int i = 0; i < 2; i++)
	{
		char *text = i == 0 ? output : complaint;
		assert_true(dup2(saved[i], i == 0 ? STDOUT_FILENO : STDERR_FILENO) >= 0);
		(void) close(saved[i]);
		rewind(files[i]);
		text[fread(text, 1, OUTPUT_SIZE - 1, files[i])] = '\0';
		(void) fclose(files[i]);
	}
	return status;
}

static void settings_and_options_may_stand_anywhere(void **state)
{
	(void) state;
	assert_int_equal(sojourn("--state-dir", "/tmp/x", "--json", "echo", "one", "--flag", "--collect-listen=127.0.0.1:1",
						 "two", "--option", "value", "--quiet"),
		0);
	assert_string_equal(seen.state_dir, "/tmp/x");
	assert_string_equal(seen.address, "127.0.0.1:1");
	assert_string_equal(seen.option, "value");
	assert_true(seen.is_flag && seen.is_json && seen.is_quiet);
	assert_int_equal(seen.argument_count, 2);
	assert_string_equal(seen.arguments[0], "one");
	assert_string_equal(seen.arguments[1], "two");
	assert_string_equal(complaint, "");
}

static void without_any_all_is_as_usual(void **state)
{
	(void) state;
	assert_int_equal(sojourn("echo"), 0);
	assert_string_equal(seen.option, "none");
	assert_false(seen.is_flag || seen.is_json || seen.is_quiet);
	assert_int_equal(seen.argument_count, 0);
}

static void the_last_of_equal_options_counts(void **state)
{
	(void) state;
	assert_int_equal(sojourn("echo", "--option=a", "--option", "b", "--option="), 0);
	assert_string_equal(seen.option, "");
}

static void behind_two_hyphens_everything_is_an_argument(void **state)
{
	(void) state;
	assert_int_equal(sojourn("echo", "-", "--", "--flag", "--state-dir"), 0);
	assert_false(seen.is_flag);
	assert_int_equal(seen.argument_count, 3);
	assert_string_equal(seen.arguments[0], "-");
	assert_string_equal(seen.arguments[1], "--flag");
	assert_string_equal(seen.arguments[2], "--state-dir");
}

static void assert_misused(int status, const char *why)
{
	assert_int_equal(status, 2);
	assert_non_null(strstr(complaint, why));
	assert_ptr_equal(strchr(complaint, '\n'), complaint + strlen(complaint) - 1); // one line
	assert_int_equal(strncmp(complaint, "sojourn: ", 9), 0);
	assert_string_equal(output, "");
}

static void each_of_equal_options_counts_where_it_is_asked_for(void **state)
{
	(void) state;
	assert_int_equal(sojourn("echo", "--each=a", "x", "--each", "b"), 0);
	assert_int_equal(seen.each_count, 2);
	assert_string_equal(seen.each[0], "a");
	assert_string_equal(seen.each[1], "b");
	assert_misused(sojourn("echo", "--each=1", "--each=2", "--each=3", "--each=4"),
		"--each is given more than 3 times");
	assert_misused(sojourn("echo", "--each"), "--each needs a value");
}

static void wrong_usage_is_told_in_one_sentence(void **state)
{
	(void) state;
	assert_misused(sojourn_run((const char *const[]){NULL}), "which command?");
	assert_misused(sojourn("ecko"), "there is no command \"ecko\"");
	assert_misused(sojourn("--flag", "echo"), "\"--flag\" is not an option");
	assert_misused(sojourn("echo", "--flog"), "\"--flog\" is not understood; usage: sojourn echo [--flag]");
	assert_misused(sojourn("echo", "--option"), "--option needs a value");
	assert_misused(sojourn("echo", "--option", "--", "x"), "--option needs a value");
	assert_misused(sojourn("echo", "a", "b", "c", "d", "e"), "\"e\" is not understood");
	assert_misused(sojourn("echo", "--flagged"), "\"--flagged\" is not understood");
	assert_misused(sojourn("echo", "--flag=yes"), "\"--flag=yes\" is not understood");
	assert_misused(sojourn("echo", "--collect-listen", "nowhere"), "collect_listen");
	assert_misused(sojourn("echo", "--collect-listen"), "collect_listen");
}

static void a_failure_is_one_sentence_and_status_1(void **state)
{
	(void) state;
	assert_int_equal(sojourn("fail"), 1);
	assert_string_equal(complaint, "sojourn: there is no such thing\n");
	assert_string_equal(output, "");
}

static void settings_come_from_the_file_named(void **state)
{
	(void) state;
	char folder[TEST_FOLDER_SIZE];
	char path[TEST_FOLDER_SIZE + 16];
	char word[TEST_FOLDER_SIZE + 32];
	Error error;
	test_folder_make(folder);
	(void) snprintf(path, sizeof path, "%s/sojourn.ini", folder);
	assert_true(
		file_replace(path, SLICE_LITERAL("collect_listen = 127.0.0.1:7\nstate_dir = /from/file\n"), 0644, &error));
	(void) snprintf(word, sizeof word, "--config=%s", path);
	assert_int_equal(sojourn("echo", word, "--state-dir=/from/flag"), 0);
	assert_string_equal(seen.address, "127.0.0.1:7");
	assert_string_equal(seen.state_dir, "/from/flag");
	assert_int_equal(sojourn("echo", "--config", "/nowhere/at/all"), 1);
	assert_non_null(strstr(complaint, "/nowhere/at/all"));
	// A command that is to say what is wrong with the settings runs without them.
	assert_int_equal(sojourn("lenient", "--config", "/nowhere/at/all"), 0);
	assert_false(seen.has_settings);
	test_folder_remove(folder);
}

static void help_names_every_command_and_setting(void **state)
{
	(void) state;
	assert_int_equal(sojourn("--help"), 0);
	for (const Command *command = commands; command->name != NULL; command++)
		assert_non_null(strstr(output, command->help));
	assert_non_null(strstr(output, "--state-dir"));
	assert_int_equal(sojourn("echo", "-h"), 0);
	assert_non_null(strstr(output, "usage: sojourn echo [--flag] [--option VALUE] ARGUMENTS\n"));
	assert_int_equal(sojourn("--version"), 0);
	assert_string_equal(output, "sojourn " SOJOURN_VERSION "\n");
}

static void tables_are_aligned_and_harmless_to_a_terminal(void **state)
{
	(void) state;
	assert_int_equal(sojourn("table"), 0);
	static const char begin[] = "name    what it is\n"
								"grüße   \"quoted\"?[2J\n"
								"row 1   -\n";
	assert_memory_equal(output, begin, sizeof begin - 1);
	assert_non_null(strstr(output, "row 39  -\n"));
	assert_int_equal(sojourn("table", "--json"), 0);
	static const char json[] = "[{\"name\":\"grüße\",\"what it is\":\"\\\"quoted\\\"\\u001b[2J\"},\n"
							   "{\"name\":\"row 1\",\"what it is\":null},\n";
	assert_memory_equal(output, json, sizeof json - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_and_options_may_stand_anywhere),
		cmocka_unit_test(without_any_all_is_as_usual),
		cmocka_unit_test(each_of_equal_options_counts_where_it_is_asked_for),
		cmocka_unit_test(the_last_of_equal_options_counts),
		cmocka_unit_test(behind_two_hyphens_everything_is_an_argument),
		cmocka_unit_test(wrong_usage_is_told_in_one_sentence),
		cmocka_unit_test(a_failure_is_one_sentence_and_status_1),
		cmocka_unit_test(settings_come_from_the_file_named),
		cmocka_unit_test(help_names_every_command_and_setting),
		cmocka_unit_test(tables_are_aligned_and_harmless_to_a_terminal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
