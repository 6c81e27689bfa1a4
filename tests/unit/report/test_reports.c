// Reports on rows made by hand, in a real PostgreSQL: each definition with figures that can be counted on the fingers.
#include "report_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

// Three sessions of two persons on two days, one by somebody not signed in; a sign-up page that ends in a conversion.
static const char site[] =
	"SELECT pg_temp.person(1, '2026-01-02 09:00Z', '{\"plan\": \"pro\"}'), pg_temp.person(2, '2026-01-20 09:00Z', "
	"'{}');"
	"SELECT pg_temp.session(1, 1, '2026-01-05 10:00Z', 100, 'mobile', 'Organic Search', 'organic', 'DE');"
	"SELECT pg_temp.view(1, 1, 0, '/', 20), pg_temp.view(2, 1, 20, '/pricing', 40, NULL, 'Sales'),"
	" pg_temp.view(3, 1, 60, '/signup', 40, NULL, 'Sales');"
	"SELECT pg_temp.event(1, 70, 'signup', 'Conversion', 30, '{\"plan\": \"pro\"}');"
	"SELECT pg_temp.session(2, 1, '2026-01-06 10:00Z', 10, 'desktop', 'Direct');"
	"SELECT pg_temp.view(4, 2, 0, '/pricing', 10, NULL, 'Sales');"
	"SELECT pg_temp.session(3, -7, '2026-01-06 11:00Z', 700, 'desktop', 'Email', 'email', 'FR');"
	"SELECT pg_temp.view(5, 3, 0, '/', 300), pg_temp.view(6, 3, 300, '/', 100), pg_temp.view(7, 3, 400, '/pricing', "
	"NULL);"
	"SELECT pg_temp.event(3, 500, 'play', 'Video', NULL, '{\"plan\": \"free\"}'), pg_temp.event(3, 600, 'play', "
	"'Video', 2);";

#define DAYS "from=2026-01-05&to=2026-01-06"

// ── Lists of pages, sessions, events ──

static void pages_are_counted_by_view_entry_exit_and_person(void **state)
{
	Reports *reports = *state;
	reports_add(reports, site);
	ANSWER(reports, "pages", DAYS,
		"/,,3,2,140.00,,2,0,0.00\n/pricing,,3,2,25.00,,1,2,100.00\n/"
		"signup,,1,1,40.00,,0,1,\ntotal,,7,2,85.00,,3,3,33.33\n");
	// The same, by the raw rows.
	ANSWER(reports, "pages", DAYS "&tz=Africa/Abidjan",
		"/,,3,2,140.00,,2,0,0.00\n/pricing,,3,2,25.00,,1,2,100.00\n/"
		"signup,,1,1,40.00,,0,1,\ntotal,,7,2,85.00,,3,3,33.33\n");
	ANSWER(reports, "pages", DAYS "&filter=device_type:mobile&sort=time",
		"/pricing,,1,1,40.00,,0,0,\n/signup,,1,1,40.00,,0,1,\n/,,1,1,20.00,,1,0,0.00\ntotal,,3,1,33.33,,1,1,0.00\n");
	ANSWER(reports, "pages", DAYS "&page=/p*&sort=visitors",
		"/pricing,,3,2,25.00,,1,2,100.00\ntotal,,3,2,25.00,,1,2,100.00\n");
}

static void a_list_goes_on_behind_its_cursor(void **state)
{
	Reports *reports = *state;
	reports_add(reports, site);
	ANSWER(reports, "pages", DAYS "&limit=2",
		"/,,3,2,140.00,,2,0,0.00\n/pricing,,3,2,25.00,,1,2,100.00\ntotal,,7,2,85.00,,3,3,33.33\n");
	assert_string_equal(reports->table.next.data, "2");
	(void) reports_answer(reports, "pages", DAYS "&limit=3");
	assert_null(reports->table.next.data);
	assert_int_equal(reports->table.row_count, 4);
	(void) reports_answer(reports, "pages", DAYS "&limit=2&cursor=2");
	assert_null(reports->table.next.data);
	assert_string_equal(reports->table.rows[0].cells[0].data, "/signup");
	(void) reports_answer(reports, "sessions", DAYS "&limit=2");
	assert_int_equal(reports->table.row_count, 2);
	char parameters[128];
	(void) snprintf(parameters, sizeof parameters, DAYS "&limit=2&cursor=%s", reports->table.next.data);
	(void) reports_answer(reports, "sessions", parameters);
	assert_int_equal(reports->table.row_count, 1);
	assert_string_equal(reports->table.rows[0].cells[1].data, "1");
	assert_null(reports->table.next.data);
}

