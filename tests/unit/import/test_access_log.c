#include "import/access_log.h"

#include "base/file.h"
#include "base/hash.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define VIEWS_MAX 1000
#define LINE(second, request, status, referrer, agent)                                                                 \
	"192.0.2.1 - - [17/May/2015:10:05:" second " +0000] \"" request "\" " status " 10 \"" referrer "\" \"" agent "\""  \
	"\n"
#define AGENT "Mozilla/5.0"

typedef struct Taken {
	Hash128 identities[VIEWS_MAX];
	size_t count;
	char own_host[64];
	bool is_refusing;
} Taken;

typedef struct Fixture {
	char folder[64];
	char path[96];
	Arena arena;
	Ordinals *ordinals;
	AccessCounts counts;
	Taken taken;
	Error error;
} Fixture;

static int set_up(void **state)
{
	static Fixture fixture;
	fixture = (Fixture){0};
	(void) snprintf(fixture.folder, sizeof fixture.folder, "/tmp/sojourn-access-XXXXXX");
	arena_init(&fixture.arena, 1U << 20U);
	*state = &fixture;
	if (mkdtemp(fixture.folder) == NULL || !ordinals_open(&fixture.ordinals, &fixture.error))
		return 1;
	(void) snprintf(fixture.path, sizeof fixture.path, "%s/access.log", fixture.folder);
	return 0;
}

static int tear_down(void **state)
{
	Fixture *fixture = *state;
	ordinals_close(fixture->ordinals);
	arena_free(&fixture->arena);
	(void) unlink(fixture->path);
	return rmdir(fixture->folder);
}

static bool take(void *context, const AccessView *view, Arena *arena, AccessClass *class, Error *error)
{
	(void) arena;
	Taken *taken = context;
	char identity[2048];
	if (taken->is_refusing)
		return error_set(error, ERROR_FULL, "no room");
	int size = snprintf(identity, sizeof identity, "%u %.*s", view->ordinal, SLICE_PRINT(view->text));
	assert_in_range(taken->count, 0, VIEWS_MAX - 1);
	taken->identities[taken->count++] = hash_128((Slice){identity, (size_t) size});
	(void) snprintf(taken->own_host, sizeof taken->own_host, "%.*s", SLICE_PRINT(view->own_host));
	if (slice_equal_text(view->line->user_agent, "Robot"))
		*class = ACCESS_ROBOT;
	if (slice_equal_text(view->line->user_agent, "Team"))
		*class = ACCESS_KEPT_OUT;
	return true;
}

static bool pause_nothing(void *context, const LineReader *reader, bool is_waiting, Error *error)
{
	(void) context;
	(void) reader;
	(void) is_waiting;
	(void) error;
	return true;
}

static bool read_log(Fixture *fixture, const char *site, const char *content)
{
	LineReader *reader;
	const AccessLog log = {
		.path = "access.log",
		.site = slice_from(site),
		.take = take,
		.pause = pause_nothing,
		.take_context = &fixture->taken,
		.ordinals = fixture->ordinals,
		.arena = &fixture->arena,
	};
	assert_true(file_replace(fixture->path, slice_from(content), 0600, &fixture->error));
	assert_true(line_reader_open(fixture->path, ACCESS_LINE_SIZE_MAX, &reader, &fixture->error));
	bool is_ok = access_log_read(&log, reader, &fixture->counts, &fixture->error);
	line_reader_close(reader);
	return is_ok;
}

