// Every line of channel_cases.txt comes out in its channel.
#include "base/file.h"
#include "config/settings_load.h"
#include "enrich/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define CASES_LEAST 120

static const char *path;
static Rules *rules;
static Arena arena;

static int set_up(void **state)
{
	(void) state;
	const SettingsSources defaults = {0};
	Settings settings;
	Error error;
	arena_init(&arena, 16U << 20U);
	return settings_load(&defaults, &arena, &settings, &error) && rules_open(&settings, &rules, &error) ? 0 : 1;
}

static int tear_down(void **state)
{
	(void) state;
	rules_close(rules);
	arena_free(&arena);
	return 0;
}

static Slice column(Slice *rest)
{
	Slice text = slice_trim(slice_split(*rest, '|', rest));
	return slice_equal_text(text, "-") ? SLICE_NONE : text;
}

static Slice channel_of(const EnrichInput *raw, Slice click_id)
{
	Hit hit;
	Query query;
	Error error = {0};
	hit_init(&hit, HIT_PAGE);
	hit.page_host = SLICE_LITERAL("shop.example.com");
	Slice text = arena_format(&arena, "%.*s=A1", SLICE_PRINT(click_id));
	if (!query_parse(text, &rules->deny, NULL, &arena, &query, &error)
		|| !arrival_enrich(&rules->arrival, raw, &query, &arena, &hit, &error))
		fail_msg("%s", error.message);
	arrival_classify(&rules->arrival, NULL, &hit);
	assert_int_equal(hit.click_id_type.size, click_id.size);
	assert_true(hit.channel_type.size > 0 && hit.referrer_category.size > 0);
	return hit.channel_subtype;
}

static void every_case_comes_out_in_its_channel(void **state)
{
	(void) state;
	Slice text;
	Error error = {0};
	int cases = 0;
	int line_number = 0;
	if (!file_read(path, 1U << 20U, &arena, &text, &error))
		fail_msg("%s", error.message);
	for (Slice rest = text; rest.size > 0;)
	{
		Slice line = slice_trim(slice_split(rest, '\n', &rest));
		line_number++;
		if (line.size == 0 || *line.data == '#')
			continue;
		Slice left = line;
		EnrichInput raw = {.campaign_source = column(&left)};
		raw.campaign_medium = column(&left);
		raw.campaign_name = column(&left);
		raw.referrer = column(&left);
		Slice found = channel_of(&raw, column(&left));
		if (!slice_equal(found, slice_trim(left)))
			fail_msg("%s:%d: \"%.*s\" came out as %.*s", path, line_number, SLICE_PRINT(line), SLICE_PRINT(found));
		cases++;
	}
	assert_true(cases >= CASES_LEAST);
}

int main(int count, char **arguments)
{
	if (count != 2)
		return 2;
	path = arguments[1];
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_comes_out_in_its_channel),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