static void a_breakdown_counts_a_person_once_in_the_total(void **state)
{
	Reports *reports = *state;
	reports_add(reports, site);
	ANSWER(reports, "breakdown", DAYS "&by=device_type",
		"desktop,2,2,4,2.00,355.00,1,50.00,0,0,0.00\nmobile,1,1,3,3.00,100.00,0,0.00,1,30.00,100.00\n"
		"total,2,3,7,2.33,270.00,1,33.33,1,30.00,33.33\n");
	ANSWER(reports, "breakdown", DAYS "&by=country&filter=device_type:desktop",
		",1,1,1,1.00,10.00,1,100.00,0,0,0.00\nFR,1,1,3,3.00,700.00,0,0.00,0,0,0.00\ntotal,2,2,4,2.00,355.00,1,50.00,0,"
		"0,0.00\n");
}

static void the_first_touch_is_that_of_the_persons_first_session(void **state)
{
	Reports *reports = *state;
	reports_add(reports, site);
	ANSWER(reports, "attribution", DAYS "&by=channel",
		"Direct,1,1,1,100.00,0,0,0,0.00\nEmail,1,1,3,0.00,0,0,0,0.00\nOrganic Search,1,1,3,0.00,1,1,30.00,100.00\n"
		"total,2,3,7,33.33,1,1,30.00,33.33\n");
	ANSWER(reports, "attribution", "from=2026-01-06&to=2026-01-06&by=channel&model=first",
		"Email,1,1,3,0.00,0,0,0,0.00\nOrganic Search,1,1,1,100.00,0,0,0,0.00\ntotal,2,2,4,50.00,0,0,0,0.00\n");
}

static void events_are_told_apart_by_action_category_type_and_property(void **state)
{
	Reports *reports = *state;
	reports_add(reports, site);
	ANSWER(reports, "events", DAYS, "play,2,1,1,1,2.00\nsignup,1,1,1,1,30.00\ntotal,3,2,2,2,32.00\n");
	ANSWER(reports, "events", DAYS "&by=category&sort=value",
		"Conversion,1,1,1,1,30.00\nVideo,2,1,1,1,2.00\ntotal,3,2,2,2,32.00\n");
	ANSWER(reports, "events", DAYS "&by=property&property=plan",
		"free,1,1,1,0,\npro,1,1,1,1,30.00\ntotal,2,2,2,1,30.00\n");
	ANSWER(reports, "events", DAYS "&by=type&event=pl*", "custom,2,1,1,1,2.00\ntotal,2,1,1,1,2.00\n");
	ANSWER(reports, "traits", DAYS "&property=plan", "pro,1,2,4,1\ntotal,1,2,4,1\n");
}

// ── Ways ──

static void transitions_leave_out_repeats(void **state)
{
	Reports *reports = *state;
	reports_add(reports, site);
	ANSWER(reports, "journeys/transitions", DAYS, "/,/pricing,2,2,100.00\n/pricing,/signup,1,1,100.00\n");
	ANSWER(reports, "journeys/transitions", DAYS "&page=/sign*", "/pricing,/signup,1,1,100.00\n");
	ANSWER(reports, "journeys/transitions", DAYS "&filter=device_type:desktop", "/,/pricing,1,1,100.00\n");
}

