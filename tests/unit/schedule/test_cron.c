#include "schedule/cron.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static Cron parsed(const char *text)
{
	Cron cron;
	Error error;
	if (!cron_parse(slice_from(text), &cron, &error))
		fail_msg("%s", error.message);
	return cron;
}

static void assert_same(const char *left, const char *right)
{
	Cron one = parsed(left);
	Cron other = parsed(right);
	bool is_same = one.kind == other.kind && one.every_ms == other.every_ms && one.minutes == other.minutes
		&& one.hours == other.hours && one.days == other.days && one.months == other.months
		&& one.weekdays == other.weekdays && one.is_any_hour == other.is_any_hour && one.is_any_day == other.is_any_day
		&& one.is_any_weekday == other.is_any_weekday;
	if (!is_same)
		fail_msg("\"%s\" is not \"%s\"", left, right);
}

static void fields_are_sets_of_values(void **state)
{
	(void) state;
	Cron cron = parsed("0,30 9-17/4 1-3,31 feb,4-6 mon-fri");
	assert_int_equal(cron.kind, CRON_CALENDAR);
	assert_true(cron.minutes == (UINT64_C(1) << 0U | UINT64_C(1) << 30U));
	assert_true(cron.hours == (1U << 9U | 1U << 13U | 1U << 17U));
	assert_true(cron.days == (1U << 1U | 1U << 2U | 1U << 3U | 1U << 31U));
	assert_true(cron.months == (1U << 2U | 1U << 4U | 1U << 5U | 1U << 6U));
	assert_true(cron.weekdays == (1U << 1U | 1U << 2U | 1U << 3U | 1U << 4U | 1U << 5U));
	assert_false(cron.is_any_hour || cron.is_any_day || cron.is_any_weekday);
	cron = parsed("*/20 */12 */10 * *");
	assert_true(cron.minutes == (UINT64_C(1) << 0U | UINT64_C(1) << 20U | UINT64_C(1) << 40U));
	assert_true(cron.days == (1U << 1U | 1U << 11U | 1U << 21U | 1U << 31U));
	assert_true(cron.is_any_hour && cron.is_any_day && cron.is_any_weekday);
}

static void one_meaning_has_several_texts(void **state)
{
	(void) state;
	assert_same("@hourly", "0 * * * *");
	assert_same("@Daily", "0 0 * * *");
	assert_same("@midnight", "0 0 * * *");
	assert_same("@weekly", "0 0 * * sun");
	assert_same("@monthly", "0 0 1 * *");
	assert_same("@yearly", "@annually");
	assert_same(" \t0   1\t* * *  ", "0 1 * * *");
	assert_same("0 0 * * 7", "0 0 * * 0");
	assert_same("0 0 * * fri-sun", "0 0 * * 0,5,6");
	assert_same("0 0 * * 6-7", "0 0 * * Sat,SUN");
	assert_same("0 0 1 JAN-mar *", "0 0 1 1,2,3 *");
	assert_same("OFF", "off");
	assert_same("@every 120s", "@every 2m");
	assert_true(parsed("@every 24h").every_ms == CLOCK_DAY_MS);
	assert_int_equal(parsed("off").kind, CRON_OFF);
}

static void what_is_no_schedule_is_refused_with_a_reason(void **state)
{
	(void) state;
	static const char *const cases[][2] = {
		{"", "five fields"},
		{"* * * *", "five fields"},
		{"* * * * * *", "more than five"},
		{"60 * * * *", "minute \"60\""},
		{"-1 * * * *", "minute"},
		{"* 24 * * *", "hour \"24\""},
		{"* * 0 * *", "day \"0\""},
		{"* * 32 * *", "day"},
		{"* * * 13 *", "month"},
		{"* * * foo *", "month \"foo\""},
		{"* * * * 8", "weekday"},
		{"* * * * monday", "weekday"},
		{"* jan * * *", "hour \"jan\""},
		{"5/10 * * * *", "write */5"},
		{"*/0 * * * *", "step"},
		{"*/ * * * *", "step"},
		{"1-5/ * * * *", "step"},
		{"30-10 * * * *", "backwards"},
		{"1,,2 * * * *", "minute \"\""},
		{"1, * * * *", "minute \"\""},
		{"1-2-3 * * * *", "minute"},
		{"*-3 * * * *", "minute"},
		{"+1 * * * *", "minute"},
		{"00001 * * * *", "minute"},
		{"0 0 30 2 *", "no month has such a day"},
		{"0 0 31 4,6 *", "no month has such a day"},
		{"@reboot", "@reboot"},
		{"@every", "1s to 24h"},
		{"@every 0s", "1s to 24h"},
		{"@every 25h", "1s to 24h"},
		{"@every 99999999999999s", "1s to 24h"},
		{"@every 10", "1s to 24h"},
		{"@every 10d", "1s to 24h"},
		{"@every10s", "@every10s"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		Cron cron;
		Error error = {.message = ""};
		if (cron_parse(slice_from(cases[i][0]), &cron, &error))
			fail_msg("\"%s\" was taken", cases[i][0]);
		assert_int_equal(error.code, ERROR_USAGE);
		if (strstr(error.message, cases[i][1]) == NULL)
			fail_msg("\"%s\": %s", cases[i][0], error.message);
	}
}

static void either_a_day_or_a_weekday_is_enough_where_both_are_restricted(void **state)
{
	(void) state;
	Cron cron = parsed("0 0 13 * fri");
	assert_true(cron_has_day(&cron, 13, 1, 2));
	assert_true(cron_has_day(&cron, 2, 1, 5));
	assert_false(cron_has_day(&cron, 2, 1, 2));
	cron = parsed("0 0 */2 * fri"); // a field that begins with * restricts the other
	assert_true(cron_has_day(&cron, 3, 1, 5));
	assert_false(cron_has_day(&cron, 2, 1, 5));
	assert_false(cron_has_day(&cron, 3, 1, 2));
	cron = parsed("0 0 30 feb fri"); // no such day, yet Fridays
	assert_true(cron_has_day(&cron, 6, 2, 5));
	assert_false(cron_has_day(&cron, 6, 3, 5));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_sets_of_values),
		cmocka_unit_test(one_meaning_has_several_texts),
		cmocka_unit_test(what_is_no_schedule_is_refused_with_a_reason),
		cmocka_unit_test(either_a_day_or_a_weekday_is_enough_where_both_are_restricted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
