// The collector's contract over HTTP, with a sink that counts.
#include "tests/harness/folder.h"
#include "tests/harness/http.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "config/settings_load.h"
#include "intake/intake.h"
#include "intake/keys_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HITS_MAX 1000

// The sink and what it does are set by a test while no request is under way.
typedef struct Fixture {
	char folder[TEST_FOLDER_SIZE];
	char browser[KEY_TEXT_SIZE];
	char server[KEY_TEXT_SIZE];
	Settings settings;
	Arena arena;
	Keys *keys;
	Intake *intake;
	TestServer *http;
	int port;
	ErrorCode failure; // of the sink, once `failure_after` hits are taken
	size_t failure_after;
	bool is_sync_failing;
	size_t taken;
	size_t flushes; // turns that had something to sync
	char actions[HITS_MAX][32];
	char ip[64]; // of the last hit
} Fixture;

static bool take(void *context, IntakeMessage *message, Error *error)
{
	Fixture *fixture = context;
	if (fixture->failure != ERROR_NONE && fixture->taken >= fixture->failure_after)
		return error_set(error, fixture->failure, "The sink refuses.");
	if (fixture->taken < HITS_MAX)
		(void) snprintf(fixture->actions[fixture->taken], sizeof fixture->actions[0], "%.*s",
			SLICE_PRINT(message->hit.event_action));
	(void) snprintf(fixture->ip, sizeof fixture->ip, "%.*s", SLICE_PRINT(message->ip));
	fixture->taken++;
	return true;
}

static void handle(HttpRequest *request, void *context)
{
	Fixture *fixture = context;
	intake_handle(request, fixture->intake);
}

static void on_turn_end(void *context)
{
	Fixture *fixture = context;
	if (fixture->intake == NULL || intake_waiting(fixture->intake) == 0)
		return;
	fixture->flushes++;
	intake_flush(fixture->intake, !fixture->is_sync_failing);
}

static void on_refusal(HttpRequest *request, void *context)
{
	Fixture *fixture = context;
	intake_refusal(request, fixture->intake);
}

static int set_up(void **state)
{
	Fixture *fixture = calloc(1, sizeof *fixture);
	Error error;
	*state = fixture;
	test_folder_make(fixture->folder);
	char path[TEST_FOLDER_SIZE + 32];
	(void) snprintf(path, sizeof path, "%s/write_keys.json", fixture->folder);
	Slice origins[] = {SLICE_LITERAL("https://*.shop.example")};
	WriteKey browser = {.name = SLICE_LITERAL("shop"), .kind = KEY_BROWSER, .origins = origins, .origin_count = 1};
	WriteKey server = {.name = SLICE_LITERAL("backend"), .kind = KEY_SERVER};
	arena_init(&fixture->arena, 1U << 20U);
	SettingsSources sources = {.file = NULL};
	if (!random_init(&error) || !settings_load(&sources, &fixture->arena, &fixture->settings, &error)
		|| !keys_file_add(path, &browser, 0, fixture->browser, &error)
		|| !keys_file_add(path, &server, 0, fixture->server, &error) || !keys_open(path, &fixture->keys, &error))
		return -1;
	fixture->settings.trusted_proxy_hops = 1;
	IntakeOptions options = {.settings = &fixture->settings, .keys = fixture->keys, .take = take, .context = fixture};
	if (!intake_open(&options, &fixture->intake, &error))
		return -1;
	HttpLimits limits = {.body_bytes_max = 4U << 20U,
		.connections_max = 100,
		.request_deadline_ms = 60000,
		.idle_timeout_ms = 60000};
	fixture->http = test_server_start(&limits, handle, on_turn_end, fixture);
	http_server_on_refusal(test_server_http(fixture->http), on_refusal, fixture);
	fixture->port = test_server_port(fixture->http);
	return 0;
}

static int tear_down(void **state)
{
	Fixture *fixture = *state;
	test_server_stop(fixture->http);
	intake_close(fixture->intake);
	keys_close(fixture->keys);
	arena_free(&fixture->arena);
	test_folder_remove(fixture->folder);
	free(fixture);
	return 0;
}

