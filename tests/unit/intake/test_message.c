// What becomes of each type of message.
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
	*state = reader;
	return 0;
}

static int tear_down(void **state)
{
	test_reader_close(*state);
	free(*state);
	return 0;
}

static void accept(TestReader *reader, const char *text)
{
	Refusal refusal = test_reader_read(reader, text, NULL);
	if (refusal != REFUSAL_NONE)
		fail_msg("refused as %s: %s", refusal_code(refusal), text);
}

static void refuse(TestReader *reader, const char *text, Refusal wanted)
{
	Refusal refusal = test_reader_read(reader, text, NULL);
	if (refusal != wanted)
		fail_msg("%s and not %s: %s", refusal == REFUSAL_NONE ? "accepted" : refusal_code(refusal),
			refusal_code(wanted), text);
}

static void assert_text(Slice slice, const char *text)
{
	if (text == NULL ? slice.data != NULL : !slice_equal_text(slice, text))
		fail_msg("\"%.*s\" is not \"%s\"", SLICE_PRINT(slice), text == NULL ? "(none)" : text);
}

static void test_a_page_call_is_read_whole(void **state)
{
	TestReader *reader = *state;
	accept(reader,
		"{'type':'page','messageId':'019ab0a8-1111-7abc-8def-001122334455','anonymousId':'a-1','userId':42,"
		"'timestamp':'2025-11-23T01:39:00.250Z','name':'Prices','category':'Shop','properties':{'loadMs':812.6,"
		"'interactiveMs':400,'title':'Our "
		"prices'},'context':{'page':{'path':'/prices','url':'https://shop.example/prices?a=b',"
		"'search':'?a=b','referrer':'https://search.example/','title':'T'},'userAgent':'UA','locale':'de-DE',"
		"'timezone':'Europe/Berlin','screen':{'width':1920,'height':1080},'ip':'203.0.113.9',"
		"'campaign':{'source':'s','medium':'m','name':'n','term':'t','content':'c'},"
		"'session':{'id':'019ab0a8-0000-7000-8000-000000000001','sequence':3,'end':true}}}");
	const IntakeMessage *message = &reader->message;
	const Hit *hit = &message->hit;
	char id[UUID_TEXT_SIZE];
	uuid_format(hit->id, id);
	assert_int_equal(hit->type, HIT_PAGE);
	assert_int_equal(hit_time_ms(hit), TEST_MESSAGE_NOW_MS - 60000 + 250);
	assert_string_equal(id + 14, "7abc-8def-001122334455");
	assert_int_equal(hit->received_ms, TEST_MESSAGE_NOW_MS);
	assert_int_equal(hit->sequence, 3);
	assert_int_equal(hit->is_session_end, 1);
	assert_int_equal(hit->load_ms, 813);
	assert_int_equal(hit->interactive_ms, 400);
	assert_int_equal(hit->is_time_arrival, HIT_NONE);
	assert_false(uuid_is_nil(hit->session_id));
	assert_text(hit->source, "shop");
	assert_text(hit->page_category, "Shop");
	assert_text(hit->screen_resolution, "1920x1080");
	assert_text(hit->timezone, "Europe/Berlin");
	assert_text(hit->locale, "de-DE");
	assert_text(message->page_title, "Prices");
	assert_text(message->page_url, "https://shop.example/prices?a=b");
	assert_text(message->page_path, "/prices");
	assert_text(message->page_search, "?a=b");
	assert_text(message->referrer, "https://search.example/");
	assert_text(message->user_id, "42");
	assert_text(message->anonymous_id, "a-1");
	assert_text(message->user_agent, "UA");
	assert_text(message->ip, "192.0.2.7"); // a browser does not say its own
	assert_text(message->campaign_source, "s");
	assert_text(message->campaign_medium, "m");
	assert_text(message->campaign_name, "n");
	assert_text(message->campaign_term, "t");
	assert_text(message->campaign_content, "c");
}

