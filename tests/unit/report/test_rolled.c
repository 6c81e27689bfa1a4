// What is counted by the day tells the same as the summaries of sessions, and as the rows of those that a range cuts: of a site
// made at random, with sessions over midnight, of several persons, without views, and still going on.
#include "report_fixture.h"

#include "harness/random_case.h"
#include "harness/rollups.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DAYS "from=2026-01-05&to=2026-01-11"
#define SITES_USUAL 2
#define ANSWER_SIZE 65536

static const char site[] =
	"SELECT pg_temp.person(n, '2025-12-20Z'::timestamptz + n * interval '2 days', '{}') FROM generate_series(1, 6) AS "
	"n;"
	"SELECT pg_temp.session(n, (random() * 12)::bigint - 6, date_trunc('second', '2026-01-04 "
	"20:00Z'::timestamptz + random() * interval '7 days'),"
	" (random() ^ 3 * 5000 - 200)::integer, (ARRAY['mobile', 'desktop', 'tablet'])[1 + floor(random() * 3)::integer],"
	" (ARRAY['Direct', 'Email', 'Referral'])[1 + floor(random() * 3)::integer], NULL,"
	" (ARRAY['DE', 'FR', 'NP'])[1 + floor(random() * 3)::integer]) FROM generate_series(1, 70) AS n;"
	"SELECT pg_temp.shared(n, 100 + n) FROM generate_series(1, 70, 9) AS n;"
	"SELECT pg_temp.view(20 * s + v, s, (v * random() * 2000)::integer - (s % 13 / 12) * 3000,"
	" '/' || chr(97 + (random() ^ 2 * 6)::integer), CASE WHEN random() < 0.8 THEN (random() * 90)::integer END,"
	" CASE WHEN random() < 0.5 THEN 'www.example.com' END)"
	" FROM generate_series(1, 70) AS s CROSS JOIN LATERAL generate_series(1, (random() ^ 2 * 9)::integer + s * 0) AS v;"
	"UPDATE page_views SET scroll_depth_percent = random() * 100 WHERE random() < 0.7;"
	"UPDATE page_views AS v SET person_id = s.person_id FROM user_sessions AS s"
	" WHERE s.id = v.session_id AND s.person_id > 100 AND random() < 0.5;"
	"SELECT pg_temp.event(s, (e * random() * 2000)::integer, 'done', CASE WHEN random() < 0.3 THEN 'Conversion' END, 2)"
	" FROM generate_series(1, 70) AS s CROSS JOIN LATERAL generate_series(1, (random() * 4)::integer + s * 0) AS e;";

// Short ways over few pages, so that many of them are taken by several sessions of a day.
static const char well_trodden[] =
	"SELECT pg_temp.session(n, (random() * 60)::bigint - 30, date_trunc('second', '2026-01-04 "
	"20:00Z'::timestamptz + random() * interval '7 days'), (random() * 900 - 100)::integer, (ARRAY['mobile', "
	"'desktop', 'tablet'])[1 + floor(random() * 3)::integer]) FROM generate_series(1, 200) AS n;"
	"SELECT pg_temp.shared(n, 100 + n) FROM generate_series(1, 200, 9) AS n;"
	"SELECT pg_temp.view(10 * s + v, s, v, '/' || chr(97 + (random() ^ 3 * 4)::integer)) FROM generate_series(1, 200) "
	"AS s CROSS JOIN LATERAL generate_series(1, 1 + (random() ^ 3 * 8)::integer + s * 0) AS v;"
	"SELECT pg_temp.event(s, 1, 'done', 'Conversion', 2) FROM generate_series(1, 200, 3) AS s;";