static void base64(const char *text, char *encoded)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t size = strlen(text);
	for (size_t at = 0; at < size; at += 3)
	{
		unsigned bits = (unsigned) (unsigned char) text[at] << 16U;
		bits |= at + 1 < size ? (unsigned) (unsigned char) text[at + 1] << 8U : 0;
		bits |= at + 2 < size ? (unsigned) (unsigned char) text[at + 2] : 0;
		*encoded++ = digits[bits >> 18U];
		*encoded++ = digits[bits >> 12U & 63U];
		*encoded++ = at + 1 < size ? digits[bits >> 6U & 63U] : '=';
		*encoded++ = at + 2 < size ? digits[bits & 63U] : '=';
	}
	*encoded = '\0';
}

// key NULL: no Authorization. headers: further lines with their CRLF. Single quotes in the body become double ones.
static void post(const Fixture *fixture, const char *path, const char *key, const char *headers, const char *body,
	TestAnswer *answer)
{
	static char text[6U << 20U];
	char head[2048];
	char user[128] = "";
	char encoded[256] = "";
	if (key != NULL)
	{
		(void) snprintf(user, sizeof user, "%s:", key);
		base64(user, encoded);
	}
	(void) snprintf(head, sizeof head, "POST %s HTTP/1.1\r\n%s%s%s%s", path, key == NULL ? "" : "Authorization: Basic ",
		encoded, key == NULL ? "" : "\r\n", headers);
	size_t size = strlen(body);
	assert_true(size < sizeof text);
	for (size_t at = 0; at < size; at++)
		text[at] = body[at] == '\'' ? '"' : body[at];
	test_request(fixture->port, head, (Slice){text, size}, answer);
}

static void test_a_batch_is_taken_and_its_bad_messages_are_named(void **state)
{
	Fixture *fixture = *state;
	TestAnswer answer;
	post(fixture, "/v1/batch", fixture->server, "",
		"{'batch':[{'type':'track','event':'one','userId':'u'},{'type':'nonsense','userId':'u'},7,{'type':'track','"
		"event':'two','userId':'u'}]}",
		&answer);
	assert_int_equal(answer.status, 200);
	assert_string_equal(test_answer_header(&answer, "Content-Type"), "application/json");
	assert_int_equal(fixture->taken, 2);
	assert_string_equal(fixture->actions[0], "one");
	assert_string_equal(fixture->actions[1], "two");
	assert_non_null(
		strstr(answer.body, "{\"success\":true,\"rejected\":[{\"index\":1,\"code\":\"bad_type\",\"message\":\""));
	assert_non_null(strstr(answer.body, "{\"index\":2,\"code\":\"bad_message\",\"message\":\""));
	JsonValue *value = NULL;
	Error error;
	assert_true(json_parse((Slice){answer.body, answer.body_size}, &fixture->arena, &value, &error));
	post(fixture, "/v1/batch", fixture->server, "", "{'batch':[{'type':'track','event':'e','userId':'u'}]}", &answer);
	assert_string_equal(answer.body, "{\"success\":true}");
	post(fixture, "/v1/batch", fixture->server, "", "{'batch':[]}", &answer);
	assert_string_equal(answer.body, "{\"success\":true}");
	assert_int_equal(fixture->flushes, 2);
}

static void test_every_path_says_what_its_message_is(void **state)
{
	Fixture *fixture = *state;
	static const char *const paths[] = {"/v1/page", "/v1/p", "/v1/track", "/v1/t", "/v1/identify", "/v1/i", "/v1/alias",
		"/v1/a", "/v1/screen", "/v1/s", "/v1/group", "/v1/g", "/v1/page/"};
	TestAnswer answer;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
	{
		post(fixture, paths[i], fixture->server, "Content-Type: text/plain\r\n",
			"{'event':'e','userId':'u','previousId':'p','name':'n'}", &answer);
		assert_int_equal(answer.status, 200);
		assert_string_equal(answer.body, "{\"success\":true}");
	}
	assert_int_equal(fixture->taken, sizeof paths / sizeof *paths);
	static const char *const unknown[] = {"/v1", "/v1/", "/v1/x", "/v2/batch", "/v1/batch/x", "/v1/projects/settings"};
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
	{
		post(fixture, unknown[i], fixture->server, "", "{}", &answer);
		assert_int_equal(answer.status, 404);
	}
}