static void test_a_pages_properties_count_before_the_context(void **state)
{
	TestReader *reader = *state;
	accept(reader,
		"{'type':'page','anonymousId':'a','properties':{'path':'/x','url':'https://a.example/"
		"x','title':'X','category':'C'},"
		"'context':{'page':{'path':'/y','url':'https://a.example/y','title':'Y','referrer':'/z'}}}");
	assert_text(reader->message.page_path, "/x");
	assert_text(reader->message.page_url, "https://a.example/x");
	assert_text(reader->message.page_title, "X");
	assert_text(reader->message.referrer, "/z");
	assert_text(reader->message.hit.page_category, "C");
	assert_text(reader->message.user_agent, "Header/1");
}

static void test_a_servers_hits_say_themselves_what_a_browser_is_asked_for(void **state)
{
	TestReader *reader = *state;
	reader->key.kind = KEY_SERVER;
	accept(reader, "{'type':'page','userId':'u','context':{'ip':'203.0.113.9'}}");
	assert_text(reader->message.ip, "203.0.113.9");
	assert_text(reader->message.user_agent, NULL);
	accept(reader, "{'type':'page','userId':'u'}");
	assert_text(reader->message.ip, NULL);
}

static void test_what_a_batch_says_counts_where_its_message_is_silent(void **state)
{
	TestReader *reader = *state;
	const char *envelope = "{'context':{'userAgent':'Batch','locale':'fr','page':{'path':'/b'}}}";
	assert_int_equal(test_reader_read(reader, "{'type':'page','anonymousId':'a','context':{'locale':'it'}}", envelope),
		REFUSAL_NONE);
	assert_text(reader->message.user_agent, "Batch");
	assert_text(reader->message.hit.locale, "it");
	assert_text(reader->message.page_path, "/b");
}

static void test_a_track_call_is_read_whole(void **state)
{
	TestReader *reader = *state;
	accept(reader,
		"{'type':'track','event':' Buy "
		"','anonymousId':'a','properties':{'type':'click','category':'Shop','label':'Red',"
		"'value':'12.345','position':{'x':10.4,'y':20.6},'scroll':99.5,'element':{'id':'i','class':'c','text':'t','"
		"selector':'s'},"
		"'plan':'pro','nested':{'a':[1,2.50,null,true]},'big':12345678901234567890},"
		"'context':{'session':{'id':'019ab0a8-0000-7000-8000-000000000001','pageViewId':'019ab0a8-0001-7000-8000-"
		"000000000001'}}}");
	const Hit *hit = &reader->message.hit;
	assert_int_equal(hit->type, HIT_EVENT);
	assert_text(hit->event_action, "Buy");
	assert_text(hit->event_type, "click");
	assert_text(hit->event_category, "Shop");
	assert_text(hit->event_label, "Red");
	assert_text(hit->event_value, "12.35");
	assert_text(hit->viewport_position, "{\"x\":10,\"y\":21}");
	assert_int_equal(hit->scroll_position, 100);
	assert_text(hit->element_id, "i");
	assert_text(hit->element_class, "c");
	assert_text(hit->element_text, "t");
	assert_text(hit->element_selector, "s");
	assert_text(hit->metadata, "{\"plan\":\"pro\",\"nested\":{\"a\":[1,2.50,null,true]},\"big\":12345678901234567890}");
	assert_false(uuid_is_nil(hit->page_view_id));
}