static void every_line_ends_in_one_class(void **state)
{
	Fixture *fixture = *state;
	static const struct {
		const char *line;
		AccessClass class;
	} cases[] = {
		{LINE("01", "GET /a HTTP/1.1", "200", "-", AGENT), ACCESS_PAGE_VIEW},
		{LINE("01", "GET /a HTTP/1.1", "304", "-", AGENT), ACCESS_PAGE_VIEW},
		{LINE("01", "GET /a.html HTTP/1.1", "206", "-", AGENT), ACCESS_PAGE_VIEW},
		{LINE("01", "GET /a.php?x=y.png HTTP/1.1", "200", "-", AGENT), ACCESS_PAGE_VIEW},
		{LINE("01", "GET /v1.2/notes HTTP/1.1", "200", "-", AGENT), ACCESS_PAGE_VIEW},
		{LINE("01", "GET /feeding HTTP/1.1", "200", "-", AGENT), ACCESS_PAGE_VIEW},
		{LINE("01", "GET /a HTTP/1.1", "200", "-", "Robot"), ACCESS_ROBOT},
		{LINE("01", "GET /a HTTP/1.1", "200", "-", "Team"), ACCESS_KEPT_OUT},
		{LINE("01", "GET /a.PNG HTTP/1.1", "200", "-", AGENT), ACCESS_ASSET},
		{LINE("01", "GET /a.png?v=1 HTTP/1.1", "304", "-", "Robot"), ACCESS_ASSET},
		{LINE("01", "GET /robots.txt HTTP/1.1", "200", "-", "Robot"), ACCESS_ASSET},
		{LINE("01", "GET /favicon.ico HTTP/1.1", "200", "-", AGENT), ACCESS_ASSET},
		{LINE("01", "GET /blog/feed/ HTTP/1.1", "200", "-", AGENT), ACCESS_ASSET},
		{LINE("01", "GET /blog/tags/x?flav=rss20 HTTP/1.1", "200", "-", AGENT), ACCESS_ASSET},
		{LINE("01", "GET /sitemap_index.xml.gz HTTP/1.1", "200", "-", AGENT), ACCESS_ASSET},
		{LINE("01", "GET /a HTTP/1.1", "301", "-", AGENT), ACCESS_REDIRECT},
		{LINE("01", "GET /a.png HTTP/1.1", "302", "-", "Robot"), ACCESS_REDIRECT},
		{LINE("01", "GET /a HTTP/1.1", "404", "-", AGENT), ACCESS_ERROR},
		{LINE("01", "GET /a.png HTTP/1.1", "500", "-", AGENT), ACCESS_ERROR},
		{LINE("01", "GET /a HTTP/1.1", "499", "-", AGENT), ACCESS_ERROR},
		{LINE("01", "GET /a HTTP/1.1", "204", "-", AGENT), ACCESS_NO_CONTENT},
		{LINE("01", "GET /ws HTTP/1.1", "101", "-", AGENT), ACCESS_NO_CONTENT},
		{LINE("01", "GET /a HTTP/1.1", "000", "-", AGENT), ACCESS_NO_CONTENT},
		{LINE("01", "HEAD /a HTTP/1.1", "200", "-", AGENT), ACCESS_OTHER_METHOD},
		{LINE("01", "POST /a HTTP/1.1", "404", "-", AGENT), ACCESS_OTHER_METHOD},
		{LINE("01", "OPTIONS * HTTP/1.1", "200", "-", AGENT), ACCESS_OTHER_METHOD},
		{LINE("01", "-", "408", "-", "-"), ACCESS_MALFORMED},
		{LINE("01", "\\x16\\x03", "400", "-", "-"), ACCESS_MALFORMED},
		{"\n", ACCESS_MALFORMED},
		{"192.0.2.1 - - [17/May/2015:10:05:01 +0000] \"GET /a HTTP/1.1\" 200 10 \"-\" \"cut\n", ACCESS_MALFORMED},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		fixture->counts = (AccessCounts){0};
		assert_true(read_log(fixture, "", cases[i].line));
		assert_int_equal(fixture->counts.lines, 1);
		if (fixture->counts.classes[cases[i].class] != 1)
			fail_msg("not of the class %s: %s", access_class_name(cases[i].class), cases[i].line);
		assert_int_equal(fixture->counts.malformed_line, cases[i].class == ACCESS_MALFORMED ? 1 : 0);
	}
}

static void assets_are_counted_by_kind(void **state)
{
	Fixture *fixture = *state;
	assert_true(read_log(fixture, "",
		LINE("01", "GET /a.png HTTP/1.1", "200", "-", AGENT) LINE("02", "GET /a.css HTTP/1.1", "200", "-", AGENT)
			LINE("03", "GET /b.png HTTP/1.1", "200", "-", AGENT)));
	assert_int_equal(fixture->counts.classes[ACCESS_ASSET], 3);
	assert_string_equal(fixture->counts.assets[0].kind, "image");
	assert_int_equal(fixture->counts.assets[0].lines, 2);
	assert_string_equal(fixture->counts.assets[1].kind, "style");
	assert_int_equal(fixture->counts.assets[1].lines, 1);
	assert_null(fixture->counts.assets[2].kind);
}

static bool has_identity(const Taken *taken, Hash128 identity)
{
	for (size_t i = 0; i < taken->count; i++)
		if (memcmp(&taken->identities[i], &identity, sizeof identity) == 0)
			return true;
	return false;
}

