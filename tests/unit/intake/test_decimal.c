#include "intake/decimal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_decimals_are_rounded_half_away_from_zero(void **state)
{
	(void) state;
	static const char *const rows[][2] = {{"1", "1.00"}, {"-1", "-1.00"}, {"+1", "1.00"}, {"1.5", "1.50"},
		{".5", "0.50"}, {"5.", "5.00"}, {"1.005", "1.01"}, {"-1.005", "-1.01"}, {"1.0049999", "1.00"},
		{"0.004", "0.00"}, {"-0.004", "0.00"}, {"-0.005", "-0.01"}, {"12.345e1", "123.45"}, {"1e3", "1000.00"},
		{"1E-2", "0.01"}, {"5e-3", "0.01"}, {"4e-3", "0.00"}, {"9e-9", "0.00"}, {"1e-1000", "0.00"}, {"0e1000", "0.00"},
		{"0.000000005e6", "0.01"}, {"123456e-4", "12.35"}, {"00000000000000000012", "12.00"},
		{"99999999.99", "99999999.99"}, {"99999999.994", "99999999.99"}, {"-99999999.99", "-99999999.99"},
		{"1e+2", "100.00"}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		char text[DECIMAL_SIZE];
		if (!decimal_format(slice_from(rows[i][0]), text))
			fail_msg("%s is refused", rows[i][0]);
		assert_string_equal(text, rows[i][1]);
	}
}

static void test_what_is_no_number_or_does_not_fit_is_refused(void **state)
{
	(void) state;
	static const char *const rows[] = {"", "-", ".", "e1", "1e", "1e+", "1e1.5", "1,5", "1 ", " 1", "0x10", "NaN",
		"Infinity", "--1", "1.2.3", "99999999.995", "100000000", "1e8", "1e9999999999999999999", "1e1001", "-1e300"};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		char text[DECIMAL_SIZE];
		if (decimal_format(slice_from(rows[i]), text))
			fail_msg("%s is taken as %s", rows[i], text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decimals_are_rounded_half_away_from_zero),
		cmocka_unit_test(test_what_is_no_number_or_does_not_fit_is_refused),
	};
	return cmocka_run_group_tests_name("intake/decimal", tests, NULL, NULL);
}