static void test_what_fits_no_column_stays_in_the_metadata(void **state)
{
	TestReader *reader = *state;
	accept(reader,
		"{'type':'track','event':'e','userId':'u','properties':{'category':{'a':1},'label':7,'value':'much',"
		"'position':{'x':1},'scroll':'far','element':{'id':1,'name':'n'}}}");
	const Hit *hit = &reader->message.hit;
	assert_text(hit->event_type, "custom");
	assert_text(hit->event_category, NULL);
	assert_text(hit->event_label, "7");
	assert_text(hit->event_value, NULL);
	assert_text(hit->viewport_position, NULL);
	assert_int_equal(hit->scroll_position, HIT_NONE);
	assert_text(hit->element_id, "1");
	assert_text(hit->metadata,
		"{\"category\":{\"a\":1},\"value\":\"much\",\"position\":{\"x\":1},\"scroll\":\"far\","
		"\"element\":{\"id\":1,\"name\":\"n\"}}");
	accept(reader, "{'type':'track','event':'e','userId':'u','properties':{'value':123456789}}");
	assert_text(reader->message.hit.event_value, NULL);
	assert_text(reader->message.hit.metadata, "{\"value\":123456789}");
	accept(reader, "{'type':'track','event':'e','userId':'u','properties':{'value':-3}}");
	assert_text(reader->message.hit.event_value, "-3.00");
	assert_text(reader->message.hit.metadata, NULL);
	accept(reader, "{'type':'track','event':'e','userId':'u'}");
	assert_text(reader->message.hit.metadata, NULL);
	accept(reader, "{'type':'track','event':'e','userId':'u','properties':'none'}");
}

static void test_a_track_call_needs_its_event(void **state)
{
	TestReader *reader = *state;
	refuse(reader, "{'type':'track','userId':'u'}", REFUSAL_MISSING_EVENT);
	refuse(reader, "{'type':'track','userId':'u','event':''}", REFUSAL_MISSING_EVENT);
	refuse(reader, "{'type':'track','userId':'u','event':'  '}", REFUSAL_MISSING_EVENT);
	refuse(reader, "{'type':'track','userId':'u','event':7}", REFUSAL_MISSING_EVENT);
}

static void test_identify_gives_traits_and_when_the_person_came(void **state)
{
	TestReader *reader = *state;
	accept(reader,
		"{'type':'identify','userId':'u','anonymousId':'a','traits':{'plan':'pro','createdAt':'2024-01-02T03:04:05Z','"
		"n':1e400}}");
	assert_int_equal(reader->message.hit.type, HIT_IDENTIFY);
	assert_int_equal(reader->message.hit.created_ms, INT64_C(1704164645000));
	assert_text(reader->message.hit.traits, "{\"plan\":\"pro\",\"n\":1e400}");
	accept(reader, "{'type':'identify','userId':'u','traits':{'created_at':1704164645}}");
	assert_int_equal(reader->message.hit.created_ms, INT64_C(1704164645000));
	assert_text(reader->message.hit.traits, NULL);
	accept(reader, "{'type':'identify','userId':'u','traits':{'createdAt':1704164645000}}");
	assert_int_equal(reader->message.hit.created_ms, INT64_C(1704164645000));
	accept(reader, "{'type':'identify','userId':'u','traits':{'createdAt':'soon','created_at':'2999-01-01'}}");
	assert_int_equal(reader->message.hit.created_ms, HIT_NONE);
	assert_text(reader->message.hit.traits, "{\"createdAt\":\"soon\",\"created_at\":\"2999-01-01\"}");
	accept(reader, "{'type':'identify','userId':'u','context':{'traits':{'x':1}}}");
	assert_text(reader->message.hit.traits, "{\"x\":1}");
}

static void test_alias_joins_two_ids(void **state)
{
	TestReader *reader = *state;
	accept(reader, "{'type':'alias','userId':'u','previousId':'p'}");
	assert_int_equal(reader->message.hit.type, HIT_IDENTIFY);
	assert_text(reader->message.previous_id, "p");
	accept(reader, "{'type':'alias','userId':'u','anonymousId':'a'}");
	assert_text(reader->message.previous_id, NULL);
	refuse(reader, "{'type':'alias','userId':'u'}", REFUSAL_MISSING_ID);
	refuse(reader, "{'type':'alias','previousId':'p','anonymousId':'a'}", REFUSAL_MISSING_ID);
}