static void test_the_write_key_may_stand_in_the_body(void **state)
{
	Fixture *fixture = *state;
	char body[256];
	TestAnswer answer;
	(void) snprintf(body, sizeof body, "{'writeKey':'%s','batch':[{'type':'page','userId':'u'}]}", fixture->server);
	post(fixture, "/v1/batch", NULL, "", body, &answer);
	assert_int_equal(answer.status, 200);
	(void) snprintf(body, sizeof body, "{'batch':[{'type':'page','userId':'u','writeKey':'%s'}]}", fixture->server);
	post(fixture, "/v1/b", NULL, "", body, &answer);
	assert_int_equal(answer.status, 200);
	(void) snprintf(body, sizeof body, "{'userId':'u','writeKey':'%s'}", fixture->browser);
	post(fixture, "/v1/p", NULL, "Origin: https://www.shop.example\r\n", body, &answer);
	assert_int_equal(answer.status, 200);
	assert_int_equal(fixture->taken, 3);
}

static void test_without_a_known_key_nothing_is_taken(void **state)
{
	Fixture *fixture = *state;
	TestAnswer answer;
	post(fixture, "/v1/page", NULL, "", "{'userId':'u'}", &answer);
	assert_int_equal(answer.status, 401);
	post(fixture, "/v1/page", "wrong", "", "{'userId':'u'}", &answer);
	assert_int_equal(answer.status, 401);
	post(fixture, "/v1/page", NULL, "", "{'userId':'u','writeKey':7}", &answer);
	assert_int_equal(answer.status, 401);
	post(fixture, "/v1/page", NULL, "Authorization: Bearer x\r\n", "[]", &answer);
	assert_int_equal(answer.status, 401);
	assert_int_equal(fixture->taken, 0);
}

static void test_a_browsers_key_is_bound_to_its_origins(void **state)
{
	Fixture *fixture = *state;
	TestAnswer answer;
	post(fixture, "/v1/page", fixture->browser, "Origin: https://evil.example\r\n", "{'userId':'u'}", &answer);
	assert_int_equal(answer.status, 403);
	assert_string_equal(test_answer_header(&answer, "Access-Control-Allow-Origin"), "");
	assert_int_equal(fixture->taken, 0);
	post(fixture, "/v1/page", fixture->browser, "Origin: https://www.shop.example\r\n", "{'userId':'u'}", &answer);
	assert_int_equal(answer.status, 200);
	assert_string_equal(test_answer_header(&answer, "Access-Control-Allow-Origin"), "https://www.shop.example");
	assert_string_equal(test_answer_header(&answer, "Access-Control-Expose-Headers"), "Retry-After");
	assert_string_equal(test_answer_header(&answer, "Vary"), "Origin");
	post(fixture, "/v1/page", fixture->browser, "", "{'userId':'u'}", &answer); // no browser at all
	assert_int_equal(answer.status, 200);
}

static void test_preflights_are_answered_by_origin(void **state)
{
	const Fixture *fixture = *state;
	TestAnswer answer;
	test_request(fixture->port,
		"OPTIONS /v1/t HTTP/1.1\r\nOrigin: https://www.shop.example\r\nAccess-Control-Request-Method: POST\r\n"
		"Access-Control-Request-Headers: authorization,content-type,x-retry-count\r\n",
		SLICE_NONE, &answer);
	assert_int_equal(answer.status, 204);
	assert_string_equal(test_answer_header(&answer, "Access-Control-Allow-Origin"), "https://www.shop.example");
	assert_non_null(strstr(test_answer_header(&answer, "Access-Control-Allow-Headers"), "authorization, content-type"));
	assert_non_null(strstr(test_answer_header(&answer, "Access-Control-Allow-Headers"), "x-retry-count"));
	assert_non_null(strstr(test_answer_header(&answer, "Access-Control-Allow-Methods"), "POST"));
	test_request(fixture->port, "OPTIONS /v1/t HTTP/1.1\r\nOrigin: https://evil.example\r\n", SLICE_NONE, &answer);
	assert_int_equal(answer.status, 204);
	assert_string_equal(test_answer_header(&answer, "Access-Control-Allow-Origin"), "");
	assert_string_equal(test_answer_header(&answer, "Access-Control-Allow-Headers"), "");
}

