// Whose client hints count: the context's, and a browser's headers where they are of the same user agent.
#include "tests/harness/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
	TestReader *reader = malloc(sizeof *reader);
	test_reader_open(reader);
	reader->sender.hints = (ClientHints){.brands = SLICE_LITERAL("\"Header\";v=\"1\""),
		.mobile = SLICE_LITERAL("?0"),
		.platform = SLICE_LITERAL("\"Linux\""),
		.platform_version = SLICE_LITERAL("\"6.5\"")};
	*state = reader;
	return 0;
}

static int tear_down(void **state)
{
	test_reader_close(*state);
	free(*state);
	return 0;
}

static const IntakeMessage *read_context(TestReader *reader, const char *context)
{
	char text[1000];
	(void) snprintf(text, sizeof text, "{'type':'page','anonymousId':'a','context':{%s}}", context);
	assert_int_equal(test_reader_read(reader, text, NULL), REFUSAL_NONE);
	return &reader->message;
}

static void assert_text(Slice slice, const char *text)
{
	if (text == NULL ? slice.data != NULL : !slice_equal_text(slice, text))
		fail_msg("\"%.*s\" is not \"%s\"", SLICE_PRINT(slice), text == NULL ? "(none)" : text);
}

#define DATA                                                                                                           \
	"'userAgentData':{'brands':[{'brand':'Chromium','version':'120'},{'brand':'No\\\\te','version':121}],"             \
	"'mobile':true,'platform':'Android','platformVersion':'14.0.0','model':'Pixel 8',"                                 \
	"'fullVersionList':[{'brand':'Chromium','version':'120.0.6099.71'}]}"

static void a_browser_s_headers_fill_what_its_context_leaves_open(void **state)
{
	const ClientHints *hints = &read_context(*state, "")->hints;
	assert_text(hints->brands, "\"Header\";v=\"1\"");
	assert_text(hints->mobile, "?0");
	assert_text(hints->platform_version, "\"6.5\"");
	assert_text(hints->model, NULL);
	hints = &read_context(*state, "'userAgentData':{'mobile':false,'platform':'Windows'}")->hints;
	assert_text(hints->platform, "Windows");
	assert_text(hints->mobile, "?0");
	assert_text(hints->brands, "\"Header\";v=\"1\"");
	hints = &read_context(*state, "'userAgent':'Header/1'," DATA)->hints;
	assert_text(hints->brands, "\"Chromium\";v=\"120\", \"Note\";v=\"121\", ");
	assert_text(hints->full_versions, "\"Chromium\";v=\"120.0.6099.71\", ");
	assert_text(hints->mobile, "?1");
	assert_text(hints->platform, "Android");
	assert_text(hints->platform_version, "14.0.0");
	assert_text(hints->model, "Pixel 8");
}

static void headers_say_nothing_of_another_user_agent(void **state)
{
	const ClientHints *hints = &read_context(*state, "'userAgent':'Other/2'")->hints;
	assert_text(hints->brands, NULL);
	assert_text(hints->platform, NULL);
}

static void of_a_server_s_hits_only_the_context_counts(void **state)
{
	TestReader *reader = *state;
	reader->key.kind = KEY_SERVER;
	const ClientHints *hints = &read_context(reader, "")->hints;
	assert_text(hints->brands, NULL);
	assert_text(hints->mobile, NULL);
	hints = &read_context(reader, DATA)->hints;
	assert_text(hints->platform, "Android");
	assert_text(hints->mobile, "?1");
}

static void what_is_no_list_of_brands_is_left_out(void **state)
{
	static const char *const contexts[] = {"'userAgentData':7",
		"'userAgentData':{'brands':{},'mobile':1,'platform':[]}",
		"'userAgentData':{'brands':'Chromium','fullVersionList':7}",
		"'userAgentData':{'brands':[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]}"};
	TestReader *reader = *state;
	reader->sender.hints = (ClientHints){0};
	for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++)
	{
		const ClientHints *hints = &read_context(reader, contexts[i])->hints;
		assert_text(hints->brands, NULL);
		assert_text(hints->full_versions, NULL);
		assert_text(hints->mobile, NULL);
		assert_text(hints->platform, NULL);
	}
	assert_text(read_context(reader, "'userAgentData':{'brands':[7,{'brand':7}]}")->hints.brands,
		"\"\";v=\"\", \"\";v=\"\", ");
}

static void only_browsers_are_driven(void **state)
{
	TestReader *reader = *state;
	assert_true(read_context(reader, "'webdriver':true")->is_webdriver);
	assert_false(read_context(reader, "'webdriver':false")->is_webdriver);
	assert_false(read_context(reader, "'webdriver':'true'")->is_webdriver);
	assert_false(read_context(reader, "")->is_webdriver);
	reader->key.kind = KEY_SERVER;
	assert_false(read_context(reader, "'webdriver':true")->is_webdriver);
}

static void the_team_s_own_says_so(void **state)
{
	TestReader *reader = *state;
	assert_true(read_context(reader, "'internal':true")->is_team);
	assert_false(read_context(reader, "'internal':false")->is_team);
	assert_false(read_context(reader, "")->is_team);
	reader->key.kind = KEY_SERVER;
	assert_true(read_context(reader, "'internal':true")->is_team);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_browser_s_headers_fill_what_its_context_leaves_open, set_up, tear_down),
		cmocka_unit_test_setup_teardown(headers_say_nothing_of_another_user_agent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(of_a_server_s_hits_only_the_context_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_list_of_brands_is_left_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(only_browsers_are_driven, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_team_s_own_says_so, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