// Many pages, of which few are seen often; some sessions go over midnight.
static const char many_pages[] =
	"SELECT pg_temp.session(n, (random() * 60)::bigint - 30, date_trunc('second', '2026-01-04 "
	"20:00Z'::timestamptz + random() * interval '7 days'), (random() * 900 - 100)::integer, (ARRAY['mobile', "
	"'desktop', 'tablet'])[1 + floor(random() ^ 2 * 3)::integer], (ARRAY['Direct', 'Email', 'Referral'])[1 + "
	"floor(random() * 3)::integer], NULL, (ARRAY['DE', 'FR', 'NP'])[1 + floor(random() * 3)::integer]) FROM "
	"generate_series(1, 200) AS n;"
	"SELECT pg_temp.shared(n, 100 + n) FROM generate_series(1, 200, 17) AS n;"
	"SELECT pg_temp.view(20 * s + v, s, v * (1 + s % 9 / 8 * 2000), '/' || chr(97 + s % 2) || (random() ^ 4 * "
	"30)::integer, CASE WHEN random() < 0.8 THEN (random() * 90)::integer END) FROM generate_series(1, 200) "
	"AS s CROSS JOIN LATERAL generate_series(1, 1 + (random() ^ 2 * 12)::integer + s * 0) AS v;"
	"UPDATE page_views AS v SET person_id = s.person_id FROM user_sessions AS s"
	" WHERE s.id = v.session_id AND s.person_id > 100 AND random() < 0.5;";

// The same days under another name, which has no roll-ups; and filters that take every session, of which one names values.
static void same_asked_otherwise(Reports *reports, const char *name, const char *parameters)
{
	static const char *const otherwise[] = {"tz=Africa/Abidjan", "filter=device_type:mobile,desktop,tablet",
		"filter=device_type:!other"};
	static char rolled[ANSWER_SIZE];
	(void) snprintf(rolled, sizeof rolled, "%s", reports_answer(reports, name, parameters));
	assert_true(reports->table.range.is_rolled);
	for (size_t i = 0; i < sizeof otherwise / sizeof otherwise[0]; i++)
	{
		char other[256];
		(void) snprintf(other, sizeof other, "%s&%s", parameters, otherwise[i]);
		const char *answer = reports_answer(reports, name, other);
		if (strcmp(answer, rolled) != 0)
			print_error("%s?%s is not the same\n", name, other);
		assert_string_equal(answer, rolled);
	}
}

// The same days under another name, with the same filter.
static void same_from_sessions(Reports *reports, const char *name, const char *parameters)
{
	static char valued[ANSWER_SIZE];
	char other[256];
	(void) snprintf(valued, sizeof valued, "%s", reports_answer(reports, name, parameters));
	assert_true(reports->table.range.is_rolled);
	(void) snprintf(other, sizeof other, "%s&tz=Africa/Abidjan", parameters);
	const char *answer = reports_answer(reports, name, other);
	if (strcmp(answer, valued) != 0)
		print_error("%s?%s is not the same\n", name, parameters);
	assert_string_equal(answer, valued);
}

// Of the sessions with some values, the same as of those without the others, of which no day's figures tell.
static void same_of_values(Reports *reports, const char *parameters)
{
	static const char *const filters[][2] = {{"device_type:mobile", "device_type:!desktop,tablet"},
		{"country:FR,N*", "country:!DE"}, {"utm_term:", "utm_term:!some"},
		{"entry_page:/a,/b", "entry_page:!,/c,/d,/e,/f,/g"}, {"channel:Nothing", "channel:!,Direct,Email,Referral"}};
	static char valued[ANSWER_SIZE];
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
	{
		char asked[256];
		(void) snprintf(asked, sizeof asked, "%s&filter=%s", parameters, filters[i][0]);
		(void) snprintf(valued, sizeof valued, "%s", reports_answer(reports, "overview", asked));
		(void) snprintf(asked, sizeof asked, "%s&filter=%s", parameters, filters[i][1]);
		const char *answer = reports_answer(reports, "overview", asked);
		if (strcmp(answer, valued) != 0)
			print_error("overview?%s&filter=%s is not the same\n", parameters, filters[i][0]);
		assert_string_equal(answer, valued);
	}
}

static void site_make(Reports *reports, RandomCase *chance, const char *rows, int pages_max)
{
	char seed[64];
	(void) snprintf(seed, sizeof seed, "SELECT setseed(%zu / 1000000.0);", random_case_below(chance, 1000000));
	test_database_run(reports->conn, "UPDATE rollup_state SET timezone = 'UTC', pages_max = %d", pages_max);
	test_database_run(reports->conn, "%s", seed);
	reports_add(reports, rows);
	assert_string_equal(test_postgres_value(reports->conn,
							"SELECT count(*) > 60 AND bool_or(NOT is_first AND views > 1) FROM session_summaries"),
		"t");
}