static void test_a_page_may_read_what_the_server_itself_refuses(void **state)
{
	const Fixture *fixture = *state;
	int fd = test_connect(fixture->port);
	test_send_text(fd,
		"POST /v1/t HTTP/1.1\r\nHost: a\r\nOrigin: https://www.shop.example\r\nContent-Length: 10000000\r\n\r\n");
	TestAnswer answer;
	test_read_answer(fd, false, &answer);
	assert_int_equal(answer.status, 413);
	assert_string_equal(test_answer_header(&answer, "Access-Control-Allow-Origin"), "https://www.shop.example");
	(void) close(fd);
	post(fixture, "/v1/page", NULL, "Origin: https://www.shop.example\r\n", "{", &answer);
	assert_int_equal(answer.status, 400);
	assert_string_equal(test_answer_header(&answer, "Access-Control-Allow-Origin"), "https://www.shop.example");
	post(fixture, "/v1/page", "wrong", "Origin: https://www.shop.example\r\n", "{}", &answer);
	assert_int_equal(answer.status, 401);
	assert_string_equal(test_answer_header(&answer, "Access-Control-Allow-Origin"), "https://www.shop.example");
}

static void test_bodies_that_are_not_the_contract_are_answered_400(void **state)
{
	Fixture *fixture = *state;
	static const char *const rows[] = {"", "nonsense", "{", "{'userId':'u'}}", "[]", "7", "null",
		"{'userId':'\xFF\xFE'}", "{'userId':'\x01'}",
		"{'a':[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"};
	TestAnswer answer;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		post(fixture, "/v1/page", fixture->server, "", rows[i], &answer);
		if (answer.status != 400)
			fail_msg("%d for %s", answer.status, rows[i]);
		assert_string_equal(test_answer_header(&answer, "Content-Type"), "application/problem+json");
	}
	post(fixture, "/v1/batch", fixture->server, "", "{'type':'page','userId':'u'}", &answer);
	assert_int_equal(answer.status, 400);
	post(fixture, "/v1/batch", fixture->server, "", "{'batch':{}}", &answer);
	assert_int_equal(answer.status, 400);
	assert_int_equal(fixture->taken, 0);
}

static void test_odd_but_legal_json_is_taken(void **state)
{
	Fixture *fixture = *state;
	TestAnswer answer;
	post(fixture, "/v1/track", fixture->server, "",
		"{'userId':9007199254740993,'userId':12345678901234567890,'event':'a\\u0000b','properties':{'x':1e999,'x':'"
		"\\ud800','':{}}}",
		&answer);
	assert_int_equal(answer.status, 200);
	assert_string_equal(answer.body, "{\"success\":true}");
	assert_int_equal(fixture->taken, 1);
}

static void test_a_body_of_very_many_values_is_answered_413(void **state)
{
	Fixture *fixture = *state;
	char *body = malloc(4U << 20U);
	TestAnswer answer;
	size_t size = 4000000;
	memset(body, ',', size);
	memcpy(body, "{'batch':[1", 11);
	for (size_t at = 10; at < size; at += 2)
		body[at] = '1';
	memcpy(body + size - 3, "1]}", 4);
	if (body[size - 4] == '1')
		body[size - 4] = ',';
	post(fixture, "/v1/batch", fixture->server, "", body, &answer);
	assert_int_equal(answer.status, 413);
	assert_int_equal(fixture->taken, 0);
	free(body);
	post(fixture, "/v1/page", fixture->server, "", "{'userId':'u'}", &answer);
	assert_int_equal(answer.status, 200);
}

// Each number costs two bytes to send, and a hundred to refuse by name.
static void test_a_flood_of_refusals_is_answered_413(void **state)
{
	Fixture *fixture = *state;
	static char body[300000];
	TestAnswer answer;
	size_t size = (size_t) snprintf(body, sizeof body, "{'batch':[{'type':'track','event':'e','userId':'u'}");
	for (int i = 0; i < 100000; i++)
		size += (size_t) snprintf(body + size, sizeof body - size, ",1");
	(void) snprintf(body + size, sizeof body - size, "]}");
	post(fixture, "/v1/batch", fixture->server, "", body, &answer);
	assert_int_equal(answer.status, 413);
	post(fixture, "/v1/batch", fixture->server, "", "{'batch':[{'type':'track','event':'e','userId':'u'},1]}", &answer);
	assert_int_equal(answer.status, 200);
}

