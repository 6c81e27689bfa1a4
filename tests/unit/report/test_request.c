#include "report/catalog.h"
#include "report/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void moment_is(const char *text, ReportMomentKind kind, const char *expected)
{
	ReportMoment moment;
	if (!report_moment_parse(slice_from(text), &moment))
		fail_msg("refused: %s", text);
	assert_int_equal(moment.kind, kind);
	assert_string_equal(moment.text, expected);
}

static void dates_local_times_and_instants_are_told_apart(void **state)
{
	(void) state;
	moment_is("2026-01-31", REPORT_MOMENT_DATE, "2026-01-31");
	moment_is("2024-02-29", REPORT_MOMENT_DATE, "2024-02-29");
	moment_is("1970-01-01", REPORT_MOMENT_DATE, "1970-01-01");
	moment_is("9999-12-31", REPORT_MOMENT_DATE, "9999-12-31");
	moment_is("2026-01-31T09:30:15", REPORT_MOMENT_LOCAL, "2026-01-31T09:30:15.000");
	moment_is("2026-01-31 09:30:15.25", REPORT_MOMENT_LOCAL, "2026-01-31T09:30:15.250");
	moment_is("2026-01-31T09:30:15Z", REPORT_MOMENT_INSTANT, "2026-01-31T09:30:15.000Z");
	moment_is("2026-01-31T00:30:00+02:00", REPORT_MOMENT_INSTANT, "2026-01-30T22:30:00.000Z");
	moment_is("2026-01-31T23:30:00-0545", REPORT_MOMENT_INSTANT, "2026-02-01T05:15:00.000Z");
}

static void what_is_no_moment_is_refused(void **state)
{
	static const char *const texts[] = {"", "today", "now()", "infinity", "2026-02-29", "2026-13-01", "2026-1-1",
		"20260131", "2026-01-31T", "2026-01-31T25:00:00", "2026-01-31T09", "2026-01-31 ", " 2026-01-31",
		"2026-01-31'--", "2026-01-31T00:00:00 02:00", "2026-01-31T00:00:00+2", "2026-01-31; DROP TABLE persons",
		"0001-01-01", "1969-12-31", "10000-01-01", "-2026-01-31", "2026-01-31T00:00:00ZZ", "٢٠٢٦-٠١-٣١"};
	(void) state;
	ReportMoment moment;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (report_moment_parse(slice_from(texts[i]), &moment))
			fail_msg("taken: %s", texts[i]);
	assert_false(report_moment_parse((Slice){"2026-01-31\0", 11}, &moment));
	assert_false(report_moment_parse((Slice){"2026\00001-31", 10}, &moment));
	assert_false(report_moment_parse((Slice){"2026-01-\xFF\xFE", 10}, &moment));
	assert_false(report_moment_parse(SLICE_NONE, &moment));
}

static void refused(const char *name, Slice value, const char *parameter, const char *words)
{
	ReportRequest request;
	Error error = {0};
	report_request_init(&request, &report_overview);
	assert_false(report_request_set(&request, slice_from(name), value, &error));
	assert_int_equal(error.code, ERROR_BAD_INPUT);
	if (strstr(error.message, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", error.message, words);
	assert_string_equal(request.bad_parameter, parameter);
}

static void a_refusal_names_the_parameter_and_why(void **state)
{
	(void) state;
	refused("from", slice_from("yesterday"), "from", "from is \"yesterday\"; it must be a date");
	refused("to", slice_from("2026-02-30"), "to", "to is \"2026-02-30\"");
	refused("to", slice_from(""), "to", "to is \"\"");
	refused("tz", slice_from("Europe Berlin"), "tz", "IANA name");
	refused("tz", slice_from("'; DROP SCHEMA sojourn; --"), "tz", "IANA name");
	refused("tz", (Slice){"UTC\0x", 5}, "tz", "\"UTC?x\"");
	refused("tz", (Slice){"\xFF\xC3", 2}, "tz", "\"??\"");
	refused("tz", slice_from(""), "tz", "IANA name");
	refused("range", slice_from("tomorrow"), "range",
		"range is \"tomorrow\"; it must be today, yesterday, month, last-month, or from 1d to 3660d");
	static const char *const ranges[] = {"", "d", "0d", "-1d", "3661d", "7", "7days", "1.5d", "99999999999999999999d"};
	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
		refused("range", slice_from(ranges[i]), "range", "it must be today");
	refused("limit", slice_from("5"), "limit",
		"the report overview has no parameter \"limit\"; it takes from, to, range, tz");
	refused("", slice_from("5"), "", "no parameter \"\"");
}

static void a_long_value_is_quoted_short(void **state)
{
	char value[5000] = {0};
	(void) state;
	memset(value, 'x', sizeof value - 1);
	refused("from", slice_from(value), "from", "xxx...\"");
	refused("tz", slice_from(value), "tz", "xxx...\"");
	refused(value, slice_from(value), "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...", "xxx...\"");
}

static void a_parameter_comes_once(void **state)
{
	ReportRequest request;
	Error error = {0};
	(void) state;
	report_request_init(&request, &report_overview);
	assert_true(report_request_set(&request, slice_from("tz"), slice_from("Europe/Berlin"), &error));
	assert_true(report_request_set(&request, slice_from("from"), slice_from("2026-01-01"), &error));
	assert_false(report_request_set(&request, slice_from("from"), slice_from("2026-01-01"), &error));
	assert_string_equal(error.message, "from is given more than once");
	assert_string_equal(request.bad_parameter, "from");
}

static void every_report_is_wholly_described(void **state)
{
	(void) state;
	for (size_t i = 0; report_at(i) != NULL; i++)
	{
		const Report *report = report_at(i);
		assert_ptr_equal(report_find(slice_from(report->name)), report);
		assert_true(strlen(report->heading) > 0 && strlen(report->meaning) > 0);
		for (size_t column = 0; column < report->column_count; column++)
		{
			const ReportColumn *described = &report->columns[column];
			assert_true(strlen(described->heading) > 0);
			assert_true(strlen(described->meaning) > 20);
			assert_true(described->unit != NULL || !report_type_is_number(described->type));
		}
	}
	assert_null(report_find(slice_from("overview ")));
	assert_null(report_find(SLICE_NONE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_local_times_and_instants_are_told_apart),
		cmocka_unit_test(what_is_no_moment_is_refused),
		cmocka_unit_test(a_refusal_names_the_parameter_and_why),
		cmocka_unit_test(a_long_value_is_quoted_short),
		cmocka_unit_test(a_parameter_comes_once),
		cmocka_unit_test(every_report_is_wholly_described),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
