// The browser's script over HTTP: its variants, names and settings, and what caches and foreign pages need to know of it.
#include "tests/harness/http.h"

#include "base/compress.h"
#include "config/settings_load.h"
#include "site/site.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define KEY "sjw_demo1234"
#define RELOAD "/reload" // in the server's own thread, as a collector does it

// Settings are changed by a test while no request is under way.
typedef struct Fixture {
	Settings settings;
	Arena arena;
	Site *site;
	TestServer *http;
	int port;
	TestAnswer answer;
} Fixture;

static Slice demo_key(void *context)
{
	(void) context;
	return SLICE_LITERAL(KEY);
}

static void handle(HttpRequest *request, void *context)
{
	Fixture *fixture = context;
	Error error;
	if (slice_equal_text(http_path(request), RELOAD))
		http_respond(request, site_reload(fixture->site, &error) ? 200 : 500, NULL, SLICE_NONE);
	else if (!site_serve(fixture->site, request))
		http_respond(request, 404, "text/plain", SLICE_LITERAL("not the site's"));
}

static int set_up(void **state)
{
	Fixture *fixture = calloc(1, sizeof *fixture);
	Error error;
	SettingsSources sources = {.file = NULL};
	*state = fixture;
	arena_init(&fixture->arena, 1U << 20U);
	if (!settings_load(&sources, &fixture->arena, &fixture->settings, &error))
		return -1;
	SiteOptions options = {.settings = &fixture->settings, .demo_key = demo_key};
	if (!site_open(&options, &fixture->site, &error))
		return -1;
	HttpLimits limits = {.body_bytes_max = 1U << 20U,
		.connections_max = 100,
		.request_deadline_ms = 60000,
		.idle_timeout_ms = 60000};
	fixture->http = test_server_start(&limits, handle, NULL, fixture);
	fixture->port = test_server_port(fixture->http);
	return 0;
}

static int tear_down(void **state)
{
	Fixture *fixture = *state;
	test_server_stop(fixture->http);
	site_close(fixture->site);
	arena_free(&fixture->arena);
	free(fixture);
	return 0;
}

static const TestAnswer *ask(Fixture *fixture, const char *method, const char *path, const char *headers)
{
	char head[1024];
	(void) snprintf(head, sizeof head, "%s %s HTTP/1.1\r\n%s", method, path, headers);
	test_request(fixture->port, head, SLICE_NONE, &fixture->answer);
	return &fixture->answer;
}

static const TestAnswer *get(Fixture *fixture, const char *path)
{
	return ask(fixture, "GET", path, "");
}

static void reload(Fixture *fixture)
{
	assert_int_equal(get(fixture, RELOAD)->status, 200);
}

static void the_script_carries_the_settings(void **state)
{
	Fixture *fixture = *state;
	Slice names[] = {SLICE_LITERAL("*token*"), SLICE_LITERAL("a\"b\\.c?")};
	fixture->settings.query_deny = (SettingList){names, 2};
	fixture->settings.consent_mode = CONSENT_OPT_IN;
	fixture->settings.respect_dnt = true;
	fixture->settings.session_timeout_minutes = 20;
	fixture->settings.collect_path = "/in";
	fixture->settings.tracker_global = "stats";
	static const char wanted[] = "{\"endpoint\":\"/in\",\"global\":\"stats\",\"consent\":\"opt-in\",\"dnt\":true,"
								 "\"timeout\":1200000,\"deny\":\".*token.*|a\\\\x22b\\\\x5c\\\\.c.\"}";
	assert_null(strstr(get(fixture, "/tracker.js")->body, wanted)); // as it was before
	reload(fixture);
	const TestAnswer *answer = get(fixture, "/tracker.js");
	assert_int_equal(answer->status, 200);
	assert_non_null(strstr(answer->body, wanted));
	assert_null(strstr(answer->body, "__SOJOURN_CONFIG__"));
	assert_string_equal(test_answer_header(answer, "content-type"), "text/javascript; charset=utf-8");
}

static void variants_differ_and_follow_the_name(void **state)
{
	Fixture *fixture = *state;
	static const char *const variants[] = {".core", ".interactions", ".vitals"};
	size_t whole = get(fixture, "/tracker.js")->body_size;
	for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
	{
		char path[64];
		(void) snprintf(path, sizeof path, "/tracker%s.js", variants[i]);
		assert_int_equal(get(fixture, path)->status, 200);
		assert_true(fixture->answer.body_size < whole);
	}
	static const char *const others[] = {"/tracker.other.js", "/tracker.core", "/tracker", "/tracker..js",
		"/tracker.core.core.js", "/trackerx.js", "/x/tracker.js", "/tracker.js/", "/s.js"};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
	{
		if (get(fixture, others[i])->status != 404)
			fail_msg("%s is served", others[i]);
	}
	fixture->settings.tracker_path = "/a/s.js";
	assert_int_equal(get(fixture, "/a/s.js")->status, 200);
	assert_int_equal(get(fixture, "/a/s.core.js")->status, 200);
	assert_int_equal(get(fixture, "/tracker.js")->status, 404);
	fixture->settings.tracker_path = "/s";
	assert_int_equal(get(fixture, "/s.core")->status, 200);
	assert_int_equal(get(fixture, "/s.core.js")->status, 404);
}

