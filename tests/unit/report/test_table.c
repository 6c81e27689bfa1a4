// JSON, CSV and text of a made-up report with every type of column.
#include "base/json.h"
#include "report/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const ReportColumn columns[] = {
	{"page", "Page", REPORT_TEXT, NULL, "A page's path."},
	{"date", "Date", REPORT_DATE, NULL, "A day."},
	{"views", "Views", REPORT_INTEGER, "page views", "Page views."},
	{"rate_percent", "Rate %", REPORT_DECIMAL, "percent", "A share; null of nothing."},
};
static const Report report = {.name = "pages",
	.heading = "Pages",
	.meaning = "Pages.",
	.sql = "",
	.parameters = REPORT_TAKES_RANGE,
	.columns = columns,
	.column_count = 4};

typedef struct Rendered {
	Buf buf;
	Slice cells[3][4];
	ReportRow rows[3];
	ReportTable table;
} Rendered;

static int set_up(void **state)
{
	static Rendered rendered;
	rendered = (Rendered){
		.cells = {{slice_from("/a"), slice_from("2026-01-01"), slice_from("9007199254740993"), slice_from("33.33")},
			{slice_from("/b"), slice_from("2026-01-02"), slice_from("0"), SLICE_NONE},
			{SLICE_NONE, SLICE_NONE, slice_from("12"), slice_from("100.00")}},
		.table = {.report = &report, .row_count = 3},
	};
	for (int i = 0; i < 3; i++)
		rendered.rows[i] = (ReportRow){.is_total = i == 2, .cells = rendered.cells[i]};
	rendered.table.rows = rendered.rows;
	rendered.table.range = (ReportRange){slice_from("2026-01-01T00:00:00.000Z"), slice_from("2026-01-03T00:00:00.000Z"),
		slice_from("2026-01-01"), slice_from("2026-01-02"), slice_from("Etc/UTC")};
	buf_init(&rendered.buf, 1U << 20U);
	*state = &rendered;
	return 0;
}

static int tear_down(void **state)
{
	buf_free(&((Rendered *) *state)->buf);
	return 0;
}

static const char *text_of(Rendered *rendered, void (*write)(const ReportTable *, Buf *))
{
	buf_reset(&rendered->buf);
	write(&rendered->table, &rendered->buf);
	buf_append_byte(&rendered->buf, '\0');
	assert_true(buf_is_ok(&rendered->buf));
	return rendered->buf.data;
}

static void csv_has_a_header_and_crlf_and_empty_fields_for_no_figure(void **state)
{
	assert_string_equal(text_of(*state, report_write_csv),
		"page,date,views,rate_percent\r\n/a,2026-01-01,9007199254740993,33.33\r\n/"
		"b,2026-01-02,0,\r\ntotal,,12,100.00\r\n");
}

static void csv_quotes_commas_quotes_and_line_ends(void **state)
{
	Rendered *rendered = *state;
	rendered->cells[0][0] = slice_from("a,b");
	rendered->cells[1][0] = slice_from("say \"hi\"\r\nthere");
	rendered->cells[2][3] = slice_from("");
	assert_string_equal(text_of(rendered, report_write_csv),
		"page,date,views,rate_percent\r\n\"a,b\",2026-01-01,9007199254740993,33.33\r\n"
		"\"say \"\"hi\"\"\r\nthere\",2026-01-02,0,\r\ntotal,,12,\r\n");
	rendered->cells[0][0] = (Slice){"nul\0,", 5};
	assert_memory_equal(strstr(text_of(rendered, report_write_csv), "\r\n") + 2, "\"nul\0,\"", 7);
}