static void test_back_pressure_is_503_and_says_when_to_come_again(void **state)
{
	Fixture *fixture = *state;
	static const ErrorCode codes[] = {ERROR_FULL, ERROR_BUSY, ERROR_MEMORY, ERROR_SYSTEM};
	TestAnswer answer;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
	{
		fixture->failure = codes[i];
		post(fixture, "/v1/batch", fixture->server, "", "{'batch':[{'type':'nonsense'},{'type':'page','userId':'u'}]}",
			&answer);
		assert_int_equal(answer.status, 503);
		assert_true(atoi(test_answer_header(&answer, "Retry-After")) > 0);
		assert_null(strstr(answer.body, "success"));
	}
	fixture->failure_after = fixture->taken + 1; // in the middle of a request
	post(fixture, "/v1/batch", fixture->server, "",
		"{'batch':[{'type':'page','userId':'u'},{'type':'page','userId':'u'}]}", &answer);
	assert_int_equal(answer.status, 503);
	assert_int_equal(fixture->flushes, 0);
}

static void test_a_hit_the_sink_cannot_take_is_refused_alone(void **state)
{
	Fixture *fixture = *state;
	TestAnswer answer;
	fixture->failure = ERROR_TOO_LARGE;
	fixture->failure_after = 1;
	post(fixture, "/v1/batch", fixture->server, "",
		"{'batch':[{'type':'page','userId':'u'},{'type':'page','userId':'u'}]}", &answer);
	assert_int_equal(answer.status, 200);
	assert_non_null(strstr(answer.body, "{\"index\":1,\"code\":\"too_large\""));
	assert_int_equal(fixture->taken, 1);
}

static int status_with_shared_context(const Fixture *fixture, int messages, TestAnswer *answer)
{
	static char body[64 * 1024];
	int size = snprintf(body, sizeof body, "{'context':{'locale':'%020000d'},'batch':[", 0);
	for (int at = 0; at < messages; at++)
		size +=
			snprintf(body + size, sizeof body - (size_t) size, "%s{'type':'page','userId':'u'}", at == 0 ? "" : ",");
	(void) snprintf(body + size, sizeof body - (size_t) size, "]}");
	post(fixture, "/v1/batch", fixture->server, "", body, answer);
	return answer->status;
}

static void test_a_context_that_many_messages_share_is_bounded_with_their_number(void **state)
{
	Fixture *fixture = *state;
	TestAnswer answer;
	fixture->settings.request_bytes_max = 64L * 1024; // 16 times that: 52 times the context
	assert_int_equal(status_with_shared_context(fixture, 50, &answer), 200);
	assert_int_equal(fixture->taken, 50);
	assert_int_equal(status_with_shared_context(fixture, 55, &answer), 413);
	assert_non_null(strstr(answer.body, "smaller batches"));
	assert_int_equal(fixture->taken, 50);
}

static void test_a_failed_sync_is_503(void **state)
{
	Fixture *fixture = *state;
	TestAnswer answer;
	fixture->is_sync_failing = true;
	post(fixture, "/v1/page", fixture->server, "", "{'userId':'u'}", &answer);
	assert_int_equal(answer.status, 503);
	assert_true(atoi(test_answer_header(&answer, "Retry-After")) > 0);
	assert_int_equal(fixture->taken, 1);
	post(fixture, "/v1/page", fixture->server, "", "{}", &answer); // nothing to sync
	assert_int_equal(answer.status, 200);
}

static void test_clock_skew_tells_the_servers_time(void **state)
{
	Fixture *fixture = *state;
	TestAnswer answer;
	post(fixture, "/v1/batch", fixture->browser, "",
		"{'sentAt':'2020-01-01T00:00:00Z','batch':[{'type':'page','anonymousId':'a'}]}", &answer);
	assert_int_equal(answer.status, 200);
	assert_non_null(strstr(answer.body, "\"code\":\"clock_skew\""));
	assert_non_null(strstr(answer.body, "\"serverTime\":\"20"));
	assert_int_equal(fixture->taken, 0);
}

