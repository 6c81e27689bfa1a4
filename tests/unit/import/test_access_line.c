#include "import/access_line.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define START "192.0.2.1 - - [17/May/2015:10:05:03 +0000] "
#define END " 200 10 \"-\" \"Mozilla/5.0\""

static Arena arena;

static int set_up(void **state)
{
	(void) state;
	arena_init(&arena, 1U << 20U);
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	arena_free(&arena);
	return 0;
}

static bool parse(const char *text, AccessFormat format, AccessLine *line)
{
	return access_line_parse(slice_from(text), format, &arena, line);
}

static void a_combined_line_has_all_its_fields(void **state)
{
	(void) state;
	AccessLine line;
	assert_true(parse("2001:db8::1 id Ann [10/Oct/2000:13:55:36 -0700] \"GET /a%20b?c=d HTTP/1.1\" 304 - "
					  "\"https://example.com/x\" \"Mozilla/5.0 (\\\"quoted\\\" \\\\ \\x41)\"",
		ACCESS_FORMAT_COMBINED, &line));
	assert_true(slice_equal_text(line.address, "2001:db8::1"));
	assert_true(slice_equal_text(line.user, "Ann"));
	assert_int_equal(line.time_ms, 971211336000);
	assert_true(slice_equal_text(line.method, "GET"));
	assert_true(slice_equal_text(line.path, "/a%20b"));
	assert_true(slice_equal_text(line.query, "c=d"));
	assert_null(line.host.data);
	assert_int_equal(line.status, 304);
	assert_true(line.has_agent);
	assert_true(slice_equal_text(line.referrer, "https://example.com/x"));
	assert_true(slice_equal_text(line.user_agent, "Mozilla/5.0 (\"quoted\" \\ A)"));
}

static void dashes_are_fields_that_are_not_given(void **state)
{
	(void) state;
	AccessLine line;
	assert_true(parse(START "\"GET / HTTP/1.1\" 200 10 \"-\" \"-\"", ACCESS_FORMAT_COMBINED, &line));
	assert_null(line.user.data);
	assert_null(line.referrer.data);
	assert_non_null(line.user_agent.data);
	assert_int_equal(line.user_agent.size, 0);
	assert_true(parse("192.0.2.1 - \"\" [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 10 \"\" \"\"",
		ACCESS_FORMAT_COMBINED, &line));
	assert_null(line.user.data);
	assert_null(line.referrer.data);
}