static void test_a_group_is_a_trait(void **state)
{
	TestReader *reader = *state;
	accept(reader, "{'type':'group','userId':'u','groupId':'g','traits':{'name':'G','id':'other'}}");
	assert_text(reader->message.hit.traits, "{\"group\":{\"id\":\"g\",\"name\":\"G\"}}");
	accept(reader, "{'type':'group','userId':'u','traits':{'name':'G','id':'kept'}}");
	assert_text(reader->message.hit.traits, "{\"group\":{\"name\":\"G\",\"id\":\"kept\"}}");
	accept(reader, "{'type':'group','userId':'u'}");
	assert_text(reader->message.hit.traits, NULL);
}

static void test_a_screen_is_a_page_of_its_name(void **state)
{
	TestReader *reader = *state;
	accept(reader,
		"{'type':'screen','userId':'u','name':'Home "
		"#1?','category':'C','context':{'page':{'url':'https://a.example/'}}}");
	assert_int_equal(reader->message.hit.type, HIT_PAGE);
	assert_text(reader->message.page_path, "/screen/Home %231%3F");
	assert_text(reader->message.page_title, "Home #1?");
	assert_text(reader->message.page_url, NULL);
	assert_text(reader->message.hit.page_category, "C");
	accept(reader, "{'type':'screen','userId':'u'}");
	assert_text(reader->message.page_path, "/screen/unnamed");
}

#define LEAVE "{'type':'leave','anonymousId':'a','pageViewId':'019ab0a8-0001-7000-8000-000000000001'"

static void test_a_leave_brings_totals_within_reason(void **state)
{
	TestReader *reader = *state;
	accept(reader, LEAVE ",'visibleMs':1500,'scrollDepthPercent':49.6,'clicks':3,'interactions':4}");
	const Hit *hit = &reader->message.hit;
	assert_int_equal(hit->type, HIT_LEAVE);
	assert_int_equal(hit->visible_ms, 1500);
	assert_int_equal(hit->scroll_percent, 50);
	assert_int_equal(hit->clicks, 3);
	assert_int_equal(hit->interactions, 4);
	accept(reader, LEAVE ",'visibleMs':-5,'scrollDepthPercent':1000,'clicks':1e300,'interactions':-1e300}");
	assert_int_equal(hit->visible_ms, 0);
	assert_int_equal(hit->scroll_percent, 100);
	assert_int_equal(hit->clicks, 1000000);
	assert_int_equal(hit->interactions, 0);
	accept(reader, LEAVE ",'visibleMs':9007199254740993}");
	assert_int_equal(hit->visible_ms, 86400000);
	assert_int_equal(hit->clicks, HIT_NONE);
	refuse(reader, LEAVE ",'visibleMs':'long'}", REFUSAL_BAD_VALUE);
	refuse(reader, LEAVE ",'clicks':{}}", REFUSAL_BAD_VALUE);
	refuse(reader, "{'type':'leave','anonymousId':'a','visibleMs':1}", REFUSAL_MISSING_PAGE_VIEW);
	accept(reader,
		"{'type':'leave','anonymousId':'a','properties':{'clicks':2},'context':{'session':{'pageViewId':'019ab0a8-0001-"
		"7000-8000-000000000001'}}}");
	assert_int_equal(hit->clicks, 2);
}

static void test_a_leave_brings_what_the_browser_measured_within_reason(void **state)
{
	TestReader *reader = *state;
	accept(reader, LEAVE ",'loadMs':812.6,'interactiveMs':400,'lcpMs':1200.5,'inpMs':96,'cls':0.08346}");
	const Hit *hit = &reader->message.hit;
	assert_int_equal(hit->load_ms, 813);
	assert_int_equal(hit->interactive_ms, 400);
	assert_int_equal(hit->largest_paint_ms, 1201);
	assert_int_equal(hit->next_paint_ms, 96);
	assert_int_equal(hit->layout_shift, 835);
	accept(reader, LEAVE ",'loadMs':1e12,'lcpMs':-1,'inpMs':null,'cls':1e300}");
	assert_int_equal(hit->load_ms, 3600000);
	assert_int_equal(hit->interactive_ms, HIT_NONE);
	assert_int_equal(hit->largest_paint_ms, 0);
	assert_int_equal(hit->next_paint_ms, HIT_NONE);
	assert_int_equal(hit->layout_shift, 9999999);
	accept(reader, LEAVE ",'cls':0}");
	assert_int_equal(hit->layout_shift, 0);
	refuse(reader, LEAVE ",'cls':'much'}", REFUSAL_BAD_VALUE);
}