static void paths_leave_out_repeats_and_know_their_goal(void **state)
{
	Reports *reports = *state;
	reports_add(reports, site);
	ANSWER(reports, "journeys/paths", DAYS "&steps=2",
		"\"[\"\"/\"\", \"\"/pricing\"\"]\",2,2,2,400.00,50.00\n\"[\"\"/pricing\"\"]\",1,1,1,10.00,0.00\n");
	ANSWER(reports, "journeys/paths", DAYS "&steps=1&goal=page:/signup",
		"\"[\"\"/\"\"]\",1,2,2,400.00,50.00\n\"[\"\"/pricing\"\"]\",1,1,1,10.00,0.00\n");
	ANSWER(reports, "journeys/paths", DAYS "&steps=1&goal=event:play&device=desktop",
		"\"[\"\"/\"\"]\",1,1,1,700.00,100.00\n\"[\"\"/pricing\"\"]\",1,1,1,10.00,0.00\n");
}

#define FUNNEL(steps, more) "funnel={\"steps\":[" steps "]" more "}"

static void a_funnel_takes_its_steps_in_order(void **state)
{
	Reports *reports = *state;
	reports_add(reports, site);
	ANSWER(reports, "funnels", DAYS "&" FUNNEL("{\"page\":\"/\"},{\"page\":\"/pric*\"},{\"event\":\"signup\"}", ""),
		"1,page,/,2,0,100.00,,,\n2,page,/pric*,2,0,100.00,100.00,60.00,\n3,event,signup,1,1,50.00,50.00,70.00,\n");
	// Nobody saw the sign-up before.
	ANSWER(reports, "funnels", DAYS "&" FUNNEL("{\"page\":\"/signup\"},{\"page\":\"/\"}", ""),
		"1,page,/signup,1,0,100.00,,,\n2,page,/,0,1,0.00,0.00,,\n");
	// By session the second visit of person 1 stands for itself.
	ANSWER(reports, "funnels",
		DAYS "&" FUNNEL("{\"category\":\"Sales\"},{\"event\":\"signup\"}", ",\"per\":\"session\""),
		"1,category,Sales,2,0,100.00,,,\n2,event,signup,1,1,50.00,50.00,10.00,\n");
}

static void a_funnel_has_a_window_from_the_latest_start_that_fits(void **state)
{
	Reports *reports = *state;
	reports_add(reports,
		"SELECT pg_temp.session(1, 1, '2026-01-05 10:00Z', 1000);"
		"SELECT pg_temp.view(1, 1, 0, '/a'), pg_temp.view(2, 1, 500, '/a'), pg_temp.view(3, 1, 590, '/b');");
	ANSWER(reports, "funnels", DAYS "&" FUNNEL("{\"page\":\"/a\"},{\"page\":\"/b\"}", ",\"window_seconds\":90"),
		"1,page,/a,1,0,100.00,,,\n2,page,/b,1,0,100.00,100.00,90.00,\n");
	ANSWER(reports, "funnels", DAYS "&" FUNNEL("{\"page\":\"/a\"},{\"page\":\"/b\"}", ",\"window_seconds\":89"),
		"1,page,/a,1,0,100.00,,,\n2,page,/b,0,1,0.00,0.00,,\n");
}

static void equal_times_keep_their_order_in_a_funnel(void **state)
{
	Reports *reports = *state;
	reports_add(reports,
		"SELECT pg_temp.session(1, 1, '2026-01-05 10:00Z', 1000);"
		"SELECT pg_temp.view(1, 1, 5, '/a'), pg_temp.view(2, 1, 5, '/b');");
	ANSWER(reports, "funnels", DAYS "&" FUNNEL("{\"page\":\"/a\"},{\"page\":\"/b\"}", ""),
		"1,page,/a,1,0,100.00,,,\n2,page,/b,1,0,100.00,100.00,0.00,\n");
	ANSWER(reports, "funnels", DAYS "&" FUNNEL("{\"page\":\"/b\"},{\"page\":\"/a\"}", ""),
		"1,page,/b,1,0,100.00,,,\n2,page,/a,0,1,0.00,0.00,,\n");
	// One view is one step only.
	ANSWER(reports, "funnels", DAYS "&" FUNNEL("{\"page\":\"/a\"},{\"page\":\"/a\"}", ""),
		"1,page,/a,1,0,100.00,,,\n2,page,/a,0,1,0.00,0.00,,\n");
}