static void all_the_same(Reports *reports, const char *const (*asked)[2], size_t count)
{
	for (size_t i = 0; i < count; i++)
		same_asked_otherwise(reports, asked[i][0], asked[i][1]);
}

static void whole_days_are_the_same_from_roll_ups_summaries_and_rows(void **state)
{
	static const char *const asked[][2] = {{"overview", DAYS}, {"overview", DAYS "&interval=week"},
		{"overview", "from=2025-12-29&to=2026-01-08&interval=month"}, {"overview", "from=2026-01-07&to=2026-01-07"},
		{"pages", DAYS}, {"pages", DAYS "&sort=visitors"}, {"pages", DAYS "&sort=time&limit=2&cursor=1"},
		{"pages", DAYS "&sort=scroll"}, {"pages", DAYS "&sort=entries"}, {"pages", DAYS "&sort=exits&limit=3"},
		{"pages", DAYS "&sort=bounce"}, {"pages", DAYS "&page=/*a"},
		{"pages", DAYS "&host=www.example.com&sort=visitors"}, {"pages", "from=2026-01-07&to=2026-01-07"},
		{"pages", "from=2025-01-07&to=2025-01-07"}, {"journeys/transitions", DAYS},
		{"journeys/transitions", DAYS "&page=/a"}, {"journeys/transitions", DAYS "&limit=2&cursor=2"},
		{"journeys/paths", DAYS}, {"journeys/paths", DAYS "&steps=3"}, {"breakdown", DAYS "&by=device_type"},
		{"breakdown", DAYS "&by=country&sort=visitors"}, {"breakdown", DAYS "&by=channel&sort=views"},
		{"breakdown", DAYS "&by=entry_page&sort=conversions"}, {"breakdown", DAYS "&by=exit_page&limit=1&cursor=1"},
		{"breakdown", DAYS "&by=utm_term"}, {"breakdown", DAYS "&by=host"},
		{"retention", "from=2025-12-20&to=2026-01-11&period=week"},
		{"retention", "from=2025-12-20&to=2026-01-11&period=month"}};
	Reports *reports = *state;
	RandomCase chance = random_case_begin("rolled");
	for (size_t sites = random_case_count(SITES_USUAL); sites > 0; sites--)
	{
		(void) reports_empty(state);
		site_make(reports, &chance, site, 1000);
		all_the_same(reports, asked, sizeof asked / sizeof *asked);
		same_of_values(reports, DAYS);
		same_of_values(reports, DAYS "&interval=week");
		same_of_values(reports, "from=2026-01-07&to=2026-01-07");
	}
}

// What a day keeps apart is not all there is.
static void what_is_rare_on_a_day_is_known_too(void **state)
{
	static const char *const asked[][2] = {{"journeys/transitions", DAYS}, {"journeys/transitions", DAYS "&limit=1"},
		{"journeys/transitions", DAYS "&limit=1&cursor=1"}, {"journeys/transitions", DAYS "&limit=3"},
		{"journeys/transitions", "from=2026-01-07&to=2026-01-07&limit=1"}, {"breakdown", DAYS "&by=entry_page"},
		{"breakdown", DAYS "&by=country"}};
	Reports *reports = *state;
	RandomCase chance = random_case_begin("rare");
	for (int pages_max = 1; pages_max < 12; pages_max += 5)
	{
		(void) reports_empty(state);
		site_make(reports, &chance, site, pages_max);
		test_database_run(reports->conn, "UPDATE rollup_state SET pages_max = 1000");
		all_the_same(reports, asked, sizeof asked / sizeof *asked);
		same_of_values(reports, DAYS);
	}
}

