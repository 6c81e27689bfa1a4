// What the tests of settings share: a file of settings, loading it, and what a refusal must say.
#pragma once
#include "config/settings_load.h"
#include "config/settings_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct Fixture {
	Arena arena;
	Settings settings;
	Error error;
	char path[64];
} Fixture;

static inline int set_up(void **state)
{
	static Fixture fixture;
	fixture = (Fixture){.path = "/tmp/sojourn-settings-XXXXXX"};
	arena_init(&fixture.arena, 4U << 20U);
	int fd = mkstemp(fixture.path);
	*state = &fixture;
	return fd < 0 ? -1 : close(fd);
}

static inline int tear_down(void **state)
{
	Fixture *fixture = *state;
	arena_free(&fixture->arena);
	return unlink(fixture->path);
}

static inline void file_write(Fixture *fixture, const char *text)
{
	FILE *file = fopen(fixture->path, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static inline void loaded(Fixture *fixture, const SettingsSources *sources)
{
	if (!settings_load(sources, &fixture->arena, &fixture->settings, &fixture->error))
		fail_msg("%s", fixture->error.message);
}

static inline void loaded_from(Fixture *fixture, const char *text)
{
	file_write(fixture, text);
	loaded(fixture, &(SettingsSources){.file = fixture->path});
}

static inline void refused(Fixture *fixture, const SettingsSources *sources, const char *sentence)
{
	if (settings_load(sources, &fixture->arena, &fixture->settings, &fixture->error))
		fail_msg("taken, instead of: %s", sentence);
	assert_int_equal(fixture->error.code, ERROR_USAGE);
	assert_string_equal(fixture->error.message, sentence);
}

// `sentence` is what stands behind the file's path.
static inline void refused_from(Fixture *fixture, const char *text, const char *sentence)
{
	char whole[700];
	file_write(fixture, text);
	(void) snprintf(whole, sizeof whole, "%s%s", fixture->path, sentence);
	refused(fixture, &(SettingsSources){.file = fixture->path}, whole);
}

static inline void refused_value(Fixture *fixture, const char *name, const char *value, const char *sentence)
{
	SettingFlag flag = {slice_from(name), value};
	refused(fixture, &(SettingsSources){.flags = &flag, .flags_count = 1}, sentence);
}

static inline void shows_value(Fixture *fixture, SettingId id, const char *value)
{
	Buf buf;
	buf_init(&buf, 10000);
	settings_value_write(&fixture->settings, id, &buf);
	if (!slice_equal_text(buf_slice(&buf), value))
		fail_msg("%s is %.*s and not %s", settings_name(id), SLICE_PRINT(buf_slice(&buf)), value);
	buf_free(&buf);
}

static inline void shows(Fixture *fixture, SettingId id, const char *value, const char *origin)
{
	Buf buf;
	shows_value(fixture, id, value);
	buf_init(&buf, 10000);
	settings_origin_write(&fixture->settings, id, &buf);
	if (!slice_equal_text(buf_slice(&buf), origin))
		fail_msg("%s is from %.*s and not %s", settings_name(id), SLICE_PRINT(buf_slice(&buf)), origin);
	buf_free(&buf);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