static void test_the_tracker_hears_how_far_its_clock_is_off(void **state)
{
	Fixture *fixture = *state;
	TestAnswer answer = {.status = 0};
	char offset[64] = "[]";
	for (size_t turn = 0; turn < 2; turn++)
	{
		char body[512];
		(void) snprintf(body, sizeof body,
			"['%s',1577836800000,%s,{},'de','',1,1,false,[['1577836800000-1-1,1',['1577836800000-0-1,1','u','','T',"
			"'1577836800000-0-2,2',1,'anon',[]],1,'Bought']]]",
			fixture->browser, offset);
		post(fixture, "/v1/batch", NULL, "", body, &answer);
		assert_int_equal(fixture->taken, turn);
		assert_true(turn > 0 || llabs(1577836800000 + atoll(answer.body) - clock_now_ms()) < 60000);
		(void) snprintf(offset, sizeof offset, "[%s,'1577836800000-0-2,2']", answer.body);
	}
	assert_string_equal(answer.body, "{\"success\":true}");
}

static void test_the_browser_sdk_gets_its_settings(void **state)
{
	const Fixture *fixture = *state;
	char head[256];
	char wanted[512];
	TestAnswer answer;
	(void) snprintf(head, sizeof head, "GET /v1/projects/%s/settings HTTP/1.1\r\nOrigin: https://www.shop.example\r\n",
		fixture->browser);
	test_request(fixture->port, head, SLICE_NONE, &answer);
	assert_int_equal(answer.status, 200);
	assert_string_equal(test_answer_header(&answer, "Access-Control-Allow-Origin"), "https://www.shop.example");
	(void) snprintf(wanted, sizeof wanted,
		"{\"integrations\":{\"Segment.io\":{\"apiKey\":\"%s\",\"apiHost\":\"test/v1\",\"protocol\":\"http\"}},"
		"\"plan\":{},\"metrics\":{\"sampleRate\":0}}",
		fixture->browser);
	assert_string_equal(answer.body, wanted);
	(void) snprintf(head, sizeof head, "GET /v1/projects/%s/settings HTTP/1.1\r\nX-Forwarded-Proto: https\r\n",
		fixture->browser);
	test_request(fixture->port, head, SLICE_NONE, &answer);
	assert_non_null(strstr(answer.body, "\"protocol\":\"https\""));
	assert_string_equal(test_answer_header(&answer, "Vary"), "Origin");
	(void) snprintf(head, sizeof head, "GET /v1/projects/%s/settings HTTP/1.1\r\n", fixture->server);
	test_request(fixture->port, head, SLICE_NONE, &answer);
	assert_int_equal(answer.status, 404);
}