static void ways_that_several_took_are_the_same_from_days_and_sessions(void **state)
{
	static const char *const asked[][2] = {{"journeys/paths", DAYS}, {"journeys/paths", DAYS "&limit=1"},
		{"journeys/paths", DAYS "&limit=2&cursor=1"}, {"journeys/paths", DAYS "&limit=5"},
		{"journeys/paths", DAYS "&limit=5&cursor=40"}, {"journeys/paths", DAYS "&limit=2&steps=2"},
		{"journeys/paths", DAYS "&limit=2&device=mobile"}, {"journeys/paths", DAYS "&limit=2&goal=event:done"},
		{"journeys/paths", DAYS "&limit=2&goal=page:/b"}, {"journeys/paths", "from=2025-01-06&to=2025-01-07"}};
	Reports *reports = *state;
	RandomCase chance = random_case_begin("ways");
	for (int pages_max = 1; pages_max <= 100; pages_max *= 10)
	{
		(void) reports_empty(state);
		site_make(reports, &chance, well_trodden, pages_max);
		test_database_run(reports->conn, "UPDATE rollup_state SET pages_max = 1000");
		all_the_same(reports, asked, sizeof asked / sizeof *asked);
		// The fewer days, the closer are the ways that are kept to those that are not.
		for (int at = 0; at < 24; at++)
		{
			char few_days[64];
			(void) snprintf(few_days, sizeof few_days, "from=2026-01-0%d&to=2026-01-0%d&limit=%d", 5 + at % 3,
				6 + at % 3 + at % 2, 1 + at / 3);
			same_asked_otherwise(reports, "journeys/paths", few_days);
		}
	}
	test_database_run(reports->conn, "TRUNCATE session_summaries"); // the days are what has answered
	assert_string_not_equal(reports_answer(reports, "journeys/paths", DAYS "&limit=1"), "");
}

// What is kept of /f is less than of the ways of two pages. On the second day only one session took it, so that day is asked for
// it, and no other; then it is as many, and shorter.
static void ways_that_stand_out_are_told_without_the_sessions(void **state)
{
	static const char two_days[] = "from=2026-01-05&to=2026-01-06&limit=2";
	static const char told[] = "\"[\"\"/a\"\"]\",1,9,9,60.00,11.11\n\"[\"\"/f\"\"]\",1,5,5,60.00,0.00\n";
	Reports *reports = *state;
	reports_add(reports,
		"CREATE TEMP TABLE made AS SELECT n, substr('aaaaabbbcccffffd----aaaabbccfe', n, 1) AS page FROM "
		"generate_series(1, 30) AS n;"
		"SELECT pg_temp.session(n, n, '2026-01-05 10:00Z'::timestamptz + n / 20 * interval '1 day', 60),"
		" pg_temp.view(n, n, 0, '/' || page) FROM made WHERE page <> '-';"
		"SELECT pg_temp.view(50 + n, n, 9, '/x') FROM made WHERE page IN ('b', 'c');"
		"SELECT pg_temp.event(1, 1, 'done', 'Conversion', 2); DROP TABLE made;");
	ANSWER(reports, "journeys/paths", two_days, told);
	same_asked_otherwise(reports, "journeys/paths", two_days);
	test_database_run(reports->conn,
		"DELETE FROM session_summaries WHERE date = '2026-01-05' OR pages <> (SELECT ARRAY[id] FROM dimension_values "
		"WHERE value = '/f')");
	ANSWER(reports, "journeys/paths", two_days, told);
	test_database_run(reports->conn, "DELETE FROM page_paths_daily WHERE date = '2026-01-05'"); // a day not yet counted
	ANSWER(reports, "journeys/paths", two_days, "\"[\"\"/f\"\"]\",1,1,1,60.00,0.00\n");
}

