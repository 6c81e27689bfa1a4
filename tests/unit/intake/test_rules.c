// When, who, which session, and with whose consent.
#include "tests/harness/message.h"

#include "base/hash.h"

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

static void expect(TestReader *reader, const char *text, Refusal wanted)
{
	Refusal refusal = test_reader_read(reader, text, NULL);
	if (refusal != wanted)
		fail_msg("%s and not %s: %s", refusal == REFUSAL_NONE ? "accepted" : refusal_code(refusal),
			wanted == REFUSAL_NONE ? "accepted" : refusal_code(wanted), text);
}

// A page call of the browser `a` with these members more.
static void page(TestReader *reader, const char *members, Refusal wanted)
{
	char text[2048];
	(void) snprintf(text, sizeof text, "{'type':'page','anonymousId':'a'%s%s}", members[0] == '\0' ? "" : ",", members);
	expect(reader, text, wanted);
}

static int64_t time_of(const TestReader *reader)
{
	return hit_time_ms(&reader->message.hit) - TEST_MESSAGE_NOW_MS;
}

static void test_the_events_own_time_counts(void **state)
{
	TestReader *reader = *state;
	page(reader, "'timestamp':'2025-11-23T01:39:59.001Z'", REFUSAL_NONE);
	assert_int_equal(time_of(reader), -999);
	page(reader, "'timestamp':'2025-11-23T02:39:59.001+01:00'", REFUSAL_NONE);
	assert_int_equal(time_of(reader), -999);
	page(reader, "'originalTimestamp':'2025-11-23T01:39:00Z'", REFUSAL_NONE);
	assert_int_equal(time_of(reader), -60000);
	page(reader, "'timestamp':1763861990000", REFUSAL_NONE);
	assert_int_equal(time_of(reader), -10000);
	assert_int_equal(reader->message.hit.is_time_arrival, HIT_NONE);
}

static void test_without_a_timestamp_a_uuid7_brings_the_time(void **state)
{
	TestReader *reader = *state;
	Uuid uuid = uuid7_make(TEST_MESSAGE_NOW_MS - 5000);
	char id[UUID_TEXT_SIZE];
	char members[128];
	uuid_format(uuid, id);
	(void) snprintf(members, sizeof members, "'messageId':'%s'", id);
	page(reader, members, REFUSAL_NONE);
	assert_int_equal(uuid_compare(reader->message.hit.id, uuid), 0);
	assert_int_equal(reader->message.hit.is_time_arrival, HIT_NONE);
}

static void test_without_any_time_the_arrival_counts_and_the_message_id_is_kept(void **state)
{
	TestReader *reader = *state;
	page(reader, "'messageId':'ajs-1'", REFUSAL_NONE);
	assert_int_equal(time_of(reader), 0);
	assert_int_equal(reader->message.hit.is_time_arrival, 1);
	assert_true(slice_equal_text(reader->message.hit.message_id, "ajs-1"));
	page(reader, "", REFUSAL_NONE);
	assert_int_equal(reader->message.hit.is_time_arrival, 1);
	assert_null(reader->message.hit.message_id.data);
}

static void test_times_that_cannot_be_are_refused(void **state)
{
	TestReader *reader = *state;
	static const struct {
		const char *time;
		Refusal refusal;
	} rows[] = {{"'yesterday'", REFUSAL_BAD_TIME}, {"'2025-13-01T00:00:00Z'", REFUSAL_BAD_TIME},
		{"{}", REFUSAL_BAD_TIME}, {"true", REFUSAL_BAD_TIME}, {"''", REFUSAL_BAD_TIME}, {"1e300", REFUSAL_BAD_TIME},
		{"-9223372036854775808", REFUSAL_BAD_TIME}, {"1.5", REFUSAL_BAD_TIME},
		{"'2025-11-24T01:40:00.001Z'", REFUSAL_IN_FUTURE}, {"'2025-11-24T01:40:00Z'", REFUSAL_NONE},
		{"'2099-01-01T00:00:00Z'", REFUSAL_IN_FUTURE}, {"'2025-11-16T01:39:59.999Z'", REFUSAL_TOO_OLD},
		{"'2025-11-16T01:40:00Z'", REFUSAL_NONE}, {"'1970-01-01T00:00:00Z'", REFUSAL_TOO_OLD}, {"0", REFUSAL_TOO_OLD},
		{"'0001-01-01T00:00:00Z'", REFUSAL_TOO_OLD}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		char members[128];
		(void) snprintf(members, sizeof members, "'timestamp':%s", rows[i].time);
		page(reader, members, rows[i].refusal);
	}
}