static void a_funnel_has_a_breakdown_and_knows_who_left(void **state)
{
	Reports *reports = *state;
	reports_add(reports, site);
	ANSWER(reports, "funnels",
		DAYS "&by=device_type&" FUNNEL("{\"page\":\"/pricing\"},{\"event\":\"signup\"}", ",\"per\":\"session\""),
		"1,page,/pricing,3,0,100.00,,,\n2,event,signup,1,2,33.33,33.33,50.00,\n"
		"1,page,/pricing,2,0,100.00,,,desktop\n2,event,signup,0,2,0.00,0.00,,desktop\n"
		"1,page,/pricing,1,0,100.00,,,mobile\n2,event,signup,1,0,100.00,100.00,50.00,mobile\n");
	(void) reports_answer(reports, "funnels/dropped",
		DAYS "&limit=1&" FUNNEL("{\"page\":\"/\"},{\"page\":\"/pricing\"},{\"event\":\"signup\"}", "") "&step=2");
	assert_int_equal(reports->table.row_count, 1);
	assert_string_equal(reports->table.rows[0].cells[0].data, "-7");
	assert_string_equal(reports->table.rows[0].cells[2].data, "2026-01-06T11:06:40.000Z");
	assert_string_equal(reports->table.rows[0].cells[3].data, "100.00"); // from the latest start that led there
	assert_null(reports->table.next.data);
	// Person 1 took the last step, so left nowhere.
	ANSWER(reports, "funnels/dropped",
		DAYS
		"&filter=person:1&" FUNNEL("{\"page\":\"/\"},{\"page\":\"/pricing\"},{\"event\":\"signup\"}", "") "&step=2",
		"");
}

// ── People ──

static void retention_divides_by_all_who_signed_up(void **state)
{
	Reports *reports = *state;
	reports_add(reports,
		"SELECT pg_temp.person(1, '2026-01-02 09:00Z'), pg_temp.person(2, '2026-01-20 09:00Z'), pg_temp.person(3, "
		"'2026-02-20Z');"
		"SELECT pg_temp.session(1, 1, '2026-01-05 10:00Z', 10), pg_temp.session(2, 1, '2026-01-06 10:00Z', 10),"
		" pg_temp.session(3, 2, '2026-03-06 10:00Z', 10), pg_temp.session(4, 1, '2026-03-07 10:00Z', 10);");
	Reports *asked = reports;
	(void) reports_answer(asked, "retention", "from=2026-01-01&to=2026-02-28&period=month");
	static const char *const expected[][6] = {{"2026-01-01", "2", "0", "1", "50.00"},
		{"2026-01-01", "2", "1", "0", "0.00"}, {"2026-01-01", "2", "2", "2", "100.00"},
		{"2026-01-01", "2", "3", "0", "0.00"}};
	for (size_t row = 0; row < sizeof expected / sizeof expected[0]; row++)
		for (size_t column = 0; column < 5; column++)
			assert_string_equal(asked->table.rows[row].cells[column].data, expected[row][column]);
	(void) reports_answer(asked, "retention", "from=2026-02-01&to=2026-02-28&period=month");
	assert_string_equal(asked->table.rows[0].cells[0].data, "2026-02-01");
	assert_string_equal(asked->table.rows[0].cells[3].data, "0");
}