// Nine sessions of two pages on each of two days, of which three pairs are kept; what is not kept has no more than the third.
static void transitions_that_stand_out_are_told_without_the_sessions(void **state)
{
	Reports *reports = *state;
	test_database_run(reports->conn, "UPDATE rollup_state SET pages_max = 3");
	reports_add(reports,
		"SELECT pg_temp.session(10 * d + n, n, '2026-01-05 10:00Z'::timestamptz + d * interval '1 day', 60)"
		" FROM generate_series(0, 1) AS d, generate_series(1, 9) AS n;"
		"SELECT pg_temp.view(10 * d + n, 10 * d + n, 0, '/' || substr('aaaaaaacd', n, 1)),"
		" pg_temp.view(50 + 10 * d + n, 10 * d + n, 9, '/' || substr('bbbbcccde', n, 1))"
		" FROM generate_series(0, 1) AS d, generate_series(1, 9) AS n;");
	test_database_run(reports->conn, "UPDATE rollup_state SET pages_max = 1000");
	same_asked_otherwise(reports, "journeys/transitions", "from=2026-01-05&to=2026-01-06");
	same_asked_otherwise(reports, "journeys/transitions", "from=2026-01-05&to=2026-01-06&limit=1");
	test_database_run(reports->conn, "TRUNCATE session_summaries");
	ANSWER(reports, "journeys/transitions", "from=2026-01-05&to=2026-01-06&limit=1", "/a,/b,8,8,57.14\n");
	ANSWER(reports, "journeys/transitions", "from=2026-01-05&to=2026-01-06&limit=2", "");
}

// Of those on mobiles /c comes third of what is kept of two days, and first with what the second does not keep, since 41 pages were
// seen as often then: that day is asked for it. /z is the hit of a day that keeps nothing. Of those on tablets each day keeps
// one page, and /1 is seen more often on both than either.
static void pages_of_values_that_stand_out_are_told_without_the_sessions(void **state)
{
	static const char two_days[] = "from=2026-01-05&to=2026-01-06&limit=1&filter=device_type:mobile";
	static const char told[] = "/c,,13,13,,,13,13,100.00\ntotal,,196,196,,,196,196,100.00\n";
	Reports *reports = *state;
	reports_add(reports,
		"CREATE TEMP TABLE made AS SELECT row_number() OVER ()::integer AS n, seen.* FROM ("
		" SELECT * FROM (VALUES ('mobile', 0, '/a', 12), ('mobile', 0, '/b', 5), ('mobile', 0, '/c', 10), "
		"('mobile', 1, '/b', 6), ('mobile', 1, '/c', 3), ('mobile', 2, '/y', 1), ('mobile', 3, '/z', 20), ('tablet', "
		"0, '/d', 3), "
		"('tablet', 1, '/e', 3)) AS often (device, day, page, views)"
		" UNION ALL SELECT device, day, '/' || page, CASE device WHEN 'mobile' THEN 1 + 2 * day ELSE 2 END FROM "
		"unnest('{mobile,tablet}'::text[]) AS device, generate_series(0, 1) AS day, generate_series(1, 40) AS page"
		") AS seen CROSS JOIN LATERAL generate_series(1, views) AS view;"
		"SELECT pg_temp.session(n, n, '2026-01-05 10:00Z'::timestamptz + day * interval '1 day', 60, device),"
		" pg_temp.view(n, n, 0, page) FROM made; DROP TABLE made");
	ANSWER(reports, "pages", two_days, told);
	ANSWER(reports, "pages", "from=2026-01-05&to=2026-01-06&limit=1&filter=device_type:tablet",
		"/1,,4,4,,,4,4,100.00\ntotal,,166,166,,,166,166,100.00\n");
	test_database_run(reports->conn, "DELETE FROM value_pages_daily WHERE date = '2026-01-08'");
	ANSWER(reports, "pages", "from=2026-01-05&to=2026-01-08&limit=1&filter=device_type:mobile",
		"/z,,20,20,,,20,20,100.00\ntotal,,217,217,,,217,217,100.00\n");
	test_database_run(reports->conn,
		"DELETE FROM session_summaries WHERE date <> '2026-01-06' OR pages <> (SELECT ARRAY[id] FROM dimension_values "
		"WHERE value = '/c')");
	ANSWER(reports, "pages", two_days, told);
	ANSWER(reports, "pages", "from=2026-01-05&to=2026-01-06&limit=3&filter=device_type:mobile", // of three none is last
		"/c,,3,3,,,3,3,100.00\ntotal,,3,3,,,3,3,100.00\n");
}

// ── The time before ──

static const ReportRow *row_find(const ReportTable *table, const ReportRow *like)
{
	for (size_t i = 0; i < table->row_count; i++)
	{
		bool is_same = table->rows[i].is_total == like->is_total;
		for (size_t at = 0; is_same && !like->is_total && at < table->report->column_count; at++)
			for (const char *const *key = table->report->keys; *key != NULL; key++)
				if (strcmp(*key, table->report->columns[at].name) == 0)
					is_same = is_same && slice_equal(table->rows[i].cells[at], like->cells[at]);
		if (is_same)
			return &table->rows[i];
	}
	return NULL;
}