static void test_a_server_that_may_sends_old_times(void **state)
{
	TestReader *reader = *state;
	reader->key.kind = KEY_SERVER;
	page(reader, "'timestamp':'2001-01-01T00:00:00Z'", REFUSAL_TOO_OLD);
	reader->key.is_old_allowed = true;
	page(reader, "'timestamp':'2001-01-01T00:00:00Z'", REFUSAL_NONE);
	page(reader, "'timestamp':'1969-12-31T23:59:59Z'", REFUSAL_BAD_TIME);
	page(reader, "'timestamp':'2099-01-01T00:00:00Z'", REFUSAL_IN_FUTURE);
	reader->key.kind = KEY_BROWSER; // the right is a server's alone
	page(reader, "'timestamp':'2001-01-01T00:00:00Z'", REFUSAL_TOO_OLD);
}

static void test_a_clock_that_is_off_is_told_unless_the_offset_is_known(void **state)
{
	TestReader *reader = *state;
	page(reader, "'sentAt':'2025-11-23T01:42:00.000Z'", REFUSAL_NONE);
	page(reader, "'sentAt':'2025-11-23T01:42:00.001Z'", REFUSAL_CLOCK_SKEW);
	page(reader, "'sentAt':'2025-11-23T01:37:59.999Z'", REFUSAL_CLOCK_SKEW);
	page(reader, "'sentAt':'nonsense'", REFUSAL_NONE);
	page(reader,
		"'sentAt':'2020-01-01T00:00:00Z','timestamp':'2020-01-01T00:00:00Z','context':{'session':{'clockOffsetMs':"
		"186025200000}}",
		REFUSAL_NONE);
	assert_int_equal(time_of(reader), 0);
	page(reader, "'sentAt':'2020-01-01T00:00:00Z','context':{'session':{'clockOffsetMs':1e300}}", REFUSAL_CLOCK_SKEW);
	const char *batch = "{'sentAt':'2025-11-23T03:00:00Z'}";
	assert_int_equal(test_reader_read(reader, "{'type':'page','anonymousId':'a'}", batch), REFUSAL_CLOCK_SKEW);
	batch = "{'sentAt':'2025-11-23T03:00:00Z','context':{'session':{'clockOffsetMs':-4800000}}}";
	assert_int_equal(test_reader_read(reader, "{'type':'page','anonymousId':'a','timestamp':'2025-11-23T03:00:00Z'}",
						 batch),
		REFUSAL_NONE);
	assert_int_equal(time_of(reader), 0);
	reader->key.kind = KEY_SERVER; // taken as sent
	page(reader,
		"'sentAt':'2020-01-01T00:00:00Z','timestamp':'2025-11-23T01:40:00Z','context':{'session':{'clockOffsetMs':5000}"
		"}",
		REFUSAL_NONE);
	assert_int_equal(time_of(reader), 0);
}

static void test_a_known_offset_is_for_timestamps_and_not_for_ids(void **state)
{
	TestReader *reader = *state;
	Uuid uuid = uuid7_make(TEST_MESSAGE_NOW_MS - 5000);
	char id[UUID_TEXT_SIZE];
	char members[512];
	uuid_format(uuid, id);
	(void) snprintf(members, sizeof members,
		"'messageId':'%s','sentAt':'2025-11-23T02:40:00Z','context':{'session':{'id':'%s','sequence':1,'clockOffsetMs':"
		"-3600000}}",
		id, id);
	page(reader, members, REFUSAL_NONE);
	assert_int_equal(uuid_compare(reader->message.hit.id, uuid), 0);
	assert_int_equal(uuid_compare(reader->message.hit.session_id, uuid), 0);
	(void) snprintf(members, sizeof members,
		"'messageId':'%s','timestamp':'2025-11-23T02:39:00Z','context':{'session':{'clockOffsetMs':-3600000}}", id);
	page(reader, members, REFUSAL_NONE);
	assert_int_equal(time_of(reader), -60000); // the timestamp's, corrected; the rest of the id is kept
	assert_memory_equal(reader->message.hit.id.bytes + 6, uuid.bytes + 6, 10);
	page(reader, "'sentAt':'2025-11-23T02:40:00Z','context':{'session':{'clockOffsetMs':0}}", REFUSAL_NONE);
	page(reader, "'sentAt':'2025-11-23T02:40:00Z','context':{'session':{'clockOffsetMs':null}}", REFUSAL_CLOCK_SKEW);
}

