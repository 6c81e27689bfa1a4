#include "agents_fixture.h"

static Agent find(Slice user_agent)
{
	Agent agent;
	Error error = {0};
	if (!agents_find(agents, user_agent, &arena, &agent, &error))
		fail_msg("%s", error.message);
	return agent;
}

// All an agent says, on one line.
static const char *line_of(const Agent *agent)
{
	if (agent->robot_kind != NULL)
		return arena_format(&arena, "robot %s", agent->robot_kind).data;
	return arena_format(&arena, "%s, %.*s %.*s, %.*s %.*s", agent->device_type == NULL ? "-" : agent->device_type,
		SLICE_PRINT(agent->browser), SLICE_PRINT(agent->browser_version), SLICE_PRINT(agent->os),
		SLICE_PRINT(agent->os_version))
		.data;
}

static void browsers_systems_and_devices_are_told(void **state)
{
	(void) state;
	static const struct {
		const char *user_agent;
		const char *line;
	} cases[] = {
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
		 "Safari/537.36",
			"desktop, Chrome 120.0.0, Windows 10"},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
		 "Safari/537.36 Edg/120.0.2210.91",
			"desktop, Edge 120.0.2210, Windows 10"},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 "
		 "Safari/605.1.15",
			"desktop, Safari 17.1, Mac OS X 10.15.7"},
		{"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0",
			"desktop, Firefox 120.0, Ubuntu "},
		{"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
		 "Safari/537.36",
			"desktop, Chrome 120.0.0, Chrome OS 14541.0.0"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_1_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
		 "Version/17.1.2 Mobile/15E148 Safari/604.1",
			"mobile, Mobile Safari 17.1.2, iOS 17.1.2"},
		{"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 "
		 "Mobile/15E148 Safari/604.1",
			"tablet, Mobile Safari 16.6, iOS 16.6"},
		{"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile "
		 "Safari/537.36",
			"mobile, Chrome Mobile 120.0.0, Android 10"},
		{"Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
		 "Safari/537.36",
			"tablet, Chrome 120.0.0, Android 13"},
		{"Mozilla/5.0 (Android 14; Mobile; rv:120.0) Gecko/120.0 Firefox/120.0",
			"mobile, Firefox Mobile 120.0, Android 14"},
		{"Mozilla/5.0 (Android 14; Tablet; rv:120.0) Gecko/120.0 Firefox/120.0",
			"tablet, Firefox Mobile 120.0, Android 14"},
		{"Mozilla/5.0 (Linux; Android 9; KFMAWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/108.4.6 like "
		 "Chrome/108.0.5359.220 Safari/537.36",
			"tablet, Amazon Silk 108.4.6, Android 9"},
		{"Mozilla/5.0 (Linux; Android 9; BRAVIA 4K VH2 Build/PTT1.190515.001.S104; wv) AppleWebKit/537.36 (KHTML, "
		 "like Gecko) Version/4.0 Chrome/109.0.5414.117 Safari/537.36",
			"unknown, Chrome Mobile WebView 109.0.5414, Android 9"},
		{"Mozilla/5.0 (SMART-TV; Linux; Tizen 2.4.0) AppleWebkit/538.1 (KHTML, like Gecko) SamsungBrowser/1.1 TV "
		 "Safari/538.1",
			"unknown, Samsung Internet 1.1, Tizen 2.4"},
		{"Lynx/2.8.7rel.2 libwww-FM/2.14 SSL-MM/1.4.1 OpenSSL/1.0.1f", "desktop, Lynx 2.8.7,  "},
		{"Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; Tablet PC 2.0)",
			"desktop, IE 8.0, Windows 7"},
		// Libraries on servers, and what nobody knows.
		{"analytics-node-next/3.1.0", "unknown,  ,  "},
		{"analytics-ruby/2.4.0 (x86_64-linux)", "unknown,  , Linux "},
		{"aws-sdk-go/1.4.12 (go1.6; linux; amd64) S3Manager", "unknown, aws-sdk-go 1.4.12, Linux "},
		{"Boto3/1.6.2 Python/3.4.3 Linux/4.4.35-33.55.amzn1.x86_64 Botocore/1.9.2 Resource",
			"unknown, Boto3 1.6.2, Linux 4.4.35"},
		{"Something/1.0", "-,  ,  "},
		{"", "-,  ,  "},
		{"curl/8.5.0", "robot curl"},
	};
	for (int round = 0; round < 2; round++) // the second round is answered by the cache
		for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		{
			Agent agent = find(slice_from(cases[i].user_agent));
			assert_string_equal(line_of(&agent), cases[i].line);
		}
}

// More of them than the cache has slots, then the first ones again.
static void the_cache_changes_nothing(void **state)
{
	(void) state;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 20000; i++)
		{
			arena_reset(&arena);
			Slice user_agent =
				arena_format(&arena, "Mozilla/5.0 (X11; Linux x86_64; rv:%d.0) Gecko/20100101 Firefox/%d.0", i, i);
			Agent agent = find(user_agent);
			assert_string_equal(line_of(&agent), arena_format(&arena, "desktop, Firefox %d.0, Linux ", i).data);
		}
}

static void what_is_long_is_answered_without_the_cache(void **state)
{
	(void) state;
	arena_reset(&arena);
	static const char browser[] = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0 ";
	char text[3000];
	memset(text, 'x', sizeof text);
	memcpy(text, browser, sizeof browser - 1);
	for (size_t size = 500; size <= sizeof text; size += 500)
	{
		Agent agent = find((Slice){text, size});
		assert_string_equal(line_of(&agent), "desktop, Firefox 120.0, Linux ");
	}
	// A name too long for the cache.
	memset(text, 'n', sizeof text);
	memcpy(text + 180, "/1.2.3 CFNetwork/978", 20);
	for (int round = 0; round < 2; round++)
		assert_int_equal(find((Slice){text, 200}).browser.size, 180);
}

static void a_full_arena_is_an_error(void **state)
{
	(void) state;
	for (size_t size = 0; size < 8; size++)
	{
		Arena small;
		Agent agent;
		Error error = {0};
		arena_init(&small, size);
		assert_false(agents_find(agents, SLICE_LITERAL("Mozilla/5.0 (X11; Linux x86_64; rv:9.9) Gecko Firefox/9.9"),
			&small, &agent, &error));
		assert_int_equal(error.code, ERROR_MEMORY);
		arena_free(&small);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(browsers_systems_and_devices_are_told),
		cmocka_unit_test(the_cache_changes_nothing),
		cmocka_unit_test(what_is_long_is_answered_without_the_cache),
		cmocka_unit_test(a_full_arena_is_an_error),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