static void same_cells(const Report *report, const char *asked, const ReportRow *found, const ReportRow *expected)
{
	for (size_t at = 0; at < report->column_count; at++)
		if (!slice_equal(found->cells[at], expected->cells[at]))
			fail_msg("%s?%s: of %.*s the time before has %s \"%.*s\" instead of \"%.*s\"", report->name, asked,
				found->is_total ? 5 : (int) found->cells[0].size, found->is_total ? "total" : found->cells[0].data,
				report->columns[at].name, SLICE_PRINT(found->cells[at]), SLICE_PRINT(expected->cells[at]));
}

// Every row that is shown has its figures of the time before where the whole list of that time, counted from the sessions, has it;
// gives how many of them are not among the first `limit` there.
static size_t before_is_of_what_is_shown(Reports *reports, const char *name, const char *asked, const char *filter,
	size_t limit)
{
	char parameters[256];
	(void) snprintf(parameters, sizeof parameters, "from=2026-01-09&to=2026-01-11&compare=previous&limit=%zu%s%s",
		limit, asked, filter);
	(void) reports_answer(reports, name, parameters);
	ReportTable shown = reports->table;
	Arena kept = reports->arena;
	arena_init(&reports->arena, kept.size_max);
	// Sorted as the list is; all of it.
	(void) snprintf(parameters, sizeof parameters, "from=2026-01-06&to=2026-01-08&tz=Africa/Abidjan&limit=10000%s%s",
		asked, filter);
	char *cursor = strstr(parameters, "&cursor=");
	if (cursor != NULL)
		memmove(cursor, cursor + strlen("&cursor=1"), strlen(cursor + strlen("&cursor=1")) + 1);
	(void) reports_answer(reports, name, parameters);
	size_t before = 0;
	size_t far = 0;
	for (size_t i = 0; i < shown.row_count; i++)
	{
		const ReportRow *expected = row_find(&reports->table, &shown.rows[i]);
		const ReportRow *found = row_find(shown.previous, &shown.rows[i]);
		if ((expected == NULL) != (found == NULL))
			fail_msg("%s?%s: %.*s", name, parameters, SLICE_PRINT(shown.rows[i].cells[0]));
		if (found == NULL)
			continue;
		same_cells(shown.report, parameters, found, expected);
		before++;
		far += !found->is_total && (size_t) (expected - reports->table.rows) >= limit ? 1 : 0;
	}
	assert_int_equal(shown.previous->row_count, before); // and no others
	arena_free(&kept);
	return far;
}

static const char *const lists[][2] = {{"pages", ""}, {"pages", "&sort=visitors"}, {"pages", "&sort=visitors&cursor=1"},
	{"pages", "&sort=exits&cursor=2"}, {"pages", "&page=/*"}, {"pages", "&host=www.example.com"},
	{"breakdown", "&by=country"}, {"breakdown", "&by=entry_page&sort=visitors"},
	{"breakdown", "&by=exit_page&cursor=1"}, {"attribution", "&by=channel"},
	{"attribution", "&by=entry_page&model=first&cursor=1"}, {"events", "&by=category"}, {"events", "&cursor=1"},
	{"journeys/transitions", ""}, {"journeys/transitions", "&cursor=2"}, {"journeys/transitions", "&page=/a"},
	{"journeys/paths", ""}, {"journeys/paths", "&steps=2&cursor=1"}};

static void the_time_before_is_told_of_the_rows_shown_wherever_they_stood(void **state)
{
	static const char *const filters[] = {"", "&filter=device_type:!other", "&filter=country:DE,NP"};
	Reports *reports = *state;
	RandomCase chance = random_case_begin("before");
	size_t far = 0;
	site_make(reports, &chance, site, 1000);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (size_t filter = 0; filter < sizeof filters / sizeof *filters; filter++)
			for (size_t limit = 1; limit < 4; limit += 2)
				far += before_is_of_what_is_shown(reports, lists[i][0], lists[i][1], filters[filter], limit);
	assert_true(far > 0);
}