static void test_a_retry_has_the_same_id(void **state)
{
	TestReader *reader = *state;
	const char *members = "'messageId':'node-next-17-x','timestamp':'2025-11-23T01:39:59.001Z'";
	page(reader, members, REFUSAL_NONE);
	Uuid first = reader->message.hit.id;
	assert_true(uuid_is_7(first));
	reader->sender.now_ms += 60000;
	page(reader, members, REFUSAL_NONE);
	assert_int_equal(uuid_compare(first, reader->message.hit.id), 0);
	reader->key.name = SLICE_LITERAL("other");
	page(reader, members, REFUSAL_NONE);
	assert_int_not_equal(uuid_compare(first, reader->message.hit.id), 0);
	page(reader, "'messageId':17,'timestamp':'2025-11-23T01:39:59.001Z'", REFUSAL_NONE);
	page(reader, "'timestamp':'2025-11-23T01:39:59.001Z'", REFUSAL_NONE);
	first = reader->message.hit.id;
	page(reader, "'timestamp':'2025-11-23T01:39:59.001Z'", REFUSAL_NONE);
	assert_int_not_equal(uuid_compare(first, reader->message.hit.id), 0);
	page(reader, "'messageId':{}", REFUSAL_BAD_ID);
}

static void test_somebody_must_be_named(void **state)
{
	TestReader *reader = *state;
	expect(reader, "{'type':'page'}", REFUSAL_MISSING_ID);
	expect(reader, "{'type':'page','userId':'','anonymousId':' '}", REFUSAL_MISSING_ID);
	expect(reader, "{'type':'page','userId':null}", REFUSAL_MISSING_ID);
	expect(reader, "{'type':'page','userId':{}}", REFUSAL_BAD_ID);
	expect(reader, "{'type':'page','userId':true}", REFUSAL_BAD_ID);
	expect(reader, "{'type':'page','userId':'u','anonymousId':[]}", REFUSAL_BAD_ID);
	expect(reader, "{'type':'page','userId':9007199254740993}", REFUSAL_NONE);
	assert_true(slice_equal_text(reader->message.user_id, "9007199254740993"));
	char text[512];
	(void) snprintf(text, sizeof text, "{'type':'page','userId':'%0250d'}", 0);
	expect(reader, text, REFUSAL_NONE);
	(void) snprintf(text, sizeof text, "{'type':'page','userId':'%0251d'}", 0);
	expect(reader, text, REFUSAL_TOO_LARGE);
	(void) snprintf(text, sizeof text, "{'type':'page','userId':'u','messageId':'%0251d'}", 0);
	expect(reader, text, REFUSAL_TOO_LARGE);
}

static void test_users_of_browsers_are_signed_where_the_site_signs(void **state)
{
	TestReader *reader = *state;
	reader->rules.identify_secret = SLICE_LITERAL("secret");
	char hex[HASH_HEX_SIZE];
	char text[512];
	hash_hmac_sha256_hex(SLICE_LITERAL("secret"), SLICE_LITERAL("u"), hex);
	expect(reader, "{'type':'identify','userId':'u'}", REFUSAL_BAD_SIGNATURE);
	expect(reader, "{'type':'alias','userId':'u','previousId':'a'}", REFUSAL_BAD_SIGNATURE);
	expect(reader, "{'type':'group','userId':'u','anonymousId':'a'}", REFUSAL_BAD_SIGNATURE);
	expect(reader, "{'type':'identify','anonymousId':'a'}", REFUSAL_NONE);
	(void) snprintf(text, sizeof text, "{'type':'identify','userId':'u','signature':'%s'}", hex);
	expect(reader, text, REFUSAL_NONE);
	hex[0] = hex[0] == 'a' ? 'A' : hex[0];
	(void) snprintf(text, sizeof text, "{'type':'identify','userId':'u','context':{'signature':'%s'}}", hex);
	expect(reader, text, REFUSAL_NONE);
	(void) snprintf(text, sizeof text, "{'type':'identify','userId':'v','signature':'%s'}", hex);
	expect(reader, text, REFUSAL_BAD_SIGNATURE);
	expect(reader, "{'type':'page','userId':'u'}", REFUSAL_BAD_SIGNATURE);
	expect(reader, "{'type':'page','userId':'u','anonymousId':'a'}", REFUSAL_NONE);
	assert_null(reader->message.user_id.data);
	(void) snprintf(text, sizeof text, "{'type':'page','userId':'u','anonymousId':'a','signature':'%s'}", hex);
	expect(reader, text, REFUSAL_NONE);
	assert_non_null(reader->message.user_id.data);
	reader->key.kind = KEY_SERVER;
	expect(reader, "{'type':'identify','userId':'u'}", REFUSAL_NONE);
}