static void test_the_address_is_the_one_a_trusted_proxy_saw(void **state)
{
	Fixture *fixture = *state;
	static const struct {
		int64_t hops;
		const char *header;
		const char *headers;
		const char *ip;
	} cases[] = {
		{0, "X-Forwarded-For", "X-Forwarded-For: 10.9.9.9\r\n", "127.0.0.1"},
		{1, "X-Forwarded-For", "", "127.0.0.1"},
		{1, "X-Forwarded-For", "x-forwarded-for: 10.9.9.9\r\nDNT: 0\r\nX-FORWARDED-FOR: 10.9.9.8, 192.0.2.7\r\n",
			"192.0.2.7"},
		{2, "X-Forwarded-For", "X-Forwarded-For: 10.9.9.9, 192.0.2.7\r\nX-Forwarded-For: 198.51.100.1\r\n",
			"192.0.2.7"},
		{1, "X-Forwarded-For", "Forwarded: for=10.9.9.9\r\nX-Forwarded-For: 192.0.2.7\r\n", "192.0.2.7"},
		{1, "Forwarded", "X-Forwarded-For: 10.9.9.9\r\nForwarded: for=10.9.9.8\r\nForwarded: for=192.0.2.7\r\n",
			"192.0.2.7"},
		{1, "X-Real-IP", "X-Real-IP: 192.0.2.7\r\nX-Forwarded-For: 10.9.9.9\r\n", "192.0.2.7"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		TestAnswer answer;
		char headers[512];
		(void) snprintf(headers, sizeof headers, "Origin: https://www.shop.example\r\n%s", cases[i].headers);
		fixture->settings.trusted_proxy_hops = cases[i].hops;
		fixture->settings.trusted_proxy_header = cases[i].header;
		post(fixture, "/v1/page", fixture->browser, headers, "{'anonymousId':'a','context':{'ip':'10.9.9.7'}}",
			&answer);
		assert_int_equal(answer.status, 200);
		assert_string_equal(fixture->ip, cases[i].ip);
		// A server's own address is nobody's; what it says of its visitor's counts.
		post(fixture, "/v1/page", fixture->server, headers, "{'anonymousId':'a'}", &answer);
		assert_string_equal(fixture->ip, "");
		post(fixture, "/v1/page", fixture->server, headers, "{'anonymousId':'a','context':{'ip':'192.0.2.9'}}",
			&answer);
		assert_string_equal(fixture->ip, "192.0.2.9");
	}
}

static void test_a_key_over_its_rate_is_answered_429_and_says_when_to_come_again(void **state)
{
	Fixture *fixture = *state;
	TestAnswer answer;
	fixture->settings.rate_limit_key_hits = 1;
	fixture->settings.rate_limit_burst_seconds = 3;
	static const char two[] = "{'batch':[{'type':'track','event':'e','userId':'u'},{'type':'nonsense','userId':'u'}]}";
	static const char origin[] = "Origin: https://www.shop.example\r\n";
	post(fixture, "/v1/batch", fixture->browser, origin, two, &answer);
	assert_int_equal(answer.status, 200);
	assert_int_equal(fixture->taken, 1);
	post(fixture, "/v1/batch", fixture->browser, origin, two, &answer);
	assert_int_equal(answer.status, 429);
	assert_string_equal(test_answer_header(&answer, "Retry-After"), "1");
	assert_string_equal(test_answer_header(&answer, "Content-Type"), "application/problem+json");
	assert_string_equal(test_answer_header(&answer, "Access-Control-Allow-Origin"), "https://www.shop.example");
	assert_non_null(strstr(answer.body, "\"code\":\"too_many\""));
	assert_int_equal(fixture->taken, 1); // nothing of it is kept
	post(fixture, "/v1/batch", fixture->server, "", two, &answer);
	assert_int_equal(answer.status, 200);
}

static void test_methods_and_health(void **state)
{
	const Fixture *fixture = *state;
	TestAnswer answer;
	test_request(fixture->port, "GET /healthz HTTP/1.1\r\n", SLICE_NONE, &answer);
	assert_int_equal(answer.status, 200);
	test_request(fixture->port, "GET /v1/batch HTTP/1.1\r\n", SLICE_NONE, &answer);
	assert_int_equal(answer.status, 405);
	assert_string_equal(test_answer_header(&answer, "Allow"), "POST, OPTIONS");
	test_request(fixture->port, "GET / HTTP/1.1\r\n", SLICE_NONE, &answer);
	assert_int_equal(answer.status, 200);
	test_request(fixture->port, "POST /healthz HTTP/1.1\r\n", SLICE_NONE, &answer);
	assert_int_equal(answer.status, 405);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_batch_is_taken_and_its_bad_messages_are_named),
		TEST(test_every_path_says_what_its_message_is),
		TEST(test_the_write_key_may_stand_in_the_body),
		TEST(test_without_a_known_key_nothing_is_taken),
		TEST(test_a_browsers_key_is_bound_to_its_origins),
		TEST(test_preflights_are_answered_by_origin),
		TEST(test_a_page_may_read_what_the_server_itself_refuses),
		TEST(test_bodies_that_are_not_the_contract_are_answered_400),
		TEST(test_odd_but_legal_json_is_taken),
		TEST(test_a_body_of_very_many_values_is_answered_413),
		TEST(test_a_flood_of_refusals_is_answered_413),
		TEST(test_back_pressure_is_503_and_says_when_to_come_again),
		TEST(test_a_hit_the_sink_cannot_take_is_refused_alone),
		TEST(test_a_failed_sync_is_503),
		TEST(test_a_context_that_many_messages_share_is_bounded_with_their_number),
		TEST(test_clock_skew_tells_the_servers_time),
		TEST(test_the_tracker_hears_how_far_its_clock_is_off),
		TEST(test_the_browser_sdk_gets_its_settings),
		TEST(test_the_address_is_the_one_a_trusted_proxy_saw),
		TEST(test_a_key_over_its_rate_is_answered_429_and_says_when_to_come_again),
		TEST(test_methods_and_health),
	};
	return cmocka_run_group_tests_name("intake/intake", tests, NULL, NULL);
}