static void a_session_tells_what_happened_in_its_order(void **state)
{
	Reports *reports = *state;
	reports_add(reports, site);
	(void) reports_answer(reports, "sessions", DAYS "&filter=device_type:mobile");
	assert_int_equal(reports->table.row_count, 1);
	char parameters[64];
	(void) snprintf(parameters, sizeof parameters, "session=%s", reports->table.rows[0].cells[0].data);
	(void) reports_answer(reports, "session", parameters);
	static const char *const expected[] = {"page", "page", "page", "custom"};
	assert_int_equal(reports->table.row_count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(reports->table.rows[i].cells[2].data, expected[i]);
	(void) reports_answer(reports, "person", "person=1");
	assert_int_equal(reports->table.row_count, 2);
	assert_int_equal(reports_ask(reports, "person", "person=x"), false);
	assert_int_equal(reports_ask(reports, "person", "person=1&filter=event:signup"), false);
	assert_string_equal(reports->error.message, "filter has event, which this report cannot be filtered by");
	(void) reports_answer(reports, "person", "person=1&filter=device_type:tv");
	assert_int_equal(reports->table.row_count, 0);
	assert_int_equal(reports_ask(reports, "session", "session=1"), false);
	assert_int_equal(reports_ask(reports, "session", ""), false);
	assert_string_equal(reports->error.message, "session is missing; the report session needs it");
}

static void clicks_fall_into_cells_of_a_hundredth_of_the_width(void **state)
{
	Reports *reports = *state;
	reports_add(reports,
		"SELECT pg_temp.session(1, 1, '2026-01-05 10:00Z', 1000);"
		"SELECT pg_temp.view(1, 1, 0, '/a'), pg_temp.view(2, 1, 9, '/b');"
		"SELECT pg_temp.event(1, 1, 'x', NULL, NULL, NULL, 'click', 1, '{\"x\": 101, \"y\": 2004}'),"
		" pg_temp.event(1, 2, 'x', NULL, NULL, NULL, 'click', 1, '{\"x\": 99, \"y\": 1998}'),"
		" pg_temp.event(1, 3, 'x', NULL, NULL, NULL, 'click', 1, '{\"x\": 900, \"y\": 0}'),"
		" pg_temp.event(1, 4, 'x', NULL, NULL, NULL, 'click', 2, '{\"x\": 500, \"y\": 0}');");
	ANSWER(reports, "heatmap", DAYS "&page=/a", "10,200,2,1,100.00\n90,0,1,1,50.00\ntotal,,3,1,\n");
	ANSWER(reports, "heatmap", DAYS "&page=/a&limit=1", "10,200,2,1,100.00\ntotal,,3,1,\n");
	assert_string_equal(reports->table.next.data, "1");
	ANSWER(reports, "heatmap", DAYS "&page=/a&limit=1&cursor=1", "90,0,1,1,50.00\ntotal,,3,1,\n");
	assert_null(reports->table.next.data);
}

static void goals_and_segments_are_those_that_are_saved(void **state)
{
	Reports *reports = *state;
	reports_add(reports, site);
	test_database_run(reports->conn,
		"INSERT INTO saved (kind, name, definition) VALUES ('goal', 'bought', '{\"event\": \"signup\"}'), "
		"('goal', 'never', '{\"event\": \"nothing\"}'), ('goal', 'prices', '{\"page\": \"/pric*\"}'), "
		"('segment', 'phones', '{\"filter\": \"device_type:mobile\"}'), ('funnel', 'x', '{}')");
	ANSWER(reports, "goals", DAYS,
		"bought,event,signup,1,1,33.33,1,30.00\nnever,event,nothing,0,0,0.00,0,\nprices,page,/pric*,3,2,100.00,0,\n");
	ANSWER(reports, "goals", DAYS "&filter=segment:phones",
		"bought,event,signup,1,1,100.00,1,30.00\nnever,event,nothing,0,0,0.00,0,\nprices,page,/pric*,1,1,100.00,0,\n");
	ANSWER(reports, "breakdown", DAYS "&by=device_type&filter=country:DE;segment:phones",
		"mobile,1,1,3,3.00,100.00,0,0.00,1,30.00,100.00\ntotal,1,1,3,3.00,100.00,0,0.00,1,30.00,100.00\n");
	assert_false(reports_ask(reports, "goals", DAYS "&filter=segment:tablets"));
	assert_string_equal(reports->error.message, "filter names the segment \"tablets\", which is not saved");
	assert_false(reports_ask(reports, "goals", DAYS "&filter=segment:!phones"));
	test_database_run(reports->conn, "TRUNCATE saved");
}

static void the_time_before_is_as_long_as_the_range(void **state)
{
	Reports *reports = *state;
	reports_add(reports, site);
	(void) reports_answer(reports, "breakdown", "from=2026-01-06&to=2026-01-06&by=device_type&compare=previous");
	const ReportTable *previous = reports->table.previous;
	assert_non_null(previous);
	assert_string_equal(previous->range.from_at.data, "2026-01-05T00:00:00.000Z");
	assert_string_equal(previous->range.to_at.data, "2026-01-06T00:00:00.000Z");
	assert_int_equal(previous->row_count, 1); // the total: no desktop was seen then, and nothing else is shown
	assert_true(previous->rows[0].is_total);
	assert_string_equal(previous->rows[0].cells[2].data, "1");
	// Over the change of the clocks a day before is a day, of 23 hours.
	(void) reports_answer(reports, "breakdown",
		"from=2026-03-09&to=2026-03-09&by=device_type&compare=previous&tz=America/New_York");
	assert_string_equal(reports->table.previous->range.from_at.data, "2026-03-08T05:00:00.000Z");
	assert_string_equal(reports->table.previous->range.to_at.data, "2026-03-09T04:00:00.000Z");
	(void) reports_answer(reports, "breakdown",
		"from=2026-01-06T06:00:00Z&to=2026-01-06T12:00:00Z&by=device_type&compare=previous");
	assert_string_equal(reports->table.previous->range.from_at.data, "2026-01-06T00:00:00.000Z");
}

static void roll_ups_are_shown_as_they_are(void **state)
{
	Reports *reports = *state;
	reports_add(reports, site);
	ANSWER(reports, "sessions/daily", DAYS,
		"2026-01-05,mobile,Firefox,1,1,0,0,100.00,100,100,100,100,3.00,33.33,1,1.00,0.00\n"
		"2026-01-06,desktop,Firefox,2,2,1,1,355.00,355,631,10,700,2.00,136.67,1,1.00,50.00\n");
	ANSWER(reports, "pages/hourly", "from=2026-01-06T11:00:00Z&to=2026-01-06T12:00:00Z",
		"2026-01-06T11:00:00Z,,,/,2,1,1,200.00,,0.00,,,1,0,0.00\n2026-01-06T11:00:00Z,,,/"
		"pricing,1,1,1,,,0.00,,,0,1,\n");
}

// Values too rare for a day's figures are counted from the sessions, each by its name.
static void a_breakdown_knows_rare_values_too(void **state)
{
	Reports *reports = *state;
	test_database_run(reports->conn, "UPDATE rollup_state SET pages_max = 1");
	reports_add(reports, site);
	test_database_run(reports->conn, "UPDATE rollup_state SET pages_max = 1000");
	assert_string_equal(test_postgres_value(reports->conn,
							"SELECT count(*) > 0 FROM breakdown_daily WHERE dimension = 'channel' AND value_id = 1"),
		"t");
	ANSWER(reports, "breakdown", DAYS "&by=channel",
		"Direct,1,1,1,1.00,10.00,1,100.00,0,0,0.00\nEmail,1,1,3,3.00,700.00,0,0.00,0,0,0.00\n"
		"Organic Search,1,1,3,3.00,100.00,0,0.00,1,30.00,100.00\ntotal,2,3,7,2.33,270.00,1,33.33,1,30.00,33.33\n");
}

// The column of the archive's row that begins with this month, tier and table.
static const char *archive_cell(Reports *reports, const char *month, const char *tier, const char *table,
	const char *column)
{
	size_t at = 0;
	while (strcmp(report_archive.columns[at].name, column) != 0)
		at++;
	for (size_t i = 0; i < reports->table.row_count; i++)
	{
		const Slice *cells = reports->table.rows[i].cells;
		if (slice_equal_text(cells[0], month) && slice_equal_text(cells[1], tier) && slice_equal_text(cells[2], table))
			return cells[at].data == NULL ? "" : cells[at].data;
	}
	fail_msg("no row %s %s %s in\n%.*s", month, tier, table, SLICE_PRINT(buf_slice(&reports->csv)));
	return NULL;
}

static void each_month_lies_in_its_tier(void **state)
{
	Reports *reports = *state;
	reports_add(reports, site);
	test_database_run(reports->conn, "ANALYZE page_views");
	(void) reports_answer(reports, "archive", "by=tier");
	assert_int_equal(reports->table.row_count, 3); // hot, warm, total: there may be no archive at all
	(void) reports_answer(reports, "archive", "");
	assert_string_equal(archive_cell(reports, "2026-01", "warm", "page_views", "rows_about"), "7");
	assert_string_equal(archive_cell(reports, "2026-01", "warm", "page_views", "table_bytes"),
		test_postgres_value(reports->conn, "SELECT pg_table_size('page_views_2026_01')"));
	assert_string_equal(archive_cell(reports, "2026-01", "warm", "page_views", "index_bytes"),
		test_postgres_value(reports->conn, "SELECT pg_indexes_size('page_views_2026_01')"));
	assert_string_equal(archive_cell(reports, "2026-01", "warm", "page_views", "archive_bytes"), "");
	(void) archive_cell(reports,
		test_postgres_value(reports->conn, "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM')"), "hot", "user_events",
		"rows_about");
	test_database_run(reports->conn,
		"INSERT INTO archived_partitions (partition, table_name, month, row_count, bytes, archived_at) VALUES "
		"('page_views_2026_01', 'page_views', '2026-01-01', 7, 300, '2026-02-10 03:00Z'), "
		"('page_views_2019_12', 'page_views', '2019-12-01', 1000, 35000, '2020-02-10 03:00Z'), "
		"('user_events_2019_12', 'user_events', '2019-12-01', 500, 20000, '2020-02-10 03:01Z')");
	(void) reports_answer(reports, "archive", "");
	assert_string_equal(archive_cell(reports, "2026-01", "warm", "page_views", "archive_bytes"), "300");
	assert_string_equal(archive_cell(reports, "2019-12", "cold", "page_views", "rows_about"), "1000");
	assert_string_equal(archive_cell(reports, "2019-12", "cold", "page_views", "table_bytes"), "");
	(void) reports_answer(reports, "archive", "by=month");
	assert_string_equal(archive_cell(reports, "2019-12", "cold", "", "archive_bytes"), "55000");
	(void) reports_answer(reports, "archive", "by=tier");
	assert_string_equal(archive_cell(reports, "", "cold", "", "partitions"), "2");
	assert_string_equal(archive_cell(reports, "", "cold", "", "rows_about"), "1500");
	assert_string_equal(archive_cell(reports, "", "cold", "", "archived_at"), "2020-02-10T03:01:00.000Z");
	assert_string_equal(archive_cell(reports, "", "", "", "archive_bytes"), "55300");
	test_database_run(reports->conn, "TRUNCATE archived_partitions");
}

#define TEST(name) cmocka_unit_test_setup(name, reports_empty)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pages_are_counted_by_view_entry_exit_and_person),
		TEST(a_list_goes_on_behind_its_cursor),
		TEST(a_breakdown_counts_a_person_once_in_the_total),
		TEST(the_first_touch_is_that_of_the_persons_first_session),
		TEST(events_are_told_apart_by_action_category_type_and_property),
		TEST(transitions_leave_out_repeats),
		TEST(paths_leave_out_repeats_and_know_their_goal),
		TEST(a_funnel_takes_its_steps_in_order),
		TEST(a_funnel_has_a_window_from_the_latest_start_that_fits),
		TEST(equal_times_keep_their_order_in_a_funnel),
		TEST(a_funnel_has_a_breakdown_and_knows_who_left),
		TEST(retention_divides_by_all_who_signed_up),
		TEST(a_session_tells_what_happened_in_its_order),
		TEST(clicks_fall_into_cells_of_a_hundredth_of_the_width),
		TEST(goals_and_segments_are_those_that_are_saved),
		TEST(the_time_before_is_as_long_as_the_range),
		TEST(roll_ups_are_shown_as_they_are),
		TEST(a_breakdown_knows_rare_values_too),
		TEST(each_month_lies_in_its_tier),
	};
	return cmocka_run_group_tests(tests, reports_set_up, reports_tear_down);
}