#define SESSION "019ab0a8-0000-7000-8000-000000000001"

static void test_sessions_are_checked(void **state)
{
	TestReader *reader = *state;
	static const struct {
		const char *session;
		Refusal refusal;
	} rows[] = {{"{'id':'" SESSION "','sequence':1}", REFUSAL_NONE},
		{"{'id':'" SESSION "','sequence':2147483647}", REFUSAL_NONE}, {"{'id':'" SESSION "'}", REFUSAL_BAD_SESSION},
		{"{'id':'" SESSION "','sequence':0}", REFUSAL_BAD_SESSION},
		{"{'id':'" SESSION "','sequence':-1}", REFUSAL_BAD_SESSION},
		{"{'id':'" SESSION "','sequence':1.5}", REFUSAL_BAD_SESSION},
		{"{'id':'" SESSION "','sequence':2147483648}", REFUSAL_BAD_SESSION},
		{"{'id':'" SESSION "','sequence':{}}", REFUSAL_BAD_SESSION}, {"{'id':'s','sequence':1}", REFUSAL_BAD_SESSION},
		{"{'id':7,'sequence':1}", REFUSAL_BAD_SESSION},
		{"{'id':'6ba7b810-9dad-41d1-80b4-00c04fd430c8','sequence':1}", REFUSAL_BAD_SESSION},
		{"{'id':'00000000-0000-7000-8000-000000000001','sequence':1}", REFUSAL_BAD_SESSION}, // 1970
		{"{'id':'03b8d2b6-0000-7000-8000-000000000001','sequence':1}", REFUSAL_BAD_SESSION}, // 2099
		{"{'id':'" SESSION "','sequence':1,'pageViewId':'x'}", REFUSAL_BAD_SESSION}, {"{'sequence':-1}", REFUSAL_NONE},
		{"{'clockOffsetMs':5}", REFUSAL_NONE}, {"[]", REFUSAL_NONE}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		char members[256];
		(void) snprintf(members, sizeof members, "'context':{'session':%s}", rows[i].session);
		page(reader, members, rows[i].refusal);
	}
	expect(reader, "{'type':'track','event':'e','userId':'u','context':{'session':{'id':'" SESSION "'}}}",
		REFUSAL_NONE);
	assert_int_equal(reader->message.hit.sequence, HIT_NONE);
	expect(reader, "{'type':'leave','userId':'u','pageViewId':'" SESSION "','context':{'session':{'id':'bad'}}}",
		REFUSAL_BAD_SESSION);
	expect(reader, "{'type':'leave','userId':'u','pageViewId':'6ba7b810-9dad-41d1-80b4-00c04fd430c8'}",
		REFUSAL_BAD_SESSION);
}

#define SAID(analytics) "'context':{'consent':{'analytics':" analytics "}}"

static void test_opt_in_needs_a_yes(void **state)
{
	TestReader *reader = *state;
	reader->rules.is_opt_in = true;
	page(reader, "", REFUSAL_CONSENT_MISSING);
	page(reader, SAID("'true'"), REFUSAL_CONSENT_MISSING);
	page(reader, SAID("1"), REFUSAL_CONSENT_MISSING);
	page(reader, SAID("null"), REFUSAL_CONSENT_MISSING);
	page(reader, SAID("false"), REFUSAL_CONSENT_DENIED);
	page(reader, SAID("true"), REFUSAL_NONE);
	assert_int_equal(reader->message.hit.analytics_consent, 1);
	assert_int_equal(test_reader_read(reader, "{'type':'page','anonymousId':'a'}", "{" SAID("true") "}"), REFUSAL_NONE);
	reader->key.kind = KEY_SERVER;
	page(reader, "", REFUSAL_NONE);
	page(reader, SAID("false"), REFUSAL_CONSENT_DENIED);
}

