// Who is taken for a robot by the user agent.
#include "agent_cases.h"
#include "agents_fixture.h"
#include "base/file.h"
#include "data/agents.h"

#define LISTED_CASES 1425 // of the test_ua.yaml that robots_of_test_ua.txt was made of: uap-core 0.16.0

static const char *list_path; // robots_of_test_ua.txt

static const char *kind_of(Slice user_agent)
{
	Agent agent;
	Error error = {0};
	arena_reset(&arena);
	if (!agents_find(agents, user_agent, &arena, &agent, &error))
		fail_msg("%s", error.message);
	return agent.robot_kind;
}

static void robots_are_known_by_name_and_browsers_are_none(void **state)
{
	(void) state;
	static const struct {
		const char *user_agent;
		const char *kind; // NULL: a browser
	} cases[] = {
		{"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot"},
		{"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/41.0.2272.96 "
		 "Mobile "
		 "Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
			"Googlebot"},
		{"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "bingbot"},
		{"curl/7.88.1", "curl"},
		{"Wget/1.21.3", "Wget"},
		{"python-requests/2.31.0", "python-requests"},
		{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/119.0.0.0 "
		 "Safari/537.36",
			"HeadlessChrome"},
		{"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.0; +https://openai.com/gptbot)",
			"GPTBot"},
		{"UniversalFeedParser/4.2-pre-314-svn +http://feedparser.org/", "feed reader"},
		{"Chef Client/10.18.2 (ruby-1.9.3-p327; ohai-6.16.0; x86_64-linux; +http://opscode.com)", "library"},
		{"Ruby", "library"},
		{"eZ Publish Link Validator", "checker"},
		{"Mozilla/5.0 (compatible; BeetleBot; )", "other robot"},
		{"LumiBot 2.0", "other robot"},
		{"Something/1.0 (someone@example.com)", "other robot"},
		{"Something/1.0 (+https://example.com/why)", "other robot"},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
		 "Safari/537.36",
			NULL},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 "
		 "Safari/605.1.15",
			NULL},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 "
		 "Mobile/15E148 Safari/604.1",
			NULL},
		{"Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", NULL},
		{"Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.16", NULL},
		{"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)", NULL},
		{"Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/110.0 Mobile "
		 "Safari/537.36",
			NULL},
		{"Dalvik/2.1.0 (Linux; U; Android 10; Pixel 3 Build/QQ3A.200805.001)", NULL},
		{"Lynx/2.8.7rel.2 libwww-FM/2.14 SSL-MM/1.4.1 OpenSSL/1.0.1f", NULL},
		{"Opera/9.80 (MAUI Runtime; Opera Mini/4.4.39008/37.9178; U; en) Presto/2.12.423 Version/12.16", NULL},
		{"", NULL},
	};
	for (int round = 0; round < 2; round++) // the second round is answered by the cache
		for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		{
			const char *kind = kind_of(slice_from(cases[i].user_agent));
			if (!slice_equal(slice_from(kind), slice_from(cases[i].kind)))
				fail_msg("%s is %s", cases[i].user_agent, kind == NULL ? "a browser" : kind);
		}
	assert_null(kind_of(SLICE_NONE));
}

// What cannot be matched in time counts as no robot, and comes back soon.
static void long_and_hostile_user_agents_are_answered(void **state)
{
	(void) state;
	static char text[100000];
	for (size_t i = 0; i + 7 <= sizeof text; i += 7)
		memcpy(text + i, "Current", 7);
	(void) kind_of((Slice){text, sizeof text});
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char) (i * 7919);
	for (size_t i = 0; i + 2000 < sizeof text; i += 100)
		(void) kind_of((Slice){text + i, 2000});
}

static void every_robot_has_a_name_that_fits_its_column(void **state)
{
	(void) state;
	size_t count = 0;
	for (; data_robots[count].pattern != NULL; count++)
		assert_in_range(strlen(data_robots[count].names[0]), 2, 100);
	assert_true(count > 1000);
}

static void every_instance_of_a_crawler_is_a_robot(void **state)
{
	(void) state;
	size_t count = 0;
	for (; robot_instances[count] != NULL; count++)
		if (kind_of(slice_from(robot_instances[count])) == NULL)
			fail_msg("no robot: %s", robot_instances[count]);
	assert_true(count > 1000);
}

// The next line of the list, without comments; SLICE_NONE at its end.
static Slice line_next(Slice *list)
{
	while (list->size > 0)
	{
		Slice line = slice_split(*list, '\n', list);
		if (line.size > 0 && *line.data != '#')
			return line;
	}
	return SLICE_NONE;
}

static void robots_of_test_ua_are_a_fixed_list(void **state)
{
	(void) state;
	static Arena text;
	Slice list;
	Error error = {0};
	size_t count = 0;
	while (browser_cases[count].file != NULL && strcmp(browser_cases[count].file, "test_ua.yaml") == 0)
		count++;
	if (count != LISTED_CASES)
	{
		print_message("the test_ua.yaml of the package uap-core has %zu cases, and not the %d that the list is of\n",
			count, LISTED_CASES);
		skip();
	}
	arena_init(&text, 1U << 20U);
	if (!file_read(list_path, 1U << 19U, &text, &list, &error))
		fail_msg("%s", error.message);
	for (const FamilyCase *one = browser_cases; one < browser_cases + count; one++)
	{
		Slice user_agent = slice_trim(slice_from(one->user_agent));
		if (kind_of(user_agent) == NULL)
			continue;
		Slice line = line_next(&list);
		if (!slice_equal(line, user_agent))
			fail_msg("the next robot is %s and not %.*s", one->user_agent, SLICE_PRINT(line));
	}
	Slice left = line_next(&list);
	if (left.size > 0)
		fail_msg("no robot: %.*s", SLICE_PRINT(left));
	arena_free(&text);
}

int main(int count, char **arguments)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(robots_are_known_by_name_and_browsers_are_none),
		cmocka_unit_test(long_and_hostile_user_agents_are_answered),
		cmocka_unit_test(every_robot_has_a_name_that_fits_its_column),
		cmocka_unit_test(every_instance_of_a_crawler_is_a_robot),
		cmocka_unit_test(robots_of_test_ua_are_a_fixed_list),
	};
	if (count != 2)
		return 2;
	list_path = arguments[1];
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
