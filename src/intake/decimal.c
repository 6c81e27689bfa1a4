#include "intake/decimal.h"

#include <stdio.h>

#define CENTS_MAX INT64_C(9999999999)
#define EXPONENT_MAX 1000

typedef struct Decimal {
	bool is_negative;
	Slice whole;
	Slice fraction;
	int64_t exponent;
} Decimal;

static Slice take_digits(Slice *text)
{
	size_t at = 0;
	while (at < text->size && text->data[at] >= '0' && text->data[at] <= '9')
		at++;
	Slice digits = slice_sub(*text, 0, at);
	*text = slice_sub(*text, at, text->size);
	return digits;
}

static bool take_byte(Slice *text, char byte)
{
	if (text->size == 0 || text->data[0] != byte)
		return false;
	*text = slice_sub(*text, 1, text->size);
	return true;
}

static bool decimal_parse(Slice text, Decimal *decimal)
{
	decimal->is_negative = take_byte(&text, '-');
	if (!decimal->is_negative)
		(void) take_byte(&text, '+');
	decimal->whole = take_digits(&text);
	decimal->fraction = take_byte(&text, '.') ? take_digits(&text) : slice_sub(text, 0, 0);
	decimal->exponent = 0;
	if (decimal->whole.size + decimal->fraction.size == 0)
		return false;
	if (take_byte(&text, 'e') || take_byte(&text, 'E'))
	{
		(void) take_byte(&text, '+');
		if (!slice_to_int64(text, &decimal->exponent))
			return false;
		text = SLICE_NONE;
	}
	return text.size == 0 && decimal->exponent <= EXPONENT_MAX && decimal->exponent >= -EXPONENT_MAX;
}

// The digit `index` of whole and fraction written one behind the other; 0 behind the end.
static int digit_at(const Decimal *decimal, int64_t index)
{
	size_t at = (size_t) index;
	if (at < decimal->whole.size)
		return decimal->whole.data[at] - '0';
	at -= decimal->whole.size;
	return at < decimal->fraction.size ? decimal->fraction.data[at] - '0' : 0;
}

bool decimal_format(Slice number, char text[DECIMAL_SIZE])
{
	Decimal decimal;
	if (!decimal_parse(number, &decimal))
		return false;
	// Two places behind where the point stands once the exponent is applied.
	int64_t digits = (int64_t) decimal.whole.size + decimal.exponent + 2;
	int64_t cents = 0;
	for (int64_t at = 0; at < digits; at++)
	{
		cents = cents * 10 + digit_at(&decimal, at);
		if (cents > CENTS_MAX)
			return false;
	}
	if (digits >= 0 && digit_at(&decimal, digits) >= 5)
		cents++;
	if (cents > CENTS_MAX)
		return false;
	const char *sign = decimal.is_negative && cents != 0 ? "-" : "";
	(void) snprintf(text, DECIMAL_SIZE, "%s%lld.%02lld", sign, (long long) (cents / 100 % 100000000),
		(long long) (cents % 100));
	return true;
}
