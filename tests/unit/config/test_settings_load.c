#include "config/settings_load.h"

#include "base/memory.h"
#include "settings_fixture.h"

static void test_without_sources_all_have_their_defaults(void **state)
{
	Fixture *fixture = *state;
	loaded(fixture, &(SettingsSources){0});
	const Settings *settings = &fixture->settings;
	assert_string_equal(settings->state_dir, "var");
	assert_string_equal(settings->database, "");
	assert_string_equal(settings->collect_listen, "127.0.0.1:8080");
	assert_int_equal(settings->log_level, LOG_INFO);
	assert_int_equal(settings->consent_mode, CONSENT_OPT_OUT);
	assert_false(settings->respect_dnt);
	assert_int_equal(settings->session_timeout_minutes, 30);
	assert_int_equal(settings->request_bytes_max, 4 * 1024 * 1024);
	assert_true(settings->buffer_bytes_max == 4LL * 1024 * 1024 * 1024);
	assert_true(settings->query_deny.count > 20);
	assert_true(slice_equal_text(settings->query_deny.items[0], "*token*"));
	for (int id = 0; id < SETTING_COUNT; id++)
		assert_int_equal(settings->origins[id].kind, SETTING_FROM_DEFAULT);
	shows(fixture, SETTING_ID_buffer_bytes_max, "4 GiB", "default");
	shows(fixture, SETTING_ID_consent_mode, "opt-out", "default");
}

static void test_flag_over_environment_over_file_over_default(void **state)
{
	Fixture *fixture = *state;
	char path_line[128];
	char variable[] = "SOJOURN_MONTHS_AHEAD=5";
	char other_variable[] = "SOJOURN_LOADER_BATCH_HITS=55";
	char foreign[] = "PATH=/bin";
	char *environment[] = {foreign, variable, other_variable, NULL};
	SettingFlag flag = {SLICE_LITERAL("months_ahead"), "6"};
	file_write(fixture, "timezone = Europe/Berlin\nmonths_ahead = 4\nloader_batch_hits = 44\n");
	loaded(fixture, &(SettingsSources){&flag, 1, environment, fixture->path});
	(void) snprintf(path_line, sizeof path_line, "%s:1", fixture->path);
	shows(fixture, SETTING_ID_months_ahead, "6", "--months-ahead");
	shows(fixture, SETTING_ID_loader_batch_hits, "55", "SOJOURN_LOADER_BATCH_HITS");
	shows(fixture, SETTING_ID_timezone, "Europe/Berlin", path_line);
	shows(fixture, SETTING_ID_state_dir, "var", "default");
}

static void test_the_environment_may_name_the_file(void **state)
{
	Fixture *fixture = *state;
	char variable[128];
	(void) snprintf(variable, sizeof variable, "SOJOURN_CONFIG=%s", fixture->path);
	char *environment[] = {variable, NULL};
	file_write(fixture, "months_ahead = 4\n");
	loaded(fixture, &(SettingsSources){.environment = environment});
	assert_int_equal(fixture->settings.months_ahead, 4);
}

static void test_empty_variables_and_those_of_others_do_not_count(void **state)
{
	Fixture *fixture = *state;
	char empty[] = "SOJOURN_MONTHS_AHEAD=";
	char port[] = "SOJOURN_PORT_8080_TCP_ADDR=10.0.0.1";
	char host[] = "SOJOURN_SERVICE_HOST=10.0.0.1";
	char bare[] = "SOJOURN_";
	char broken[] = "SOJOURN_MONTHS_AHEAD";
	char long_name[] = "SOJOURN_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=1";
	char *environment[] = {empty, port, host, bare, broken, long_name, NULL};
	loaded(fixture, &(SettingsSources){.environment = environment});
	assert_int_equal(fixture->settings.months_ahead, 3);
}

static void test_a_misspelt_variable_is_told(void **state)
{
	char variable[] = "SOJOURN_MONTH_AHEAD=4";
	char *environment[] = {variable, NULL};
	refused(*state, &(SettingsSources){.environment = environment},
		"the environment's SOJOURN_… \"month_ahead\" is no setting; did you mean months_ahead?");
}