// Where a day keeps some pairs apart only, the sessions are asked for those that it does not keep.
static void the_time_before_is_known_of_rare_ways_too(void **state)
{
	Reports *reports = *state;
	RandomCase chance = random_case_begin("rare before");
	for (int pages_max = 1; pages_max < 12; pages_max += 5)
	{
		(void) reports_empty(state);
		site_make(reports, &chance, pages_max == 6 ? well_trodden : site, pages_max);
		test_database_run(reports->conn, "UPDATE rollup_state SET pages_max = 1000");
		for (size_t limit = 1; limit < 8; limit += 3)
		{
			(void) before_is_of_what_is_shown(reports, "journeys/transitions", "", "", limit);
			(void) before_is_of_what_is_shown(reports, "journeys/paths", "", "", limit);
			(void) before_is_of_what_is_shown(reports, "breakdown", "&by=entry_page", "", limit);
		}
	}
}

// A day keeps the 30 pages that are seen most; more and more days keep nothing.
static void pages_of_values_are_the_same_from_days_and_sessions(void **state)
{
	static const char *const filters[] = {"device_type:mobile", "device_type:mobile,tablet", "country:FR,N*",
		"utm_term:", "channel:Nothing", "entry_page:/a0,/a1", "device_type:mobile;country:DE"};
	static const char *const others[] = {"", "&cursor=1", "&cursor=3", "&cursor=40", "&sort=visitors", "&page=/*1"};
	Reports *reports = *state;
	RandomCase chance = random_case_begin("pages of values");
	for (size_t at = 0; at < 3 * random_case_count(SITES_USUAL); at++)
	{
		char asked[192];
		if (at % 3 == 0)
		{
			(void) reports_empty(state);
			site_make(reports, &chance, at % 2 == 0 ? many_pages : site, 1000);
		}
		else
			test_database_run(reports->conn,
				"DELETE FROM value_pages_daily WHERE date IN (SELECT '2026-01-04'::date + (random() * 7)::integer FROM "
				"generate_series(1, 2))");
		for (size_t limit = 1; limit < 30; limit += limit)
		{
			const char *filter = filters[random_case_below(&chance, sizeof filters / sizeof *filters)];
			for (size_t i = 0; i < sizeof others / sizeof *others; i++)
			{
				(void) snprintf(asked, sizeof asked, "%s&limit=%zu%s&filter=%s", DAYS, limit, others[i], filter);
				same_from_sessions(reports, "pages", asked);
			}
			(void) snprintf(asked, sizeof asked, "from=2026-01-0%zu&to=2026-01-08&limit=%zu&filter=%s", 4 + limit % 5,
				limit, filter);
			same_from_sessions(reports, "pages", asked);
			(void) snprintf(asked, sizeof asked, "&filter=%s", filter);
			(void) before_is_of_what_is_shown(reports, "pages", "", asked, limit);
			(void) before_is_of_what_is_shown(reports, "pages", "&cursor=1", asked, limit);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(whole_days_are_the_same_from_roll_ups_summaries_and_rows, reports_empty),
		cmocka_unit_test_setup(what_is_rare_on_a_day_is_known_too, reports_empty),
		cmocka_unit_test_setup(the_time_before_is_told_of_the_rows_shown_wherever_they_stood, reports_empty),
		cmocka_unit_test_setup(the_time_before_is_known_of_rare_ways_too, reports_empty),
		cmocka_unit_test_setup(ways_that_several_took_are_the_same_from_days_and_sessions, reports_empty),
		cmocka_unit_test_setup(ways_that_stand_out_are_told_without_the_sessions, reports_empty),
		cmocka_unit_test_setup(pages_of_values_that_stand_out_are_told_without_the_sessions, reports_empty),
		cmocka_unit_test_setup(pages_of_values_are_the_same_from_days_and_sessions, reports_empty),
		cmocka_unit_test_setup(transitions_that_stand_out_are_told_without_the_sessions, reports_empty),
	};
	return cmocka_run_group_tests(tests, reports_set_up, reports_tear_down);
}