static void test_shape_and_size_are_checked(void **state)
{
	TestReader *reader = *state;
	refuse(reader, "[]", REFUSAL_BAD_MESSAGE);
	refuse(reader, "null", REFUSAL_BAD_MESSAGE);
	refuse(reader, "'page'", REFUSAL_BAD_MESSAGE);
	refuse(reader, "{}", REFUSAL_BAD_TYPE);
	refuse(reader, "{'type':'view','userId':'u'}", REFUSAL_BAD_TYPE);
	refuse(reader, "{'type':7,'userId':'u'}", REFUSAL_BAD_TYPE);
	refuse(reader, "{'type':'Page','userId':'u'}", REFUSAL_BAD_TYPE);
	static char text[40000];
	(void) snprintf(text, sizeof text, "{'type':'track','event':'e','userId':'u','properties':{'a':'%032600d'}}", 0);
	accept(reader, text);
	(void) snprintf(text, sizeof text, "{'type':'track','event':'e','userId':'u','properties':{'a':'%032800d'}}", 0);
	refuse(reader, text, REFUSAL_TOO_LARGE);
}

// Or one text of a batch would be looked through as often as the batch has messages.
static void test_what_a_batch_says_is_a_part_of_each_hits_size(void **state)
{
	TestReader *reader = *state;
	const char *message = "{'type':'track','event':'e','userId':'u'}";
	static char envelope[40000];
	(void) snprintf(envelope, sizeof envelope, "{'context':{'page':{'url':'%032600d'}}}", 0);
	assert_int_equal(test_reader_read(reader, message, envelope), REFUSAL_NONE);
	(void) snprintf(envelope, sizeof envelope, "{'context':{'page':{'url':'%032800d'}}}", 0);
	assert_int_equal(test_reader_read(reader, message, envelope), REFUSAL_TOO_LARGE);
}

static void test_wrong_types_in_the_context_are_as_if_nothing_was_said(void **state)
{
	TestReader *reader = *state;
	accept(reader,
		"{'type':'page','userId':'u','name':{},'category':[],'context':{'page':7,'screen':'big','campaign':[],"
		"'userAgent':{},'locale':null,'timezone':true,'session':'s','consent':'c'},'properties':[1]}");
	accept(reader, "{'type':'page','userId':'u','context':'none'}");
	accept(reader, "{'type':'page','userId':'u','context':{'screen':{'width':-1,'height':1e9}}}");
	assert_text(reader->message.hit.screen_resolution, NULL);
	refuse(reader, "{'type':'page','userId':'u','properties':{'loadMs':[]}}", REFUSAL_BAD_VALUE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_page_call_is_read_whole),
		TEST(test_a_pages_properties_count_before_the_context),
		TEST(test_a_servers_hits_say_themselves_what_a_browser_is_asked_for),
		TEST(test_what_a_batch_says_counts_where_its_message_is_silent),
		TEST(test_a_track_call_is_read_whole),
		TEST(test_what_fits_no_column_stays_in_the_metadata),
		TEST(test_a_track_call_needs_its_event),
		TEST(test_identify_gives_traits_and_when_the_person_came),
		TEST(test_alias_joins_two_ids),
		TEST(test_a_group_is_a_trait),
		TEST(test_a_screen_is_a_page_of_its_name),
		TEST(test_a_leave_brings_totals_within_reason),
		TEST(test_a_leave_brings_what_the_browser_measured_within_reason),
		TEST(test_shape_and_size_are_checked),
		TEST(test_what_a_batch_says_is_a_part_of_each_hits_size),
		TEST(test_wrong_types_in_the_context_are_as_if_nothing_was_said),
	};
	return cmocka_run_group_tests_name("intake/message", tests, NULL, NULL);
}