static void requests_as_clients_send_them(void **state)
{
	(void) state;
	static const struct {
		const char *request;
		const char *parts; // method|host|path|query; NULL: malformed
	} cases[] = {
		{"GET / HTTP/1.1", "GET||/|"},
		{"GET /a", "GET||/a|"},
		{"GET /a b c HTTP/1.1", "GET||/a b c|"},
		{"GET /a b", "GET||/a b|"},
		{"GET //a?b HTTP/1.1", "GET||//a|b"},
		{"GET /a?b=c?d#e HTTP/1.1", "GET||/a|b=c?d"},
		{"GET /a#e?b HTTP/1.1", "GET||/a|"},
		{"GET http://Example.com:80/a?b HTTP/1.1", "GET|Example.com|/a|b"},
		{"GET https://example.com HTTP/1.1", "GET|example.com|/|"},
		{"GET https://example.com?a=b HTTP/1.1", "GET|example.com|/|a=b"},
		{"OPTIONS * HTTP/1.0", "OPTIONS||*|"},
		{"CONNECT example.com:443 HTTP/1.1", "CONNECT||example.com:443|"},
		{"get / HTTP/1.1", "get||/|"},
		{"M-SEARCH /x HTTP/1.1", "M-SEARCH||/x|"},
		{"GET /\\\"x\\\" HTTP/1.1", "GET||/\"x\"|"},
		{"GET /\\xc3\\xbc HTTP/1.1", "GET||/\xC3\xBC|"},
		{"-", NULL},
		{"", NULL},
		{"GET", NULL},
		{"GET ", NULL},
		{"GET HTTP/1.1", NULL},
		{"GET x HTTP/1.1", NULL},
		{"GET ?x HTTP/1.1", NULL},
		{"GET http://bob:secret@example.com:80#f HTTP/1.1", "GET|example.com|/|"},
		{"GET http://[2001:db8::1]:80/a HTTP/1.1", "GET|[2001:db8::1]|/a|"},
		{"GET http:// HTTP/1.1", NULL},
		{" / HTTP/1.1", NULL},
		{"\\x16\\x03\\x01", NULL},
		{"\\x16\\x03\\x01\\x00 / HTTP/1.1", NULL},
		{"quit\\r\\n", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		AccessLine line;
		char text[512];
		char parts[256];
		(void) snprintf(text, sizeof text, START "\"%s\"" END, cases[i].request);
		bool is_good = parse(text, ACCESS_FORMAT_COMBINED, &line);
		(void) snprintf(parts, sizeof parts, "%.*s|%.*s|%.*s|%.*s", SLICE_PRINT(line.method), SLICE_PRINT(line.host),
			SLICE_PRINT(line.path), SLICE_PRINT(line.query));
		if (is_good != (cases[i].parts != NULL))
			fail_msg("\"%s\" is %s: %s", cases[i].request, is_good ? "good" : "malformed", parts);
		if (is_good)
			assert_string_equal(parts, cases[i].parts);
	}
}

static void times_are_those_of_their_zone(void **state)
{
	(void) state;
	static const struct {
		const char *time;
		int64_t time_ms; // -1: malformed
	} cases[] = {
		{"17/May/2015:10:05:03 +0000", 1431857103000},
		{"17/May/2015:12:05:03 +0200", 1431857103000},
		{"17/May/2015:04:35:03 -0530", 1431857103000},
		{"01/Jan/1970:00:00:00 +0000", 0},
		{"29/Feb/2016:00:00:00 +0000", 1456704000000},
		{"31/Dec/2016:23:59:60 +0000", 1483228800000},
		{"29/Feb/2015:00:00:00 +0000", -1},
		{"29/Feb/1900:00:00:00 +0000", -1},
		{"31/Apr/2015:00:00:00 +0000", -1},
		{"00/May/2015:00:00:00 +0000", -1},
		{"17/Mai/2015:10:05:03 +0000", -1},
		{"17/May/2015:24:05:03 +0000", -1},
		{"17/May/2015:10:60:03 +0000", -1},
		{"17/May/2015:10:05:61 +0000", -1},
		{"17/May/2015:10:05:03 0000", -1},
		{"17/May/2015:10:05:03 +2400", -1},
		{"17/May/2015:10:05:03", -1},
		{"7/May/2015:10:05:03 +0000", -1},
		{"01/Jan/1969:00:00:00 +0000", -1},
		{"01/Jan/1970:00:00:00 +0100", -1},
		{"2015-05-17T10:05:03+00:00", -1},
		{"", -1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		AccessLine line;
		char text[512];
		(void) snprintf(text, sizeof text, "192.0.2.1 - - [%s] \"GET / HTTP/1.1\"" END, cases[i].time);
		bool is_good = parse(text, ACCESS_FORMAT_COMBINED, &line);
		if (is_good != (cases[i].time_ms >= 0))
			fail_msg("[%s] is %s", cases[i].time, is_good ? "good" : "malformed");
		if (is_good)
			assert_int_equal(line.time_ms, cases[i].time_ms);
	}
}

static void a_format_asks_for_its_fields(void **state)
{
	(void) state;
	static const struct {
		const char *rest;
		bool is_combined;
		bool is_common;
		bool is_either;
	} cases[] = {
		{" 200 10 \"-\" \"A\"", true, true, true},
		{" 200 10 \"-\" \"A\" \"more\" 0.003", true, true, true},
		{" 200 10", false, true, true},
		{" 200 -", false, true, true},
		{" 200 10 \"-\" \"A", false, true, false}, // cut in the middle
		{" 200 10 \"-\"", false, true, false},
		{" 200", false, false, false},
		{" 20 10 \"-\" \"A\"", false, false, false},
		{" abc 10 \"-\" \"A\"", false, false, false},
		{" -10 10 \"-\" \"A\"", false, false, false},
		{" 200 ten \"-\" \"A\"", false, false, false},
		{"", false, false, false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		AccessLine line;
		char text[512];
		(void) snprintf(text, sizeof text, START "\"GET / HTTP/1.1\"%s", cases[i].rest);
		assert_int_equal(parse(text, ACCESS_FORMAT_COMBINED, &line), cases[i].is_combined);
		assert_int_equal(parse(text, ACCESS_FORMAT_COMMON, &line), cases[i].is_common);
		assert_false(line.has_agent);
		assert_int_equal(parse(text, ACCESS_FORMAT_UNKNOWN, &line), cases[i].is_either);
	}
}

static void what_is_no_line_is_refused(void **state)
{
	(void) state;
	static const char *const texts[] = {"", " ", "-", "- - -", "192.0.2.1", "192.0.2.1 - -", "192.0.2.1 - - [",
		" - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 10 \"-\" \"A\"",
		"192.0.2.1 - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 10 \"-\" \"A\"",
		"192.0.2.1 - - [17/May/2015:10:05:03 +0000]\"GET / HTTP/1.1\" 200 10 \"-\" \"A\"",
		"192.0.2.1 - - [17/May/2015:10:05:03 +0000] GET / HTTP/1.1 200 10 \"-\" \"A\"", "{\"json\": true}",
		"# comment"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
	{
		AccessLine line;
		if (parse(texts[i], ACCESS_FORMAT_UNKNOWN, &line))
			fail_msg("\"%s\" is taken for a line", texts[i]);
	}
	AccessLine line;
	assert_true(parse("192.0.2.1 - john doe [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\"" END,
		ACCESS_FORMAT_COMBINED, &line));
	assert_true(slice_equal_text(line.user, "john doe"));
}

// A good line with bytes changed, cut or doubled anywhere: parsed or not, no slice leaves the line or the arena's copies.
static void any_bytes_are_read_without_harm(void **state)
{
	(void) state;
	static const char good[] =
		START "\"GET /a?b=\\x41 HTTP/1.1\" 200 10 \"https://example.com/\" \"Mozilla/5.0 \\\" A\"";
	srand(3);
	for (int round = 0; round < 200000; round++)
	{
		size_t size = (size_t) rand() % sizeof good;
		char *text = test_malloc(size + 1); // of its own size, so that a sanitizer sees a step too far
		AccessLine line;
		memcpy(text, good, size);
		for (int changes = rand() % 4; changes > 0 && size > 0; changes--)
			text[(size_t) rand() % size] = rand() % 2 == 0 ? (char) rand() : "\" \\[]-/:x"[rand() % 9];
		if (access_line_parse((Slice){text, size}, ACCESS_FORMAT_UNKNOWN, &arena, &line))
			assert_true(line.path.size > 0 && line.time_ms >= 0 && line.address.size > 0);
		arena_reset(&arena);
		test_free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_combined_line_has_all_its_fields, set_up, tear_down),
		cmocka_unit_test_setup_teardown(dashes_are_fields_that_are_not_given, set_up, tear_down),
		cmocka_unit_test_setup_teardown(requests_as_clients_send_them, set_up, tear_down),
		cmocka_unit_test_setup_teardown(times_are_those_of_their_zone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_format_asks_for_its_fields, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_line_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(any_bytes_are_read_without_harm, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
