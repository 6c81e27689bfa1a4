#include "config/settings_text.h"

#include "settings_fixture.h"

static void test_sizes_and_durations_take_units(void **state)
{
	Fixture *fixture = *state;
	loaded_from(fixture,
		"request_bytes_max = 2MiB\nhit_bytes_max = 2048\nbuffer_bytes_max = 1 TiB\n"
		"session_timeout_minutes = 2 h\nhit_age_days_max = 48h\nloader_batch_wait_ms = 2s\n"
		"idle_timeout_seconds = 3 min\nbuffer_keep_hours = 1d\n");
	const Settings *settings = &fixture->settings;
	assert_int_equal(settings->request_bytes_max, 2097152);
	assert_int_equal(settings->hit_bytes_max, 2048);
	assert_int_equal(settings->session_timeout_minutes, 120);
	assert_int_equal(settings->hit_age_days_max, 2);
	assert_int_equal(settings->loader_batch_wait_ms, 2000);
	assert_int_equal(settings->idle_timeout_seconds, 180);
	assert_int_equal(settings->buffer_keep_hours, 24);
	shows_value(fixture, SETTING_ID_hit_bytes_max, "2 KiB");
}

static void test_what_is_no_number_of_its_unit_is_refused(void **state)
{
	Fixture *fixture = *state;
	static const char *const values[] = {"", "x", "1.5", "90s", "1 week", "1MiB", "99999999999999999999",
		"9223372036854775807 h", "30 minutes!", "0"};
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
	{
		SettingFlag flag = {SLICE_LITERAL("session_timeout_minutes"), values[i]};
		if (settings_load(&(SettingsSources){.flags = &flag, .flags_count = 1}, &fixture->arena, &fixture->settings,
				&fixture->error))
			fail_msg("taken: %s", values[i]);
	}
}

static void test_a_bad_value_is_told_with_its_place_and_bounds(void **state)
{
	Fixture *fixture = *state;
	char sentence[256];
	char variable[] = "SOJOURN_LOG_LEVEL=loud";
	char *environment[] = {variable, NULL};
	file_write(fixture, "timezone = UTC\n[session]\ntimeout_minutes = 1441\n");
	(void) snprintf(sentence, sizeof sentence,
		"session_timeout_minutes is \"1441\" (%s:3); it must be a whole number of minutes from 1 to 1440",
		fixture->path);
	refused(fixture, &(SettingsSources){.file = fixture->path}, sentence);
	refused(fixture, &(SettingsSources){.environment = environment},
		"log_level is \"loud\" (SOJOURN_LOG_LEVEL); it must be one of debug, info, warning, error");
	refused_value(fixture, "hit_bytes_max", "1 KB",
		"hit_bytes_max is \"1 KB\" (--hit-bytes-max); it must be a size from 1 KiB to 1 MiB");
	refused_value(fixture, "respect_dnt", "maybe",
		"respect_dnt is \"maybe\" (--respect-dnt); it must be true or false");
	refused_value(fixture, "connections_max", "-1",
		"connections_max is \"-1\" (--connections-max); it must be a whole number from 1 to 1000000");
	refused_value(fixture, "database_schema", "Sojourn",
		"database_schema is \"Sojourn\" (--database-schema); it must be lower-case letters, digits and '_', no digit "
		"first, at most 63");
	refused_value(fixture, "collect_listen", "8080",
		"collect_listen is \"8080\" (--collect-listen); it must be an address and a port, such as 127.0.0.1:8080 or "
		"[::1]:8080");
	refused_value(fixture, "timezone", "\xFF",
		"timezone is \"\xFF\" (--timezone); it must be valid UTF-8 of at most 4096 bytes");
}