static void test_sections_comments_and_continued_lines(void **state)
{
	Fixture *fixture = *state;
	loaded_from(fixture,
		"\xEF\xBB\xBF# a comment\n; another\n\nmonths-ahead: 4\r\n[session]\ntimeout_minutes = 45\n"
		"[query]\ndeny = a*,\n\tb , ,\n  # c\n  d\n[]\n  database = host=x;y password='#1' ");
	const Settings *settings = &fixture->settings;
	assert_int_equal(settings->months_ahead, 4);
	assert_int_equal(settings->session_timeout_minutes, 45);
	assert_int_equal(settings->query_deny.count, 3);
	assert_true(slice_equal_text(settings->query_deny.items[2], "d"));
	assert_string_equal(settings->database, "host=x;y password='#1'");
	assert_int_equal(settings->origins[SETTING_ID_session_timeout_minutes].line, 6);
	shows_value(fixture, SETTING_ID_query_deny, "a*, b, d");
}

static void test_file_errors_name_the_line(void **state)
{
	Fixture *fixture = *state;
	char long_line[10000];
	refused_from(fixture, "a b c\n", ":1: neither \"name = value\" nor \"[section]\"");
	refused_from(fixture, "\n\n[session\n", ":3: neither \"name = value\" nor \"[section]\"");
	refused_from(fixture, "# x\n[session]\ntimeout = 3\n",
		":3: there is no setting \"session_timeout\"; did you mean session_timeout_minutes?");
	refused_from(fixture, "\nfoo_bar_qux = 3\n", ":2: there is no setting \"foo_bar_qux\"; see sojourn config show");
	refused_from(fixture, "months_ahead = 3\ntimezone = UTC\nmonths_ahead = 3\n",
		":3: months_ahead was already given in line 1");
	refused_from(fixture, "=\n", ":1: there is no setting \"\"; see sojourn config show");
	memset(long_line, 'x', sizeof long_line - 1);
	long_line[sizeof long_line - 1] = '\0';
	memcpy(long_line, "\ntimezone=", 10);
	refused_from(fixture, long_line, ":2: the line is longer than 8190 bytes");
}

static void test_flags_that_are_none_or_have_no_value(void **state)
{
	refused_value(*state, "month-ahead", "3", "there is no setting --month-ahead; did you mean months_ahead?");
	refused_value(*state, "zzzzzz", "3", "there is no setting --zzzzzz");
	refused_value(*state, "months_ahead", NULL, "--months_ahead needs a value");
}

static void test_what_must_fit_together_is_checked(void **state)
{
	Fixture *fixture = *state;
	SettingFlag flags[] = {{SLICE_LITERAL("request_bytes_max"), "16KiB"}, {SLICE_LITERAL("hit_bytes_max"), "64 KiB"}};
	refused(fixture, &(SettingsSources){.flags = flags, .flags_count = 2},
		"hit_bytes_max (65536 bytes) must not be larger than request_bytes_max (16384 bytes)");
}

static void test_a_missing_file_is_told(void **state)
{
	Fixture *fixture = *state;
	assert_false(settings_load(&(SettingsSources){.file = "/nowhere/sojourn.ini"}, &fixture->arena, &fixture->settings,
		&fixture->error));
	assert_int_equal(fixture->error.code, ERROR_NOT_FOUND);
	assert_string_equal(fixture->error.message,
		"the settings file: cannot open /nowhere/sojourn.ini: No such file or directory");
}

static size_t flag_read(SettingFlag *flag, const char *first, const char *second)
{
	char texts[2][64];
	char *arguments[] = {texts[0], texts[1]};
	(void) snprintf(texts[0], sizeof texts[0], "%s", first);
	(void) snprintf(texts[1], sizeof texts[1], "%s", second == NULL ? "" : second);
	static char value[64];
	size_t used = settings_flag_read(arguments, second == NULL ? 1 : 2, flag);
	if (used > 0 && flag->value != NULL)
	{
		(void) snprintf(value, sizeof value, "%s", flag->value);
		flag->value = value;
	}
	return used;
}

