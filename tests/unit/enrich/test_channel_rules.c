#include "enrich/channel_rules.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static char path[64];

static int set_up(void **state)
{
	(void) state;
	(void) snprintf(path, sizeof path, "/tmp/sojourn-rules-XXXXXX");
	int fd = mkstemp(path);
	return fd < 0 ? 1 : close(fd);
}

static int tear_down(void **state)
{
	(void) state;
	return unlink(path);
}

static bool rules_open(const char *text, ChannelRules **rules, Error *error)
{
	Error ignored;
	assert_true(file_replace(path, slice_from(text), 0644, &ignored));
	return channel_rules_open(path, rules, error);
}

static void assert_channel(ChannelRules *rules, const char *source, const char *medium, const char *name,
	const char *type)
{
	const ChannelInput input = {
		.fields = {[CHANNEL_SOURCE] = slice_from(source), [CHANNEL_MEDIUM] = slice_from(medium)}};
	Channel channel = channel_rules_find(rules, &input);
	if (!slice_equal_text(channel.name, name) || !slice_equal_text(channel.type, type))
		fail_msg("%s, %s is %.*s (%.*s), not %s (%s)", source, medium, SLICE_PRINT(channel.name),
			SLICE_PRINT(channel.type), name, type);
}

static void own_rules_are_asked_before_the_built_in_ones(void **state)
{
	(void) state;
	ChannelRules *rules = NULL;
	Error error = {0};
	if (!rules_open("\xEF\xBB\xBF# ours\r\n\r\n"
					"Partners (partner): source is *.partner.example, partner.example; medium is not email\r\n"
					"  Print (offline):medium matches FLYER\n"
					"Print (offline): source does not match ^[a-z.()]+$; medium is qr?\n"
					"FLYER = ^(flyer|leaflet-\\d+)$\n"
					"Nothing (none): campaign is not (not set); term is *; content is *",
			&rules, &error))
		fail_msg("%s", error.message);
	assert_channel(rules, "shop.partner.example", "cpc", "Partners", "partner");
	assert_channel(rules, "Partner.Example", NULL, "Partners", "partner");
	assert_channel(rules, "shop.partner.example", "email", "Email", "email");
	assert_channel(rules, "notpartner.example", "cpc", "Paid Other", "paid");
	assert_channel(rules, "house", "Leaflet-12", "Print", "offline");
	assert_channel(rules, "house", "leaflet-", "Unassigned", "unassigned");
	assert_channel(rules, "house 7", "qr1", "Print", "offline");
	assert_channel(rules, "house", "qr1", "Unassigned", "unassigned");
	channel_rules_close(rules);
}

static void a_pattern_of_ones_own_counts_for_the_built_in_rules(void **state)
{
	(void) state;
	ChannelRules *rules = NULL;
	Error error = {0};
	assert_true(rules_open("PAID = ^sponsored$", &rules, &error));
	assert_channel(rules, "x", "sponsored", "Paid Other", "paid");
	assert_channel(rules, "x", "cpc", "Unassigned", "unassigned");
	channel_rules_close(rules);
}

// A pattern that would take forever on some text does not match, and costs no more than a moment.
static void a_slow_pattern_is_given_up(void **state)
{
	(void) state;
	ChannelRules *rules = NULL;
	Error error = {0};
	char medium[400];
	memset(medium, 'a', sizeof medium);
	medium[sizeof medium - 1] = '\0';
	assert_true(rules_open("Slow (slow): medium matches ^(a+)+b$", &rules, &error));
	assert_channel(rules, "x", medium, "Unassigned", "unassigned");
	channel_rules_close(rules);
}

static void what_is_wrong_is_told_with_file_and_line(void **state)
{
	(void) state;
	static const struct {
		const char *text;
		const char *message; // behind "PATH:"
	} cases[] = {
		{"Partners", "1: this is no rule"},
		{"# a\n\nPartners: medium is x", "3: this is no rule"},
		{"Partners (partner) medium is x", "1: this is no rule"},
		{"(partner): medium is x", "1: a channel and its type have 1 to 50 bytes"},
		{"Partners (): medium is x", "1: a channel and its type have 1 to 50 bytes"},
		{"A name that is longer than the column that holds it..... (x): always", "1: a channel and its type"},
		{"Partners (partner):", "1: a condition is missing"},
		{"Partners (partner): medium is x;", "1: a condition is missing"},
		{"Partners (partner): mediun is x", "1: there is no field \"mediun\"; there are source, medium"},
		{"Partners (partner): medium = x", "1: \"medium = x\" is no condition"},
		{"Partners (partner): medium isx", "1: \"medium isx\" is no condition"},
		{"Partners (partner): medium", "1: \"medium\" is no condition"},
		{"Partners (partner): medium is", "1: a value is missing"},
		{"Partners (partner): medium is a,,b", "1: a value is missing"},
		{"Partners (partner): medium matches", "1: there is no pattern behind"},
		{"Partners (partner): medium matches PAD", "1: there is no pattern \"PAD\"; give it a line of its own: PAD = "},
		{"Partners (partner): medium matches (a", "1: \"(a\" is no regular expression: missing closing parenthesis at"},
		{"A = x\nB = [", "2: \"[\" is no regular expression: missing terminating ] for character class at"},
		{"A =", "1: A has no regular expression behind its ="},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		ChannelRules *rules = NULL;
		Error error = {0};
		char expected[256];
		(void) snprintf(expected, sizeof expected, "%s:%s", path, cases[i].message);
		assert_false(rules_open(cases[i].text, &rules, &error));
		assert_int_equal(error.code, ERROR_BAD_INPUT);
		if (strncmp(error.message, expected, strlen(expected)) != 0)
			fail_msg("\"%s\" is not \"%s\"", error.message, expected);
	}
}

static void a_file_that_is_no_text_or_not_there_is_refused(void **state)
{
	(void) state;
	ChannelRules *rules = NULL;
	Error error = {0};
	assert_false(rules_open("Caf\xE9 (x): always", &rules, &error));
	assert_int_equal(error.code, ERROR_BAD_INPUT);
	assert_false(channel_rules_open("/nowhere/rules.txt", &rules, &error));
	assert_int_equal(error.code, ERROR_NOT_FOUND);
	assert_non_null(strstr(error.message, "the channel rules"));
	assert_non_null(strstr(error.message, "/nowhere/rules.txt"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_rules_are_asked_before_the_built_in_ones),
		cmocka_unit_test(a_pattern_of_ones_own_counts_for_the_built_in_rules),
		cmocka_unit_test(a_slow_pattern_is_given_up),
		cmocka_unit_test(what_is_wrong_is_told_with_file_and_line),
		cmocka_unit_test(a_file_that_is_no_text_or_not_there_is_refused),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