static void test_a_path_of_a_url_needs_no_escapes(void **state)
{
	Fixture *fixture = *state;
	static const char *const good[] = {"/t.js", "/a/b-c_d~e/F0", "/.well-known/s.js"};
	static const char *const bad[] = {"", "t.js", "/", "/a/", "//a", "/a//b", "/a/../b", "/a/.", "/a b", "/a?b", "/\"",
		"/%41", "/\xC3\xA4"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
	{
		SettingFlag flag = {SLICE_LITERAL("tracker_path"), good[i]};
		loaded(fixture, &(SettingsSources){.flags = &flag, .flags_count = 1});
		assert_string_equal(fixture->settings.tracker_path, good[i]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
	{
		SettingFlag flag = {SLICE_LITERAL("tracker_path"), bad[i]};
		if (settings_load(&(SettingsSources){.flags = &flag, .flags_count = 1}, &fixture->arena, &fixture->settings,
				&fixture->error))
			fail_msg("taken: %s", bad[i]);
	}
	refused_value(fixture, "collect_path", "batch",
		"collect_path is \"batch\" (--collect-path); it must be a path such as /a/b.js, of letters, digits and any of "
		". _ ~ - / , at most 200 bytes");
}

static void test_a_bad_secret_is_not_repeated(void **state)
{
	refused_value(*state, "database", "password=\xFF",
		"database is \"********\" (--database); it must be valid UTF-8 of at most 4096 bytes");
}

static void test_secrets_are_masked(void **state)
{
	Fixture *fixture = *state;
	SettingFlag flag = {SLICE_LITERAL("database"), "postgresql://u:p@h/d"};
	loaded(fixture, &(SettingsSources){.flags = &flag, .flags_count = 1});
	shows(fixture, SETTING_ID_database, "********", "--database");
	shows(fixture, SETTING_ID_database_reader, "", "default");
}

static void test_addresses_are_taken_apart(void **state)
{
	(void) state;
	Slice host = SLICE_NONE;
	uint16_t port = 1;
	assert_true(settings_address_split(SLICE_LITERAL("127.0.0.1:0"), &host, &port));
	assert_true(slice_equal_text(host, "127.0.0.1") && port == 0);
	assert_true(settings_address_split(SLICE_LITERAL("[::1]:65535"), &host, &port));
	assert_true(slice_equal_text(host, "::1") && port == 65535);
	assert_true(settings_address_split(SLICE_LITERAL("localhost:80"), &host, &port));
	static const char *const bad[] = {"", ":80", "host", "host:", "host:65536", "host:-1", "host:x", "::1:80", "[]:80",
		"host:000080"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(settings_address_split(slice_from(bad[i]), &host, &port));
}

static void test_the_sample_without_its_semicolons_is_the_defaults(void **state)
{
	Fixture *fixture = *state;
	Buf sample;
	buf_init(&sample, 100000);
	settings_sample_write(&sample);
	buf_append_byte(&sample, '\0');
	assert_true(buf_is_ok(&sample));
	loaded_from(fixture, sample.data);
	assert_int_equal(fixture->settings.origins[0].kind, SETTING_FROM_DEFAULT);
	Settings defaults = fixture->settings;
	for (char *at = sample.data; at != NULL; at = strchr(at + 1, '\n'))
		if (at[0] == '\n' && at[1] == ';')
			memmove(at + 1, at + 2, strlen(at + 1));
	loaded_from(fixture, sample.data);
	for (int id = 0; id < SETTING_COUNT; id++)
	{
		Buf texts[2];
		buf_init(&texts[0], 10000);
		buf_init(&texts[1], 10000);
		settings_value_write(&defaults, (SettingId) id, &texts[0]);
		settings_value_write(&fixture->settings, (SettingId) id, &texts[1]);
		assert_true(slice_equal(buf_slice(&texts[0]), buf_slice(&texts[1])));
		assert_int_equal(fixture->settings.origins[id].kind, SETTING_FROM_FILE);
		buf_free(&texts[0]);
		buf_free(&texts[1]);
	}
	buf_free(&sample);
}

static void test_help_names_every_flag_in_lines_that_fit(void **state)
{
	(void) state;
	Buf help;
	buf_init(&help, 100000);
	settings_help_write(&help);
	Slice rest = buf_slice(&help);
	while (rest.size > 0)
		assert_true(slice_split(rest, '\n', &rest).size <= 120);
	buf_append_byte(&help, '\0');
	assert_non_null(strstr(help.data, "--collect-listen ADDR:PORT  (127.0.0.1:8080)\n"));
	assert_non_null(strstr(help.data, "--consent-mode off|opt-in|opt-out  (opt-out)\n"));
	buf_free(&help);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sizes_and_durations_take_units),
		TEST(test_what_is_no_number_of_its_unit_is_refused),
		TEST(test_a_bad_value_is_told_with_its_place_and_bounds),
		TEST(test_a_path_of_a_url_needs_no_escapes),
		TEST(test_a_bad_secret_is_not_repeated),
		TEST(test_secrets_are_masked),
		TEST(test_addresses_are_taken_apart),
		TEST(test_the_sample_without_its_semicolons_is_the_defaults),
		TEST(test_help_names_every_flag_in_lines_that_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
