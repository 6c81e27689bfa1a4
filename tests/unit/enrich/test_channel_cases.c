// Every line of channel_cases.txt comes out in its channel, on the whole way that a hit goes.
#include "base/file.h"
#include "base/random.h"
#include "enrich/enrich.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define CASES_LEAST 120

static const char *path;
static char folder[64];
static Enricher *enricher;
static Arena arena;

static int set_up(void **state)
{
	(void) state;
	static const Settings settings = {.channel_rules_file = ""};
	Error error;
	(void) snprintf(folder, sizeof folder, "/tmp/sojourn-channel-XXXXXX");
	arena_init(&arena, 16U << 20U);
	bool is_ok = mkdtemp(folder) != NULL && random_init(&error) && enricher_open(&settings, folder, &enricher, &error);
	return is_ok ? 0 : 1;
}

static int tear_down(void **state)
{
	(void) state;
	char key[96];
	enricher_close(enricher);
	arena_free(&arena);
	(void) snprintf(key, sizeof key, "%s/person.key", folder);
	(void) unlink(key);
	return rmdir(folder);
}

static Slice column(Slice *rest)
{
	Slice text = slice_trim(slice_split(*rest, '|', rest));
	return slice_equal_text(text, "-") ? SLICE_NONE : text;
}

static Slice channel_of(Slice source, Slice medium, Slice campaign, Slice referrer, Slice click_id)
{
	Hit hit;
	Error error = {0};
	EnrichInput raw = {
		.page_url = arena_format(&arena, "https://shop.example.com/?%.*s=A1", SLICE_PRINT(click_id)),
		.referrer = referrer,
		.campaign_source = source,
		.campaign_medium = medium,
		.campaign_name = campaign,
	};
	hit_init(&hit, HIT_PAGE);
	if (!enrich_hit(enricher, &raw, &arena, &hit, &error))
		fail_msg("%s", error.message);
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
		Slice columns[5];
		Slice left = line;
		for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
			columns[i] = column(&left);
		Slice found = channel_of(columns[0], columns[1], columns[2], columns[3], columns[4]);
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