static void test_flags_are_read_in_every_form(void **state)
{
	(void) state;
	SettingFlag flag;
	assert_int_equal(flag_read(&flag, "--collect-listen", "x:1"), 2);
	assert_true(slice_equal_text(flag.name, "collect_listen"));
	assert_string_equal(flag.value, "x:1");
	assert_int_equal(flag_read(&flag, "--collect_listen=y:=2", "z"), 1);
	assert_string_equal(flag.value, "y:=2");
	assert_int_equal(flag_read(&flag, "--timezone=", "z"), 1);
	assert_string_equal(flag.value, "");
	assert_int_equal(flag_read(&flag, "--respect-dnt", "z"), 1);
	assert_string_equal(flag.value, "true");
	assert_int_equal(flag_read(&flag, "--respect-dnt=false", "z"), 1);
	assert_string_equal(flag.value, "false");
	assert_int_equal(flag_read(&flag, "--timezone", NULL), 1);
	assert_null(flag.value);
	assert_int_equal(flag_read(&flag, "--nothing", "z"), 0);
	assert_int_equal(flag_read(&flag, "timezone", "z"), 0);
	assert_int_equal(flag_read(&flag, "--", "z"), 0);
	assert_int_equal(settings_flag_read(NULL, 0, &flag), 0);
}

static void test_reloading_takes_only_what_may_change(void **state)
{
	Fixture *fixture = *state;
	Buf ignored;
	buf_init(&ignored, 1000);
	SettingsSources sources = {.file = fixture->path};
	loaded_from(fixture, "log_level = info\nmonths_ahead = 3\n");
	file_write(fixture, "log_level = debug\nmonths_ahead = 4\ntimezone = Asia/Tokyo\nquery_deny = x\n");
	assert_true(settings_reload(&sources, &fixture->arena, &fixture->settings, &ignored, &fixture->error));
	assert_int_equal(fixture->settings.log_level, LOG_DEBUG);
	assert_int_equal(fixture->settings.query_deny.count, 1);
	assert_int_equal(fixture->settings.months_ahead, 3);
	assert_string_equal(fixture->settings.timezone, "UTC");
	assert_true(slice_equal_text(buf_slice(&ignored), "timezone,months_ahead"));
	file_write(fixture, "log_level = loud\n");
	assert_false(settings_reload(&sources, &fixture->arena, &fixture->settings, &ignored, &fixture->error));
	assert_int_equal(fixture->settings.log_level, LOG_DEBUG);
	buf_free(&ignored);
}

static void test_no_memory_is_told(void **state)
{
	Fixture *fixture = *state;
	file_write(fixture, "timezone = UTC\nquery_deny = a,\n b\n");
	SettingsSources sources = {.file = fixture->path};
	size_t nth = 1;
	for (bool is_ok = false; !is_ok; nth++)
	{
		Arena arena;
		arena_init(&arena, 1U << 20U);
		memory_fail_at(nth);
		is_ok = settings_load(&sources, &arena, &fixture->settings, &fixture->error);
		memory_fail_at(0);
		assert_true(is_ok || fixture->error.code == ERROR_MEMORY);
		arena_free(&arena);
	}
	assert_true(nth > 3);
	for (size_t size_max = 0; size_max < 20000; size_max += 97)
	{
		Arena arena;
		arena_init(&arena, size_max);
		bool is_ok = settings_load(&sources, &arena, &fixture->settings, &fixture->error);
		assert_true(is_ok || fixture->error.code == ERROR_MEMORY);
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_without_sources_all_have_their_defaults),
		TEST(test_flag_over_environment_over_file_over_default),
		TEST(test_the_environment_may_name_the_file),
		TEST(test_empty_variables_and_those_of_others_do_not_count),
		TEST(test_a_misspelt_variable_is_told),
		TEST(test_sections_comments_and_continued_lines),
		TEST(test_file_errors_name_the_line),
		TEST(test_flags_that_are_none_or_have_no_value),
		TEST(test_what_must_fit_together_is_checked),
		TEST(test_a_missing_file_is_told),
		TEST(test_flags_are_read_in_every_form),
		TEST(test_reloading_takes_only_what_may_change),
		TEST(test_no_memory_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