static void csv_lets_no_text_be_a_formula_and_numbers_be_numbers(void **state)
{
	Rendered *rendered = *state;
	static const char *const texts[][2] = {{"=1+1", "'=1+1"}, {"+1+1", "'+1+1"}, {"-1+1", "'-1+1"},
		{"@SUM(1)", "'@SUM(1)"}, {"\t=1", "'\t=1"}, {"\r=1", "\"'\r=1\""}, {"\n=1", "\"'\n=1\""},
		{"=a,\"b\"", "\"'=a,\"\"b\"\"\""}, {"'=1", "''=1"}, {"'quoted'", "''quoted'"}, {"\uFF1D1", "'\uFF1D1"},
		{"-", "'-"}, {"+.", "'+."}, {"-5", "-5"}, {"+43.50", "+43.50"}, {"-1.2.3", "'-1.2.3"}, {"-5 ", "'-5 "},
		{"a=1", "a=1"}, {" =1", " =1"}, {"", ""}, {"\uFF41", "\uFF41"}};
	rendered->table.row_count = 1;
	rendered->cells[0][2] = slice_from("-12");
	rendered->cells[0][3] = slice_from("-0.5");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
	{
		char wanted[128];
		rendered->cells[0][0] = slice_from(texts[i][0]);
		(void) snprintf(wanted, sizeof wanted, "page,date,views,rate_percent\r\n%s,2026-01-01,-12,-0.5\r\n",
			texts[i][1]);
		assert_string_equal(text_of(rendered, report_write_csv), wanted);
	}
}

static void json_has_numbers_as_numbers_and_null_for_no_figure(void **state)
{
	Rendered *rendered = *state;
	rendered->cells[0][0] = slice_from("/\"quoted\"\n\x01");
	const char *text = text_of(rendered, report_write_json);
	Arena arena;
	JsonValue *value = NULL;
	Error error;
	arena_init(&arena, 1U << 20U);
	assert_true(json_parse(slice_from(text), &arena, &value, &error));
	const JsonValue *rows = json_get(value, "rows");
	assert_int_equal(rows->count, 2);
	const JsonValue *first = rows->first;
	assert_true(slice_equal_text(json_string(json_get(first, "page")), "/\"quoted\"\n\x01"));
	assert_int_equal(json_get(first, "views")->type, JSON_NUMBER);
	assert_true(slice_equal_text(json_get(first, "views")->text, "9007199254740993"));
	assert_true(slice_equal_text(json_get(first, "rate_percent")->text, "33.33"));
	assert_int_equal(json_get(first->next, "rate_percent")->type, JSON_NULL);
	assert_int_equal(json_get(json_get(value, "total"), "date")->type, JSON_NULL);
	assert_int_equal(json_get(value, "columns")->count, 4);
	assert_true(slice_equal_text(json_string(json_get(json_get(value, "range"), "tz")), "Etc/UTC"));
	assert_true(slice_equal_text(json_string(json_get(value, "report")), "pages"));
	arena_free(&arena);
}

static void json_without_rows_is_whole(void **state)
{
	Rendered *rendered = *state;
	rendered->table.row_count = 0;
	assert_non_null(strstr(text_of(rendered, report_write_json), "\"rows\":[],\"total\":null}\n"));
}

static void text_is_aligned_with_the_total_under_a_rule(void **state)
{
	assert_string_equal(text_of(*state, report_write_text),
		"Pages, 2026-01-01 to 2026-01-02, Etc/UTC\n"
		"\n"
		"Page   Date                   Views  Rate %\n"
		"/a     2026-01-01  9007199254740993   33.33\n"
		"/b     2026-01-02                 0       -\n"
		"-------------------------------------------\n"
		"total  -                         12  100.00\n");
}

static void text_counts_characters_and_shows_no_control_bytes(void **state)
{
	Rendered *rendered = *state;
	rendered->cells[0][0] = slice_from("/größe");
	rendered->cells[1][0] = slice_from("/\x1B[31m\xC2\x9B\x7F");
	const char *text = text_of(rendered, report_write_text);
	assert_non_null(strstr(text, "/größe    2026-01-01  "));
	assert_non_null(strstr(text, "/?[31m??  2026-01-02  "));
	assert_null(strchr(text, '\x1B'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(csv_has_a_header_and_crlf_and_empty_fields_for_no_figure, set_up, tear_down),
		cmocka_unit_test_setup_teardown(csv_quotes_commas_quotes_and_line_ends, set_up, tear_down),
		cmocka_unit_test_setup_teardown(csv_lets_no_text_be_a_formula_and_numbers_be_numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(json_has_numbers_as_numbers_and_null_for_no_figure, set_up, tear_down),
		cmocka_unit_test_setup_teardown(json_without_rows_is_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(text_is_aligned_with_the_total_under_a_rule, set_up, tear_down),
		cmocka_unit_test_setup_teardown(text_counts_characters_and_shows_no_control_bytes, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
