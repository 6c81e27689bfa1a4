// PostgreSQL's binary numeric: i16 digit groups · i16 weight of the first group · u16 sign · i16 digits after the point ·
// groups, each i16 0…9999, base 10,000, most significant first. Group i stands for group × 10000^(weight − i).
#include "pg/copy.h"

#include <string.h>

#define SIGN_NEGATIVE 0x4000
#define GROUP_DIGITS 4
#define GROUPS_MAX (PG_NUMERIC_DIGITS_MAX / GROUP_DIGITS + 2)
#define EXPONENT_MAX 1000 // more is out of bounds in any case; keeps sums small

typedef struct Decimal {
	bool is_negative;
	int digit_count;
	int point; // digits before the decimal point; may lie outside of the digits
	char digits[PG_NUMERIC_DIGITS_MAX];
} Decimal;

static bool is_digit(Slice text, size_t at)
{
	return at < text.size && text.data[at] >= '0' && text.data[at] <= '9';
}

static bool digit_take(Decimal *decimal, char digit)
{
	if (decimal->digit_count == PG_NUMERIC_DIGITS_MAX)
		return false;
	decimal->digits[decimal->digit_count++] = (char) (digit - '0');
	return true;
}

// [+-] digits, after the e; the whole rest of the text.
static bool exponent_parse(Slice text, size_t at, int *exponent)
{
	bool is_negative = at < text.size && text.data[at] == '-';
	if (at < text.size && (text.data[at] == '-' || text.data[at] == '+'))
		at++;
	if (!is_digit(text, at))
		return false;
	int value = 0;
	for (; is_digit(text, at); at++)
		if (value <= EXPONENT_MAX)
			value = value * 10 + (text.data[at] - '0');
	*exponent = is_negative ? -value : value;
	return at == text.size && value <= EXPONENT_MAX;
}

static bool decimal_parse(Slice text, Decimal *decimal)
{
	*decimal = (Decimal){.is_negative = text.size > 0 && text.data[0] == '-'};
	size_t at = decimal->is_negative ? 1 : 0;
	if (!is_digit(text, at))
		return false;
	for (; is_digit(text, at); at++)
		if (!digit_take(decimal, text.data[at]))
			return false;
	decimal->point = decimal->digit_count;
	if (at < text.size && text.data[at] == '.')
	{
		if (!is_digit(text, ++at))
			return false;
		for (; is_digit(text, at); at++)
			if (!digit_take(decimal, text.data[at]))
				return false;
	}
	if (at == text.size)
		return true;
	int exponent = 0;
	if ((text.data[at] != 'e' && text.data[at] != 'E') || !exponent_parse(text, at + 1, &exponent))
		return false;
	decimal->point += exponent;
	// Written out with its zeros it must still be within bounds.
	return decimal->point <= PG_NUMERIC_DIGITS_MAX && decimal->digit_count - decimal->point <= PG_NUMERIC_DIGITS_MAX;
}

bool pg_numeric_is_valid(Slice decimal)
{
	Decimal parsed;
	return decimal_parse(decimal, &parsed);
}

// The digit `position` places before the point (0: the ones, −1: the tenths).
static int digit_at(const Decimal *decimal, int position)
{
	int index = decimal->point - 1 - position;
	return index < 0 || index >= decimal->digit_count ? 0 : decimal->digits[index];
}

static int group_at(const Decimal *decimal, int group)
{
	int value = 0;
	for (int i = GROUP_DIGITS - 1; i >= 0; i--)
		value = value * 10 + digit_at(decimal, group * GROUP_DIGITS + i);
	return value;
}

void pg_copy_numeric(PgCopy *copy, Slice text)
{
	if (text.data == NULL)
	{
		pg_copy_null(copy);
		return;
	}
	Decimal decimal;
	if (!decimal_parse(text, &decimal))
	{
		copy->buf.is_failed = true;
		pg_copy_null(copy);
		return;
	}
	int scale = decimal.digit_count > decimal.point ? decimal.digit_count - decimal.point : 0;
	int highest = decimal.point > 0 ? (decimal.point - 1) / GROUP_DIGITS : -1;
	int lowest = -((scale + GROUP_DIGITS - 1) / GROUP_DIGITS);
	while (highest >= lowest && group_at(&decimal, highest) == 0)
		highest--;
	while (lowest <= highest && group_at(&decimal, lowest) == 0)
		lowest++;
	int group_count = highest - lowest + 1; // 0 for zero
	char bytes[8 + 2 * (2 * GROUPS_MAX)];
	size_t used = 0;
	const int head[4] = {group_count, group_count == 0 ? 0 : highest,
		decimal.is_negative && group_count > 0 ? SIGN_NEGATIVE : 0, scale};
	for (int i = 0; i < 4 + group_count; i++)
	{
		unsigned value = (unsigned) (i < 4 ? head[i] : group_at(&decimal, highest - (i - 4)));
		bytes[used++] = (char) (unsigned char) (value >> 8U & 0xFFU);
		bytes[used++] = (char) (unsigned char) (value & 0xFFU);
	}
	pg_copy_bytes(copy, (Slice){bytes, used});
}