// Equal lines are told apart, within a file and over a minute's end; a grown file repeats the identities of the old one.
static void identities_are_stable_when_a_file_grows(void **state)
{
	Fixture *fixture = *state;
	static const char old[] = LINE("58", "GET /a HTTP/1.1", "200", "-", AGENT) LINE("59", "GET /b HTTP/1.1", "200", "-",
		AGENT) LINE("58", "GET /a HTTP/1.1", "200", "-", AGENT) LINE("58", "GET /a HTTP/1.1", "200", "-", AGENT);
	char grown[sizeof old + 1024];
	assert_true(read_log(fixture, "", old));
	Taken first = fixture->taken;
	assert_int_equal(first.count, 4);
	for (size_t i = 0; i < first.count; i++)
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(&first.identities[i], &first.identities[j], sizeof first.identities[i]);
	fixture->taken = (Taken){0};
	(void) snprintf(grown, sizeof grown, "%s%s%s", old, LINE("58", "GET /a HTTP/1.1", "200", "-", AGENT),
		LINE("59", "GET /b HTTP/1.1", "200", "-", AGENT));
	assert_true(read_log(fixture, "", grown));
	assert_int_equal(fixture->taken.count, 6);
	for (size_t i = 0; i < first.count; i++)
		assert_true(has_identity(&fixture->taken, first.identities[i]));
	assert_false(has_identity(&first, fixture->taken.identities[4]));
	assert_false(has_identity(&first, fixture->taken.identities[5]));
}

static void a_last_line_without_its_end_is_a_line(void **state)
{
	Fixture *fixture = *state;
	assert_true(read_log(fixture, "",
		"192.0.2.1 - - [17/May/2015:10:05:01 +0000] \"GET /a HTTP/1.1\" 200 10 \"-\" \"A\"\r\n"
		"192.0.2.1 - - [17/May/2015:10:05:01 +0000] \"GET /b HTTP/1.1\" 200 10 \"-\" \"A\""));
	assert_int_equal(fixture->counts.classes[ACCESS_PAGE_VIEW], 2);
}

static void the_first_good_line_tells_the_format(void **state)
{
	Fixture *fixture = *state;
	static const char common[] = "192.0.2.1 - - [17/May/2015:10:05:01 +0000] \"GET /a HTTP/1.1\" 200 10\n";
	char both[1024];
	(void) snprintf(both, sizeof both, "rubbish\n%s%s", common, LINE("01", "GET /a HTTP/1.1", "200", "-", "Robot"));
	assert_true(read_log(fixture, "", both));
	assert_int_equal(fixture->counts.classes[ACCESS_PAGE_VIEW], 2); // no user agent is looked at in the common format
	fixture->counts = (AccessCounts){0};
	(void) snprintf(both, sizeof both, "%s%s", LINE("01", "GET /a HTTP/1.1", "200", "-", "Robot"), common);
	assert_true(read_log(fixture, "", both));
	assert_int_equal(fixture->counts.classes[ACCESS_ROBOT], 1);
	assert_int_equal(fixture->counts.classes[ACCESS_MALFORMED], 1);
	assert_int_equal(fixture->counts.malformed_line, 2);
	assert_string_equal(fixture->counts.malformed_path, "access.log");
}

static void the_sites_host_is_the_one_that_assets_come_from(void **state)
{
	Fixture *fixture = *state;
	static const char assets[] = LINE("01", "GET /a.css HTTP/1.1", "200", "http://www.Example.com:80/", AGENT)
		LINE("01", "GET /b.css HTTP/1.1", "200", "http://example.com/x", AGENT)
			LINE("01", "GET /c.png HTTP/1.1", "200", "https://images.example.net/search", AGENT)
				LINE("01", "GET /d.png HTTP/1.1", "200", "https://example.com/y", AGENT)
					LINE("01", "GET /e.js HTTP/1.1", "304", "https://example.com/", AGENT);
	char log[2048];
	(void) snprintf(log, sizeof log, "%s%s", assets, LINE("02", "GET /p HTTP/1.1", "200", "https://other.org/", AGENT));
	assert_true(read_log(fixture, "", log));
	assert_string_equal(fixture->taken.own_host, "example.com");
	assert_true(read_log(fixture, "given.org", log));
	assert_string_equal(fixture->taken.own_host, "given.org");
	assert_true(read_log(fixture, "", LINE("02", "GET /p HTTP/1.1", "200", "https://other.org/", AGENT)));
	assert_string_equal(fixture->taken.own_host, "");
}

static void a_failure_names_the_line(void **state)
{
	Fixture *fixture = *state;
	fixture->taken.is_refusing = true;
	assert_false(read_log(fixture, "", "rubbish\n" LINE("02", "GET /p HTTP/1.1", "200", "-", AGENT)));
	assert_int_equal(fixture->error.code, ERROR_FULL);
	assert_string_equal(fixture->error.message, "line 2: no room");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_line_ends_in_one_class, set_up, tear_down),
		cmocka_unit_test_setup_teardown(assets_are_counted_by_kind, set_up, tear_down),
		cmocka_unit_test_setup_teardown(identities_are_stable_when_a_file_grows, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_last_line_without_its_end_is_a_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_first_good_line_tells_the_format, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_sites_host_is_the_one_that_assets_come_from, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_failure_names_the_line, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