static void a_name_by_content_never_changes(void **state)
{
	Fixture *fixture = *state;
	char tag[64];
	char path[128];
	(void) snprintf(tag, sizeof tag, "%s", test_answer_header(get(fixture, "/tracker.core.js"), "etag"));
	assert_string_equal(test_answer_header(&fixture->answer, "cache-control"), "public, max-age=3600");
	(void) snprintf(path, sizeof path, "/tracker.core.%.16s.js", tag + 3); // W/"HASH"
	assert_int_equal(get(fixture, path)->status, 200);
	assert_string_equal(test_answer_header(&fixture->answer, "cache-control"), "public, max-age=31536000, immutable");
	fixture->settings.respect_dnt = true;
	reload(fixture);
	assert_int_equal(get(fixture, path)->status, 200); // pages that still name it are served, and may not keep it
	assert_string_equal(test_answer_header(&fixture->answer, "cache-control"), "public, max-age=3600");
	assert_string_not_equal(test_answer_header(&fixture->answer, "etag"), tag);
}

static void what_the_browser_has_is_not_sent_again(void **state)
{
	Fixture *fixture = *state;
	char header[128];
	(void) snprintf(header, sizeof header, "If-None-Match: \"other\", %s\r\n",
		test_answer_header(get(fixture, "/tracker.js"), "etag"));
	assert_int_equal(ask(fixture, "GET", "/tracker.js", header)->status, 304);
	assert_string_not_equal(test_answer_header(&fixture->answer, "etag"), "");
	assert_int_equal(ask(fixture, "GET", "/tracker.js", "If-None-Match: W/\"0123456789abcdef\"\r\n")->status, 200);
}

static void it_is_packed_for_who_takes_gzip(void **state)
{
	Fixture *fixture = *state;
	Error error;
	Buf unpacked;
	get(fixture, "/tracker.js");
	char *plain = strdup(fixture->answer.body);
	buf_init(&unpacked, 1U << 20U);
	ask(fixture, "GET", "/tracker.js", "Accept-Encoding: br, gzip;q=0.8\r\n");
	assert_string_equal(test_answer_header(&fixture->answer, "content-encoding"), "gzip");
	assert_string_equal(test_answer_header(&fixture->answer, "vary"), "Accept-Encoding");
	assert_true(compress_gunzip((Slice){fixture->answer.body, fixture->answer.body_size}, &unpacked, &error));
	assert_true(slice_equal_text(buf_slice(&unpacked), plain));
	ask(fixture, "GET", "/tracker.js", "Accept-Encoding: br, gzip;q=0.0\r\n");
	assert_string_equal(test_answer_header(&fixture->answer, "content-encoding"), "");
	assert_string_equal(fixture->answer.body, plain);
	buf_free(&unpacked);
	free(plain);
}

static void foreign_pages_may_load_it(void **state)
{
	Fixture *fixture = *state;
	get(fixture, "/tracker.js");
	assert_string_equal(test_answer_header(&fixture->answer, "access-control-allow-origin"), "*");
	assert_string_equal(test_answer_header(&fixture->answer, "cross-origin-resource-policy"), "cross-origin");
	assert_string_equal(test_answer_header(&fixture->answer, "x-content-type-options"), "nosniff");
	int fd = test_connect(fixture->port);
	test_send_text(fd, "HEAD /tracker.js HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
	test_read_answer(fd, true, &fixture->answer);
	assert_int_equal(fixture->answer.status, 200);
	test_expect_closed(fd);
	assert_int_equal(ask(fixture, "POST", "/tracker.js", "")->status, 404); // hits may go to the same path
}

static void the_demo_is_there_only_where_it_is_asked_for(void **state)
{
	Fixture *fixture = *state;
	assert_int_equal(get(fixture, "/demo/")->status, 404);
	fixture->settings.demo = true;
	fixture->settings.tracker_path = "/s.js";
	assert_int_equal(get(fixture, "/demo")->status, 307);
	assert_string_equal(test_answer_header(&fixture->answer, "location"), "/demo/");
	static const char *const pages[] = {"/demo/", "/demo/finder", "/demo/collections", "/demo/profile", "/demo/guide/",
		"/demo/guide/anything"};
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
	{
		const TestAnswer *answer = get(fixture, pages[i]);
		if (answer->status != 200 || strstr(answer->body, "{{") != NULL
			|| strstr(answer->body, "src=\"/s.js\" data-key=\"" KEY "\"") == NULL)
			fail_msg("%s: status %d, %s", pages[i], answer->status, answer->body);
		assert_non_null(strstr(answer->body, "<main>\n<"));
		assert_non_null(strstr(test_answer_header(answer, "content-security-policy"), "default-src 'none'"));
	}
	assert_int_equal(get(fixture, "/demo/demo.css")->status, 200);
	assert_int_equal(get(fixture, "/demo/nothing")->status, 404);
	assert_int_equal(get(fixture, "/demo/frame.html")->status, 404);
	assert_int_equal(get(fixture, "/demos")->status, 404);
}

static void the_demo_knows_what_the_server_wants(void **state)
{
	Fixture *fixture = *state;
	fixture->settings.demo = true;
	assert_non_null(strstr(get(fixture, "/demo/profile")->body, "data-consent=\"\" data-signing=\"\""));
	fixture->settings.consent_mode = CONSENT_OPT_IN;
	fixture->settings.identify_secret_file = "/etc/secret";
	assert_non_null(strstr(get(fixture, "/demo/profile")->body, "data-consent=\"ask\" data-signing=\"wanted\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_script_carries_the_settings, set_up, tear_down),
		cmocka_unit_test_setup_teardown(variants_differ_and_follow_the_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_name_by_content_never_changes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_the_browser_has_is_not_sent_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(it_is_packed_for_who_takes_gzip, set_up, tear_down),
		cmocka_unit_test_setup_teardown(foreign_pages_may_load_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_demo_is_there_only_where_it_is_asked_for, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_demo_knows_what_the_server_wants, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("site/site", tests, NULL, NULL);
}