static void test_opt_out_respects_a_no_and_off_does_not_ask(void **state)
{
	TestReader *reader = *state;
	page(reader, "", REFUSAL_NONE);
	page(reader, SAID("true"), REFUSAL_NONE);
	page(reader, SAID("false"), REFUSAL_CONSENT_DENIED);
	assert_string_equal(refusal_code(REFUSAL_CONSENT_DENIED), refusal_code(REFUSAL_CONSENT_MISSING));
	assert_string_not_equal(refusal_sentence(REFUSAL_CONSENT_DENIED), refusal_sentence(REFUSAL_CONSENT_MISSING));
	reader->rules.is_consent_off = true;
	page(reader, SAID("false"), REFUSAL_NONE);
}

static void test_do_not_track_is_a_no_where_the_setting_says_so(void **state)
{
	TestReader *reader = *state;
	reader->sender.has_dnt = true;
	page(reader, "", REFUSAL_NONE);
	reader->rules.is_dnt_no = true;
	page(reader, "", REFUSAL_CONSENT_DENIED);
	page(reader, SAID("true"), REFUSAL_CONSENT_DENIED);
	expect(reader, "{'type':'consent','anonymousId':'a','analytics':false}", REFUSAL_NONE);
}

static void test_of_a_no_only_the_no_is_kept(void **state)
{
	TestReader *reader = *state;
	static const char message[] =
		"{'type':'consent','anonymousId':'a','analytics':%s,'context':{'timezone':'Asia/Tokyo',"
		"'userAgent':'Browser 1','page':{'path':'/private','title':'t'}}}";
	char text[512];
	(void) snprintf(text, sizeof text, message, "false");
	expect(reader, text, REFUSAL_NONE);
	assert_int_equal(reader->message.hit.analytics_consent, 0);
	assert_null(reader->message.user_agent.data);
	assert_null(reader->message.page_path.data);
	assert_null(reader->message.page_title.data);
	assert_null(reader->message.ip.data);
	assert_null(reader->message.hit.timezone.data);
	(void) snprintf(text, sizeof text, message, "true");
	expect(reader, text, REFUSAL_NONE);
	assert_non_null(reader->message.user_agent.data);
}

static void test_consent_itself_always_comes_through(void **state)
{
	TestReader *reader = *state;
	reader->rules.is_opt_in = true;
	expect(reader, "{'type':'consent','anonymousId':'a'," SAID("false,'marketing':true,'version':3") "}", REFUSAL_NONE);
	assert_int_equal(reader->message.hit.type, HIT_CONSENT);
	assert_int_equal(reader->message.hit.analytics_consent, 0);
	assert_int_equal(reader->message.hit.marketing_consent, 1);
	assert_int_equal(reader->message.hit.consent_version, 3);
	expect(reader, "{'type':'consent','anonymousId':'a','marketing':false}", REFUSAL_NONE);
	assert_int_equal(reader->message.hit.analytics_consent, HIT_NONE);
	expect(reader, "{'type':'consent','anonymousId':'a'}", REFUSAL_BAD_VALUE);
	expect(reader, "{'type':'consent','anonymousId':'a'," SAID("'yes'") "}", REFUSAL_BAD_VALUE);
	expect(reader, "{'type':'consent','anonymousId':'a'," SAID("true,'version':'x'") "}", REFUSAL_BAD_VALUE);
	expect(reader, "{'type':'consent','analytics':true}", REFUSAL_MISSING_ID);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_the_events_own_time_counts),
		TEST(test_without_a_timestamp_a_uuid7_brings_the_time),
		TEST(test_without_any_time_the_arrival_counts_and_the_message_id_is_kept),
		TEST(test_times_that_cannot_be_are_refused),
		TEST(test_a_server_that_may_sends_old_times),
		TEST(test_a_clock_that_is_off_is_told_unless_the_offset_is_known),
		TEST(test_a_known_offset_is_for_timestamps_and_not_for_ids),
		TEST(test_a_retry_has_the_same_id),
		TEST(test_somebody_must_be_named),
		TEST(test_users_of_browsers_are_signed_where_the_site_signs),
		TEST(test_sessions_are_checked),
		TEST(test_opt_in_needs_a_yes),
		TEST(test_opt_out_respects_a_no_and_off_does_not_ask),
		TEST(test_do_not_track_is_a_no_where_the_setting_says_so),
		TEST(test_of_a_no_only_the_no_is_kept),
		TEST(test_consent_itself_always_comes_through),
	};
	return cmocka_run_group_tests_name("intake/rules", tests, NULL, NULL);
}
